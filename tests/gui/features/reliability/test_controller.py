"""The controller, with a real session, real training and real background jobs."""

import pytest

from gui.features.reliability.controller import Calibrating
from gui.session.jobs import Jobs
from gui.session.phase import Phase
from gui.session.session import Session
from tests.support.small_data import small_dataset
from tests.support.trained import longer, usual


@pytest.fixture
def parts_of_program(qapp):
    session, jobs = Session(), Jobs()
    calibrating = Calibrating(session, jobs)
    calibrating.heard, calibrating.images = [], []
    calibrating.changed.connect(calibrating.heard.append)
    calibrating.judged.connect(calibrating.images.append)
    yield session, calibrating
    jobs.shut_down()
    session.shut_down()


def use_small_data(session):
    session.edit_recipe(longer(), "Small")
    session.use_data(small_dataset(1500))


def test_the_network_is_calibrated_when_training_ends(parts_of_program, qtbot):
    session, calibrating = parts_of_program
    use_small_data(session)
    session.train()
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)
    assert session.phase is Phase.IDLE
    assert calibrating.calibration.belongs_to(session.run.params)
    assert session.run.calibration is calibrating.calibration
    assert calibrating.heard == [calibrating.calibration]
    qtbot.waitUntil(lambda: calibrating.images[-1] is not None)
    strangeness = calibrating.images[-1].strangeness
    assert (strangeness[:-1] >= strangeness[1:]).all()


def test_there_is_none_while_training_goes_on(parts_of_program, qtbot):
    session, calibrating = parts_of_program
    use_small_data(session)
    session.train()
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)
    session.step()
    assert calibrating.calibration is None
    assert calibrating.heard[-1] is None
    qtbot.waitUntil(lambda: session.phase is Phase.PAUSED)
    assert calibrating.calibration is None
    session.stop()
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)
    assert calibrating.calibration.step == session.run.step


def test_an_opened_network_without_calibration_gets_one_when_data_come(parts_of_program, qtbot):
    session, calibrating = parts_of_program
    run = usual()[0].copy()
    session.edit_recipe(run.recipe, "Open")
    session.adopt(run)
    assert calibrating.heard == []
    session.use_data(small_dataset(1500))
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)


def test_other_data_do_not_calibrate_it(parts_of_program, qtbot):
    session, calibrating = parts_of_program
    run = usual()[0].copy()
    session.edit_recipe(run.recipe, "Open")
    session.adopt(run)
    session.use_data(small_dataset(700))
    qtbot.wait(100)  # nothing happens
    assert calibrating.calibration is None


def test_one_that_came_with_the_network_is_used_at_once(parts_of_program, qtbot):
    session, calibrating = parts_of_program
    use_small_data(session)
    session.train()
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)
    run = session.run.copy()
    session.adopt(None)
    assert calibrating.calibration is None
    session.adopt(run)
    assert calibrating.calibration is run.calibration


def test_weights_changed_without_training_are_calibrated_anew(parts_of_program, qtbot):
    session, calibrating = parts_of_program
    use_small_data(session)
    session.train()
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)
    before = calibrating.calibration
    session.run.stored_params *= 1.01
    calibrating.refresh()
    assert calibrating.calibration is None
    qtbot.waitUntil(lambda: calibrating.calibration is not None, timeout=20_000)
    assert calibrating.calibration is not before
    assert calibrating.calibration.belongs_to(session.run.params)
