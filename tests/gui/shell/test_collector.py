"""Circles of objects are deleted in the window's thread, whoever made the garbage."""

import gc
import threading
from types import SimpleNamespace

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

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


def test_it_is_put_off_while_a_hand_draws(qtbot, monkeypatch):
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr("gui.shell.collector.time", clock)
    collector, seen, looks = Collector(full_every_s=10.0), [], []
    collector._timer.timeout.connect(lambda: looks.append(clock.now))  # after the collector's
    paper = QWidget()
    qtbot.addWidget(paper)
    paper.show()
    qtbot.mousePress(paper, Qt.MouseButton.LeftButton)
    _old_garbage(seen)
    clock.now = 59.0  # nearly six times as long
    qtbot.waitUntil(lambda: 59.0 in looks, timeout=30_000)
    assert seen == []
    qtbot.mouseRelease(paper, Qt.MouseButton.LeftButton)
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
