"""One hidden layer as a row: units, normalization, activation, dropout, and its buttons."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from core.base.fields import Limits, limits_of
from core.recipe.hidden_layer import HiddenLayer
from gui.style.icons import icon
from gui.style.theme import SPACE_XS, Themes
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.forms.field_row import explain
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.forms.number_field import NumberField
from gui.toolkit.forms.toggle_field import ToggleField
from gui.toolkit.plain import set_tooltip

UNITS_PX, NORMALIZATION_PX, DROPOUT_PX = 46, 27, 44  # four digits; "BN"; "0.25"
BUTTON_PX, _ICON_PX = 18, 14
# Arrow keys step a number; arrow buttons would leave no room for it. The list of activations
# gets all the room there is, so that "Leaky ReLU" can be read in the narrowest panel.
_DENSE = """
QToolButton { padding: 2px; border-radius: 4px; }
QToolButton[checkable="true"] {
    padding: 0; min-height: 26px; border: 1px solid palette(dark); border-radius: 6px;
}
QToolButton[checkable="true"]:checked { border-color: palette(highlight); }
QToolButton[checkable="true"]:focus { min-height: 24px; border: 2px solid palette(highlight); }
QToolButton[checkable="true"]:disabled { border-color: palette(mid); }
QComboBox { padding-left: 4px; padding-right: 0; }
QComboBox:focus { padding-left: 3px; padding-right: 0; }
QComboBox::drop-down { width: 16px; }
QAbstractSpinBox, QAbstractSpinBox:focus { padding-right: 2px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; margin: 0; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; width: 0; height: 0; }
"""
_ARROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def _limits(name: str) -> Limits:
    limits = limits_of(HiddenLayer, name)
    assert limits is not None, f"HiddenLayer.{name} is described"
    return limits


class LayerRow(QWidget):
    """Edits one hidden layer.

    Signals:
        edited(layer, name, gesture): one of its fields was changed; its name.
        move_requested(int): -1 up, 1 down.
        remove_requested()
    """

    edited = Signal(object, str, int)
    move_requested = Signal(int)
    remove_requested = Signal()

    def __init__(self, layer: HiddenLayer, themes: Themes) -> None:
        super().__init__()
        self._layer, self._themes = layer, themes
        self.units = NumberField(_limits("units"), whole=True)
        self.normalization = ToggleField("BN", ("none", "batch"))
        self.activation = ChoiceField(_limits("activation").choices)
        self.dropout = NumberField(_limits("dropout"), whole=False)
        self._fields: dict[str, Any] = {
            "units": self.units,
            "normalization": self.normalization,
            "activation": self.activation,
            "dropout": self.dropout,
        }
        self.up, self.down, self.remove = (_tool_button() for _ in range(3))
        self.message = MessageLine()
        self._lay_out()
        for name, field in self._fields.items():
            explain(field, _limits(name))
            field.edited.connect(lambda value, gesture, name=name: self._edit(name, value, gesture))
        for number in (self.units, self.dropout):
            number.problem_changed.connect(self.message.set_problem)
        for widget in self.parts:
            widget.installEventFilter(self)
        self.up.clicked.connect(lambda: self.move_requested.emit(-1))
        self.down.clicked.connect(lambda: self.move_requested.emit(1))
        self.remove.clicked.connect(self.remove_requested)
        themes.changed.connect(self._paint_icons)
        self._paint_icons()
        self.show_value(layer)

    @property
    def parts(self) -> list[QWidget]:
        """What can have the focus, in Tab order."""
        fields = [self.units, self.normalization, self.activation, self.dropout]
        return [*fields, self.up, self.down, self.remove]

    def value(self) -> HiddenLayer:
        """Return the layer as its fields show it."""
        return HiddenLayer(**{name: field.value() for name, field in self._fields.items()})

    def show_value(self, layer: HiddenLayer) -> None:
        """Show another layer; nothing is emitted."""
        self._layer = layer
        for name, field in self._fields.items():
            field.show_value(getattr(layer, name))

    def show_place(self, index: int, count: int) -> None:
        """Tell the row that it is number `index` of `count`, counted from 0."""
        number = index + 1
        for name, field in self._fields.items():
            field.setAccessibleName(f"{_limits(name).label} of layer {number}")
        self.up.setEnabled(index > 0)
        self.down.setEnabled(index < count - 1)
        _name(self.up, f"Move layer {number} up", "Alt+Up")
        _name(self.down, f"Move layer {number} down", "Alt+Down")
        _name(self.remove, f"Remove layer {number}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt with an arrow key moves the row, whichever of its parts has the focus."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
            and event.modifiers() & Qt.KeyboardModifier.AltModifier
            and (direction := _ARROWS.get(Qt.Key(event.key()))) is not None
        ):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                for number in (self.units, self.dropout):
                    number.commit()
                self.move_requested.emit(direction)
            return True
        return super().eventFilter(watched, event)

    def _edit(self, name: str, value: Any, gesture: int) -> None:
        self._layer = replace(self._layer, **{name: value})
        self.edited.emit(self._layer, name, gesture)

    def _lay_out(self) -> None:
        self.setStyleSheet(_DENSE)
        for number, width in ((self.units, UNITS_PX), (self.dropout, DROPOUT_PX)):
            number.setFixedWidth(width)
        line = QHBoxLayout()
        line.setSpacing(SPACE_XS)
        self.normalization.setFixedWidth(NORMALIZATION_PX)
        line.addWidget(self.units)
        line.addWidget(self.normalization)
        line.addWidget(self.activation, 1)
        line.addWidget(self.dropout)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        line.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self.message)

    def _paint_icons(self) -> None:
        theme = self._themes.current
        for name, button in (("up", self.up), ("down", self.down), ("remove", self.remove)):
            button.setIcon(icon(name, theme))


def _tool_button() -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setFixedWidth(BUTTON_PX)
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    return button


def _name(button: QToolButton, text: str, keys: str = "") -> None:
    button.setAccessibleName(text)
    set_tooltip(button, f"{text} ({keys})" if keys else text)
