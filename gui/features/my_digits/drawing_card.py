"""One drawing large: what it is, what it was read as, and how to change that."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.style.icons import icon
from gui.style.theme import SPACE_S, Themes
from gui.toolkit.class_buttons import ClassButtons
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.probability_bars import ProbabilityBars
from gui.toolkit.restyle import set_style_property

_WIDTH = 224  # logical pixels
_BAR = 14  # of the scroll bar that comes where the window is low
_LARGE = 112


class DrawingCard(QScrollArea):
    """A drawing in focus, with buttons for its class and for deleting it.

    Signals:
        chosen(int): the drawing is of this class.
        deleted(): it is to go.
    """

    chosen = Signal(int)
    deleted = Signal()

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self._pixels = PixelView()
        self._pixels.setFixedSize(_LARGE, _LARGE)
        self._pixels.setAccessibleName("The drawing in focus")
        self._verdict, self._then = TextLabel(), TextLabel()
        self._then.setProperty("role", "small")
        for label in (self._verdict, self._then):
            label.setWordWrap(True)
        self._classes = ClassButtons()
        self._delete = QPushButton("Delete")
        set_tooltip(self._delete, "Take this drawing out of my digits (Del)")
        self._bars = ProbabilityBars(themes)
        self._content = QWidget()
        self._lay_out()
        self._classes.chosen.connect(self.chosen)
        self._delete.clicked.connect(self.deleted)
        themes.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def classes(self) -> ClassButtons:
        """The buttons that say what it is."""
        return self._classes

    @property
    def delete_button(self) -> QPushButton:
        """The button "Delete"."""
        return self._delete

    @property
    def verdict(self) -> str:
        """What it says of the drawing."""
        return self._verdict.text()

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(_WIDTH + _BAR)
        self.setWidgetResizable(True)
        self._content.setFixedWidth(_WIDTH)
        self._content.setProperty("surface", "panel")
        self.setWidget(self._content)
        caption = TextLabel("It is really")
        caption.setProperty("role", "small")
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        for part in (self._pixels, self._verdict, self._then, caption, self._classes):
            column.addWidget(part)
        column.addWidget(self._delete, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._bars)
        column.addStretch(1)

    def _apply_theme(self) -> None:
        self._delete.setIcon(icon("remove", self._themes.current))

    def show_drawing(
        self, image: NDArray[np.uint8] | None, verdict: str, mark: str | None, then: str
    ) -> None:
        """Show a drawing, or none.

        Args:
            image: (H, W) uint8, or None.
            verdict: how it is read now.
            mark: "right", "wrong" or None.
            then: when it was kept, and what it was read as.
        """
        self._content.setEnabled(image is not None)
        self._pixels.set_image(image)
        self._verdict.setText(verdict)
        set_style_property(self._verdict, "role", mark)
        self._then.setText(then)

    def show_answer(
        self, probabilities: NDArray[np.floating] | None, names: Sequence[str], label: int | None
    ) -> None:
        """Show the probabilities (K,) or None, and mark the class it is said to be of."""
        self._bars.show_values(probabilities, names)
        self._classes.set_classes(names)
        self._classes.show_choice(label)
