"""Before training: what the data are and how long it takes."""

import threading
import tracemalloc
from dataclasses import replace

import numpy as np

from core.recipe.hidden_layer import HiddenLayer
from gui.session.phase import Phase
from tests.support.program import endless, recipe
from tests.support.short_memory import LIMITS_HOLD, only_left


def test_the_summary_tells_what_is_trained_on(program, digits_folder):
    data = program.feature("setup").model.data
    assert (data.train_count, data.validation_count, data.test_count) == (540, 60, 0)
    assert data.counts_text == "540 training · 60 validation images"
    assert data.source == str(digits_folder)
    parts = program.session.parts
    np.testing.assert_array_equal(data.class_counts, np.bincount(parts.labels, minlength=10))
    assert data.class_counts.sum() == 540
    assert data.validation_note == ""


def test_the_samples_show_every_class_and_are_labelled_right(program):
    data = program.feature("setup").model.data
    assert sorted(data.sample_labels.tolist()) == sorted([*range(10)] * 2)
    ink = [int(image[:, 14].argmax()) for image in data.sample_images]
    assert ink == [2 * label + 4 for label in data.sample_labels]


def test_another_split_is_told(program):
    training = replace(program.session.recipe.training, validation_split=0.5)
    program.use(recipe(training=training))
    assert program.feature("setup").model.data.counts_text == "300 training · 300 validation images"


def test_an_estimate_appears_and_grows_with_the_duration(program):
    program.use(recipe(iterations=10))
    assert program.feature("setup").model.estimate_s is None
    program.wait(lambda: program.feature("setup").model.estimate_s is not None)
    short = program.feature("setup").model.estimate_s
    assert short > 0
    program.use(recipe(iterations=1_000_000))
    program.wait(lambda: program.feature("setup").model.estimate_s is not None)
    assert program.feature("setup").model.estimate_s > 100 * short


def test_what_is_edited_while_training_is_estimated_after_it(program):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(1)
    rate = replace(program.session.recipe.optimizer, learning_rate=0.002)
    program.use(replace(program.session.recipe, optimizer=rate))
    assert program.feature("setup").model.estimate_s is None
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    program.wait(lambda: program.feature("setup").model.estimate_s is not None)


def _estimates() -> int:
    return sum(thread.name == "job-estimate" for thread in threading.enumerate())


def test_a_network_that_fills_a_computer_is_estimated_in_no_memory(program):
    """Four edits took 22 GB in 90 s: each trial allocated the network, none was given up."""
    tracemalloc.start()
    try:
        for units in (4096, 4095, 4094, 4093):
            program.use(replace(program.session.recipe, hidden=(HiddenLayer(units),) * 16))
            program.wait(lambda: _estimates() > 0)
            assert _estimates() == 1
        program.wait(lambda: program.feature("setup").model.estimate_s is not None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 400e6
    assert _estimates() <= 1


@LIMITS_HOLD
def test_what_does_not_fit_is_said_beside_the_recipe_and_refused_at_train(program):
    kept = program.session.run
    with only_left(1 << 30):
        program.use(replace(program.session.recipe, hidden=(HiddenLayer(4096),) * 16))
        program.wait(lambda: program.feature("setup").model.estimate_s is not None)
        assert "needs about" in program.feature("setup").model.summary_text
        assert "are free" in program.feature("setup").model.summary_text
        for command in ("run.train", "run.again", "run.step"):
            program.click(command)
            assert program.session.phase is Phase.IDLE
            assert program.session.run is kept
            assert "This training needs about" in program.all.banner.text
