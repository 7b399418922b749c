"""The reliability curves as a figure or a table on disk."""

import csv
import io
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.base.atomic_write import write_bytes_whole
from core.base.errors import SaveError
from core.certainty.calibration import Calibration
from gui.features.reliability.plot import Bins, paint_reliability
from gui.style.theme import LIGHT

_WIDTH, _HEIGHT = 640, 720  # logical pixels
_PNG_SCALE = 2
_HEADINGS = ("curve", "answers", "mean certainty", "share right")


def export(calibration: Calibration, path: Path) -> None:
    """Write the curves to `path`: .csv as a table, .svg or .png as a figure.

    Raises:
        SaveError: it could not be written; what was there before is untouched.
    """
    makers = {".csv": _csv, ".svg": _svg, ".png": _png}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise SaveError(
            path,
            f"“{path.name}” has an ending that says no known form.",
            "End the name in .png, .svg or .csv.",
        )
    write_bytes_whole(path, maker(calibration))


def curves_of(calibration: Calibration) -> tuple[Bins, Bins]:
    """Return both curves in the form that the plot takes."""
    before, after = calibration.before, calibration.after
    return (
        Bins(before.counts, before.confidence, before.accuracy),
        Bins(after.counts, after.confidence, after.accuracy),
    )


def _csv(calibration: Calibration) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    names = ("as trained", "calibrated")
    for name, curve in zip(names, curves_of(calibration), strict=True):
        for row in zip(curve.counts, curve.confidence, curve.accuracy, strict=True):
            if row[0]:
                writer.writerow([name, int(row[0]), f"{row[1]:.6f}", f"{row[2]:.6f}"])
    return text.getvalue().encode()


def _svg(calibration: Calibration) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    device = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    device.setOutputDevice(buffer)
    device.setSize(QSize(_WIDTH, _HEIGHT))
    device.setViewBox(QRectF(0, 0, _WIDTH, _HEIGHT))
    device.setTitle("Reliability")
    painter = QPainter(device)
    try:
        _paint(painter, calibration)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _png(calibration: Calibration) -> bytes:
    image = QImage(_WIDTH * _PNG_SCALE, _HEIGHT * _PNG_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_PNG_SCALE, _PNG_SCALE)
    try:
        _paint(painter, calibration)
    finally:
        painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt a str
    return bytes(buffer.data().data())


def _paint(painter: QPainter, calibration: Calibration) -> None:
    area = QRectF(0, 0, _WIDTH, _HEIGHT)
    painter.fillRect(area, QColor(LIGHT.plot_background))
    paint_reliability(painter, area.adjusted(12, 12, -12, -12), LIGHT, curves_of(calibration))
