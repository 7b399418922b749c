"""A slider over moments: each has its mark, and those that begin something a longer one."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from gui.style.theme import Themes

_HEIGHT, _RADIUS, _MARGIN = 28, 7.0, 12  # logical pixels
_SOLID, _ROUND = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap
_MARK, _LONG_MARK = 4.0, 8.0
_CLOSEST = 3.0  # marks nearer to each other than this are not painted


class MomentSlider(QAbstractSlider):
    """Chooses one of `count` moments; the last is the present.

    Signals:
        chosen(int): the user went to the moment of this index.
    """

    chosen = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._long: tuple[int, ...] = ()
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Moment of the training")
        self.setRange(0, 0)
        self.setPageStep(10)
        self.valueChanged.connect(self.chosen)
        themes.changed.connect(self.update)

    def show_moments(self, count: int, current: int, long_marks: Sequence[int] = ()) -> None:
        """Show so many moments and where the user is; says nothing of it.

        Args:
            count: how many there are.
            current: index of the one looked at.
            long_marks: indices of those with a longer mark.
        """
        blocked = self.blockSignals(True)
        self._long = tuple(long_marks)
        self.setRange(0, max(count - 1, 0))
        self.setValue(current)
        self.blockSignals(blocked)
        self.setEnabled(count > 1)
        self.update()

    @property
    def at_present(self) -> bool:
        """True at the last moment."""
        return self.value() == self.maximum()

    def sizeHint(self) -> QSize:
        """Ask for a low strip."""
        return QSize(200, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least with which it is of use."""
        return QSize(80, _HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where it was pressed, and follow."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        if self.isSliderDown():
            self._go(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stay there."""
        self.setSliderDown(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line, the marks and the handle."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, here = self.height() / 2, self._x(self.value())
        on = theme.link if self.isEnabled() else theme.disabled
        quiet = QColor(theme.border_strong if self.isEnabled() else theme.border)
        painter.setPen(QPen(quiet, 2, _SOLID, _ROUND))
        painter.drawLine(QPointF(here, middle), QPointF(self._x(self.maximum()), middle))
        painter.setPen(QPen(QColor(on), 2, _SOLID, _ROUND))
        painter.drawLine(QPointF(self._x(0), middle), QPointF(here, middle))
        if self.isEnabled():
            self._paint_marks(painter, quiet, middle)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), _RADIUS + 3, _RADIUS + 3)
        hollow = self.at_present
        painter.setPen(QPen(QColor(on), 2))
        painter.setBrush(QColor(theme.raised if hollow else on))
        painter.drawEllipse(QPointF(here, middle), _RADIUS - 1, _RADIUS - 1)

    def _paint_marks(self, painter: QPainter, colour: QColor, middle: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        last_x = -_CLOSEST
        for index in self._long:
            if (x := self._x(index)) - last_x >= _CLOSEST:
                painter.drawRect(QRectF(x - 0.5, middle + 3, 1, _LONG_MARK))
                last_x = x
        if self._width() < _CLOSEST * max(self.maximum(), 1):
            return
        for index in range(self.maximum() + 1):
            painter.drawRect(QRectF(self._x(index) - 0.5, middle + 3, 1, _MARK))

    def _go(self, x: float) -> None:
        share = (x - _MARGIN) / self._width()
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        self.setValue(round(min(max(share, 0.0), 1.0) * self.maximum()))

    def _x(self, index: int) -> float:
        share = index / self.maximum() if self.maximum() else 1.0
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            share = 1 - share
        return _MARGIN + share * self._width()

    def _width(self) -> float:
        return max(self.width() - 2 * _MARGIN, 1)
