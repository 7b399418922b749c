"""Dressing Qt in the colours and sizes of gui/style/tokens.py: one style sheet, set once.

Setting a style sheet has Qt work out the rules of every widget anew, and of its neighbours
again each time one of them asks for its size: half a second in this window. So the sheet
names no colour but `palette(role)`, the palette carries the theme, and switching is another
palette. Qt remembers the rules of each widget with the colours in them; `polish` has it
forget them, which costs a tenth of that, and little where nothing is to be seen yet.
"""

import re
from collections.abc import Sequence
from importlib.resources import files
from string import Template

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from shiboken6 import isValid

from gui.style.tokens import (
    DARK,
    FONT_BODY,
    FONT_NUMBER,
    FONT_SECTION,
    FONT_SMALL,
    FONT_TITLE,
    LIGHT,
    Theme,
)

_DRESSED = "inkling-style"  # property of an application that has our style
_TURN = 100  # widgets that are dressed before the event loop has its turn: about 5 ms
_CAPITAL = re.compile("(?<!^)(?=[A-Z])")

_Role = QPalette.ColorRole
# Where the palette keeps the colours that the style sheet uses. The last five roles are free
# for any use: what Qt paints with them is painted by the style sheet here.
_ROLES = {
    "window": _Role.Window,
    "text": _Role.WindowText,
    "surface": _Role.Base,
    "raised": _Role.Button,
    "hover": _Role.Light,
    "border": _Role.Mid,
    "border_strong": _Role.Dark,
    "muted": _Role.PlaceholderText,
    "wrong": _Role.BrightText,
    "accent": _Role.Highlight,
    "on_accent": _Role.HighlightedText,
    "link": _Role.Link,
    "focus": _Role.Accent,
    "pressed": _Role.Midlight,
    "disabled": _Role.Shadow,
    "accent_soft": _Role.AlternateBase,
    "accent_hover": _Role.LinkVisited,
}
# Colours of our own widgets that no role is left for: the style sheet holds them for both
# themes, as $name and $dark_name, and asks the widget's property "dark".
_OWN = ("right", "warning", "info")
# Roles that Qt paints with, beside the one that the style sheet names.
_ALSO = {
    _Role.Text: "text",
    _Role.ButtonText: "text",
    _Role.ToolTipBase: "raised",
    _Role.ToolTipText: "text",
}


def dress(app: QApplication, theme: Theme) -> None:
    """Dress the whole program: Fusion style, style sheet, palette, type size.

    What is to be seen changes at once, the rest in the next turns of the event loop.
    """
    first = app.property(_DRESSED) is None
    if first:
        app.setStyle("Fusion")
        app.setProperty(_DRESSED, True)
    colours = palette(theme)
    changes = colours != app.palette()
    app.setPalette(colours)
    QToolTip.setPalette(colours)
    font = body_font(app.font())
    if font != app.font():
        app.setFont(font)
    if first:
        app.setStyleSheet(style_sheet())
    elif changes:
        _dress_anew(app)


def _dress_anew(app: QApplication) -> None:
    """Have Qt forget the colours of each widget's rules."""
    seen: list[QWidget] = []
    hidden: list[QWidget] = []
    for widget in app.allWidgets():
        (seen if widget.isVisible() else hidden).append(widget)
    _polish(seen)
    _polish_later(app, hidden)


def _polish_later(app: QApplication, widgets: Sequence[QWidget]) -> None:
    """Polish in turns; a widget that is shown before its turn is repainted then."""

    def some() -> None:
        _polish([widget for widget in widgets[:_TURN] if isValid(widget)])
        _polish_later(app, widgets[_TURN:])

    if widgets:
        QTimer.singleShot(0, app, some)


def _polish(widgets: Sequence[QWidget]) -> None:
    for widget in widgets:
        widget.style().polish(widget)  # its own: it may have a style sheet of its own
        widget.update()  # polishing repaints it only if its own palette changes by that


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


def style_sheet() -> str:
    """Return Qt's style sheet for both themes. Raises KeyError if it names an unknown token."""
    folder = files("resources") / "styles"
    names: dict[str, object] = {
        name: f"palette({_CAPITAL.sub('-', role.name).lower()})" for name, role in _ROLES.items()
    }
    for name in _OWN:
        names[name], names[f"dark_{name}"] = getattr(LIGHT, name), getattr(DARK, name)
    sizes = {
        "font_small": FONT_SMALL,
        "font_body": FONT_BODY,
        "font_section": FONT_SECTION,
        "font_title": FONT_TITLE,
        "font_number": FONT_NUMBER,
    }
    text = (folder / "inkling.qss").read_text(encoding="utf-8")
    # Forward slashes also on Windows: a backslash would be an escape.
    return Template(text).substitute(names, **sizes, styles=str(folder).replace("\\", "/"))


def palette(theme: Theme) -> QPalette:
    """Return Qt's palette for `theme`, which the style sheet takes its colours from."""
    made = QPalette()
    for name, role in _ROLES.items():
        made.setColor(role, QColor(getattr(theme, name)))
    for role, name in _ALSO.items():
        made.setColor(role, QColor(getattr(theme, name)))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, _Role.Highlight, QColor(theme.pressed))
    return made


def looks_dark() -> bool:
    """Say whether windows are dark now."""
    return QGuiApplication.palette().color(_Role.Window).lightness() < 128
