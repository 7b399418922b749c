"""The user's own drawings: how they are read, what they are, and how that has gone so far."""

import math

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.features.my_digits.drawing_card import DrawingCard
from gui.features.my_digits.model import KINDS, MyDigitsModel
from gui.features.my_digits.trend_plot import TrendPlot
from gui.style.icons import icon
from gui.style.theme import SPACE_M, SPACE_S, Themes
from gui.toolkit.collapsible import Collapsible
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.plain import LineLabel, add_choice, class_box, set_tooltip


class MyDigitsPanel(QWidget):
    """Shows a `MyDigitsModel`, and says what the user wants with the drawing in focus.

    Signals:
        relabelled(str, int): the drawing of this key is of this class.
        deleted(str): the drawing of this key is to go.
        undone(): the last edit is to be taken back.
        learn_wanted(): the network is to learn from the drawings that it reads wrong.
        lesson_undone(): the last lesson is to be taken back.
        idx_wanted(), pngs_wanted(): the drawings are to be exported.
        shown(): the panel has come into sight.
    """

    relabelled = Signal(str, int)
    deleted = Signal(str)
    undone = Signal()
    learn_wanted = Signal()
    lesson_undone = Signal()
    idx_wanted = Signal()
    pngs_wanted = Signal()
    shown = Signal()

    def __init__(self, model: MyDigitsModel, themes: Themes) -> None:
        super().__init__()
        self._model, self._themes = model, themes
        self._score = LineLabel()
        self._score.setProperty("role", "section")
        self._score.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._offered: list[str] = []
        self._names, self._kinds = class_box(), QComboBox()
        self._names.setAccessibleName("Class")
        self._kinds.setAccessibleName("Answers")
        for key, text in KINDS:
            self._kinds.addItem(text, key)
        self._learn, self._undo_lesson = QPushButton(), QPushButton("Undo lesson")
        set_tooltip(self._undo_lesson, "Give the network back the weights from before the lesson")
        self._undo, self._export = QPushButton("Undo"), QPushButton("Export")
        menu = QMenu(self._export)
        menu.addAction("As IDX files (the form of MNIST)…", self.idx_wanted.emit)
        menu.addAction("As PNG pictures by class…", self.pngs_wanted.emit)
        self._export.setMenu(menu)
        self._grid = ImageGrid(themes)
        self._grid.setAccessibleName("My digits")
        self._grid.set_empty_text("No drawing of this kind.")
        self._card = DrawingCard(themes)
        self._trend = TrendPlot(themes)
        self._history = Collapsible("From run to run", self._trend)
        self._lay_out()
        self._connect()
        self._apply_theme()

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        tools.addWidget(self._names)
        tools.addWidget(self._kinds)
        tools.addStretch()
        tools.addWidget(self._undo)
        tools.addWidget(self._export)
        body = QHBoxLayout()
        body.setSpacing(SPACE_M)
        body.addWidget(self._grid, 1)
        body.addWidget(self._card)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        heading = QHBoxLayout()
        heading.setSpacing(SPACE_S)
        heading.addWidget(self._score, 1)
        heading.addWidget(self._undo_lesson)
        heading.addWidget(self._learn)
        column.addLayout(heading)
        column.addLayout(tools)
        column.addLayout(body, 1)
        column.addWidget(self._history)
        self._pages = QStackedLayout(self)
        self._empty = EmptyState(
            self._themes,
            "draw",
            "No drawings of yours yet",
            "Draw a digit, click what it is: it is kept here. Your drawings are a test of"
            " every network that you train, and can be taught to it.",
        )
        self._empty.clicked.connect(self.undone)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(content)

    def _connect(self) -> None:
        model = self._model
        self._names.activated.connect(self._filter)
        self._kinds.activated.connect(self._filter)
        self._learn.clicked.connect(self.learn_wanted)
        self._undo_lesson.clicked.connect(self.lesson_undone)
        self._undo.clicked.connect(self.undone)
        self._grid.set_tooltip(model.tooltip)
        self._grid.clicked.connect(model.focus)
        self._grid.current_changed.connect(model.focus)
        self._card.chosen.connect(self._relabel)
        self._card.deleted.connect(self._delete)
        model.changed.connect(self._redraw)
        self._themes.changed.connect(self._apply_theme)

    def _filter(self) -> None:
        self._model.set_filter(self._names.currentData(), self._kinds.currentData())

    def _relabel(self, label: int) -> None:
        focused = self._model.focused
        if focused is not None and label < len(self._model.class_names):
            self.relabelled.emit(focused.key, label)

    def _delete(self) -> None:
        focused = self._model.focused
        if focused is not None:
            self.deleted.emit(focused.key)

    def event(self, event: QEvent) -> bool:
        """Keep the key for undo from the window, whose undo is for the setup."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, undo, or name the drawing in focus."""
        number = event.key() - Qt.Key.Key_0
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        elif plain and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        elif plain and 0 <= number <= 9:
            self._relabel(number)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self.shown.emit()
        self._redraw()

    def _apply_theme(self) -> None:
        theme = self._themes.current
        self._undo.setIcon(icon("undo", theme))
        self._export.setIcon(icon("export", theme))

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        model = self._model
        self._pages.setCurrentIndex(0 if model.empty else 1)
        self._empty.set_content(
            "draw",
            "No drawings of yours yet",
            "Draw a digit, click what it is: it is kept here. Your drawings are a test of"
            " every network that you train, and can be taught to it.",
            f"Undo “{model.undo_text}”" if model.undo_text else "",
        )
        self._score.setText(model.score_text)
        set_tooltip(self._score, "How many of your drawings the present network reads right")
        self._show_filter()
        self._grid.set_tiles(model.images, model.captions, model.marks)
        self._grid.set_current(model.focused_tile)  # after a deletion: where that one was
        self._show_buttons()
        self._show_focused()
        self._show_history()

    def _show_filter(self) -> None:
        names = ["All classes", *self._model.all_names]
        if names != self._offered:
            self._offered = names
            with QSignalBlocker(self._names):
                self._names.clear()
                for row, name in enumerate(names):
                    add_choice(self._names, name, name if row else None)
        chosen = self._model.name
        self._names.setCurrentIndex(0 if chosen is None else self._names.findData(chosen))
        self._kinds.setCurrentIndex(self._kinds.findData(self._model.kind))

    def _show_buttons(self) -> None:
        model = self._model
        wrong = len(model.wrong)
        self._learn.setText(model.learn_text)
        self._learn.setVisible(wrong > 0)
        self._learn.setEnabled(not model.refusal)
        set_tooltip(
            self._learn, model.refusal or "Try it on a copy of the network, and see what it costs"
        )
        self._undo_lesson.setVisible(model.can_undo_lesson)
        self._undo.setEnabled(bool(model.undo_text))
        set_tooltip(self._undo, f"Undo “{model.undo_text}” (Ctrl+Z)" if model.undo_text else "")

    def _show_focused(self) -> None:
        model, card, one = self._model, self._card, self._model.focused
        if one is None:
            card.show_drawing(None, "", None, "")
            card.show_answer(None, model.class_names, None)
            return
        reading = model.reading(one)
        mark, probabilities = (reading.mark, reading.probabilities) if reading else (None, None)
        card.show_drawing(one.image, model.verdict(one), mark, model.then_text(one))
        card.show_answer(probabilities, model.class_names, reading.label if reading else None)

    def _show_history(self) -> None:
        scores = self._model.scores
        self._history.setVisible(any(not math.isnan(score.own) for score in scores))
        names = [score.held_out_name for score in scores if score.held_out_name]
        self._trend.show_lines(
            (
                ("Your handwriting", [score.own for score in scores]),
                (names[-1] if names else "Validation", [score.held_out for score in scores]),
            )
        )
        words = "training" if len(scores) == 1 else "trainings"
        self._history.set_summary(f"{len(scores)} {words}")
