"""Circles of objects are deleted in the window's thread, whoever made the garbage."""

import gc
import threading

from PySide6.QtCore import QObject

from gui.collector import Collector


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
