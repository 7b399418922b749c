"""Cost and gradient over all images, and the way of a method that can be left and found again."""

from dataclasses import replace

import numpy as np
import pytest

from core.base.events import Progress
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.engines import thread_count
from core.training.full_batch import CostOfAll, FullBatchEngine, keeps_inputs, slice_size
from core.training.param_layout import make_param_layout
from core.training.run import new_run, split_data
from core.training.train import Control, train
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(1200)


def _recipe(count=5, **changes):
    training = TrainingConfig(
        duration=count, duration_unit="iterations", validation_split=0.0, evaluate_every=10**6
    )
    changes = {"hidden": (HiddenLayer(4, "tanh"),), "optimizer": OPTIMIZERS["l-bfgs"]()} | changes
    return small_recipe(training=training, **changes)


def _run(recipe):
    parts = split_data(recipe, DATA)
    return new_run(recipe, DATA, parts), parts


def _cost(recipe):
    run, parts = _run(recipe)
    layout = make_param_layout(run, parts)
    return CostOfAll(run, parts, layout), layout, run, parts


@pytest.mark.parametrize("keep", [0, 10**9])
@pytest.mark.parametrize(
    "hidden",
    [(), (HiddenLayer(4, "tanh"),), (HiddenLayer(4, "tanh", 0.0, "batch"),)],
    ids=["none", "one", "normalized"],
)
def test_the_cost_is_the_mean_over_all_images_and_the_penalty(monkeypatch, keep, hidden):
    monkeypatch.setattr("core.training.full_batch._KEEP_BYTES", keep)
    cost, layout, run, parts = _cost(_recipe(hidden=hidden, penalty=Penalty(l2=0.3)))
    point = layout.params[: layout.network.trained_count].astype(np.float64)
    value, gradient = cost.at(point)
    # Another way to the same: the network's own layers, all images at once.
    from core.nn.network import Workspace  # noqa: PLC0415 - only this test goes so deep

    space = Workspace(run.network, run.params.copy(), len(parts.images))
    space.x[...] = parts.images
    logits = space.forward(True)
    losses = run.loss.values(logits, parts.labels.astype(np.intp))
    penalty = 0.15 * sum(float(np.square(w).sum()) for w in run.network.weight_views(run.params))
    assert value == pytest.approx(losses.mean() + penalty, rel=1e-5)
    loss, accuracy = cost.score(value)
    assert loss == pytest.approx(losses.mean(), rel=1e-5)
    assert accuracy == (logits.argmax(axis=1) == parts.labels).mean()
    rng, size = np.random.default_rng(0), 1e-2
    for _ in range(3):
        way = rng.normal(size=len(point)) * (gradient != 0)
        way /= np.linalg.norm(way)
        rise = (cost.at(point + size * way)[0] - cost.at(point - size * way)[0]) / (2 * size)
        assert gradient @ way == pytest.approx(rise, rel=2e-2, abs=2e-3)
    cost.score(cost.at(point)[0])
    assert len(cost._losses) == 1  # those of other points are forgotten


def test_dropout_is_the_same_at_every_point():
    cost, layout, run, _ = _cost(_recipe(hidden=(HiddenLayer(8, "tanh", 0.4),)))
    point = layout.params[: layout.network.trained_count].astype(np.float64)
    first, gradient = cost.at(point)
    run.noise.random(100)
    again, same = cost.at(point)
    assert first == again
    np.testing.assert_array_equal(gradient, same)
    cost.dice = np.random.default_rng(99).bit_generator.state
    assert cost.at(point)[0] != first


def test_batch_normalization_sees_all_images_together_and_others_slices():
    normalized = _recipe(hidden=(HiddenLayer(4, "relu", 0.0, "batch"),)).network(64, 10)
    plain = _recipe().network(64, 10)
    assert slice_size(normalized, 1200) == 1200
    assert slice_size(plain, 1200) == 500


def test_inputs_of_up_to_a_hundred_megabytes_are_kept():
    network = _recipe().network(64, 10)
    most = (100 << 20) // (64 * 4)
    assert keeps_inputs(network, most)
    assert not keeps_inputs(network, most + 1)


def test_threads_follow_the_images_that_are_carried_through_together(monkeypatch):
    seen = []

    def note(operations, wanted):
        seen.append(operations)
        return 1

    monkeypatch.setattr("core.training.engines.threads_for", note)
    weights = 6 * (64 * 4 + 4 * 10) - 2 * 64 * 4
    run, parts = _run(_recipe())
    few = replace(parts, images=parts.images[:70])
    for images in (parts, few):
        thread_count(run, images)
    thread_count(*_run(small_recipe(hidden=(HiddenLayer(4),))))
    assert seen == [500 * weights, 70 * weights, 32 * weights]


def test_how_far_an_iteration_has_come_rises_and_never_ends_by_itself(monkeypatch):
    monkeypatch.setattr("core.training.full_batch._REPORT_EVERY_S", -1.0)
    run, parts = _run(_recipe())
    engine = FullBatchEngine(run, parts)
    work, shares = engine.advance([1.0]), []
    while True:
        try:
            shares.append(next(work))
        except StopIteration:
            break
    engine.close()
    assert shares[0] == 0.5
    assert shares == sorted(set(shares))
    assert all(0 < share < 1 for share in shares)


@pytest.mark.parametrize("key", ["l-bfgs", "conjugate-gradient"])
@pytest.mark.parametrize("cut", [1, 3, 4, 5, 8, 11])
def test_left_at_any_place_it_goes_the_same_way_on(monkeypatch, key, cut):
    """Also where a method begins anew, which it does every few iterations here."""
    monkeypatch.setattr("core.training.full_batch.RESTART", 4)
    recipe = _recipe(12, optimizer=OPTIMIZERS[key](), hidden=(HiddenLayer(4, "tanh", 0.3),))
    whole, parts = _run(recipe)
    dice = whole.noise.bit_generator.state
    for _ in train(whole, parts):
        pass
    assert whole.anchor.random_state == dice  # one function all the way
    run, parts = _run(recipe)
    events = train(run, parts, Control(single=True))
    for event in events:
        if isinstance(event, Progress) and event.step == cut:
            break
    events.close()
    assert run.step == cut
    assert run.anchor.step == (cut - 1) // 4 * 4
    for _ in train(run, parts):
        pass
    np.testing.assert_array_equal(run.params, whole.params)
    np.testing.assert_array_equal(run.history.losses, whole.history.losses)
    assert run.noise.bit_generator.state == whole.noise.bit_generator.state


@pytest.mark.parametrize("done", [1, 4])
def test_on_a_changed_network_it_begins_anew_where_that_is(done):
    recipe = _recipe(8)
    run, parts = _run(recipe)
    run.target = done
    for _ in train(run, parts):
        pass
    run.stored_params *= np.float32(0.5)  # as a lesson would
    taught, run.target = run.params.copy(), 8
    before = run.history.losses[-1]
    events = train(run, parts, Control(single=True))
    for event in events:
        if isinstance(event, Progress):
            break
    assert run.anchor.step == done
    np.testing.assert_array_equal(run.anchor.params, taught)
    for _ in events:
        pass
    assert run.step == 8
    assert run.history.losses[-1] < before
