"""The whole program: what the window shows is what the numbers say."""

import sys

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from core.nn.optimizers.adam import Adam
from core.recipe.hidden_layer import HiddenLayer
from core.training.run import new_run, split_data
from core.training.train import train
from gui.session.phase import Phase
from gui.shell.launch import catch_faults
from tests.support.program import endless, own_threads, recipe


def trained_without_a_window(chosen, dataset):
    parts = split_data(chosen, dataset)
    run = new_run(chosen, dataset, parts)
    for _ in train(run, parts):
        pass
    return run


@pytest.mark.parametrize(
    "chosen",
    [
        recipe(),
        recipe(hidden=(HiddenLayer(24, "sigmoid", 0.3), HiddenLayer(12)), optimizer=Adam()),
    ],
)
def test_the_window_computes_bit_for_bit_what_the_core_computes(program, chosen):
    expected = trained_without_a_window(chosen, program.all.datasets.dataset)
    program.train_to_end(chosen)
    run = program.session.run
    np.testing.assert_array_equal(run.params, expected.params)
    np.testing.assert_array_equal(
        program.feature("curves").model.history.losses, expected.history.losses
    )
    shown, row = (
        program.feature("curves").model.history.evaluations[-1],
        expected.history.evaluations[-1],
    )
    assert (shown.train_loss, shown.validation_accuracy) == (
        row.train_loss,
        row.validation_accuracy,
    )


def test_after_training_curves_answers_and_status_agree_with_the_network(program):
    program.train_to_end(recipe(iterations=120))
    run = program.session.run
    assert program.feature("curves").model.count == run.step == 120
    assert program.feature("status").model.iteration_text == "120 of 120"
    assert program.feature("status").model.phase_text == "Trained"
    images = program.session.parts.held_out.images.reshape(60, -1)
    answers = program.session.predictor.probabilities(images).argmax(axis=1)
    accuracy = np.mean(answers == program.session.parts.held_out.labels)
    assert accuracy == pytest.approx(run.history.evaluations[-1].validation_accuracy)
    assert accuracy > 0.9


def test_the_window_goes_on_while_training_runs(program):
    beats = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: beats.append(program.feature("curves").model.count))
    timer.start()
    program.use(endless())
    program.click("run.train")
    program.wait(lambda: len(set(beats)) >= 3)
    assert program.session.phase is Phase.RUNNING


def test_shutting_down_while_training_leaves_no_thread(make_driver, digits_folder):
    driver = make_driver()
    driver.all.datasets.load(str(digits_folder))
    driver.wait(lambda: driver.session.parts is not None)
    driver.use(endless())
    driver.click("run.train")
    driver.wait_for_steps(1)
    assert own_threads() != []
    driver.all.shut_down()
    assert own_threads() == []


def test_starting_with_a_folder_loads_its_digits(make_driver, digits_folder):
    driver = make_driver()
    driver.all.start(digits_folder)
    driver.wait(lambda: driver.session.parts is not None)
    assert driver.session.dataset.source == str(digits_folder)


def test_starting_without_a_file_loads_the_builtin_digits(make_driver):
    driver = make_driver()
    driver.all.start()
    driver.wait(lambda: driver.session.parts is not None)
    assert driver.session.dataset.key == "builtin"


def test_train_pressed_before_the_digits_are_there_starts_with_them(make_driver, digits_folder):
    driver = make_driver()
    driver.use(recipe(iterations=5))
    driver.click("run.train")
    assert "as soon as" in driver.message
    assert driver.session.run is None
    driver.all.datasets.load(str(digits_folder))
    driver.wait(lambda: driver.feature("curves").model.count == 5)


def test_a_fault_in_the_program_becomes_a_message(program, monkeypatch, caplog):
    monkeypatch.setattr("sys.excepthook", lambda *_: None)  # put back after the test
    catch_faults(program.all)
    sys.excepthook(ZeroDivisionError, ZeroDivisionError("a slip"), None)
    assert "a slip" in program.message
    assert "Traceback" not in program.message
    assert "a fault in the program" in caplog.text


def test_too_little_memory_in_the_window_becomes_a_message(program, monkeypatch):
    monkeypatch.setattr("sys.excepthook", lambda *_: None)  # put back after the test
    catch_faults(program.all)
    sys.excepthook(MemoryError, MemoryError("Unable to allocate 8.00 EiB"), None)
    assert program.message.startswith("There is not enough memory for this.")
    assert "fault" not in program.message
