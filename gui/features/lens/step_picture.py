"""One step's picture, with the lines that show what the step did."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from core.imaging.framing import CENTRE, SIDE
from core.imaging.lens.lens import LensStep
from gui.style.theme import PAPER, Themes
from gui.toolkit.canvas.ink import InkLayer
from gui.toolkit.canvas.strokes import SIDE as UNITS
from gui.toolkit.canvas.strokes import clean
from gui.toolkit.plain import set_tooltip

_BOXED = ("painted", "box", "scale", "widen")
_FADED = 0.35  # of a picture whose step is left out
_CROSS = 4.0  # logical pixels, half the arm of the cross at the centre of mass
_RING = 2  # logical pixels, around the current picture


class StepPicture(QAbstractButton):
    """A picture that can be chosen; light ink on dark paper, whatever the theme."""

    def __init__(self, themes: Themes, title: str) -> None:
        super().__init__()
        self._themes, self._title = themes, title
        self._step: LensStep | None = None
        self._ink: InkLayer | None = None
        self._strokes: Sequence[NDArray[np.float32]] = ()
        self._pen_width = 1.0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"Step {title}")
        themes.changed.connect(self.update)

    def show_strokes(
        self, strokes: Sequence[NDArray[np.float32]], pen_width: float, paper_side: float
    ) -> None:
        """Show strokes (n, 3) as they were drawn on paper `paper_side` units wide."""
        scale = np.array([UNITS / paper_side] * 2 + [1.0], np.float32)
        self._strokes = clean([stroke * scale for stroke in strokes])
        self._pen_width = pen_width * UNITS / paper_side
        self._ink = InkLayer()
        set_tooltip(self, "Your strokes as you drew them")
        self.update()

    def show_step(self, step: LensStep) -> None:
        """Show the picture after a step."""
        self._step = step
        set_tooltip(self, step.sentence)
        self.setAccessibleDescription(step.sentence)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, ink, what the step did, and a ring around the current picture."""
        square = QRectF(self.rect())
        painter = QPainter(self)
        painter.fillRect(square, QColor(PAPER))
        left_out = self._step is not None and not self._step.taken
        painter.setOpacity(_FADED if left_out else 1.0)
        if self._ink is not None:
            self._paint_strokes(painter, square)
        elif self._step is not None:
            self._paint_image(painter, square, self._step.image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_lines(painter, self._step)
        painter.setOpacity(1.0)
        self._paint_ring(painter, square)

    def _paint_strokes(self, painter: QPainter, square: QRectF) -> None:
        pixels = max(1, round(square.width() * self.devicePixelRatio()))
        assert self._ink is not None
        if not self._ink.fits(pixels):
            self._ink.redraw(tuple(self._strokes), self._pen_width, pixels)
        painter.drawImage(square, self._ink.image)

    def _paint_image(self, painter: QPainter, square: QRectF, pixels: NDArray[np.uint8]) -> None:
        height, width = pixels.shape
        image = QImage(
            np.ascontiguousarray(pixels).data, width, height, width, QImage.Format.Format_Grayscale8
        )
        # "Lighten" keeps the paper's own black where the image is darker than it.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
        painter.drawImage(square, image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def _paint_lines(self, painter: QPainter, step: LensStep) -> None:
        """Draw the ink's box, or pixel 14 and the centre of mass."""
        if step.box is None:
            return
        pixel = self.width() / SIDE
        colour = QColor(self._themes.current.validation)
        if step.key in _BOXED:
            left, top, right, bottom = (edge * pixel for edge in step.box)
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(QPointF(left, top), QPointF(right, bottom)))
        elif step.key == "centre" and step.mass is not None:
            guide = (CENTRE + 0.5) * pixel
            painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(guide, 0), QPointF(guide, self.height()))
            painter.drawLine(QPointF(0, guide), QPointF(self.width(), guide))
            place = QPointF(*((part + 0.5) * pixel for part in step.mass))
            painter.setPen(QPen(colour, 2))
            painter.drawLine(place - QPointF(_CROSS, 0), place + QPointF(_CROSS, 0))
            painter.drawLine(place - QPointF(0, _CROSS), place + QPointF(0, _CROSS))

    def _paint_ring(self, painter: QPainter, square: QRectF) -> None:
        theme = self._themes.current
        if not (self.isChecked() or self.hasFocus()):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colour = theme.text if self.hasFocus() else theme.accent
        painter.setPen(QPen(QColor(colour), _RING, j=Qt.PenJoinStyle.MiterJoin))
        half = _RING / 2
        painter.drawRect(square.adjusted(half, half, -half, -half))
