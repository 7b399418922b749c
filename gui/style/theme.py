"""How the program looks: which theme is in use, and who is told when it changes.

A `Theme` is a frozen value; light and dark are two of them. Whoever paints takes the
`Themes` object, reads `themes.current` and repaints on `themes.changed`.
"""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui.style.dressing import body_font, dress, looks_dark, tabular
from gui.style.tokens import (
    DARK,
    FONT_BODY,
    FONT_NUMBER,
    FONT_SECTION,
    FONT_SMALL,
    FONT_TITLE,
    INK,
    LIGHT,
    PAPER,
    PAPER_GUIDE,
    SPACE_L,
    SPACE_M,
    SPACE_S,
    SPACE_XL,
    SPACE_XS,
    Theme,
)

__all__ = [
    "CHOICES",
    "DARK",
    "FONT_BODY",
    "FONT_NUMBER",
    "FONT_SECTION",
    "FONT_SMALL",
    "FONT_TITLE",
    "INK",
    "LIGHT",
    "PAPER",
    "PAPER_GUIDE",
    "SPACE_L",
    "SPACE_M",
    "SPACE_S",
    "SPACE_XL",
    "SPACE_XS",
    "Theme",
    "Themes",
    "body_font",
    "system_prefers_dark",
    "tabular",
]

_BY_NAME = {theme.name: theme for theme in (LIGHT, DARK)}
CHOICES = ("system", *_BY_NAME)


def system_prefers_dark() -> bool:
    """Say whether the desktop is set to dark.

    Where the desktop does not tell, its window colour decides; ask before the first
    `Themes`, which replaces that colour.
    """
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme == Qt.ColorScheme.Unknown:
        return looks_dark()
    return scheme == Qt.ColorScheme.Dark


class Themes(QObject):
    """Holds the theme in use and dresses the program in it.

    Attributes:
        current: the theme in use.
        choice: what the user chose: "system", "light" or "dark".

    Signals:
        changed(Theme): everything that paints by itself should repaint.
    """

    changed = Signal(object)

    def __init__(self, app: QApplication, choice: str = "system") -> None:
        super().__init__(app)
        self._app = app
        self._dark_desktop = system_prefers_dark()
        self.choice = choice
        self.current = self._resolve()
        dress(app, self.current)
        app.styleHints().colorSchemeChanged.connect(self._follow_desktop)

    def choose(self, choice: str) -> None:
        """Use "light", "dark", or what the desktop uses ("system").

        Raises:
            KeyError: `choice` is none of these.
        """
        if choice not in CHOICES:
            raise KeyError(choice)
        self.choice = choice
        self._use(self._resolve())

    def _resolve(self) -> Theme:
        if self.choice == "system":
            return DARK if self._dark_desktop else LIGHT
        return _BY_NAME[self.choice]

    def _use(self, theme: Theme) -> None:
        if theme is not self.current:
            self.current = theme
            dress(self._app, theme)
            self.changed.emit(theme)

    def _follow_desktop(self, scheme: Qt.ColorScheme) -> None:
        if scheme != Qt.ColorScheme.Unknown:
            self._dark_desktop = scheme == Qt.ColorScheme.Dark
        self._use(self._resolve())
