"""The editor of a network's layers: from the pixels, through the hidden ones, to the classes."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.base.fields import limits_of
from core.recipe.hidden_layer import MAX_HIDDEN_LAYERS, HiddenLayer
from gui.features.setup.layer_row import BUTTON_PX, DROPOUT_PX, NORMALIZATION_PX, UNITS_PX, LayerRow
from gui.style.icons import icon
from gui.style.theme import SPACE_S, SPACE_XS, Themes
from gui.toolkit.plain import TextLabel, set_tooltip

_LAST_PX = DROPOUT_PX + SPACE_XS + 3 * BUTTON_PX  # the last heading may reach over the buttons


class LayerTable(QWidget):
    """Edits the hidden layers; input and output follow from the data and the loss.

    Signals:
        edited(layers, text, gesture): the user changed something; the new tuple of
            `HiddenLayer`, what was done in words, and the gesture it was part of.
    """

    edited = Signal(object, str, int)

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self._layers: tuple[HiddenLayer, ...] = ()
        self.rows: list[LayerRow] = []
        self._input, self._input_text = _end_row("Input")
        self._output, self._output_text = _end_row("Output")
        self._headings = _headings()
        self.add = QPushButton("Add layer")
        self.add.clicked.connect(self._append)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_XS)
        for widget in (self._input, self._headings, self._output, self.add):
            self._column.addWidget(widget)
        themes.changed.connect(self._paint_icons)
        self._paint_icons()
        self.show_value(())

    # -- value ---------------------------------------------------------------------------

    def value(self) -> tuple[HiddenLayer, ...]:
        """Return the layers as the rows show them."""
        return tuple(row.value() for row in self.rows)

    def show_value(self, layers: tuple[HiddenLayer, ...]) -> None:
        """Show other layers; nothing is emitted."""
        self._layers = layers
        while len(self.rows) > len(layers):
            self._drop_row()
        while len(self.rows) < len(layers):
            self._new_row(layers[len(self.rows)])
        for index, (row, layer) in enumerate(zip(self.rows, layers, strict=True)):
            row.show_value(layer)
            row.show_place(index, len(layers))
        self._headings.setVisible(bool(layers))
        full = len(layers) >= MAX_HIDDEN_LAYERS
        self.add.setEnabled(not full)
        set_tooltip(
            self.add,
            f"A network can have at most {MAX_HIDDEN_LAYERS} hidden layers."
            if full
            else "Add a hidden layer before the output, like the last one",
        )

    def set_notes(self, notes: Sequence[str]) -> None:
        """Show a sentence under each layer; "" for none."""
        for row, text in zip(self.rows, notes, strict=True):
            row.message.set_note(text)

    def show_ends(self, input_text: str, output_text: str) -> None:
        """Say what goes in and what comes out: "784 pixels", "10 classes · softmax"."""
        self._input_text.setText(input_text)
        self._output_text.setText(output_text)

    # -- edits ---------------------------------------------------------------------------

    def _take(self, layers: tuple[HiddenLayer, ...], text: str, gesture: int = -1) -> None:
        self.show_value(layers)
        self.edited.emit(layers, text, gesture)

    def _append(self) -> None:
        layer = self._layers[-1] if self._layers else HiddenLayer()
        self._take((*self._layers, layer), "Add layer")
        if not self.add.isEnabled():
            self.rows[-1].units.setFocus()  # a disabled button would lose the keyboard

    def _replace(self, row: LayerRow, layer: HiddenLayer, name: str, gesture: int) -> None:
        index = self.rows.index(row)
        layers = (*self._layers[:index], layer, *self._layers[index + 1 :])
        self._take(layers, f"Change {name} of layer {index + 1}", gesture)

    def _move(self, row: LayerRow, direction: int) -> None:
        index = self.rows.index(row)
        target = index + direction
        if not 0 <= target < len(self.rows):
            return
        parts = row.parts
        part = next((i for i, widget in enumerate(parts) if widget.hasFocus()), None)
        layers = list(self._layers)
        layers[index], layers[target] = layers[target], layers[index]
        word = "up" if direction < 0 else "down"
        self._take(tuple(layers), f"Move layer {index + 1} {word}")
        if part is not None:
            _focus(self.rows[target], part)

    def _remove(self, row: LayerRow) -> None:
        index = self.rows.index(row)
        had_focus = row.remove.hasFocus()
        self._take(self._layers[:index] + self._layers[index + 1 :], f"Remove layer {index + 1}")
        if had_focus:
            left = self.rows[min(index, len(self.rows) - 1)].remove if self.rows else self.add
            left.setFocus()

    # -- rows ----------------------------------------------------------------------------

    def _new_row(self, layer: HiddenLayer) -> None:
        row = LayerRow(layer, self._themes)
        row.edited.connect(lambda layer, name, gesture: self._replace(row, layer, name, gesture))
        row.move_requested.connect(lambda direction: self._move(row, direction))
        row.remove_requested.connect(lambda: self._remove(row))
        self._column.insertWidget(2 + len(self.rows), row)
        before: QWidget | None = self.rows[-1].remove if self.rows else None
        for part in row.parts:
            if before is not None:
                QWidget.setTabOrder(before, part)
            before = part
        QWidget.setTabOrder(row.remove, self.add)
        self.rows.append(row)

    def _drop_row(self) -> None:
        row = self.rows.pop()
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _paint_icons(self) -> None:
        self.add.setIcon(icon("add", self._themes.current))


def _focus(row: LayerRow, part: int) -> None:
    """Focus a part of a row; from an arrow that leads nowhere go to the other one."""
    parts = row.parts
    wanted = parts[part]
    if not wanted.isEnabled():
        wanted = row.down if wanted is row.up else row.up
    wanted.setFocus(Qt.FocusReason.OtherFocusReason)


def _end_row(title: str) -> tuple[QWidget, TextLabel]:
    row = QWidget()
    name, text = TextLabel(title), TextLabel()
    text.setProperty("role", "muted")
    text.setAccessibleName(title)
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SPACE_S)
    line.addWidget(name)
    line.addWidget(text, 1, Qt.AlignmentFlag.AlignRight)
    return row, text


def _headings() -> QWidget:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SPACE_XS)
    widths = {
        "units": UNITS_PX,
        "normalization": NORMALIZATION_PX,
        "activation": 0,
        "dropout": _LAST_PX,
    }
    for name, width in widths.items():
        limits = limits_of(HiddenLayer, name)
        # The button below says what it is; its word would not fit over it.
        text = "" if name == "normalization" else limits.label if limits else name
        label = TextLabel(text)
        label.setProperty("role", "muted")
        set_tooltip(label, limits.help if limits else "")
        if width:
            label.setFixedWidth(width)
        line.addWidget(label, 0 if width else 1)
    return row
