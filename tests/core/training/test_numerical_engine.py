"""The engine without backpropagation: its costs, how it tells of itself, and its end."""

import numpy as np
import pytest

from core.nn.penalty import Penalty
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.numerical import BatchCost, NumericalEngine
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(60)


def _made(**changes):
    training = TrainingConfig(batch_size=20, gradient="numerical", validation_split=0.0)
    recipe = small_recipe(**{"hidden": (HiddenLayer(2),), "training": training, **changes})
    parts = split_data(recipe, DATA)
    return new_run(recipe, DATA, parts), parts


def test_the_cost_is_loss_and_penalty_of_the_batch_with_the_same_dice_each_time():
    run, parts = _made(hidden=(HiddenLayer(6, "tanh", 0.4),), penalty=Penalty(l2=0.3))
    cost, labels = BatchCost(run, 20), parts.labels[:20].astype(np.intp)
    cost.space.x[...] = parts.images[:20]
    noise = run.noise.bit_generator.state
    value = cost.value(labels, noise)
    weights = run.network.weight_views(run.params)
    loss = run.loss.values(cost.space.logits, labels).mean()
    assert value == pytest.approx(loss + 0.15 * sum(float((w**2).sum()) for w in weights))
    assert cost.value(labels, noise) == value
    assert cost.value(labels, np.random.default_rng(9).bit_generator.state) != value


def test_the_gradient_leaves_the_weights_alone_and_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr("core.training.numerical._REPORT_EVERY_S", -1.0)
    run, parts = _made()
    cost, labels = BatchCost(run, 20), parts.labels[:20].astype(np.intp)
    cost.space.x[...] = parts.images[:20]
    before, out = cost.params.copy(), np.empty(run.network.trained_count)
    shares = list(cost.gradient(labels, run.noise.bit_generator.state, out))
    assert shares == [k / len(out) for k in range(len(out))]
    np.testing.assert_array_equal(cost.params, before)
    step = 1e-6
    for index in (0, 40, 130, len(out) - 1):
        cost.params[index] = before[index] + step
        above = cost.value(labels, run.noise.bit_generator.state)
        cost.params[index] = before[index] - step
        slope = (above - cost.value(labels, run.noise.bit_generator.state)) / (2 * step)
        cost.params[index] = before[index]
        assert out[index] == pytest.approx(slope, rel=1e-3, abs=1e-8)


def test_closing_ends_the_threads_that_make_images():
    run, parts = _made(augmentation=Augmentation(noise=0.1))
    engine = NumericalEngine(run, parts)
    engine.close()
    with pytest.raises(RuntimeError):
        engine.layout.feed.load(0, 0, np.arange(20), 20)


def test_left_amid_several_iterations_those_that_were_done_are_on_record(monkeypatch):
    monkeypatch.setattr("core.training.numerical._REPORT_EVERY_S", -1.0)
    run, parts = _made()
    engine = NumericalEngine(run, parts)
    work = engine.advance([0.1] * 3)
    while run.step < 2:
        next(work)
    next(work)
    params = run.params.copy()
    work.close()
    assert run.step == run.history.count == 2
    assert (run.history.losses > 0).all()
    np.testing.assert_array_equal(run.params, params)
    engine.close()
