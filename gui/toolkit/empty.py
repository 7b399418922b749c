"""What a panel shows while it has nothing to show: why, and what to do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.style.icons import pixmap
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XL, Themes
from gui.toolkit.plain import TextLabel, button_text

_ICON = 48  # logical pixels
_MAX_LINE = 360


class EmptyState(QWidget):
    """An icon, a title, one sentence, and if there is something to do, a button.

    Signals:
        clicked(): the button was pressed.
    """

    clicked = Signal()

    def __init__(
        self,
        themes: Themes,
        icon: str,
        title: str,
        sentence: str,
        button: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._themes, self._icon_name = themes, icon
        self._icon, self._title, self._sentence = TextLabel(), TextLabel(), TextLabel(lines=True)
        self._title.setProperty("role", "section")
        self._sentence.setProperty("role", "muted")
        self._sentence.setWordWrap(True)
        self._sentence.setMaximumWidth(_MAX_LINE)
        self._button = QPushButton()
        self._button.setProperty("kind", "primary")
        self._button.clicked.connect(self.clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_S)
        column.addStretch(2)
        for part in (self._icon, self._title, self._sentence):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self._icon)
        column.addSpacing(SPACE_S)
        column.addWidget(self._title)
        # Held in a row of its own: aligned by itself, a wrapped label loses lines.
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._sentence, 100)
        row.addStretch(1)
        column.addLayout(row)
        column.addSpacing(SPACE_M)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        themes.changed.connect(self._show_icon)
        self.set_content(icon, title, sentence, button)

    def set_content(self, icon: str, title: str, sentence: str, button: str = "") -> None:
        """Show other words and another icon; an empty `button` hides the button."""
        self._icon_name = icon
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._button.setText(button_text(button))
        self._button.setVisible(bool(button))
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self._show_icon()

    def _show_icon(self) -> None:
        ratio, colour = self.devicePixelRatio(), self._themes.current.disabled
        self._icon.setPixmap(pixmap(self._icon_name, _ICON, ratio, colour))
