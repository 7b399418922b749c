"""Faults of the Qt binding that would crash the program hours later."""

import sys

import pytest
from PySide6.QtCore import QObject, QRectF

_CALLS = 1000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal since Python 3.12")
def test_calls_that_return_nothing_do_not_use_up_none(qapp):
    """PySide6 6.12.0 on Python 3.10 and 3.11 drops one reference to None per call."""
    thing, rect = QObject(), QRectF()
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        thing.setObjectName("same")
        rect.setLeft(0.0)
    assert abs(sys.getrefcount(None) - before) < _CALLS // 2
