"""The bridge: what a thread reports arrives in the window, whole and in order."""

import threading
import time
from itertools import count

import numpy as np
import pytest

from core.base.errors import InklingError
from core.base.events import (
    Evaluating,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    WeightsSeen,
    Working,
)
from gui.session.bridge import Mailbox, TrainingBridge
from tests.support.program import own_threads

ONE = np.ones(1, np.float32)


def progress(step):
    return Progress(step, ONE, ONE, 0.0, 0.1)


def ended(last=20):
    yield RunStarted(0, last, 10, 5)
    for step in range(1, last + 1):
        yield progress(step)
    yield RunFinished(last, stopped_early=False)


def endless():
    for step in count(1):
        time.sleep(0.0005)  # as long as an iteration of a small network
        yield progress(step)


@pytest.fixture
def bridge(qapp):
    made = TrainingBridge()
    made.got = []
    made.received.connect(made.got.extend)
    yield made
    made.shut_down()
    made.deleteLater()
    assert own_threads() == []


def steps(bridge):
    return [event.step for event in bridge.got if isinstance(event, Progress)]


def test_every_event_arrives_once_and_in_order(bridge, qtbot):
    bridge.start(ended(5000))
    qtbot.waitUntil(lambda: not bridge.running)
    assert steps(bridge) == list(range(1, 5001))
    assert isinstance(bridge.got[0], RunStarted)
    assert bridge.got[-1] == RunFinished(5000, stopped_early=False)


def test_nothing_is_lost_between_two_threads():
    box, taken = Mailbox(), []
    writer = threading.Thread(target=lambda: [box.put(progress(n)) for n in range(20_000)])
    writer.start()
    while writer.is_alive():
        taken += box.take_all()
    taken += box.take_all()
    assert [event.first_step for event in taken] == list(range(20_000))


def test_of_pictures_only_the_newest_waits():
    box = Mailbox()
    for step in range(1, 4):
        box.put(WeightsSeen(step, ONE))
        box.put(progress(step))
        box.put(Evaluating(step, 0.5))
    kinds = [(type(event), event.step) for event in box.take_all()]
    assert kinds == [
        (Progress, 1),
        (Progress, 2),
        (WeightsSeen, 3),
        (Progress, 3),
        (Evaluating, 3),
    ]
    assert box.take_all() == []


def test_a_pause_holds_the_run_and_says_so(bridge, qtbot):
    bridge.start(endless())
    qtbot.waitUntil(lambda: bool(steps(bridge)))
    with qtbot.waitSignal(bridge.rested):
        bridge.set_paused(True)
    assert bridge.resting
    held = len(bridge.got)
    qtbot.wait(150)  # two frames, to show that nothing happens
    assert len(bridge.got) == held
    bridge.set_paused(False)
    qtbot.waitUntil(lambda: len(bridge.got) > held)
    assert not bridge.resting


def test_all_that_was_reported_before_a_pause_arrives_before_it_is_told(bridge, qtbot):
    seen = []
    bridge.rested.connect(lambda: seen.append(len(steps(bridge))))
    done = []

    def counted():
        for event in endless():
            done.append(event.step)
            yield event

    bridge.start(counted())
    qtbot.waitUntil(lambda: bool(steps(bridge)))
    bridge.set_paused(True)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [len(done)]


def test_a_step_lets_exactly_one_progress_through(bridge, qtbot):
    bridge.start(endless(), paused=True)
    qtbot.waitUntil(lambda: bridge.resting and steps(bridge) == [1])
    for expected in (2, 3):
        with qtbot.waitSignal(bridge.rested):
            bridge.allow_step()
        assert steps(bridge)[-1] == expected


def one_long_iteration(slices=10**9):
    """Iterations of many slices, as training by numerical gradients has."""
    for step in count(1):
        for part in range(slices):
            time.sleep(0.0005)
            yield Working(step, part / slices)
        yield progress(step)


def test_a_pause_takes_hold_amid_a_long_iteration_and_so_does_stop(bridge, qtbot):
    bridge.start(one_long_iteration())
    qtbot.waitUntil(lambda: bool(bridge.got))
    with qtbot.waitSignal(bridge.rested):
        bridge.set_paused(True)
    held = bridge.got[-1].done
    qtbot.wait(150)  # two frames, to show that nothing happens
    assert bridge.got[-1].done == held
    bridge.set_paused(False)
    qtbot.waitUntil(lambda: bridge.got[-1].done > held)
    bridge.request_stop()
    qtbot.waitUntil(lambda: not bridge.running)
    assert isinstance(bridge.got[-1], RunFinished)


def test_a_step_goes_to_the_end_of_a_long_iteration(bridge, qtbot):
    bridge.start(one_long_iteration(slices=40), paused=True)
    qtbot.waitUntil(lambda: bridge.resting and steps(bridge) == [1])
    with qtbot.waitSignal(bridge.rested):
        bridge.allow_step()
    assert steps(bridge) == [1, 2]


def test_stop_ends_an_endless_run_after_the_event_at_hand(bridge, qtbot):
    given = []

    def counted():
        for event in endless():
            given.append(event.step)
            if event.step == 7:
                bridge.request_stop()
            yield event

    bridge.start(counted())
    qtbot.waitUntil(lambda: not bridge.running)
    assert given == list(range(1, 8))
    assert bridge.got[-1] == RunFinished(7, stopped_early=True)


def test_stop_ends_a_paused_run_and_closes_its_generator(bridge, qtbot):
    closed = []

    def tidy():
        try:
            yield from endless()
        finally:
            closed.append(True)

    bridge.start(tidy(), paused=True)
    qtbot.waitUntil(lambda: bridge.resting)
    bridge.request_stop()
    qtbot.waitUntil(lambda: not bridge.running)
    assert closed == [True]
    assert sum(isinstance(event, RunFinished) for event in bridge.got) == 1


def test_an_error_of_ours_arrives_in_its_own_words(bridge, qtbot):
    def bad():
        yield progress(1)
        raise InklingError("It broke.", "Mend it.")

    bridge.start(bad())
    qtbot.waitUntil(lambda: not bridge.running)
    assert bridge.got[-1] == RunFailed(1, "It broke.", "Mend it.")


def test_a_fault_arrives_as_a_sentence_and_is_logged(bridge, qtbot, caplog):
    def bad():
        yield progress(1)
        raise ZeroDivisionError("a slip")

    bridge.start(bad())
    qtbot.waitUntil(lambda: not bridge.running)
    failed = bridge.got[-1]
    assert isinstance(failed, RunFailed)
    assert "a slip" in failed.message
    assert "Traceback" not in failed.message
    assert "the training thread failed" in caplog.text


def test_a_second_run_cannot_start_beside_the_first_but_after_it(bridge, qtbot):
    bridge.start(endless())
    with pytest.raises(RuntimeError, match="still going"):
        bridge.start(ended())
    bridge.request_stop()
    qtbot.waitUntil(lambda: not bridge.running)
    bridge.got.clear()
    bridge.start(ended(3))
    qtbot.waitUntil(lambda: not bridge.running)
    assert steps(bridge) == [1, 2, 3]


def test_too_little_memory_arrives_as_a_sentence(bridge, qtbot):
    def hungry():
        yield progress(1)
        np.empty(1 << 60, np.uint8)

    got = []
    bridge.received.connect(got.extend)
    bridge.start(hungry())
    qtbot.waitUntil(lambda: not bridge.running)
    failed = got[-1]
    assert isinstance(failed, RunFailed)
    assert failed.step == 1
    assert "not enough memory" in failed.message
    assert "fault" not in failed.message
    assert "kept as it was" in failed.hint
