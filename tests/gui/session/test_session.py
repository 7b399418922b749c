"""The session: train, hold, step, stop, go on, begin again."""

import threading
from dataclasses import replace

import numpy as np
import pytest

import gui.session.session
from core.base.events import Progress, Working
from core.nn.optimizers.full_batch import ConjugateGradient, Lbfgs
from core.nn.optimizers.sgd import Sgd
from core.nn.penalty import Penalty
from core.recipe.hidden_layer import HiddenLayer
from gui.session.phase import Phase
from tests.support.program import endless, own_threads, recipe, write_digits


def with_rate(chosen, rate):
    return replace(chosen, optimizer=replace(chosen.optimizer, learning_rate=rate))


def progresses(program):
    return [event for event in program.events if isinstance(event, Progress)]


@pytest.fixture
def running(program):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(3)
    return program


@pytest.fixture
def paused(running):
    running.click("run.pause")
    running.wait_for_phase(Phase.PAUSED)
    return running


def test_training_runs_to_the_recipes_end(program):
    program.train_to_end(recipe(iterations=40))
    assert program.session.run.step == 40
    assert program.session.situation().train_text == "Train further"


def test_a_paused_run_rests(paused, qtbot):
    step, weights = paused.session.run.step, paused.params.copy()
    qtbot.wait(150)  # two frames, to show that nothing happens
    assert paused.session.run.step == step == paused.feature("curves").model.count
    np.testing.assert_array_equal(paused.params, weights)
    assert paused.session.situation().train_text == "Resume"
    assert paused.session.resting_run() is paused.session.run


def test_train_resumes_a_paused_run(paused):
    run, step = paused.session.run, paused.feature("curves").model.count
    paused.click("run.train")
    assert paused.session.phase is Phase.RUNNING
    paused.wait_for_steps(step + 5)
    assert paused.session.run is run


def test_a_step_does_one_iteration(paused):
    step = paused.session.run.step
    for extra in (1, 2):
        paused.click("run.step")
        paused.wait_for_phase(Phase.PAUSED)
        assert paused.session.run.step == step + extra == paused.feature("curves").model.count


def test_a_step_from_rest_starts_a_run_and_holds_it_after_one_iteration(program):
    program.use(recipe())
    program.click("run.step")
    program.wait_for_phase(Phase.PAUSED)
    assert program.session.run.step == program.feature("curves").model.count == 1


@pytest.mark.slow
def test_the_weights_shown_after_a_step_are_those_of_that_step(paused):
    paused.click("run.step")
    paused.wait_for_phase(Phase.PAUSED)
    images = paused.session.parts.images[:5]
    shown = paused.session.predictor.probabilities(images).copy()
    paused.session.predictor.set_params(paused.params)
    np.testing.assert_array_equal(shown, paused.session.predictor.probabilities(images))


def test_stop_keeps_the_network_and_continue_goes_on(running):
    running.click("run.stop")
    running.wait_for_phase(Phase.IDLE)
    run, step = running.session.run, running.session.run.step
    assert running.feature("curves").model.count == step >= 3
    assert running.session.situation().train_text == "Continue"
    running.click("run.train")
    running.wait_for_steps(step + 1)
    assert running.session.run is run


def test_stop_ends_a_paused_run(paused):
    paused.click("run.stop")
    paused.wait_for_phase(Phase.IDLE)
    assert paused.session.run.step == paused.feature("curves").model.count


@pytest.mark.slow
def test_stop_ends_a_large_network_within_a_few_events(program):
    large = replace(endless(), hidden=(HiddenLayer(2048), HiddenLayer(2048)))
    program.use(large)
    program.click("run.train")
    program.wait_for_steps(1)
    program.events.clear()
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    assert len(program.events) <= 6
    assert np.isfinite(program.params).all()


def test_interrupting_changes_no_figure(program):
    program.train_to_end(recipe(iterations=80))
    expected = program.params.copy()
    program.click("run.again")
    program.wait_for_steps(1)
    for _ in range(3):
        if program.session.phase is Phase.RUNNING:
            program.click("run.pause")
            program.wait(lambda: program.session.phase in (Phase.PAUSED, Phase.IDLE))
        if program.session.phase is Phase.PAUSED:
            program.click("run.step")
            program.wait_for_phase(Phase.PAUSED)
            program.click("run.stop")
            program.wait_for_phase(Phase.IDLE)
        if not program.session.run.finished:
            program.click("run.train")
    program.wait_for_phase(Phase.IDLE)
    assert program.session.run.step == 80
    np.testing.assert_array_equal(program.params, expected)


