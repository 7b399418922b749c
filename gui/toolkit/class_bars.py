"""How many images there are of each class, as a strip of bars."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.base.printable import printable
from gui.style.theme import FONT_SMALL, SPACE_XS, Theme, Themes
from gui.toolkit.plain import short_name, tip_text

_BARS_PX = 24
_NAME_PX = 16


class ClassBars(QWidget):
    """One bar per class over its name; pointing at one tells the number."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self._names: Sequence[str] = ()
        self._counts: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Images of each class")
        themes.changed.connect(self._apply_theme)

    def _apply_theme(self, _: Theme) -> None:
        self.update()

    def set_counts(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show `counts[k]` images of the class `names[k]`."""
        self._names, self._counts = tuple(map(printable, names)), [int(count) for count in counts]
        self.setAccessibleDescription(
            ", ".join(self.words(index) for index in range(len(self._names)))
        )
        self.update()

    def words(self, index: int) -> str:
        """Return a class and its number of images: "7: 6,265 images"."""
        return f"{self._names[index]}: {self._counts[index]:,} images"

    def sizeHint(self) -> QSize:
        """Be one strip high."""
        return QSize(200, _BARS_PX + _NAME_PX)

    def event(self, event: QEvent) -> bool:
        """Show the number of the class pointed at."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._names:
            index = int(event.pos().x() / self.width() * len(self._names))
            words = self.words(min(max(index, 0), len(self._names) - 1))
            QToolTip.showText(event.globalPos(), tip_text(words), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint bars and names."""
        if not self._names:
            return
        theme, painter = self._themes.current, QPainter(self)
        font = QFont(self.font())
        font.setPixelSize(FONT_SMALL)
        painter.setFont(font)
        slot = (self.width() + SPACE_XS) / len(self._names)
        top = max(*self._counts, 1)
        for index, (name, count) in enumerate(zip(self._names, self._counts, strict=True)):
            left = round(index * slot)
            width = round((index + 1) * slot) - left - SPACE_XS
            height = max(1, round((_BARS_PX - 2) * count / top)) if count else 0
            bar = QRectF(left, _BARS_PX - height, max(1, width), height)
            painter.fillRect(bar, QColor(theme.training))
            painter.setPen(QColor(theme.muted))
            place = QRectF(left, _BARS_PX, width, _NAME_PX)
            words = short_name(name, painter.fontMetrics(), width)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)
