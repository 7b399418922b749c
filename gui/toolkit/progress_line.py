"""A thin progress bar that waits for its turn to paint."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import Themes

_THICK = 6  # logical pixels


class ProgressLine(QWidget):
    """Shows a share from 0 to 1.

    QProgressBar paints at once whenever its value changes, and with itself whatever else
    is due in the window; while training runs, the plots were painted twice a frame.
    """

    def __init__(self, width: int, name: str, themes: Themes) -> None:
        super().__init__()
        self._share, self._themes, self._size = 0.0, themes, QSize(width, 3 * _THICK)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._repaint_later)

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return self._share

    def set_share(self, share: float) -> None:
        """Show another share; a change of less than a pixel waits."""
        pixels = self._size.width()
        if round(share * pixels) != round(self._share * pixels):
            self.setAccessibleDescription(f"{share:.0%}")
            self.update()
        self._share = share

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self._size

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track, and the part that is done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme, top = self._themes.current, (self.height() - _THICK) / 2
        for colour, share in ((theme.border, 1.0), (theme.accent, self._share)):
            painter.setBrush(QColor(colour))
            line = QRectF(0, top, share * self.width(), _THICK)
            painter.drawRoundedRect(line, _THICK / 2, _THICK / 2)

    def _repaint_later(self, _theme: object) -> None:
        self.update()
