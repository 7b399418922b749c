"""Circles of objects are deleted in the window's thread, whoever made the garbage."""

import gc
import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from gui.shell import collector as collector_module
from gui.shell.collector import Collector


class Witness(QObject):
    """Tells which thread it dies in, and holds itself in a circle."""

    def __init__(self, seen):
        super().__init__()
        self.me, self.seen = self, seen

    def __del__(self):
        self.seen.append(threading.current_thread())


def test_a_busy_thread_deletes_nothing_and_the_timer_does(qtbot):
    collector = Collector()
    assert not gc.isenabled()
    seen = []
    for _ in range(50):
        Witness(seen)
    worker = threading.Thread(target=lambda: [[[]] for _ in range(200_000)])
    worker.start()
    worker.join()
    assert seen == []

    def make_garbage_until_all_are_gone():
        for _ in range(3000):
            circle = []
            circle.append(circle)
        return len(seen) == 50

    qtbot.waitUntil(make_garbage_until_all_are_gone, timeout=30_000)
    assert set(seen) == {threading.main_thread()}
    collector.deleteLater()


def _old_garbage(seen):
    """Make a circle that only a full collection finds: it has outlived two others."""
    witness = Witness(seen)
    gc.collect()
    gc.collect()
    del witness


def test_what_is_old_is_collected_too_while_nothing_is_made(qtbot):
    """In 75 s of drawing there was no full collection."""
    collector, seen = Collector(full_every_s=0.5), []
    _old_garbage(seen)
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)
    assert seen == [threading.main_thread()]
    collector.deleteLater()


@pytest.fixture
def clock(monkeypatch):
    """A list with the time that the collector believes it is, in seconds."""
    now = [0.0]
    monkeypatch.setattr(collector_module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


@pytest.fixture
def drawing(qtbot):
    """A widget that a hand draws on, until the test ends or lets go."""
    paper = QWidget()
    qtbot.addWidget(paper)
    paper.show()
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton)
    yield paper
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton)


def test_it_is_put_off_while_a_hand_draws(qtbot, clock, drawing):
    collector, seen = Collector(full_every_s=10.0), []
    _old_garbage(seen)
    clock[0] = 11.0
    for _ in range(2):
        with qtbot.waitSignal(collector._timer.timeout):
            pass
    assert seen == []
    qtbot.mouseRelease(drawing, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)
    collector.deleteLater()


def test_it_is_not_put_off_for_ever(qtbot, clock, drawing):
    collector, seen = Collector(full_every_s=10.0), []
    _old_garbage(seen)
    clock[0] = 61.0
    qtbot.waitUntil(lambda: bool(seen), timeout=30_000)
    collector.deleteLater()


def test_what_was_there_at_the_start_is_set_aside_once(qtbot):
    collector = Collector(full_every_s=0.2)
    collector.set_start_aside()
    assert gc.get_freeze_count() == 0
    try:
        qtbot.waitUntil(lambda: gc.get_freeze_count() > 0, timeout=30_000)
        seen = []
        _old_garbage(seen)
        qtbot.waitUntil(lambda: bool(seen), timeout=30_000)
    finally:
        gc.unfreeze()
        collector.deleteLater()
