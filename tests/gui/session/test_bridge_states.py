"""The bridge as a state machine: every order of commands, the worker held back at each point.

No event loop runs here: the test is the clock that delivers, and the stream of events does
nothing but what the test allows.
"""

import threading
import time
from itertools import product

import numpy as np
import pytest

from core.base.errors import InklingError
from core.base.events import Progress, RunFailed, RunFinished, RunStarted, WeightsSeen
from gui.session.bridge import TrainingBridge
from gui.session.phase import Phase
from tests.support.program import own_threads

ONE = np.ones(1, np.float32)
GIVE_UP_S = 30.0  # none waits so long unless it fails


class Puppet:
    """A stream of events that makes one move at a time, when it is told to.

    It waits before each event, and once more while it is being closed, as an engine may
    that brings its run up to date.
    """

    def __init__(self, steps=10**6, failure=None):
        self.moves = 0  # it has made; each is one event, the last is its end
        self._steps, self._failure = steps, failure
        self._waits, self._may_move = threading.Event(), threading.Semaphore(0)
        self._free = False

    @property
    def waiting(self):
        """It stands still until it may move."""
        return self._waits.is_set()

    def move(self):
        """Let it make its next move."""
        self._waits.clear()
        self._may_move.release()

    def set_free(self):
        """Let it run by itself to its end."""
        self._free = True
        self.move()

    def _wait(self):
        if not self._free:
            self._waits.set()
            self._may_move.acquire()
            self._waits.clear()
        self.moves += 1

    def events(self):
        try:
            self._wait()
            yield RunStarted(0, self._steps, 10, 5)
            for step in range(1, self._steps + 1):
                self._wait()
                yield WeightsSeen(step, ONE)
                yield Progress(step, ONE, ONE, 0.0, 0.1)
            if self._failure is not None:
                raise self._failure
            yield RunFinished(self._steps, stopped_early=False)
        finally:
            self._wait()


class Stage:
    """A bridge, the puppet it pulls, and what it told."""

    def __init__(self, puppet):
        self.puppet, self.bridge = puppet, TrainingBridge()
        self.got, self.rests, self.ends = [], [], []
        self.bridge.received.connect(self._receive)
        self.bridge.rested.connect(self._rest)

    def start(self, paused=False):
        self.bridge.start(self.puppet.events(), paused)
        self.settle()

    @property
    def thread_alive(self):
        return bool(own_threads())

    def settle(self):
        """Wait until the worker can do no more by itself."""
        while self.thread_alive and not (self.puppet.waiting or self.bridge.resting):
            time.sleep(0)

    def move(self):
        """Let the worker make a move, if it waits for that."""
        if self.puppet.waiting:
            self.puppet.move()
            self.settle()

    def tick(self):
        """What the timer does in each frame."""
        self.bridge._deliver()

    def steps(self):
        return [event.step for event in self.got if isinstance(event, Progress)]

    def finish(self):
        """Let all end; return the last event."""
        self.bridge.request_stop()
        self.puppet.set_free()
        assert self.bridge.shut_down()
        self.bridge.deleteLater()
        assert own_threads() == []
        return self.got[-1]

    def _receive(self, events):
        self.got += events
        if any(isinstance(event, (RunFinished, RunFailed)) for event in events):
            # Whoever hears of the end may start again.
            assert not self.thread_alive
            assert self.bridge.phase is Phase.IDLE
            self.ends.append(events[-1])

    def _rest(self):
        assert self.bridge.phase is Phase.PAUSED
        assert self.bridge.resting
        self.rests.append(self.puppet.moves)


@pytest.fixture
def stage(qapp):
    made = Stage(Puppet())
    yield made
    made.finish()


ACTIONS = {
    "pause": lambda stage: stage.bridge.set_paused(True),
    "resume": lambda stage: stage.bridge.set_paused(False),
    "step": lambda stage: stage.bridge.allow_step(),
    "stop": lambda stage: stage.bridge.request_stop(),
    "tick": Stage.tick,
    "move": Stage.move,
}


def check(stage):
    """What is true at any moment, whatever was asked before."""
    phase = stage.bridge.phase
    if phase is Phase.PAUSED:
        moves = stage.puppet.moves
        assert stage.bridge.resting
        stage.settle()
        assert stage.puppet.moves == moves
    if phase is Phase.IDLE:
        assert not stage.thread_alive
        assert len(stage.ends) == 1
    else:
        assert stage.ends == []
        assert stage.bridge.running
    assert stage.steps() == list(range(1, len(stage.steps()) + 1))


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("held_after", [0, 1, 3])
@pytest.mark.parametrize("steps", [1, 10**6], ids=["nearly over", "endless"])
def test_no_order_of_commands_gets_it_stuck(qapp, paused, held_after, steps):
    for orders in product(ACTIONS, repeat=3):
        stage = Stage(Puppet(steps))
        stage.start(paused)
        for _ in range(held_after):
            stage.move()
        for order in orders:
            if stage.bridge.running:
                ACTIONS[order](stage)
                stage.settle()
            check(stage)
        stage.finish()
        assert stage.bridge.phase is Phase.IDLE, orders
        assert len(stage.ends) == 1, orders
        assert stage.got[-1] is stage.ends[0], orders