def test_train_further_adds_the_recipes_duration(program):
    program.train_to_end(recipe(iterations=30))
    program.train_to_end()
    assert program.session.run.step == program.feature("curves").model.count == 60


@pytest.mark.slow
def test_a_longer_duration_lets_a_finished_run_go_on(program):
    program.train_to_end(recipe(iterations=30))
    run = program.session.run
    program.train_to_end(recipe(iterations=50))
    assert program.session.run is run
    assert run.step > 30


def test_starting_again_with_the_same_seed_gives_the_same_losses(program):
    program.train_to_end(recipe(iterations=30))
    first = program.feature("curves").model.history.losses.copy()
    program.click("run.again")
    program.wait_for_phase(Phase.IDLE)
    np.testing.assert_array_equal(program.feature("curves").model.history.losses, first)


@pytest.mark.slow
def test_a_new_seed_gives_other_losses_and_is_kept_in_the_recipe(program):
    program.train_to_end(recipe(iterations=30))
    first = program.feature("curves").model.history.losses.copy()
    program.click("run.reseed")
    program.wait_for_phase(Phase.IDLE)
    assert program.session.recipe.seed == program.session.run.recipe.seed != 3
    assert program.feature("curves").model.history.losses[0] != first[0]


def test_another_architecture_starts_a_fresh_network(program):
    program.train_to_end(recipe(iterations=10))
    program.use(recipe(iterations=10, units=8))
    assert program.session.situation().train_text == "Train"
    program.train_to_end()
    assert program.session.run.step == 10
    assert program.session.situation().has_previous


def test_with_other_digits_a_fresh_network_is_trained_and_with_its_own_it_goes_on(
    running, digits_folder, tmp_path
):
    running.click("run.stop")
    running.wait_for_phase(Phase.IDLE)
    session = running.session
    mine, run, step = session.parts.fingerprint, session.run, session.run.step

    def use_digits(folder, awaited):
        running.all.datasets.load(str(folder))
        running.wait(lambda: (session.parts.fingerprint == mine) is awaited)

    use_digits(write_digits(tmp_path / "others", seed=1), awaited=False)
    assert session.parts.image_shape == run.image_shape  # they would fit
    assert session.parts.class_names == run.class_names
    assert not session.situation().can_continue
    assert session.situation().train_text == "Train"
    use_digits(digits_folder, awaited=True)
    assert session.situation().train_text == "Continue"
    use_digits(tmp_path / "others", awaited=False)
    running.click("run.train")
    running.wait_for_steps(1)
    assert session.run is not run
    assert run.step == step


def test_bring_back_returns_weights_curves_and_recipe(program):
    program.train_to_end(recipe(iterations=10))
    first, losses = program.params.copy(), program.feature("curves").model.history.losses.copy()
    program.train_to_end(recipe(iterations=20, units=8))
    second = program.params.copy()
    program.click("run.previous")
    program.wait(lambda: program.session.run.step == 10)
    np.testing.assert_array_equal(program.params, first)
    np.testing.assert_array_equal(program.feature("curves").model.history.losses, losses)
    assert program.session.recipe.hidden[0].units == 16
    program.click("run.previous")
    program.wait(lambda: program.session.run.step == 20)
    np.testing.assert_array_equal(program.params, second)


def test_a_new_learning_rate_reaches_the_running_training(running):
    running.use(with_rate(running.session.recipe, 0.02))
    running.wait(lambda: progresses(running)[-1].learning_rate == 0.02)
    running.click("run.stop")
    running.wait_for_phase(Phase.IDLE)
    step = running.session.run.step
    running.events.clear()
    running.click("run.train")
    running.wait_for_steps(step + 1)
    assert progresses(running)[0].learning_rate == 0.02


@pytest.mark.slow
def test_a_learning_rate_taken_back_after_training_is_taken_back_in_the_next(running):
    before = running.session.recipe.optimizer.learning_rate
    running.use(with_rate(running.session.recipe, 0.02))
    running.wait(lambda: progresses(running)[-1].learning_rate == 0.02)
    running.click("run.stop")
    running.wait_for_phase(Phase.IDLE)
    running.click("edit.undo")
    step = running.session.run.step
    running.events.clear()
    running.click("run.train")
    running.wait_for_steps(step + 1)
    assert progresses(running)[0].learning_rate == before


