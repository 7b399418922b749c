"""Iterations done together compute what they compute one by one."""

import numpy as np
import pytest

from core.nn.layers.scaling import Scaling
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.minibatch import MiniBatchEngine
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(1500)
_PER_EPOCH = 47  # batches of 32, the last of 28


def _made(**changes):
    training = TrainingConfig(
        batch_size=32, validation_split=0.0, clip_norm=changes.pop("clip_norm", 0.0)
    )
    recipe = small_recipe(training=training, **changes)
    parts = split_data(recipe, DATA)
    return new_run(recipe, DATA, parts), parts


def _advanced(groups, **changes):
    """Do so many iterations at a time; return the run and its scores."""
    run, parts = _made(**changes)
    engine, losses, accuracies = MiniBatchEngine(run, parts), [], []
    assert engine.steps_per_epoch == _PER_EPOCH
    for count in groups:
        rates = [0.01 + 0.001 * (run.step + k) for k in range(count)]
        work = engine.advance(rates)
        with pytest.raises(StopIteration) as caught:
            next(work)
        losses.append(caught.value.value[0])
        accuracies.append(caught.value.value[1])
    engine.close()
    assert run.live_params is None
    return run, np.concatenate(losses), np.concatenate(accuracies)


_CASES = {
    "dropout": {"hidden": (HiddenLayer(12, "relu", 0.25),)},
    "plain layout": {"scaling": Scaling("mean"), "optimizer": OPTIMIZERS["momentum"]()},
    "distorted": {"augmentation": Augmentation(noise=0.2), "optimizer": OPTIMIZERS["sgd"]()},
    "clipped and shrinking": {
        "clip_norm": 0.05, "penalty": Penalty(l2=0.01), "optimizer": OPTIMIZERS["sgd"]()
    },
    "wide": {"hidden": (HiddenLayer(300),)},
}  # fmt: skip


@pytest.mark.parametrize("name", list(_CASES))
def test_groups_of_any_size_give_the_same_bytes(name):
    one, losses, accuracies = _advanced([1] * (_PER_EPOCH + 3), **_CASES[name])
    for groups in ([_PER_EPOCH, 3], [5, 30, 12, 2, 1]):
        run, others, right = _advanced(groups, **_CASES[name])
        assert run.step == one.step == _PER_EPOCH + 3
        np.testing.assert_array_equal(run.params, one.params)
        np.testing.assert_array_equal(others, losses)
        np.testing.assert_array_equal(right, accuracies)
        assert run.noise.bit_generator.state == one.noise.bit_generator.state


def test_scores_are_of_each_batch_before_its_step():
    """Also of the last batch of an epoch, which is smaller."""
    recipe = {"hidden": (), "optimizer": OPTIMIZERS["sgd"]()}
    run, parts = _made(**recipe)
    order = run.epoch_order(0, 1500)
    done, losses, accuracies = _advanced([_PER_EPOCH], **recipe)
    assert len(losses) == len(accuracies) == _PER_EPOCH
    first = run.network.views(run.params, 1)
    weights, biases = first["weights"].astype(float), first["biases"].astype(float)
    for step in range(_PER_EPOCH):
        rows = order[32 * step : 32 * step + 32]
        x, labels = parts.images[rows] / 255, parts.labels[rows]
        logits = x @ weights + biases
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = shifted / shifted.sum(axis=1, keepdims=True)
        right = np.arange(len(rows)), labels
        assert losses[step] == pytest.approx(-np.log(shares[right]).mean(), rel=1e-3)
        assert accuracies[step] == pytest.approx((logits.argmax(axis=1) == labels).mean())
        shares[right] -= 1
        rate = 0.01 + 0.001 * step
        weights -= rate * x.T @ shares / len(rows)
        biases -= rate * shares.mean(axis=0)
    np.testing.assert_allclose(done.network.views(done.params, 1)["weights"], weights, atol=1e-5)
    np.testing.assert_allclose(done.network.views(done.params, 1)["biases"], biases, atol=1e-5)


def test_scores_end_where_a_loss_is_not_finite():
    run, parts = _made()
    engine = MiniBatchEngine(run, parts)
    work = engine.advance([1e-3, 1e-3, 1e38, 1e-3, 1e-3])
    with np.errstate(all="ignore"), pytest.raises(StopIteration) as caught:
        next(work)
    losses, accuracies = caught.value.value
    engine.close()
    assert 3 <= len(losses) == len(accuracies) < 5
    assert np.isfinite(losses).all()
