"""Every colour, space and type size of the program, as values.

The same thing has the same colour everywhere: training is blue, validation orange, right
is green with a tick, wrong is crimson with a cross; the accent means "you can use this".
Blue/orange and green/crimson also stay apart for colour-blind eyes (they differ in blue),
and never carry a meaning alone.
"""

from dataclasses import dataclass

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
    series=("#0b6bcb", "#ad5600", "#04785c", "#b03a9c", "#7a6a00", "#5a3fc0", "#0e7f95", "#6b7280"),
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
    series=("#5aa9ff", "#ff9e45", "#3ecf9f", "#f08adf", "#d9cb4a", "#a893ff", "#4fd0e4", "#a1a9b8"),
)
