"""A number field with dice: for seeds."""

import random

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from core.base.fields import Limits
from gui.style.icons import icon
from gui.style.theme import SPACE_XS, Themes
from gui.toolkit.canvas.gesture_ids import GestureIds
from gui.toolkit.forms.number_field import NumberField
from gui.toolkit.plain import set_tooltip

_EASY_SEEDS = 100_000  # up to five digits: easy to note down and type again


class SeedField(QWidget):
    """Edits a whole number, by hand or by throwing dice.

    Signals:
        edited(int, gesture), problem_changed(str): as of `NumberField`.
    """

    edited = Signal(object, int)
    problem_changed = Signal(str)

    def __init__(self, limits: Limits, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits, self._themes = limits, themes
        self._gestures = GestureIds()
        self.number = NumberField(limits, whole=True)
        self.dice = QToolButton()
        self.dice.setAutoRaise(True)
        self.dice.setFocusPolicy(self.number.focusPolicy())
        self.dice.setAccessibleName(f"Random {limits.label.lower()}")
        set_tooltip(self.dice, "Take another number at random")
        self.dice.clicked.connect(self._throw)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.number, 1)
        layout.addWidget(self.dice)
        self.setFocusProxy(self.number)
        self.number.edited.connect(self.edited)
        self.number.problem_changed.connect(self.problem_changed)
        themes.changed.connect(self._paint_icon)
        self._paint_icon()

    def value(self) -> float:
        """Return the value in force, an int."""
        return self.number.value()

    def show_value(self, value: float) -> None:
        """Show a value; nothing is emitted."""
        self.number.show_value(value)

    def _throw(self) -> None:
        low, high = int(self._limits.low), int(self._limits.high)
        choices = range(low, min(high, low + _EASY_SEEDS) + 1)
        seed = random.choice([low, high] if len(choices) < 3 else choices)
        if seed == self.number.value():
            seed = seed + 1 if seed < high else low
        self.number.show_value(seed)
        self.edited.emit(seed, self._gestures.single())

    def _paint_icon(self) -> None:
        self.dice.setIcon(icon("reseed", self._themes.current))
