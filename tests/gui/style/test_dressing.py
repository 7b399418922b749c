"""One style sheet, set once, whose colours are the palette's."""

import re
from importlib.resources import files

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QImage, QPalette
from PySide6.QtWidgets import QLineEdit

from gui.style.dressing import palette, style_sheet
from gui.style.theme import DARK, LIGHT, Theme, Themes

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


@BOTH
def test_the_style_sheet_takes_each_colour_from_where_the_palette_keeps_it(theme: Theme):
    source = (files("resources") / "styles" / "inkling.qss").read_text(encoding="utf-8")
    roles = {re.sub("(?<!^)(?=[A-Z])", "-", r.name).lower(): r for r in QPalette.ColorRole}
    colours = palette(theme)
    named = re.findall(r"(?<!\$)\$(?!styles|dark_|right|warning|info)(\w+)", source)
    used = re.findall(r"palette\(([\w-]+)\)", style_sheet())
    assert len(named) == len(used) > 100
    for name, role in zip(named, used, strict=True):
        assert colours.color(roles[role]) == QColor(getattr(theme, name)), name


def test_the_style_sheet_names_no_colour_of_one_theme_only():
    for line in re.findall(r"[^\n]*#[0-9a-f]{6}[^\n]*", style_sheet()):
        assert line.startswith(("QLabel[role=", "MessageBanner"))


def test_the_style_sheet_has_no_open_ends():
    sheet = style_sheet()
    assert "$" not in sheet.replace("$names", "")
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert [path for path in pictures if not QImage(path).isNull()] == pictures


class _Listener(QObject):
    """Counts how often a widget is told that its style is another."""

    def __init__(self) -> None:
        super().__init__()
        self.told = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.told += event.type() == QEvent.Type.StyleChange
        return False


def test_the_style_sheet_is_set_once(themes: Themes, qapp, qtbot):
    field, listener, sheet = QLineEdit(), _Listener(), qapp.styleSheet()
    qtbot.addWidget(field)
    field.show()
    field.installEventFilter(listener)
    for choice in ("dark", "light", "dark"):
        themes.choose(choice)
    Themes(qapp, "light").deleteLater()
    assert sheet
    assert qapp.styleSheet() == sheet
    assert listener.told == 0
