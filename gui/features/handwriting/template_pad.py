"""A small canvas on which a new template is drawn, and the button that takes it."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.base.arrays import FloatArray
from core.base.digits import DIGITS
from gui.style.icons import icon
from gui.style.theme import SPACE_S, SPACE_XS, Themes
from gui.toolkit.canvas.digit_canvas import DigitCanvas
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.plain import TextLabel, set_tooltip

_CANVAS_PX, _WORDS_PX = 140, 134
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TemplatePad(QWidget):
    """Draw a digit, say which it is, add it. Enter on the canvas adds it, too.

    Signals:
        add_wanted(strokes, digit): (n, 3) arrays in the canvas's units, and 0 to 9.
    """

    add_wanted = Signal(list, int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self.canvas = DigitCanvas()
        self.canvas.hint = ""
        self.canvas.setFixedSize(_CANVAS_PX, _CANVAS_PX)
        self.canvas.installEventFilter(self)
        self.digit = QComboBox()
        self.digit.addItems(DIGITS)
        self.digit.setAccessibleName("Which digit it is")
        set_tooltip(self.digit, "Which digit you draw")
        self.add, self.clear = QPushButton("Add"), QPushButton("Clear")
        set_tooltip(self.add, "Make a template of the drawing (Enter)")
        set_tooltip(self.clear, "Wipe the canvas (Delete)")
        self._problem = MessageLine()
        self._lay_out()
        self.canvas.changed.connect(self._follow)
        self.add.clicked.connect(self._ask)
        self.clear.clicked.connect(self.canvas.clear)
        themes.changed.connect(self._apply_theme)
        self._apply_theme()
        self._follow()

    def set_digit(self, digit: int) -> None:
        """Take the next drawing for this digit, unless the user says otherwise."""
        self.digit.setCurrentIndex(digit)

    @property
    def problem(self) -> str:
        """What is wrong with the drawing, or ""."""
        return self._problem.text()

    def set_problem(self, text: str) -> None:
        """Say what is wrong with the drawing; "" once it is not."""
        self._problem.set_problem(text)
        for label in self._about:  # there is no room for both
            label.setVisible(not text)

    def set_busy(self, busy: bool) -> None:
        """Let the button wait while a drawing is made into a template."""
        self.add.setEnabled(not busy and not self.canvas.empty)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Take Enter on the canvas for the button."""
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            self.add.click()
            return True
        return False

    def _lay_out(self) -> None:
        self._about = (
            _words("Add a template: draw it here", "section"),
            _words("As you write it, in as many strokes as it takes you.", "small"),
        )
        which = QHBoxLayout()
        which.setSpacing(SPACE_XS)
        which.addWidget(TextLabel("Digit"))
        which.addWidget(self.digit, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_XS)
        buttons.addWidget(self.add, 1)
        buttons.addWidget(self.clear)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        for label in self._about:
            words.addWidget(label)
        words.addWidget(self._problem)
        words.addStretch()
        words.addLayout(which)
        words.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self.canvas)
        row.addLayout(words)
        self.setFixedWidth(_CANVAS_PX + SPACE_S + _WORDS_PX)

    def _follow(self) -> None:
        self.set_problem("")
        for button in (self.add, self.clear):
            button.setEnabled(not self.canvas.empty)

    def _ask(self) -> None:
        strokes: list[FloatArray] = list(self.canvas.strokes())
        self.add_wanted.emit(strokes, self.digit.currentIndex())

    def _apply_theme(self) -> None:
        self.add.setIcon(icon("add", self._themes.current))


def _words(text: str, role: str) -> TextLabel:
    label = TextLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
