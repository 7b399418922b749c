"""Icons take the theme's colours and stay crisp."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap

from gui.style.icons import app_icon, icon, names, pixmap
from gui.style.theme import DARK, LIGHT

# fmt: off
NEEDED = (
    "new", "open", "save", "save-as", "export", "undo", "redo", "train", "pause", "step",
    "stop", "restart", "reseed", "previous", "add", "remove", "up", "down", "eraser", "pen",
    "clear", "shuffle", "filter", "follow", "log-scale", "smooth", "image", "grid", "network",
    "data", "chart", "weights", "digits", "draw", "sun", "moon", "settings", "help", "info",
    "warning", "error", "check", "cross", "close", "folder", "camera", "more", "app",
)
# fmt: on


def strongest(image: QImage) -> QColor:
    """The colour of the most opaque pixel."""
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha)


def shown(made: QIcon, size: int, mode=QIcon.Mode.Normal, state=QIcon.State.Off) -> QImage:
    return made.pixmap(QSize(size, size), mode, state).toImage()


def test_all_icons_are_there(qapp):
    assert set(NEEDED) <= set(names())


@pytest.mark.parametrize("name", NEEDED)
def test_every_icon_draws_something_inside_its_frame(qapp, name):
    image = pixmap(name, 24, 1.0, "#ff0000").toImage()
    opaque = [(x, y) for x in range(24) for y in range(24) if image.pixelColor(x, y).alpha() > 127]
    assert len(opaque) > 8
    if name != "app":
        assert all(0 < x < 23 and 0 < y < 23 for x, y in opaque)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_an_icon_is_drawn_in_the_colour_of_its_state(qapp, theme):
    made = icon("stop", theme)
    assert strongest(shown(made, 24)) == QColor(theme.text)
    assert strongest(shown(made, 24, state=QIcon.State.On)) == QColor(theme.link)
    assert strongest(shown(made, 24, mode=QIcon.Mode.Disabled)) == QColor(theme.disabled)


def test_an_icon_can_have_a_colour_of_its_own(qapp):
    assert strongest(shown(icon("stop", LIGHT, "#12ab34"), 20)) == QColor("#12ab34")


@pytest.mark.parametrize("size", [16, 18, 20, 24])
def test_an_icon_is_drawn_at_the_size_it_is_shown(qapp, size):
    assert shown(icon("train", LIGHT), size) == pixmap("train", size, 1.0, LIGHT.text).toImage()


def test_a_pixmap_has_the_device_pixels_of_its_screen(qapp):
    made = pixmap("pen", 20, 1.5, LIGHT.text)
    assert made.size() == QSize(30, 30)
    assert made.deviceIndependentSize().toSize() == QSize(20, 20)


def test_an_icon_that_was_changed_is_not_the_next_ones(qapp):
    red = QPixmap(64, 64)
    red.fill("#ff0000")
    icon("stop", LIGHT).addPixmap(red)
    assert strongest(shown(icon("stop", LIGHT), 64)) == QColor(LIGHT.text)


def test_an_unknown_icon_is_a_key_error(qapp):
    with pytest.raises(KeyError, match="unheard"):
        icon("unheard", LIGHT)


def test_the_logo_keeps_its_colours(qapp):
    colour = shown(app_icon(), 64).pixelColor(8, 32)
    assert colour.blue() > colour.red() + 50
