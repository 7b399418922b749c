"""A number on a slider: dragged, stepped by keys, or typed beside it."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QHBoxLayout,
    QMenu,
    QSlider,
    QWidget,
)

from core.base.fields import Limits
from gui.style.theme import SPACE_S
from gui.toolkit.canvas.gesture_ids import GestureIds
from gui.toolkit.forms.field_row import lower_first
from gui.toolkit.forms.number_field import NumberField
from gui.toolkit.forms.numbers import number_text, range_text
from gui.toolkit.plain import TextLabel, set_tooltip

_STEPS, _PAGE = 200, 10  # from end to end; of one press of Page Up
_NUMBER_PX, _LABEL_MODEL = 54, "Width varies by"
_RESTYLED = (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.Show, QEvent.Type.Polish)
_DIGITS = 6  # decimals that are kept of a slider's place


class LabelledSlider(QWidget):
    """Edits one real number within limits by a slider or by its number.

    A double click on the slider or its label, or the context menu, resets it.

    Signals:
        edited(value, gesture): the user changed it; one drag is one gesture.
        touched(): the user is about to change it: say what it does.
    """

    edited = Signal(float, int)
    touched = Signal()

    def __init__(self, limits: Limits, default: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limits, self.default = limits, default
        self._value = default
        self._gestures = GestureIds()
        self._drag = 0
        self.label = _Label(limits.label)
        self.slider = _Slider()
        self.number = _Number(replace(limits, unit=""), whole=False)  # there is no room for it
        self._step = limits.step or (limits.high - limits.low) / _STEPS
        self.slider.setRange(0, round((limits.high - limits.low) / self._step))
        self.slider.setPageStep(_PAGE)
        self._describe()
        self._lay_out()
        self.slider.valueChanged.connect(self._slide)
        self.slider.sliderPressed.connect(self._begin)
        self.number.edited.connect(self._type)
        for part in (self.label, self.slider):
            part.reset_wanted.connect(self.reset)
        self.slider.focused.connect(self.touched)
        self.number.focused.connect(self.touched)
        self.show_value(default)

    def value(self) -> float:
        """Return the value in force."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a value; nothing is emitted."""
        self._value = value
        self.number.show_value(value)
        self._place()

    def reset(self) -> None:
        """Go back to the default, as an edit."""
        self._edit(self.default, self._gestures.single())

    def menu(self) -> QMenu:
        """Return a new context menu."""
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = made.addAction(f"Reset to {number_text(self.default)}", self.reset)
        action.setEnabled(self._value != self.default)
        return made

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to reset it."""
        self.menu().popup(event.globalPos())

    def _describe(self) -> None:
        limits = self.limits
        allowed = range_text(limits)
        words = " ".join(
            part for part in (limits.help, f"{allowed[:1].upper()}{allowed[1:]}.") if part
        )
        self.slider.setAccessibleName(limits.label)
        self.slider.setAccessibleDescription(words)
        set_tooltip(self, words, f"Double-click to reset to {number_text(self.default)}.")

    def _lay_out(self) -> None:
        self.label.setFixedWidth(self.fontMetrics().horizontalAdvance(_LABEL_MODEL))
        self.number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.number.setFixedWidth(_NUMBER_PX)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self.label)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.setFocusProxy(self.slider)

    def _place(self) -> None:
        """Put the slider where the value is."""
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round((self._value - self.limits.low) / self._step))
        self.slider.blockSignals(blocked)

    def _begin(self) -> None:
        self._drag = self._gestures.single()
        self.touched.emit()

    def _slide(self, place: int) -> None:
        value = round(self.limits.low + place * self._step, _DIGITS)
        value = min(max(value, self.limits.low), self.limits.high)
        self._edit(value, self._drag if self.slider.isSliderDown() else self._gestures.stepping())

    def _type(self, value: float, gesture: int) -> None:
        self._edit(value, gesture)

    def _edit(self, value: float, gesture: int) -> None:
        self.touched.emit()
        if value != self._value:
            self.show_value(value)
            self.edited.emit(value, gesture)

    def text_of(self, value: float) -> str:
        """Say in words what setting this value is, for the undo button."""
        return f"Change {lower_first(self.limits.label)} to {number_text(value)}{self.limits.unit}"


class _Number(NumberField):
    """Without buttons the style sheet leaves no room for the text: it is placed by hand."""

    focused = Signal()

    def _place_text(self) -> None:
        self.lineEdit().setGeometry(self.rect().adjusted(1, 3, -3, -3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_text()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in _RESTYLED:
            self._place_text()
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        return done


class _Label(TextLabel):
    reset_wanted = Signal()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_wanted.emit()


class _Slider(QSlider):
    """Turns only where it has the focus, resets by two clicks."""

    reset_wanted = Signal()
    focused = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel must not take the focus
        self.setMinimumWidth(60)

    def sizeHint(self) -> QSize:
        return QSize(120, super().sizeHint().height())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.reset_wanted.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
