"""A drawing on its way to the network: one picture for each step, arrows between them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.imaging.framing import SIDE
from core.imaging.lens.lens import LensStep
from gui.features.lens.step_picture import StepPicture
from gui.style.theme import FONT_SMALL, SPACE_XS, Themes
from gui.toolkit.plain import TextLabel, set_tooltip

_ARROW = 14  # logical pixels
_SMALL, _LARGE = 2, 4  # logical pixels to a pixel of a picture; larger in a wide window
_HEAD = 20  # logical pixels, of the words over a picture
_DRAWN = "drawn"
_DRAWN_WORDS = "Your strokes, as you drew them. Each picture to the right is one step further."
_SWITCHES = {
    "box": "Move the box around the ink to the middle of the picture",
    "scale": "Make the longer side of the box 20 pixels long",
    "widen": "Widen a pen that is too thin to be read",
    "centre": "Move the centre of mass to pixel 14",
    "contrast": "Make the darkest ink 255",
}


class LensStrip(QWidget):
    """Shows all steps; the current one is larger.

    Signals:
        switched(str, bool): the user takes or leaves out the step of this name.
        current_changed(str): another step is the current one.
    """

    switched = Signal(str, bool)
    current_changed = Signal(str)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._cells: dict[str, _Cell] = {}
        self._steps: tuple[LensStep, ...] = ()
        self._group = QButtonGroup(self)
        self._current = "contrast"
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row.addStretch(1)
        titles = ("Drawn", "Painted", "Box", "Size", "Pen", "Centre", "Contrast")
        for key, title in zip((_DRAWN, "painted", *_SWITCHES), titles, strict=True):
            self._add(key, title)
        self._row.addStretch(1)
        self._resize_pictures()

    def _add(self, key: str, title: str) -> None:
        if self._cells:
            self._row.addWidget(_Arrow(self._themes))
        cell = _Cell(key, title, self._themes)
        self._group.addButton(cell.picture)
        cell.picture.clicked.connect(lambda: self.set_current(key))
        if cell.switch is not None:
            cell.switch.clicked.connect(lambda on: self.switched.emit(key, on))
        self._cells[key] = cell
        self._row.addWidget(cell)

    @property
    def current(self) -> str:
        """Name of the current step."""
        return self._current

    def set_current(self, key: str) -> None:
        """Show another step larger. Raises KeyError if there is none of this name."""
        self._cells[key].picture.setChecked(True)
        if key != self._current:
            self._current = key
            self._resize_pictures()
            self.current_changed.emit(key)

    @property
    def sentence(self) -> str:
        """What the current step did, in numbers."""
        found = [step.sentence for step in self._steps if step.key == self._current]
        return found[0] if found else _DRAWN_WORDS

    def show_steps(
        self,
        strokes: Sequence[NDArray[np.float32]],
        pen_width: float,
        paper_side: float,
        steps: Sequence[LensStep],
    ) -> None:
        """Show a drawing and what becomes of it.

        Args:
            strokes: (n, 3) each: x and y in 0..paper_side, pressure 0..1.
            pen_width: in the same units.
            paper_side: of the paper that was drawn on.
            steps: of a `core.imaging.lens.lens.Lens`.
        """
        self._steps = tuple(steps)
        self._cells[_DRAWN].picture.show_strokes(strokes, pen_width, paper_side)
        for step in steps:
            self._cells[step.key].show_step(step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width there is."""
        super().resizeEvent(event)
        self._resize_pictures()

    def _resize_pictures(self) -> None:
        arrows = _ARROW * (len(self._cells) - 1)
        small = _SMALL
        # As many whole pixels to a pixel as fit, the current picture twice as large.
        while (len(self._cells) + 1) * (small + 1) * SIDE + arrows <= self.width():
            small += 1
        small = min(small, _LARGE)
        for key, cell in self._cells.items():
            cell.set_side(SIDE * small * (2 if key == self._current else 1))
        self.setFixedHeight(2 * small * SIDE + _HEAD + SPACE_XS)
        self._cells[self._current].picture.setChecked(True)


class _Cell(QWidget):
    """The name or the switch of a step over its picture."""

    def __init__(self, key: str, title: str, themes: Themes) -> None:
        super().__init__()
        self.picture = StepPicture(themes, title)
        self.switch: QCheckBox | None = None
        head: QAbstractButton | TextLabel
        if key in _SWITCHES:
            self.switch = QCheckBox(title)
            self.switch.setChecked(True)
            set_tooltip(self.switch, _SWITCHES[key])
            self.switch.setAccessibleDescription(_SWITCHES[key])
            head = self.switch
        else:
            head = TextLabel(title)
        font = head.font()
        font.setPixelSize(FONT_SMALL)
        head.setFont(font)
        head.setStyleSheet("spacing: 4px;" if self.switch else "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        head.setFixedHeight(_HEAD)
        column.addStretch(1)
        column.addWidget(head, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def set_side(self, side: int) -> None:
        """Make the picture `side` logical pixels wide."""
        self.picture.setFixedSize(side, side)

    def show_step(self, step: LensStep) -> None:
        """Show another picture."""
        self.picture.show_step(step)
        if self.switch is not None:
            self.switch.setChecked(step.taken)


class _Arrow(QWidget):
    """From one picture to the next."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self.setFixedWidth(_ARROW)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Be as high as wide at least."""
        return QSize(_ARROW, _ARROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a chevron at the height of the pictures' middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        colour = QColor(self._themes.current.muted)
        painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, round_cap, round_join))
        middle = QRectF(self.rect()).center() + QPointF(0, (_HEAD + SPACE_XS) / 2)
        painter.drawPolyline(
            QPolygonF([middle + QPointF(-2, -4), middle + QPointF(2, 0), middle + QPointF(-2, 4)])
        )
