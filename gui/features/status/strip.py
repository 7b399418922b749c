"""The strip at the window's foot: how far the training is, and how fast."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.style.theme import SPACE_L, SPACE_S, SPACE_XS, Themes
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.progress_line import ProgressLine
from gui.toolkit.value_label import ValueLabel

_BAR_WIDTH = 160


class StatusStrip(QWidget):
    """A state, a progress bar, and a row of named figures of fixed widths.

    The widths are fixed by the widest text each figure can have, so nothing moves while
    the figures run.
    """

    def __init__(self, fields: Sequence[tuple[str, str, str]], themes: Themes) -> None:
        """Make a strip; `fields` are (name, widest text, tooltip) of each figure."""
        super().__init__()
        self._state = TextLabel()
        self._state.setAccessibleName("State of training")
        self._state.setMinimumWidth(self._state.fontMetrics().horizontalAdvance("Stopping… "))
        self._bar = ProgressLine(_BAR_WIDTH, "Progress of training", themes)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_XS, SPACE_S, SPACE_XS)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._state)
        layout.addWidget(self._bar)
        layout.addStretch(1)
        self._values: list[ValueLabel] = []
        for name, widest, tip in fields:
            layout.addSpacing(SPACE_L)
            layout.addWidget(self._caption(name, tip))
            layout.addWidget(self._value(name, widest, tip))

    def _caption(self, name: str, tip: str) -> TextLabel:
        label = TextLabel(name)
        label.setProperty("role", "muted")
        set_tooltip(label, tip)
        return label

    def _value(self, name: str, widest: str, tip: str) -> ValueLabel:
        label = ValueLabel(widest, name, right=True)
        set_tooltip(label, tip)
        self._values.append(label)
        return label

    def show_state(self, state: str, share: float) -> None:
        """Show the state in words, and how much is done (0..1)."""
        if self._state.text() != state:
            self._state.setText(state)
        self._bar.set_share(share)

    def show_values(self, values: Sequence[str]) -> None:
        """Show the figures, in the order of the fields."""
        for label, text in zip(self._values, values, strict=True):
            label.set_text(text)
