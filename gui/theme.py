"""How the program looks: every colour, space and type size, in one place.

A `Theme` is a frozen value; light and dark are two of them. Whoever paints takes the
`Themes` object, reads `themes.current` and repaints on `themes.changed`. The same thing
has the same colour everywhere: training is blue, validation orange, right is
green with a tick, wrong is crimson with a cross; the accent means "you can use this".
Blue/orange and green/crimson also stay apart for colour-blind eyes (they differ in blue),
and never carry a meaning alone.
"""

from dataclasses import asdict, dataclass
from importlib.resources import files
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

# Spacing, in logical pixels: multiples of 4.
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24

# Type sizes, in logical pixels.
FONT_SMALL, FONT_BODY, FONT_SECTION, FONT_TITLE, FONT_NUMBER = 11, 13, 14, 20, 28

# Digits are light ink on dark paper in both themes: what the network sees.
INK, PAPER, PAPER_GUIDE = "#f5f6f8", "#0c0e12", "#39404c"


@dataclass(frozen=True)
class Theme:
    """Colours by role, each as "#rrggbb".

    Attributes:
        name: "light" or "dark".
        window, surface, raised: ground of the window, of a panel, of a control on it.
        hover, pressed: `raised` under the mouse, and held down.
        border, border_strong: lines between things; outlines of what can be edited.
        text, muted, disabled: words, lesser words, words out of use.
        accent, accent_hover, on_accent: main action, winner, selection; words on it.
        accent_soft: ground of something switched on or selected.
        focus, link: focus ring; words and icons in the accent colour.
        training, validation, right, wrong, warning, info: see the module's docstring.
        plot_background, plot_axis, plot_grid: of every plot.
        series: lines that stand for runs or digits, told apart by any eye.
    """

    name: str
    window: str
    surface: str
    raised: str
    hover: str
    pressed: str
    border: str
    border_strong: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    focus: str
    link: str
    training: str
    validation: str
    right: str
    wrong: str
    warning: str
    info: str
    plot_background: str
    plot_axis: str
    plot_grid: str
    series: tuple[str, ...]

    @property
    def dark(self) -> bool:
        """True for light words on dark ground."""
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    window="#eff1f4",
    surface="#ffffff",
    raised="#f7f8fa",
    hover="#ebedf2",
    pressed="#dfe3ea",
    border="#d9dde4",
    border_strong="#b4bcc8",
    text="#1b1f27",
    muted="#596273",
    disabled="#9aa3b0",
    accent="#4a4fd8",
    accent_hover="#3c40c0",
    on_accent="#ffffff",
    accent_soft="#e6e7fb",
    focus="#4a4fd8",
    link="#4247cc",
    training="#0b6bcb",
    validation="#ad5600",
    right="#04785c",
    wrong="#c4264e",
    warning="#8f6200",
    info="#0b6bcb",
    plot_background="#ffffff",
    plot_axis="#596273",
    plot_grid="#e6e9ee",
    series=(
        "#0b6bcb",
        "#ad5600",
        "#04785c",
        "#b03a9c",
        "#7a6a00",
        "#5a3fc0",
        "#0e7f95",
        "#6b7280",
    ),
)

DARK = Theme(
    name="dark",
    window="#14161b",
    surface="#1b1e25",
    raised="#252932",
    hover="#2e333e",
    pressed="#383e4b",
    border="#30353f",
    border_strong="#4a5261",
    text="#e7eaf0",
    muted="#a1a9b8",
    disabled="#666e7d",
    accent="#5f64e6",
    accent_hover="#5257d6",
    on_accent="#ffffff",
    accent_soft="#2f3260",
    focus="#9a9efb",
    link="#a5a8fc",
    training="#5aa9ff",
    validation="#ff9e45",
    right="#3ecf9f",
    wrong="#ff6f91",
    warning="#f0bf4c",
    info="#5aa9ff",
    plot_background="#14161b",
    plot_axis="#a1a9b8",
    plot_grid="#2a2f38",
    series=(
        "#5aa9ff",
        "#ff9e45",
        "#3ecf9f",
        "#f08adf",
        "#d9cb4a",
        "#a893ff",
        "#4fd0e4",
        "#a1a9b8",
    ),
)

_BY_NAME = {theme.name: theme for theme in (LIGHT, DARK)}
CHOICES = ("system", *_BY_NAME)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the whole program: Fusion style, palette, type size, style sheet."""
    app.setStyle("Fusion")
    colours = palette(theme)
    app.setPalette(colours)
    QToolTip.setPalette(colours)
    app.setFont(body_font(app.font()))
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
