"""The rows under a drawing: what is it, kept, undo, learn from this."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.style.theme import SPACE_S, SPACE_XS
from gui.toolkit.class_buttons import ClassButtons
from gui.toolkit.plain import LineLabel, set_tooltip

_LEARN_KEY = "L"


class LabelRow(QWidget):
    """A button for each class, and above it what became of the drawing.

    Signals:
        chosen(int): the user says it is of this class.
        undone(): the drawing is not to be kept after all.
        learn_wanted(): the network is to learn from it.
    """

    chosen = Signal(int)
    undone = Signal()
    learn_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._classes = ClassButtons()
        self._text = LineLabel()
        self._text.setProperty("role", "muted")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._undo, self._learn = QPushButton("Undo"), QPushButton("Learn from this")
        self._undo.setProperty("kind", "link")
        set_tooltip(self._undo, "Do not keep this drawing")
        self._undo.setAccessibleName("Do not keep this drawing")
        self._shortcuts: list[QShortcut] = []
        for button in (self._undo, self._learn):
            button.setAutoDefault(False)
        # As high as the buttons that come and go: what is around must not jump.
        self._text.setMinimumHeight(self._learn.sizeHint().height())
        words = QHBoxLayout()
        words.setSpacing(SPACE_XS)
        words.addWidget(self._text, 1)
        words.addWidget(self._undo)
        words.addWidget(self._learn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(words)
        column.addWidget(self._classes)
        column.setSpacing(SPACE_S // 2)
        self._classes.chosen.connect(self.chosen)
        self._undo.clicked.connect(self.undone)
        self._learn.clicked.connect(self.learn_wanted)

    @property
    def classes(self) -> ClassButtons:
        """The buttons of the classes."""
        return self._classes

    @property
    def learn_button(self) -> QPushButton:
        """The button "Learn from this"."""
        return self._learn

    @property
    def undo_button(self) -> QPushButton:
        """The button that takes the drawing out again."""
        return self._undo

    @property
    def text(self) -> str:
        """What it says of the drawing."""
        return self._text.given

    def set_classes(self, names: Sequence[str]) -> None:
        """Offer these classes."""
        self._classes.set_classes(names)

    def show_state(self, *, text: str, drawn: bool, kept: bool, chosen: int | None) -> None:
        """Show what became of the drawing.

        Args:
            text: in words.
            drawn: there is something to name.
            kept: it was named.
            chosen: as what.
        """
        self._text.setText(text)
        self._classes.setEnabled(drawn)
        self._classes.show_choice(chosen)
        for button in (self._undo, self._learn):
            button.setVisible(kept)

    def show_learning(self, *, enabled: bool, tip: str) -> None:
        """Say whether the network may learn now, and what that means or why not."""
        self._learn.setEnabled(enabled)
        key = f" ({_LEARN_KEY})" if enabled else ""
        set_tooltip(self._learn, f"{tip}{key}")

    def listen_on(self, scope: QWidget) -> None:
        """Take the digit keys, and L for learning, while `scope` or a part of it has the focus."""
        for digit in range(10):
            self._shortcut(scope, str(digit), lambda digit=digit: self._press(digit))
        self._shortcut(scope, _LEARN_KEY, self._learn.click)

    def _shortcut(self, scope: QWidget, key: str, call: object) -> None:
        shortcut = QShortcut(QKeySequence(key), scope)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(call)
        self._shortcuts.append(shortcut)

    def _press(self, digit: int) -> None:
        buttons = self._classes.buttons
        if digit < len(buttons):
            buttons[digit].click()
