"""One set of digits that can be downloaded: what it is, how far it is, and what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.style.icons import pixmap
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.plain import TextLabel
from gui.toolkit.progress_line import ProgressLine
from gui.toolkit.restyle import set_style_property
from gui.toolkit.stack import column_of

_BAR = 160  # logical pixels at least
_BUTTON = 104  # wide enough for all its words, so that the text beside it stays in place
_TICK = 16


class DownloadRow(QFrame):
    """A card with a button; while it is busy, with a bar and Cancel.

    Signals:
        action_requested(): its main button was pressed.
        cancel_requested(): the download is to be given up.
        own_requested(): the user has the files already.
    """

    action_requested = Signal()
    cancel_requested = Signal()
    own_requested = Signal()

    def __init__(self, themes: Themes, name: str, sentence: str, facts: str) -> None:
        super().__init__()
        self._themes, self._name = themes, name
        self.setProperty("surface", "card")
        self.setAccessibleName(name)
        self._title, self._sentence, self._facts = (
            TextLabel(name),
            TextLabel(sentence),
            TextLabel(facts),
        )
        self._tick = TextLabel()
        self.words = TextLabel()
        self.problem = MessageLine()
        self.action, self.cancel = QPushButton(), QPushButton("Cancel")
        self.own = QPushButton("I already have the files…")
        self._bar = ProgressLine(_BAR, f"Download of {name}", themes)
        self._busy, self._said = QWidget(), QWidget()
        self._lay_out()
        self.cancel.setAccessibleName(f"Cancel the download of {name}")
        self.action.clicked.connect(self.action_requested)
        self.cancel.clicked.connect(self.cancel_requested)
        self.own.clicked.connect(self.own_requested)
        themes.changed.connect(self._paint_tick)
        self._paint_tick()
        self.show_state("absent", "Download", 0.0, "", "")

    @property
    def share(self) -> float:
        """How far its bar is, 0..1."""
        return self._bar.share

    def show_state(self, state: str, action: str, share: float, words: str, problem: str) -> None:
        """Show how far it is.

        Args:
            state: "absent", "busy", "here" or "failed".
            action: words of the main button; "" hides it.
            share: 0..1, for the bar.
            words: beside it.
            problem: what went wrong, or "".
        """
        had_focus = self.action.hasFocus() or self.cancel.hasFocus() or self.own.hasFocus()
        busy = state == "busy"
        self._bar.set_share(share)
        self.words.setText(words)
        self._said.setVisible(bool(words))
        set_style_property(self.words, "role", "right" if state == "here" else "muted")
        self.problem.set_problem(problem)
        self._tick.setVisible(state == "here")
        self._busy.setVisible(busy)
        self.own.setVisible(state == "failed")
        self._name_action(action)
        if had_focus:  # what had it may be hidden now
            (self.cancel if busy else self.action).setFocus()

    def _name_action(self, action: str) -> None:
        self.action.setVisible(bool(action))
        if action and action != self.action.text():
            self.action.setText(action)
            joint = {"Continue": "Continue the download of", "Try again": "Try again to download"}
            self.action.setAccessibleName(f"{joint.get(action, action)} {self._name}")

    def _lay_out(self) -> None:
        for label, role in ((self._title, "section"), (self._sentence, ""), (self._facts, "small")):
            label.setWordWrap(True)
            label.setProperty("role", role)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action.setMinimumWidth(_BUTTON)
        self.cancel.setMinimumWidth(_BUTTON)
        self.words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        top = QHBoxLayout()
        top.setSpacing(SPACE_M)
        about = QWidget()
        words = column_of(about, SPACE_XS)
        for label in (self._title, self._sentence, self._facts):
            words.addWidget(label)
        top.addWidget(about, 1)
        top.addWidget(self.action, 0, Qt.AlignmentFlag.AlignTop)
        column = column_of(self, SPACE_S)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.addLayout(top)
        column.addWidget(_in_line(self._busy, self._bar, self.cancel))
        column.addWidget(_in_line(self._said, self._tick, self.words))
        column.addWidget(self.problem)
        column.addWidget(self.own, 0, Qt.AlignmentFlag.AlignLeft)

    def _paint_tick(self) -> None:
        right = self._themes.current.right
        self._tick.setPixmap(pixmap("check", _TICK, self.devicePixelRatio(), right))


def _in_line(line: QWidget, *widgets: QWidget) -> QWidget:
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_S)
    for widget in widgets:
        row.addWidget(widget)
    return line
