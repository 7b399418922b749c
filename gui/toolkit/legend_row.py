"""A legend that is also the read-out: colour, name and value of each curve."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.style.theme import FONT_SECTION, SPACE_M, SPACE_S, SPACE_XS
from gui.toolkit.plain import TextLabel, section_title, set_tooltip
from gui.toolkit.value_label import ValueLabel

SWATCH = (16, 10)  # logical pixels
_FADED = 110  # of 255


def paint_swatch(painter: QPainter, place: QRectF, kind: str, colour: str) -> None:
    """Paint a piece of a curve in `place`.

    Args:
        painter: where to; its pen and brush are changed.
        place: of the size `SWATCH`.
        kind: "faded" or "line"; "dot", a line with a marker; "square", a marker alone.
        colour: of the curve.
    """
    shade = QColor(colour)
    if kind == "faded":
        shade.setAlpha(_FADED)
    middle = QPointF(place.center())
    if kind != "square":
        painter.fillRect(QRectF(place.left(), middle.y() - 1, place.width(), 2), shade)
    painter.setPen(shade)
    painter.setBrush(shade if kind == "dot" else Qt.BrushStyle.NoBrush)
    marker = QRectF(middle.x() - 3, middle.y() - 3, 6, 6)
    if kind == "dot":
        painter.drawEllipse(marker)
    elif kind == "square":
        painter.drawRect(marker)


class _Swatch(QWidget):
    """A piece of a curve; see `paint_swatch` for the kinds."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind, self._colour = kind, "#000000"
        self.setFixedSize(*SWATCH)

    def set_colour(self, colour: str) -> None:
        """Draw in another colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the piece of curve."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_swatch(painter, QRectF(self.rect()), self._kind, self._colour)


class LegendRow(QWidget):
    """A title and the curves' names, each with a value whose place does not move."""

    def __init__(self, title: str, entries: Sequence[tuple[str, str, str]], widest: str) -> None:
        """Make a row.

        Args:
            title: of the plot below.
            entries: (kind, name, tooltip) of each curve; see `paint_swatch` for the kinds.
            widest: the widest text a value can have.
        """
        super().__init__()
        self._title = title
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_XS, SPACE_S, 0)
        layout.setSpacing(SPACE_XS)
        heading = section_title(title)
        heading.setMinimumHeight(FONT_SECTION + SPACE_S)
        layout.addWidget(heading)
        layout.addStretch(1)
        self._swatches: list[_Swatch] = []
        self._names: list[TextLabel] = []
        self._values: list[ValueLabel] = []
        for kind, name, tip in entries:
            swatch, label, value = _Swatch(kind), TextLabel(name), ValueLabel(widest, small=True)
            label.setProperty("role", "small")
            for part in (swatch, label, value):
                set_tooltip(part, tip)
                layout.addWidget(part)
            layout.addSpacing(SPACE_XS)
            self._swatches.append(swatch)
            self._names.append(label)
            self._values.append(value)
            self.set_name(len(self._names) - 1, name)

    def set_colours(self, colours: Sequence[str]) -> None:
        """Give each entry the colour of its curve."""
        for swatch, colour in zip(self._swatches, colours, strict=True):
            swatch.set_colour(colour)

    def set_name(self, index: int, name: str) -> None:
        """Call an entry otherwise."""
        self._names[index].setText(name)
        self._values[index].setAccessibleName(f"{self._title}, {name}")

    def show_values(self, texts: Sequence[str]) -> None:
        """Show the values."""
        for label, text in zip(self._values, texts, strict=True):
            label.set_text(text)

    def names(self) -> list[str]:
        """Return the names shown."""
        return [label.text() for label in self._names]

    def values(self) -> list[str]:
        """Return the values shown."""
        return [label.text for label in self._values]
