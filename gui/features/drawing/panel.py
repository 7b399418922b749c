"""The drawing panel: draw a digit, see what the network sees and what it answers."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QSlider,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from gui.features.drawing.pen_preview import PenPreview
from gui.features.drawing.words import answer, doubt_text
from gui.session.drawing_at_hand import DrawingAtHand
from gui.style.icons import icon
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.answer_label import AnswerLabel
from gui.toolkit.canvas.digit_canvas import DigitCanvas
from gui.toolkit.canvas.stroke_paper import PEN_WIDTHS
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.probability_bars import ProbabilityBars

_SEEN = 84  # logical pixels: three to a pixel of a 28 x 28 image
_ICON, _WHY_ICON = 16, 12
# Name of the icon, words, and the key that does the same while the panel has the focus.
_TOOLS = (("pen", "Pen", "P"), ("eraser", "Eraser: rub out parts of lines", "E"))
_GRID = ("grid", "Grid of the network’s 28 × 28 pixels", "G")
_STEPS = (("undo", "Undo", "Ctrl+Z"), ("redo", "Redo", "Ctrl+Shift+Z"), ("clear", "Clear", "Del"))


class DrawPanel(QWidget):
    """Passes every stroke to the `DrawingAtHand` and shows at once what it says.

    Signals:
        grid_toggled(bool): the user switched the grid on the paper on or off.
    """

    grid_toggled = Signal(bool)

    def __init__(self, drawing: DrawingAtHand, themes: Themes) -> None:
        super().__init__()
        self._drawing, self._themes = drawing, themes
        self._canvas = DigitCanvas()
        self._width = QSlider(Qt.Orientation.Horizontal)
        self._width.setRange(*PEN_WIDTHS)
        self._width.setValue(round(self._canvas.pen_width))
        set_tooltip(self._width, "Width of the pen (+ and −, or the wheel on the paper)")
        self._width.setAccessibleName("Width of the pen")
        self._width.setMinimumWidth(20)
        self._preview = PenPreview(self._canvas.pen_width)
        self._buttons = {name: _button(text, key) for name, text, key in (*_TOOLS, _GRID, *_STEPS)}
        self._seen = PixelView()
        self._seen.setFixedSize(_SEEN, _SEEN)
        self._answer, self._why = AnswerLabel(), _why_button()
        self._bars = ProbabilityBars(themes)
        self._lay_out()
        self._connect()
        self._apply_theme()

    @property
    def canvas(self) -> DigitCanvas:
        """Where the user draws."""
        return self._canvas

    def set_grid(self, shown: bool) -> None:
        """Show or hide the network's pixels on the paper."""
        self._buttons["grid"].setChecked(shown)

    def place_under_answer(self, widget: QWidget) -> QWidget:
        """Put a widget between the answer and the bars; return the panel."""
        self._below.insertWidget(2, widget)
        return self

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_XS // 2)
        for name in ("pen", "eraser"):
            tools.addWidget(self._buttons[name])
        tools.addWidget(self._width, 1)
        tools.addWidget(self._preview)
        for name in ("grid", "undo", "redo", "clear"):
            tools.addWidget(self._buttons[name])
        reading = QGridLayout()
        reading.setHorizontalSpacing(SPACE_M)
        reading.setVerticalSpacing(SPACE_XS)
        reading.addWidget(_caption("What the network sees"), 0, 0)
        reading.addWidget(self._seen, 1, 0)
        answers = QHBoxLayout()
        answers.setSpacing(SPACE_XS)
        answers.addWidget(_caption("What it answers"))
        answers.addWidget(self._why)
        answers.addStretch(1)
        reading.addLayout(answers, 0, 1)
        reading.addWidget(self._answer, 1, 1)
        reading.setColumnStretch(1, 1)
        self._below = QVBoxLayout()
        self._below.setSpacing(SPACE_S)
        self._below.addLayout(tools)
        self._below.addLayout(reading)
        self._below.addWidget(self._bars, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addWidget(self._canvas)
        column.addLayout(self._below, 1)

    def _connect(self) -> None:
        canvas, buttons = self._canvas, self._buttons
        exclusive = QButtonGroup(self)
        for name, _, key in _TOOLS:
            buttons[name].setCheckable(True)
            exclusive.addButton(buttons[name])
            buttons[name].toggled.connect(
                lambda on, tool=name: canvas.set_tool(tool) if on else None
            )
            shortcut = QShortcut(QKeySequence(key), self, buttons[name].click)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        buttons["pen"].setChecked(True)
        buttons["grid"].setCheckable(True)
        buttons["grid"].toggled.connect(canvas.set_grid)
        buttons["grid"].clicked.connect(self.grid_toggled)
        shortcut = QShortcut(QKeySequence(_GRID[2]), self, buttons["grid"].click)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        buttons["undo"].clicked.connect(canvas.undo)
        buttons["redo"].clicked.connect(canvas.redo)
        buttons["clear"].clicked.connect(canvas.clear)
        self._width.valueChanged.connect(canvas.set_pen_width)
        canvas.pen_width_changed.connect(self._preview.set_width)
        canvas.pen_width_changed.connect(lambda width: self._width.setValue(round(width)))
        canvas.changed.connect(self._pass_on)
        canvas.history_changed.connect(self._show_steps)
        self._drawing.changed.connect(self._redraw)
        self._themes.changed.connect(self._apply_theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the canvas grow with the width, but leave room for what is below it."""
        room = self.height() - 2 * SPACE_M - SPACE_S - self._below.minimumSize().height()
        self._canvas.setMaximumHeight(max(room, self._canvas.minimumHeight()))
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for a narrow column beside everything else."""
        return QSize(300, 660)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _pass_on(self) -> None:
        self._drawing.set_strokes(self._canvas.strokes(), self._canvas.pen_width / 2)

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        drawing = self._drawing
        self._seen.set_image(drawing.image)
        words = answer(drawing)
        self._answer.show_answer(words.lead, words.names, words.note)
        self._bars.set_dimmed(drawing.strange)
        self._bars.show_values(drawing.probabilities, drawing.class_names)
        set_tooltip(self._why, *doubt_text(drawing).split("\n"))
        self._why.setVisible(drawing.strange)

    def _show_steps(self) -> None:
        canvas = self._canvas
        self._buttons["undo"].setEnabled(canvas.can_undo)
        self._buttons["redo"].setEnabled(canvas.can_redo)
        self._buttons["clear"].setEnabled(not canvas.empty)

    def _apply_theme(self) -> None:
        for name, button in self._buttons.items():
            button.setIcon(icon(name, self._themes.current))
        self._why.setIcon(icon("help", self._themes.current))
        self._show_steps()


def _button(text: str, key: str) -> QToolButton:
    button = QToolButton()
    keys = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    set_tooltip(button, f"{text} ({keys})")
    button.setAccessibleName(text)
    button.setIconSize(QSize(_ICON, _ICON))
    return button


def _why_button() -> QToolButton:
    """Return the sign that tells why there is no confident answer."""
    button = QToolButton()
    button.setAccessibleName("Why?")
    button.setProperty("dense", "true")
    button.setIconSize(QSize(_WHY_ICON, _WHY_ICON))
    button.setFixedSize(_WHY_ICON + 4, _WHY_ICON + 4)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)  # nothing moves when it comes
    button.setSizePolicy(policy)
    button.setVisible(False)
    button.clicked.connect(
        lambda: QToolTip.showText(
            button.mapToGlobal(button.rect().bottomLeft()), button.toolTip(), button
        )
    )
    return button


def _caption(text: str) -> TextLabel:
    label = TextLabel(text)
    label.setProperty("role", "small")
    return label
