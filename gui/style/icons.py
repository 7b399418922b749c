"""The program's icons: own one-colour drawings, tinted with the theme.

An icon is a 24x24 SVG in resources/icons whose strokes say `currentColor`. It is drawn
at every size the window uses times every scale a screen has, so nothing is stretched at
125 or 150 %. Plain pixmaps, because a QIconEngine written in Python crashes: Qt deletes
the copies that Python still owns.
"""

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.style.theme import Theme

SIZES = (16, 18, 20, 24)  # logical pixels that icons are shown at
_LARGE = 64  # device pixels; the source for any other size
_LOGO_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, theme: Theme, colour: str = "") -> QIcon:
    """Return icon `name` in the theme's text colour, or in `colour`.

    Disabled it is faint; switched on (a checked button) it takes the accent colour.

    Raises:
        KeyError: there is no icon of this name.
    """
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    sizes = sorted({round(size * ratio) for size in SIZES for ratio in ratios} | {_LARGE})
    tints = colour or theme.text, colour or theme.link, theme.disabled
    return QIcon(_icon(name, *tints, tuple(sizes)))


def pixmap(name: str, size: int, ratio: float, colour: str) -> QPixmap:
    """Return icon `name` in `colour`, `size` logical pixels wide, for device pixel `ratio`.

    Raises:
        KeyError: there is no icon of this name.
    """
    made = _tinted(_shape(name, round(size * ratio)), QColor(colour))
    made.setDevicePixelRatio(ratio)
    return made


def app_icon() -> QIcon:
    """Return the program's logo, in its own colours."""
    made = QIcon()
    for size in _LOGO_SIZES:
        made.addPixmap(_shape("app", size))
    return made


def names() -> list[str]:
    """Return the names of all icons, sorted."""
    folder = files("resources") / "icons"
    return sorted(entry.name[:-4] for entry in folder.iterdir() if entry.name.endswith(".svg"))


@cache
def _icon(name: str, off: str, on: str, disabled: str, sizes: tuple[int, ...]) -> QIcon:
    """Return an icon that may be shared: all are asked for again whenever the theme changes."""
    made = QIcon()
    for size in sizes:
        shape = _shape(name, size)
        faint = _tinted(shape, QColor(disabled))
        made.addPixmap(_tinted(shape, QColor(off)), QIcon.Mode.Normal, QIcon.State.Off)
        made.addPixmap(_tinted(shape, QColor(on)), QIcon.Mode.Normal, QIcon.State.On)
        for state in (QIcon.State.Off, QIcon.State.On):
            made.addPixmap(faint, QIcon.Mode.Disabled, state)
    return made


@cache
def _svg(name: str) -> QByteArray:
    try:
        return QByteArray((files("resources") / "icons" / f"{name}.svg").read_bytes())
    except OSError:
        raise KeyError(name) from None


@cache
def _shape(name: str, size: int) -> QPixmap:
    """Return the drawing in black on a transparent ground of `size` device pixels."""
    drawing = QSvgRenderer(_svg(name))
    made = QPixmap(QSize(size, size))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    drawing.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return made


def _tinted(shape: QPixmap, colour: QColor) -> QPixmap:
    made = QPixmap(shape)
    painter = QPainter(made)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(made.rect(), colour)
    painter.end()
    return made
