"""The playground of the built-in handwriting: sliders, samples, templates."""

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.base.fields import to_plain
from core.imaging.synthesis import Hand
from core.imaging.synthesis.own import Style
from gui.features.handwriting.model import HandwritingModel
from gui.features.handwriting.style_forms import described, dials, strip_item, style_limits
from gui.features.handwriting.ways_row import WaysRow
from gui.style.icons import icon
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.digit_buttons import DigitButtons
from gui.toolkit.forms.field_row import lower_first
from gui.toolkit.forms.number_field import NumberField
from gui.toolkit.forms.slider_board import SliderBoard
from gui.toolkit.images.fitted_grid import FittedGrid
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.rows import row_of, rule, tool_button

_FRAME_MS = 33  # samples follow a slider 30 times a second
_HELP = "Move a slider and watch the same digits change. A double click on it resets it."


class HandwritingPanel(QWidget):
    """Shows a `HandwritingModel` while it can be seen; says what the user wants.

    Signals:
        edited(Style, str, int): another style, what was done in words, and the gesture.
        drawn(strokes, digit): a template is to be made of a drawing.
        deleted(int): the user's template of this number is to go.
        train_wanted(), builtin_wanted(), open_wanted(), save_wanted(): a button was pressed.
        undo_wanted(), redo_wanted(): a button or key was pressed.
    """

    edited = Signal(object, str, int)
    drawn = Signal(list, int)
    deleted = Signal(int)
    train_wanted = Signal()
    builtin_wanted = Signal()
    open_wanted = Signal()
    save_wanted = Signal()
    undo_wanted = Signal()
    redo_wanted = Signal()

    def __init__(self, model: HandwritingModel, themes: Themes) -> None:
        super().__init__()
        self._model, self._themes = model, themes
        self.digits = DigitButtons()
        self.open, self.save = (
            tool_button("Open a handwriting file"),
            tool_button("Save as a file of your own"),
        )
        self.undo, self.redo = tool_button("Undo"), tool_button("Redo")
        self.board = SliderBoard("Habits of the hand", _HELP, dials(), themes)
        self.rating = TextLabel()
        self.shuffle = tool_button("Shuffle: write other samples")
        self.grid = FittedGrid(themes)
        self.ways = WaysRow(style_limits("ways"), themes)
        self.count = NumberField(style_limits("count"), whole=True)
        self.buttons = {
            name: QPushButton(text)
            for name, text in (
                ("builtin", "Use the built-in again"),
                ("train", "Train on this handwriting"),
            )
        }
        self._soon = QTimer(self, interval=_FRAME_MS, singleShot=True)
        self._shown: tuple[Style, int | None] | None = None
        self._lay_out()
        self._connect()
        self._apply_theme()

    # -- layout --------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addLayout(row_of(self.digits, None, self.undo, self.redo, self.open, self.save))
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_M)
        middle.addWidget(self.board)
        middle.addLayout(self._sample_column(), 1)
        column.addLayout(middle, 1)
        column.addWidget(self.ways)
        column.addWidget(rule())
        column.addLayout(self._footer())

    def _sample_column(self) -> QVBoxLayout:
        self.rating.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.rating.setProperty("role", "section")
        self.grid.setAccessibleName("Samples of the handwriting")
        self.grid.set_fit(True)
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        top = QHBoxLayout()
        top.addWidget(self.rating, 1)
        top.addWidget(self.shuffle)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        return column

    def _footer(self) -> QHBoxLayout:
        buttons = self.buttons
        buttons["train"].setProperty("kind", "primary")
        set_tooltip(buttons["train"], "Save this handwriting, and make digits of it to train on")
        set_tooltip(
            buttons["builtin"],
            "Put the sliders back and write in the built-in ways only; your templates are kept",
        )
        self.count.setMaximumWidth(100)
        label = described("Images", self.count, "count")
        return row_of(buttons["builtin"], None, label, self.count, buttons["train"])

    # -- signals -------------------------------------------------------------------------

    def _connect(self) -> None:
        model, buttons = self._model, self.buttons
        self.digits.chosen.connect(model.choose)
        self.shuffle.clicked.connect(model.shuffle)
        self.board.edited.connect(self._edit_hand)
        self.board.reset_wanted.connect(self._reset_hand)
        self.ways.use.edited.connect(lambda value, gesture: self._edit("ways", value, gesture))
        self.count.edited.connect(lambda value, gesture: self._edit("count", value, gesture))
        self.ways.pad.add_wanted.connect(self.drawn)
        self.ways.strip.delete_wanted.connect(self._delete)
        buttons["train"].clicked.connect(self.train_wanted)
        buttons["builtin"].clicked.connect(self.builtin_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.save.clicked.connect(self.save_wanted)
        self.undo.clicked.connect(self.undo_wanted)
        self.redo.clicked.connect(self.redo_wanted)
        self.grid.set_tooltip(model.tooltip)
        model.changed.connect(self._redraw_soon)
        self._soon.timeout.connect(self._redraw)
        self._themes.changed.connect(self._apply_theme)

    def _edit_hand(self, name: str, value: float, text: str, gesture: int) -> None:
        style = self._model.style
        hand = replace(style.hand, **{name: value})
        self.edited.emit(replace(style, hand=hand), text, gesture)

    def _reset_hand(self) -> None:
        self.edited.emit(replace(self._model.style, hand=Hand()), "Reset the sliders", -1)

    def _edit(self, name: str, value: object, gesture: int) -> None:
        style = replace(self._model.style, **{name: value})  # type: ignore[arg-type]
        self.edited.emit(style, f"Change {lower_first(style_limits(name).label)}", gesture)

    def _delete(self, place: int) -> None:
        own = self._model.ways[place].own
        if own is not None:
            self.deleted.emit(own)

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Z before the window does."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and _step_of(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo what was done here."""
        step = _step_of(event)
        if step == "undo":
            self.undo_wanted.emit()
        elif step == "redo":
            self.redo_wanted.emit()
        else:
            super().keyPressEvent(event)

    # -- showing -------------------------------------------------------------------------

    def show_steps(self, undo: str, redo: str) -> None:
        """Say what could be undone and redone; "" for nothing."""
        for button, name, what in ((self.undo, "Undo", undo), (self.redo, "Redo", redo)):
            button.setEnabled(bool(what))
            set_tooltip(button, f"{name}: {what}" if what else f"Nothing to {name.lower()}")

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _redraw_soon(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _redraw(self) -> None:
        model = self._model
        self.grid.set_tiles(model.images, None, model.marks)
        if model.rating != self.rating.text():
            self.rating.setText(model.rating)
        self.board.show_values(to_plain(model.style.hand))
        now = (model.style, model.digit)
        if self._shown is None or _templates(self._shown) != _templates(now):
            self._show_ways()
        self.ways.use.show_value(model.style.ways)
        self.count.show_value(model.style.count)
        self._shown = now

    def _show_ways(self) -> None:
        model = self._model
        self.digits.show_digit(model.digit)
        items = [strip_item(way) for way in model.ways]
        self.ways.show_ways(model.ways_title, model.ways_counts, items)
        if model.digit is not None:
            self.ways.pad.set_digit(model.digit)

    def _apply_theme(self) -> None:
        theme = self._themes.current
        self.undo.setIcon(icon("undo", theme))
        self.redo.setIcon(icon("redo", theme))
        self.shuffle.setIcon(icon("shuffle", theme))
        self.open.setIcon(icon("open", theme))
        self.save.setIcon(icon("save-as", theme))


def _templates(shown: tuple[Style, int | None]) -> object:
    style, digit = shown
    return style.templates, style.ways, digit


def _step_of(event: QKeyEvent) -> str:
    if event.matches(QKeySequence.StandardKey.Undo):
        return "undo"
    return "redo" if event.matches(QKeySequence.StandardKey.Redo) else ""
