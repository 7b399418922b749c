"""Figures as the content of files.

They are made in memory, for Qt's own writers keep quiet about a full disk.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.base.errors import SaveError

_PNG_SCALE = 2

Paint = Callable[[QPainter, int], None]
"""Paints a figure; is told how many pixels of the file there are to one of the figure."""


def svg_bytes(size: QSize, title: str, paint: Paint, resolution: int | None = None) -> bytes:
    """Return a figure of `size` logical pixels as an SVG file.

    Args:
        size: of the figure.
        title: of the file.
        paint: paints it.
        resolution: dots per inch that its words are measured for; None: as Qt has it.
    """
    buffer = _open_buffer()
    device = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the other version cannot clip
    device.setOutputDevice(buffer)
    device.setSize(size)
    device.setViewBox(QRectF(0, 0, size.width(), size.height()))
    device.setTitle(title)
    if resolution is not None:
        device.setResolution(resolution)
    painter = QPainter(device)
    try:
        paint(painter, 1)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def png_bytes(size: QSize, paint: Paint) -> bytes:
    """Return a figure of `size` logical pixels as a PNG file, of twice as many pixels."""
    image = QImage(size * _PNG_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_PNG_SCALE, _PNG_SCALE)
    try:
        paint(painter, _PNG_SCALE)
    finally:
        painter.end()
    buffer = _open_buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt a str
    return bytes(buffer.data().data())


def unknown_ending(path: Path) -> SaveError:
    """Return what to raise where a figure's file is to have another ending."""
    return SaveError(
        path,
        f"“{path.name}” has an ending that says no known form.",
        "End the name in .png, .svg or .csv.",
    )


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
