"""A strip of words at the top of the window: what happened and what to do about it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Property, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from core.base.printable import printable
from gui.style.dressing import looks_dark
from gui.style.icons import icon, pixmap
from gui.style.theme import SPACE_M, SPACE_S, Theme, Themes
from gui.toolkit.plain import TextLabel, button_text, set_tooltip
from gui.toolkit.restyle import set_style_property

_ICONS = {"info": "info", "success": "check", "warning": "warning", "error": "error"}
_ICON = 20  # logical pixels

Action = tuple[str, Callable[[], object]]


class MessageBanner(QFrame):
    """Shows one message without stopping the user; hidden while there is none.

    Esc anywhere in the window closes it. A new message takes the place of the old one.

    Signals:
        dismissed(): the message is gone, by hand, by Esc or by one of its actions.
    """

    dismissed = Signal()
    dark = Property(bool, lambda _self: looks_dark())  # the style sheet asks

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._kind = "info"
        self._buttons: list[QPushButton] = []
        self._icon, self._words = TextLabel(), TextLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        set_tooltip(self._close, "Close this message (Esc)")
        self._close.setAccessibleName("Close this message")
        self._close.clicked.connect(self.dismiss)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self._row.setSpacing(SPACE_S)
        top = Qt.AlignmentFlag.AlignTop
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._close, 0, top)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.dismiss)  # deaf while hidden
        themes.changed.connect(self._apply_theme)
        self._apply_theme(themes.current)
        self.hide()

    @property
    def text(self) -> str:
        """The words shown, message and hint."""
        return self._words.given

    def show_message(
        self, kind: str, text: str, hint: str = "", actions: Sequence[Action] = ()
    ) -> None:
        """Show a message.

        Args:
            kind: "info", "success", "warning" or "error".
            text: what happened, a sentence.
            hint: what to do about it, a sentence.
            actions: buttons, as pairs of a label and what it calls; each also closes.

        Raises:
            KeyError: `kind` is none of these.
        """
        self._kind = kind
        words = printable(f"{text} {hint}".strip())
        self._words.setText(words)
        self.setAccessibleName(f"{kind.capitalize()}: {words}")
        self._replace_buttons(actions)
        self._apply_theme(self._themes.current)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def dismiss(self) -> None:
        """Take the message away."""
        if not self.isHidden():
            self.hide()
            self.dismissed.emit()

    def _replace_buttons(self, actions: Sequence[Action]) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for label, call in actions:
            button = QPushButton(button_text(label))
            button.clicked.connect(lambda _=False, call=call: self._act(call))
            self._row.insertWidget(self._row.count() - 1, button)
            self._buttons.append(button)

    def _act(self, call: Callable[[], object]) -> None:
        self.dismiss()  # first: the action may show a message of its own
        call()

    def _apply_theme(self, theme: Theme) -> None:
        colours = {
            "info": theme.info,
            "success": theme.right,
            "warning": theme.warning,
            "error": theme.wrong,
        }
        ratio = self.devicePixelRatio()
        self._icon.setPixmap(pixmap(_ICONS[self._kind], _ICON, ratio, colours[self._kind]))
        self._close.setIcon(icon("close", theme))
        set_style_property(self, "message", self._kind)
