"""Colours must be readable, and the theme in use follows the user and the desktop."""

import re
from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from gui.style.dressing import palette
from gui.style.theme import DARK, LIGHT, Theme, Themes, system_prefers_dark

BOTH = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
GROUNDS = ("window", "surface", "raised", "plot_background")


def luminance(colour: str) -> float:
    """Relative luminance. Source: WCAG 2.2, definition of relative luminance."""
    channels = [part / 255 for part in bytes.fromhex(colour[1:])]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@BOTH
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize(
    "words",
    ["text", "muted", "link", "right", "wrong", "warning", "info", "training", "validation"],
)
def test_words_can_be_read_on_every_ground(theme: Theme, words: str, ground: str):
    assert contrast(getattr(theme, words), getattr(theme, ground)) >= 4.5


@BOTH
def test_words_can_be_read_on_the_accent(theme: Theme):
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.on_accent, theme.accent_hover) >= 4.5
    assert contrast(theme.text, theme.accent_soft) >= 4.5
    assert contrast(theme.link, theme.accent_soft) >= 4.5


@BOTH
def test_lines_and_the_focus_ring_stand_out(theme: Theme):
    for ground in GROUNDS:
        assert contrast(theme.focus, getattr(theme, ground)) >= 3
    for line in theme.series:
        assert contrast(line, theme.plot_background) >= 3


@BOTH
def test_every_token_is_a_colour(theme: Theme):
    for token in fields(theme):
        value = getattr(theme, token.name)
        for colour in value if isinstance(value, tuple) else (value,):
            assert token.name == "name" or re.fullmatch(r"#[0-9a-f]{6}", colour)
    assert len(set(theme.series)) == len(theme.series)


def test_themes_dress_the_program(themes: Themes, qapp, qtbot):
    label = QLabel("words")
    qtbot.addWidget(label)
    label.show()
    with qtbot.waitSignal(themes.changed) as heard:
        themes.choose("dark")
    assert heard.args == [DARK]
    assert themes.current is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert label.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.text)


def test_choosing_the_same_theme_again_is_silent(themes: Themes, qtbot):
    with qtbot.assertNotEmitted(themes.changed):
        themes.choose("light")


def test_an_unknown_choice_is_refused_and_changes_nothing(themes: Themes):
    with pytest.raises(KeyError):
        themes.choose("sepia")
    assert (themes.choice, themes.current) == ("light", LIGHT)


def test_system_follows_the_desktop_when_it_turns_dark(themes: Themes, qapp, qtbot):
    themes.choose("system")
    assert themes.current is LIGHT
    with qtbot.waitSignal(themes.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert themes.current is DARK


def test_a_chosen_theme_does_not_follow_the_desktop(themes: Themes, qapp):
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert themes.current is LIGHT


def test_a_silent_desktop_is_judged_by_its_window_colour(qapp):
    before = qapp.palette()
    try:
        qapp.setPalette(palette(DARK))
        assert system_prefers_dark()
        qapp.setPalette(palette(LIGHT))
        assert not system_prefers_dark()
    finally:
        qapp.setPalette(before)
