"""Reading a whole set of images without holding up the window."""

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.base.arrays import ByteArray
from core.nn.predictor import Predictor

_SLICE = 500  # images between two events of the window: a few milliseconds


class Survey(QObject):
    """Reads images slice by slice, between the events of the window.

    Signals:
        finished(LabelArray): (M,) uint8, the answer for each image.
    """

    finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._read_on)
        self._predictor: Predictor | None = None
        self._images: ByteArray = np.empty((0, 1, 1), np.uint8)
        self._answers = np.empty(0, np.uint8)
        self._done = 0

    @property
    def running(self) -> bool:
        """True until it has finished or was stopped."""
        return self._timer.isActive()

    def start(self, predictor: Predictor, images: ByteArray) -> None:
        """Begin, anew if it was running, to read uint8 images (M, H, W)."""
        self._predictor, self._images, self._done = predictor, images, 0
        self._answers = np.empty(len(images), np.uint8)
        self._timer.start()

    def stop(self) -> None:
        """Give up; `finished` is not emitted."""
        self._timer.stop()
        self._predictor = None

    def _read_on(self) -> None:
        if self._predictor is None:
            return
        part = slice(self._done, self._done + _SLICE)
        if len(self._images[part]):
            self._answers[part] = self._predictor.logits(self._images[part]).argmax(axis=1)
        self._done += _SLICE
        if self._done >= len(self._images):
            self.stop()
            self.finished.emit(self._answers)
