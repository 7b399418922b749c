"""Sliders under headings, with a sentence about the one that is moved."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.base.fields import Limits
from gui.style.icons import icon
from gui.style.theme import SPACE_S, SPACE_XS, Themes
from gui.toolkit.forms.sliders import LabelledSlider
from gui.toolkit.plain import TextLabel, section_title, set_tooltip

_WIDTH_PX = 284
_HELP_LINES = 3


class Dial(NamedTuple):
    """A number to be set: its name, what it accepts, and where it is reset to."""

    name: str
    limits: Limits
    default: float


class SliderBoard(QWidget):
    """Edits many numbers by sliders.

    Attributes:
        sliders: by the names of the numbers.
        help: the sentence about the slider last touched.
        reset: the button that resets all.

    Signals:
        edited(name, value, text, gesture): the user changed a number; `text` says so.
        reset_wanted(): all are to be reset.
    """

    edited = Signal(str, float, str, int)
    reset_wanted = Signal()

    def __init__(
        self, title: str, about: str, groups: Mapping[str, Sequence[Dial]], themes: Themes
    ) -> None:
        super().__init__()
        self._themes = themes
        self.sliders: dict[str, LabelledSlider] = {}
        self.help, self.reset = TextLabel(about), QPushButton("Reset")
        set_tooltip(self.reset, "Put all sliders back to the built-in handwriting")
        self.reset.clicked.connect(self.reset_wanted)
        held = self._held(groups)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(held)
        area.viewport().setAutoFillBackground(False)
        held.setAutoFillBackground(False)
        self._area = area
        self._lay_out(title)
        themes.changed.connect(self._apply_theme)
        self._apply_theme()

    def show_values(self, values: Mapping[str, float]) -> None:
        """Show these numbers; nothing is emitted."""
        for name, slider in self.sliders.items():
            slider.show_value(values[name])
        moved = any(slider.value() != slider.default for slider in self.sliders.values())
        self.reset.setEnabled(moved)

    def _held(self, groups: Mapping[str, Sequence[Dial]]) -> QWidget:
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.setSpacing(SPACE_XS)
        for group, dials in groups.items():
            heading = TextLabel(group)
            heading.setProperty("role", "small")
            column.addWidget(heading)
            for dial in dials:
                self._add(dial)
                column.addWidget(self.sliders[dial.name])
        column.addStretch()
        return held

    def _add(self, dial: Dial) -> None:
        slider = LabelledSlider(dial.limits, dial.default)
        slider.edited.connect(
            lambda value, gesture: self.edited.emit(
                dial.name, value, slider.text_of(value), gesture
            )
        )
        slider.touched.connect(lambda: self._explain(slider))
        self.sliders[dial.name] = slider

    def _explain(self, slider: LabelledSlider) -> None:
        limits = slider.limits
        text = f"{limits.label}: {limits.help}" if limits.help else f"{limits.label}."
        if text != self.help.text():
            self.help.setText(text)
        self._area.ensureWidgetVisible(slider, 0, SPACE_S)

    def _lay_out(self, title: str) -> None:
        heading = section_title(title)
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self.reset)
        self.help.setProperty("role", "muted")
        self.help.setWordWrap(True)
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        # A fixed height, or the sliders would jump with every sentence.
        self.help.setFixedHeight(_HELP_LINES * self.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addLayout(top)
        column.addWidget(self._area, 1)
        column.addWidget(self.help)
        self.setFixedWidth(_WIDTH_PX)

    def _apply_theme(self) -> None:
        self.reset.setIcon(icon("restart", self._themes.current))