def test_a_learning_rate_set_while_paused_holds_from_the_next_step_on(paused):
    paused.use(with_rate(paused.session.recipe, 0.03))
    paused.click("run.step")
    paused.wait_for_phase(Phase.PAUSED)
    paused.click("run.step")
    paused.wait_for_phase(Phase.PAUSED)
    assert progresses(paused)[-1].learning_rate == 0.03


def test_only_edits_made_during_training_can_be_undone_during_it(running):
    before = running.session.recipe
    assert not running.session.situation().can_undo
    assert not running.window.actions_by_key["edit.undo"].isEnabled()
    running.use(with_rate(before, 0.02))
    running.click("edit.undo")
    assert running.session.recipe == before
    assert not running.session.situation().can_undo
    running.click("edit.redo")
    assert running.session.recipe.optimizer.learning_rate == 0.02
    running.wait(lambda: progresses(running)[-1].learning_rate == 0.02)


@pytest.mark.slow
def test_what_was_undone_before_training_cannot_be_redone_during_it(program):
    program.use(endless())
    program.use(endless(units=5))
    program.click("edit.undo")
    program.click("run.train")
    program.wait_for_steps(1)
    assert not program.window.actions_by_key["edit.redo"].isEnabled()
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    program.click("edit.redo")
    assert program.session.recipe.hidden[0].units == 5


@pytest.mark.slow
def test_after_training_all_edits_can_be_undone_again(running):
    running.click("run.stop")
    running.wait_for_phase(Phase.IDLE)
    running.click("edit.undo")
    assert running.session.recipe.key == "quick-start"


def test_a_diverging_run_says_so_and_keeps_the_last_good_weights(program):
    layers = tuple(HiddenLayer(32) for _ in range(4))
    program.train_to_end(recipe(hidden=layers, optimizer=Sgd(learning_rate=100.0)))
    assert "stopped being a finite number" in program.message
    assert "learning rate" in program.message
    run = program.session.run
    assert np.isfinite(run.params).all()
    assert program.feature("curves").model.count == run.step == run.history.count
    assert np.isfinite(program.feature("curves").model.history.losses).all()
    assert program.session.situation().train_text == "Continue"


def test_no_images_to_train_on_is_a_message(program):
    training = replace(recipe().training, validation_split=0.9)
    program.use(recipe(training=training))
    parts = program.session.parts
    program.session.parts = replace(parts, images=parts.images[:0], labels=parts.labels[:0])
    program.click("run.train")
    assert "no images to train on" in program.message
    assert program.session.phase is Phase.IDLE


def test_training_that_ends_early_says_why_and_brings_back_the_best_weights(program):
    chosen = recipe(iterations=4000)
    training = replace(chosen.training, patience=2, evaluate_every=5)
    program.train_to_end(replace(with_rate(chosen, 5.0), training=training))
    run = program.session.run
    assert run.step < 4000
    assert run.finished
    assert "best weights" in program.message
    np.testing.assert_array_equal(run.params, run.best.params)


@pytest.mark.parametrize("method", [ConjugateGradient, Lbfgs])
def test_methods_for_all_images_train_pause_and_stop_in_the_window(program, method):
    chosen = replace(recipe(iterations=100_000), optimizer=method())
    program.use(replace(chosen, penalty=Penalty(l2=0.001)))
    program.click("run.train")
    program.wait_for_steps(1)
    if program.session.phase is Phase.RUNNING:  # a small problem may be solved by now
        program.click("run.pause")
        program.wait(lambda: program.session.phase in (Phase.PAUSED, Phase.IDLE))
        if program.session.phase is Phase.PAUSED:
            program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    run = program.session.run
    assert run.step == run.history.count == program.feature("curves").model.count > 0
    assert run.history.losses[-1] <= run.history.losses[0]


def test_a_numerical_gradient_can_be_paused_and_stopped_within_an_iteration(program):
    chosen = recipe(iterations=3)
    training = replace(chosen.training, gradient="numerical")
    program.use(replace(chosen, hidden=(HiddenLayer(300),), training=training))
    program.click("run.train")
    program.wait(lambda: any(isinstance(event, Working) for event in program.events))
    program.click("run.pause")
    program.wait_for_phase(Phase.PAUSED)
    assert program.session.run.step == 0
    assert 0 < program.feature("status").model.share < 1
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    assert np.isfinite(program.session.run.params).all()