def test_a_step_is_not_called_done_before_the_worker_has_woken(stage):
    stage.start(paused=True)
    while not stage.bridge.resting:
        stage.move()
    stage.tick()
    assert len(stage.rests) == 1
    for done in (1, 2, 3):
        assert stage.steps() == list(range(1, done + 1))
        with stage.bridge._gate:  # held, it keeps the worker from waking
            stage.bridge.allow_step()
            stage.tick()
            assert not stage.bridge.resting
            assert stage.bridge.phase is Phase.PAUSING
        assert len(stage.rests) == done
        stage.settle()
        stage.move()
        assert stage.bridge.resting
        stage.tick()
        assert len(stage.rests) == done + 1


def test_a_resumed_run_is_not_at_rest_even_before_the_worker_has_woken(stage):
    stage.start(paused=True)
    while not stage.bridge.resting:
        stage.move()
    with stage.bridge._gate:
        stage.bridge.set_paused(False)
        assert not stage.bridge.resting


def test_a_run_let_go_on_by_a_listener_is_not_called_at_rest(stage):
    stage.start(paused=True)
    while not stage.bridge.resting:
        stage.move()
    stage.bridge.received.connect(lambda _events: stage.bridge.allow_step())
    stage.tick()
    assert stage.rests == []
    assert stage.bridge.phase is Phase.PAUSING


@pytest.mark.parametrize("failure", [None, InklingError("It broke.", "Mend it."), ValueError("x")])
@pytest.mark.parametrize("stopped", [False, True])
def test_the_end_is_told_when_the_thread_has_ended(qapp, failure, stopped):
    stage = Stage(Puppet(steps=1, failure=failure))
    stage.start()
    stage.move()  # RunStarted
    if stopped:
        stage.bridge.request_stop()
    stage.move()  # its only iteration, and the end; now it is being closed
    assert stage.puppet.waiting
    stage.tick()
    assert stage.ends == []
    assert stage.bridge.phase is (Phase.STOPPING if stopped else Phase.RUNNING)
    with pytest.raises(RuntimeError, match="still going"):
        stage.bridge.start(iter(()))
    stage.move()
    stage.tick()
    assert stage.bridge.phase is Phase.IDLE
    failed = failure is not None and not stopped
    assert [type(end) for end in stage.ends] == [RunFailed if failed else RunFinished]
    stage.finish()


def test_a_run_may_be_started_by_whoever_hears_of_the_end(qapp):
    stage, second = Stage(Puppet(steps=1)), Puppet()
    stage.start()

    def again(events):
        if isinstance(events[-1], RunFinished) and stage.bridge.phase is Phase.IDLE:
            stage.puppet = second
            stage.bridge.start(second.events())

    stage.bridge.received.connect(again)
    while stage.puppet is not second:
        stage.move()
        stage.tick()
    assert stage.bridge.phase is Phase.RUNNING
    stage.settle()
    stage.move()
    stage.move()
    stage.tick()
    assert [type(event) for event in stage.got[-3:]] == [RunStarted, WeightsSeen, Progress]
    stage.bridge.received.disconnect(again)
    stage.finish()


def test_a_stream_that_ends_without_a_word_is_a_fault_that_is_told(qapp):
    stage = Stage(Puppet())
    stage.bridge.start(event for event in [RunStarted(0, 1, 1, 1)])
    assert stage.bridge.shut_down()
    assert isinstance(stage.got[-1], RunFailed)
    assert stage.bridge.phase is Phase.IDLE


def test_without_a_thread_left_nothing_starts(stage, monkeypatch):
    def none_left(_thread):
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        with pytest.raises(InklingError, match="no thread left"):
            stage.bridge.start(stage.puppet.events())
    assert stage.bridge.phase is Phase.IDLE
    stage.start()
    assert stage.bridge.phase is Phase.RUNNING


@pytest.mark.parametrize("before", ["none", "running", "paused", "stopping"])
def test_closing_delivers_the_end_from_any_state(qapp, before):
    stage = Stage(Puppet())
    if before != "none":
        stage.start(paused=before == "paused")
        stage.move()
        stage.move()
        stage.move()
        stage.tick()
        if before == "stopping":
            stage.bridge.request_stop()
        stage.finish()
        assert isinstance(stage.got[-1], RunFinished)
        assert len(stage.ends) == 1
    assert stage.bridge.shut_down()
    assert stage.bridge.phase is Phase.IDLE
