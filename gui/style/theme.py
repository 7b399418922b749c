"""How the program looks: dressing Qt in the colours and sizes of gui/style/tokens.py.

A `Theme` is a frozen value; light and dark are two of them. Whoever paints takes the
`Themes` object, reads `themes.current` and repaints on `themes.changed`.
"""

from dataclasses import asdict
from importlib.resources import files
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

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
    "apply_theme",
    "body_font",
    "palette",
    "style_sheet",
    "system_prefers_dark",
    "tabular",
]

_BY_NAME = {theme.name: theme for theme in (LIGHT, DARK)}
CHOICES = ("system", *_BY_NAME)


_DRESSED = "inkling-style"  # property of an application that has our style


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole program: Fusion style, palette, type size, style sheet."""
    # Style and font dress every widget anew, as the style sheet does once more: only when
    # Style and font dress every widget anew, as the style sheet does once more, so they are
    # set only when they change: switching the theme took 0.18 s with them, 0.15 s without.
    if app.property(_DRESSED) is None:
        app.setStyle("Fusion")
        app.setProperty(_DRESSED, True)
    colours = palette(theme)
    app.setPalette(colours)
    QToolTip.setPalette(colours)
    font = body_font(app.font())
    if font != app.font():
        app.setFont(font)
    app.setStyleSheet(style_sheet(theme))


def body_font(font: QFont) -> QFont:
    """Return `font`, the user's own family, in the size of running text."""
    screen = QGuiApplication.primaryScreen()
    dots_per_inch = screen.logicalDotsPerInch() if screen else 96.0
    # In points, not pixels: code that asks a pixel-sized font for its points gets -1.
    font.setPointSizeF(FONT_BODY * 72.0 / dots_per_inch)
    return font


def tabular(font: QFont) -> QFont:
    """Return a copy of `font` whose digits all have the same width."""
    copy = QFont(font)
    copy.setFeature(QFont.Tag("tnum"), 1)
    return copy


def style_sheet(theme: Theme) -> str:
    """Return Qt's style sheet for `theme`. Raises KeyError if it names an unknown token."""
    folder = files("resources") / "styles"
    tokens = {name: str(value) for name, value in asdict(theme).items()}
    sizes = {
        "font_small": FONT_SMALL,
        "font_body": FONT_BODY,
        "font_section": FONT_SECTION,
        "font_title": FONT_TITLE,
        "font_number": FONT_NUMBER,
    }
    text = (folder / "inkling.qss").read_text(encoding="utf-8")
    # Forward slashes also on Windows: a backslash would be an escape.
    return Template(text).substitute(tokens, **sizes, styles=str(folder).replace("\\", "/"))


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette for `theme`; it colours what the style sheet does not name."""
    role, made = QPalette.ColorRole, QPalette()
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.wrong,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.link,
        role.LinkVisited: theme.link,
        role.Light: theme.hover,
        role.Midlight: theme.raised,
        role.Mid: theme.border,
        role.Dark: theme.border_strong,
        role.Shadow: "#000000",
    }
    for each, colour in colours.items():
        made.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.pressed))
    return made


def system_prefers_dark() -> bool:
    """Say whether the desktop is set to dark.

    Where the desktop does not tell, its window colour decides; ask before the first
    `apply_theme`, which replaces that colour.
    """
    scheme = QGuiApplication.styleHints().colorScheme()
    if scheme == Qt.ColorScheme.Unknown:
        return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
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
        apply_theme(app, self.current)
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
            apply_theme(self._app, theme)
            self.changed.emit(theme)

    def _follow_desktop(self, scheme: Qt.ColorScheme) -> None:
        if scheme != Qt.ColorScheme.Unknown:
            self._dark_desktop = scheme == Qt.ColorScheme.Dark
        self._use(self._resolve())
