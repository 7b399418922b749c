"""Penalties, clipping, early stopping, full-batch and numerical training, threads."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from core.base.blas_threads import threads_for
from core.base.callback_generator import stepwise
from core.base.events import Evaluated, Progress, RunFinished, Working
from core.data.dataset import Dataset, ImageSet
from core.imaging.synthesis import write_digits
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.engines import product_operations
from core.training.run import new_run, split_data
from core.training.train import Control, train
from tests.support.small_data import NAMES, small_dataset, small_recipe

DATA = small_dataset()


def _run(recipe):
    parts = split_data(recipe, DATA)
    return new_run(recipe, DATA, parts), parts


def _trained(recipe):
    run, parts = _run(recipe)
    return run, list(train(run, parts))


def _iterations(count, **changes):
    return TrainingConfig(duration=count, duration_unit="iterations", **changes)


# Penalties and clipping -------------------------------------------------------------------


def test_penalties_shrink_the_weights_and_are_told_apart_from_the_loss():
    plain, _ = _trained(small_recipe())
    shrunk, events = _trained(small_recipe(penalty=Penalty(l2=0.1)))
    sparse, _ = _trained(small_recipe(penalty=Penalty(l1=0.02)))

    def size(run):
        return sum(float(np.abs(view).sum()) for view in run.network.weight_views(run.params))

    assert size(shrunk) < 0.9 * size(plain)
    assert size(sparse) < 0.9 * size(plain)
    row = [event.row for event in events if isinstance(event, Evaluated)][-1]
    wanted = Penalty(l2=0.1).value(shrunk.network.weight_views(shrunk.params))
    assert row.penalty == pytest.approx(wanted, rel=1e-6)
    loss = LOSSES["softmax-cross-entropy"]()
    assert row.train_loss < 3  # the loss alone, without the penalty
    assert loss.label_smoothing == 0
    assert plain.history.evaluations[-1].penalty == 0


def test_a_clipped_gradient_is_no_longer_than_it_may_be():
    training = _iterations(1, clip_norm=0.01, validation_split=0.0)
    recipe = small_recipe(optimizer=OPTIMIZERS["sgd"](learning_rate=1.0), training=training)
    run, parts = _run(recipe)
    before = run.params.copy()
    list(train(run, parts))
    assert np.linalg.norm(run.params - before) == pytest.approx(0.01, rel=1e-3)
    free, parts = _run(replace(recipe, training=_iterations(1, validation_split=0.0)))
    list(train(free, parts))
    assert np.linalg.norm(free.params - before) > 0.02


# Early stopping ---------------------------------------------------------------------------


def test_training_stops_when_validation_does_not_improve_and_brings_back_the_best():
    recipe = small_recipe(
        hidden=(HiddenLayer(60),),
        optimizer=OPTIMIZERS["adam"](learning_rate=0.05),
        training=TrainingConfig(duration=300, batch_size=32, patience=3),
    )
    run, events = _trained(recipe)
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert "best weights" in finished.note
    assert "stopped improving" in finished.note
    assert run.step < 300 * 15
    losses = [row.validation_loss for row in run.history.evaluations]
    assert run.best.loss == min(losses)
    assert len(losses) - 1 - losses.index(min(losses)) == 3
    np.testing.assert_array_equal(run.params, run.best.params)
    rows = [row.step for row in run.history.evaluations]
    assert run.best.step == rows[losses.index(min(losses))]
    run.start_step, run.target = run.step, run.step + 15  # and it can be trained further
    list(train(run, split_data(recipe, DATA)))
    assert run.finished


def test_without_held_out_images_nothing_stops_early():
    data = replace(DATA, test=None)
    recipe = small_recipe(
        training=TrainingConfig(duration=6, batch_size=32, patience=1, validation_split=0.0)
    )
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    list(train(run, parts))
    assert run.step == run.target == 6 * 16
    assert run.best is None


# Full batch -------------------------------------------------------------------------------

FULL = small_recipe(
    hidden=(HiddenLayer(12, "sigmoid"),),
    loss=LOSSES["logistic"](),
    penalty=Penalty(l2=0.001),
    training=_iterations(25, evaluate_every=10),
)


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if OPTIMIZERS[key].full_batch])
def test_full_batch_methods_report_each_iteration_and_repeat_exactly(key):
    recipe = replace(FULL, optimizer=OPTIMIZERS[key]())
    run, events = _trained(recipe)
    again, _ = _trained(recipe)
    np.testing.assert_array_equal(run.params, again.params)
    assert run.step == run.history.count == 25
    assert run.history.losses[-1] < 0.3 * run.history.losses[0]
    assert run.history.accuracies[-1] > 0.9
    told = [loss for event in events if isinstance(event, Progress) for loss in event.losses]
    np.testing.assert_array_equal(told, run.history.losses)
    assert [row.step for row in run.history.evaluations] == [0, 10, 20, 25]
    assert any(isinstance(event, Working) for event in events)
    last = run.history.evaluations[-1]
    assert last.train_loss == pytest.approx(float(run.history.losses[-1]), rel=1e-3)


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if OPTIMIZERS[key].full_batch])
def test_a_full_batch_training_can_be_left_anywhere_and_leaves_no_thread(key):
    before = threading.active_count()
    for cut in range(0, 40, 7):
        run, parts = _run(replace(FULL, optimizer=OPTIMIZERS[key]()))
        events = train(run, parts, Control(single=True))
        for _ in zip(range(cut), events, strict=False):
            pass
        events.close()
        assert np.isfinite(run.params).all()
        assert run.step in (run.history.count, run.history.count + 1)
        for _ in train(run, parts):
            pass
        assert run.finished
    assert threading.active_count() == before


def test_a_method_that_can_gain_no_more_ends_the_training_and_says_why():
    recipe = small_recipe(
        hidden=(), penalty=Penalty(l2=10.0), optimizer=OPTIMIZERS["l-bfgs"](),
        training=_iterations(5000),
    )  # fmt: skip
    run, events = _trained(recipe)
    assert run.step < 5000
    assert run.finished
    assert "minimum" in events[-1].note
    assert run.history.evaluations[-1].step == run.step


def test_dropout_and_batch_normalization_stay_one_function_for_the_line_search():
    hidden = (HiddenLayer(12, "relu", 0.2, "batch"),)
    recipe = replace(FULL, hidden=hidden, optimizer=OPTIMIZERS["l-bfgs"]())
    run, _ = _trained(recipe)
    assert run.history.losses[-1] < 0.5 * run.history.losses[0]


def test_what_a_stepwise_function_raises_comes_out_and_closing_ends_it():
    def work(report):
        report(1)
        raise ZeroDivisionError

    steps = stepwise(work)
    assert next(steps) == 1
    with pytest.raises(ZeroDivisionError):
        next(steps)
    ended = []

    def endless(report):
        try:
            while True:
                report(2)
        finally:
            ended.append(True)

    steps = stepwise(endless)
    assert [next(steps), next(steps)] == [2, 2]
    steps.close()
    assert ended == [True]
    assert list(stepwise(lambda report: None)) == []
    unstarted = stepwise(endless)
    unstarted.close()


# The numerical gradient -------------------------------------------------------------------


def test_training_by_numerical_gradient_goes_the_way_of_backpropagation():
    training = _iterations(6, batch_size=20, validation_split=0.0)
    recipe = small_recipe(
        hidden=(HiddenLayer(3, "tanh", 0.25, "batch"),), penalty=Penalty(l2=0.01),
        training=training, optimizer=OPTIMIZERS["momentum"](),
    )  # fmt: skip
    exact, _ = _trained(recipe)
    slow, events = _trained(
        replace(recipe, training=replace(training, gradient="numerical", clip_norm=1e6))
    )
    start, _ = _run(recipe)
    moved = np.abs(exact.params - start.params).max()
    np.testing.assert_allclose(slow.params, exact.params, atol=1e-3 * moved)
    np.testing.assert_allclose(slow.history.losses, exact.history.losses, rtol=1e-3)
    assert any(isinstance(event, Working) for event in events)


def test_a_numerical_iteration_can_be_left_in_the_middle_as_if_it_never_was():
    recipe = small_recipe(
        hidden=(HiddenLayer(3, "relu", 0.25),),
        training=_iterations(3, batch_size=20, gradient="numerical"),
    )
    whole, _ = _trained(recipe)
    run, parts = _run(recipe)
    for _ in range(3):
        events = train(run, parts)
        for event in events:
            if isinstance(event, Working):
                break
        events.close()
    for _ in train(run, parts):
        pass
    np.testing.assert_array_equal(run.params, whole.params)


# Augmentation, threads --------------------------------------------------------------------


def test_augmented_training_repeats_exactly_however_it_is_interrupted():
    recipe = small_recipe(augmentation=Augmentation(shift=1, rotation=10, noise=0.05))
    whole, _ = _trained(recipe)
    plain, _ = _trained(small_recipe())
    assert not np.array_equal(whole.params, plain.params)
    run, parts = _run(recipe)
    for cut in (5, 1, 9):
        events = train(run, parts)
        for _ in zip(range(cut), events, strict=False):
            pass
        events.close()
    for _ in train(run, parts):
        pass
    np.testing.assert_array_equal(run.params, whole.params)
    assert not [t for t in threading.enumerate() if t.name.startswith("augm") and t.daemon]


def _handwriting(seed):
    """Return small data that can be written anew."""
    labels = (np.arange(400) % 10).astype(np.uint8)
    images = write_digits(labels, np.random.default_rng(seed))
    return Dataset(
        "builtin", "made", "", ImageSet(images, labels), None, None, NAMES, rewrite=write_digits
    )


def test_fresh_images_repeat_exactly_and_only_where_data_can_be_written_anew():
    data = _handwriting(1)
    recipe = small_recipe(augmentation=Augmentation(images="fresh"))

    def trained(recipe, data, cuts=()):
        parts = split_data(recipe, data)
        run = new_run(recipe, data, parts)
        for cut in cuts:
            events = train(run, parts)
            for _ in zip(range(cut), events, strict=False):
                pass
            events.close()
        for _ in train(run, parts):
            pass
        return run.params

    whole = trained(recipe, data)
    np.testing.assert_array_equal(trained(recipe, data, cuts=(2, 5)), whole)
    assert not np.array_equal(trained(small_recipe(), data), whole)
    kept = replace(data, rewrite=None)
    np.testing.assert_array_equal(trained(recipe, kept), trained(small_recipe(), kept))


@pytest.mark.parametrize("key", ["l-bfgs", "conjugate-gradient"])
def test_methods_that_search_a_line_see_the_same_images_at_every_step(key):
    optimizer = OPTIMIZERS[key]()
    augmentation = Augmentation(shift=3, noise=0.3)
    recipe = small_recipe(optimizer=optimizer, training=_iterations(5))
    plain, _ = _trained(recipe)
    augmented, _ = _trained(replace(recipe, augmentation=augmentation))
    assert augmented.params.tobytes() == plain.params.tobytes()


def test_threads_are_one_for_small_networks_and_the_users_choice_otherwise(monkeypatch):
    monkeypatch.setattr("core.base.blas_threads.available_cores", lambda: 8)
    small = small_recipe(hidden=(HiddenLayer(50),)).network(784, 10)
    large = small_recipe(hidden=(HiddenLayer(512),) * 2).network(784, 10)
    assert product_operations(small, 100) == 100 * (4 * 784 * 50 + 6 * 50 * 10)
    assert threads_for(product_operations(small, 100)) == 1
    assert threads_for(product_operations(large, 128)) == 4
    assert threads_for(product_operations(large, 128), 2) == 2
    assert threads_for(product_operations(large, 5000)) == 8
    assert threads_for(product_operations(small, 100), 64) == 8


@pytest.mark.parametrize("threads", [0, 1, 2])
def test_any_choice_of_threads_trains(threads):
    run, _ = _trained(small_recipe(training=TrainingConfig(duration=1, threads=threads)))
    assert run.finished