# Held back ---------------------------------------------------------------------------


@pytest.fixture
def slow_end(monkeypatch):
    """Training's threads end only when this is set: as a large network, packed, takes time."""
    may_end, real = threading.Event(), gui.session.session.train

    def slow(*arguments):
        try:
            yield from real(*arguments)
        finally:
            assert may_end.wait(30)

    monkeypatch.setattr(gui.session.session, "train", slow)
    yield may_end
    may_end.set()


def frames(program, count=3):
    """Let the window run for a few frames of the training."""
    seen = []
    program.session._bridge._timer.timeout.connect(lambda: seen.append(True))
    program.wait(lambda: len(seen) >= count)


@pytest.mark.parametrize("ends", ["by itself", "stopped"])
def test_train_pressed_as_soon_as_training_ends_starts_the_next(program, slow_end, ends):
    """The end was told, and Train enabled, while the thread lived: it got stuck for good."""
    program.use(recipe(iterations=3) if ends == "by itself" else endless())
    program.click("run.train")
    program.wait_for_steps(3)
    if ends == "stopped":
        program.click("run.stop")
    frames(program)
    assert program.session.phase is not Phase.IDLE
    first = program.session.run.step
    slow_end.set()
    program.wait_for_phase(Phase.IDLE)
    program.click("run.train")
    program.wait(lambda: program.session.run.step > first)
    if ends == "stopped":
        program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    assert "training" not in own_threads()


@pytest.mark.slow
def test_training_on_from_a_moment_while_training_runs_waits_for_its_end(program, slow_end):
    program.use(endless())
    program.click("run.train")
    timeline = program.feature("timeline").controller
    program.wait(lambda: len(timeline.model.moments) > 2)
    timeline.look(1)
    replaced = program.session.run
    timeline.train_on()
    frames(program)
    assert program.session.run is replaced
    slow_end.set()
    program.wait(lambda: program.session.run is not replaced)
    program.wait_for_phase(Phase.RUNNING)
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)


@pytest.mark.slow
def test_a_step_is_not_done_before_the_worker_has_done_it(paused):
    """50 of 50 said "paused" too early with the worker held back, and lent out the run."""
    bridge, step = paused.session._bridge, paused.session.run.step
    with bridge._gate:  # held, it keeps the worker from waking
        paused.click("run.step")
        bridge._deliver()
        assert paused.session.phase is Phase.PAUSING
        assert paused.session.resting_run() is None
    paused.wait_for_phase(Phase.PAUSED)
    assert paused.session.run.step == step + 1


def test_a_training_that_cannot_start_says_so_and_leaves_all_as_it_was(program, monkeypatch):
    program.train_to_end(recipe(iterations=3))

    def none_left(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        program.click("run.train")
    assert "no thread left" in program.message
    assert program.session.phase is Phase.IDLE
    assert program.session.run.step == 3
    program.train_to_end()
    assert program.session.run.step == 6


@pytest.mark.slow
def test_only_so_many_edits_of_the_setup_are_kept(program):
    for number in range(260):
        program.use(with_rate(recipe(), 0.001 * (1 + number)))
    stack = program.session.undo_stack
    assert stack.count() == 200
    for _ in range(200):
        program.click("edit.undo")
    assert not program.window.actions_by_key["edit.undo"].isEnabled()
    assert program.session.recipe.optimizer.learning_rate == pytest.approx(0.06)


@pytest.mark.slow
def test_edits_made_while_training_can_be_undone_when_the_oldest_are_let_go(program):
    for number in range(198):
        program.use(with_rate(endless(), 1e-6 * (1 + number)))
    program.click("run.train")
    program.wait_for_steps(3)
    before = program.session.recipe
    for number in range(5):
        program.use(with_rate(before, 1e-3 * (1 + number)))
    assert program.session.undo_stack.count() == 200
    for _ in range(5):
        program.click("edit.undo")
    assert program.session.recipe == before
    assert not program.window.actions_by_key["edit.undo"].isEnabled()  # older than the training
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    assert program.window.actions_by_key["edit.undo"].isEnabled()


@pytest.mark.slow
def test_more_edits_than_are_kept_while_training_can_all_be_undone(program):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(3)
    for number in range(210):
        program.use(with_rate(endless(), 1e-6 * (1 + number)))
    for _ in range(200):
        program.click("edit.undo")
    assert not program.session.undo_stack.canUndo()
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
