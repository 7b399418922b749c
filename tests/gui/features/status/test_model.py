"""The figures of the status strip."""

import numpy as np
import pytest

from core.base.events import Progress, RunFailed, RunFinished, RunStarted
from gui.features.status.model import StatusModel, duration_text
from gui.session.phase import Phase


@pytest.fixture
def status(qapp):
    return StatusModel()


def progress(first, count, seconds=1.0):
    values = np.ones(count, np.float32)
    return Progress(first, values, values, seconds, 0.1)


def texts(status):
    return (
        status.epoch_text,
        status.iteration_text,
        status.speed_text,
        status.elapsed_text,
        status.left_text,
    )


def test_without_a_run_there_are_only_dashes(status):
    assert texts(status) == ("–",) * 5
    assert (status.phase_text, status.share) == ("Ready", 0.0)


def test_events_become_figures(status):
    status.accept([RunStarted(0, 2000, 100, 64), progress(1, 250, 1.5)])
    assert status.epoch_text == "2.5 of 20"
    assert status.iteration_text == "250 of 2,000"
    assert status.elapsed_text == "1.5 s"
    assert status.share == 0.125


def test_speed_and_time_left_are_shown_only_while_it_runs(status):
    status.show_phase(Phase.RUNNING)
    status.accept([RunStarted(0, 2000, 100, 64)])
    status.accept([progress(1, 250)])
    assert status.steps_per_second > 0
    assert status.speed_text.endswith("/s")
    assert status.left_text.endswith("s")
    status.show_phase(Phase.PAUSED)
    assert (status.speed_text, status.left_text) == ("–", "–")


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (RunFinished(2000, stopped_early=False), "Trained"),
        (RunFinished(70, stopped_early=True), "Stopped"),
        (RunFailed(70, "It broke."), "Stopped"),
    ],
)
def test_the_end_is_told_in_a_word(status, event, words):
    status.accept([RunStarted(0, 2000, 100, 64), event])
    assert status.phase_text == words


@pytest.mark.parametrize("phase", Phase)
def test_every_phase_has_a_word(status, phase):
    status.show_phase(phase)
    assert status.phase_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.0 s"),
        (8.44, "8.4 s"),
        (59.9, "59.9 s"),
        (59.97, "1 min 00 s"),
        (60, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3599.6, "1 h 00 min"),
        (4320, "1 h 12 min"),
    ],
)
def test_durations_are_written_as_people_do(seconds, text):
    assert duration_text(seconds) == text
