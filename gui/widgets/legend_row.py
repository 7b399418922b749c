"""A legend that is also the read-out: colour, name and value of each curve."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.theme import FONT_SECTION, SPACE_M, SPACE_S, SPACE_XS
from gui.widgets.value_label import ValueLabel

_SWATCH = (16, 10)


class _Swatch(QWidget):
    """A piece of a curve: "faded" or "line"; "dot", a line with a marker; "square", a marker."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind, self._colour = kind, QColor("black")
        self.setFixedSize(*_SWATCH)

    def set_colour(self, colour: str) -> None:
        """Draw in another colour."""
        self._colour = QColor(colour)
        if self._kind == "faded":
            self._colour.setAlpha(110)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the piece of curve."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        if self._kind != "square":
            painter.fillRect(QRectF(0, middle - 1, self.width(), 2), self._colour)
        painter.setPen(self._colour)
        if self._kind == "dot":
            painter.setBrush(self._colour)
            painter.drawEllipse(QRectF(self.width() / 2 - 3, middle - 3, 6, 6))
        elif self._kind == "square":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.width() / 2 - 3, middle - 3, 6, 6))


class LegendRow(QWidget):
    """A title and the curves' names, each with a value whose place does not move."""

    def __init__(self, title: str, entries: Sequence[tuple[str, str, str]], widest: str) -> None:
        """Make a row; `entries` are (kind, name, tooltip); see `_Swatch` for the kinds."""
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, 0)
        layout.setSpacing(SPACE_XS)
        heading = QLabel(title)
        heading.setProperty("role", "section")
        heading.setMinimumHeight(FONT_SECTION + SPACE_S)
        layout.addWidget(heading)
        layout.addStretch(1)
        self._swatches: list[_Swatch] = []
        self._names: list[QLabel] = []
        self._values: list[ValueLabel] = []
        for kind, name, tip in entries:
            swatch, label = _Swatch(kind), QLabel(name)
            value = ValueLabel(widest, f"{title}, {name}")
            label.setProperty("role", "muted")
            for part in (swatch, label, value):
                part.setToolTip(tip)
                layout.addWidget(part)
            layout.addSpacing(SPACE_S)
            self._swatches.append(swatch)
            self._names.append(label)
            self._values.append(value)

    def set_colours(self, colours: Sequence[str]) -> None:
        """Give each entry the colour of its curve."""
        for swatch, colour in zip(self._swatches, colours, strict=True):
            swatch.set_colour(colour)

    def set_name(self, index: int, name: str) -> None:
        """Call an entry otherwise."""
        self._names[index].setText(name)

    def show_values(self, texts: Sequence[str]) -> None:
        """Show the values."""
        for label, text in zip(self._values, texts, strict=True):
            label.set_text(text)

    def values(self) -> list[str]:
        """Return the values shown."""
        return [label.text for label in self._values]
