"""A field for one of a few names."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from core.base.printable import printable
from gui.toolkit.canvas.gesture_ids import GestureIds
from gui.toolkit.plain import tip_text

_FEW_CHARACTERS, _MIN_WIDTH_PX, _LIST_MARGIN_PX = 6, 64, 24


class ChoiceField(QComboBox):
    """Chooses among named entries; narrower than its longest entry if it must be.

    Signals:
        edited(key, gesture): the user chose another entry.
    """

    edited = Signal(object, int)

    def __init__(
        self, choices: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._value = ""
        self._choices: list[tuple[str, str, str]] = []
        self._gestures = GestureIds()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel must not take the focus
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_FEW_CHARACTERS)
        self.set_choices([(key, label, "") for key, label in choices])
        self.activated.connect(self._take)

    def value(self) -> str:
        """Return the key of the entry shown."""
        return self._value

    def set_choices(self, choices: Sequence[tuple[str, str, str]]) -> None:
        """Offer these entries, as (key, label, tooltip); the first one is shown."""
        if list(choices) == self._choices:
            return
        self._choices = list(choices)
        self.clear()
        for key, label, tip in choices:
            self.addItem(printable(label), key)
            last, role = self.count() - 1, Qt.ItemDataRole.ToolTipRole
            self.setItemData(last, tip_text(tip) or None, role)
        self._value = choices[0][0] if choices else ""
        # The list may be wider than the field: entries are never cut off in it.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + _LIST_MARGIN_PX)

    def show_value(self, value: str) -> None:
        """Show an entry by its key; nothing is emitted."""
        self._value = value
        self.setCurrentIndex(self.findData(value))

    def minimumSizeHint(self) -> QSize:
        """Be content with a few letters; `paintEvent` shortens what does not fit."""
        return QSize(_MIN_WIDTH_PX, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as usual, but end a name that does not fit with "…" rather than cut it."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        text = option.currentText
        shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        option.currentText = shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only in a focused field, so that scrolling a panel changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _take(self, index: int) -> None:
        key = self.itemData(index)
        if key != self._value:
            self._value = key
            self.edited.emit(key, self._gestures.stepping())
