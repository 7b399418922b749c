"""The reliability curves as a figure or a table on disk."""

import csv
import io
from pathlib import Path

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter

from core.base.atomic_write import write_bytes_whole
from core.certainty.calibration import Calibration
from gui.features.reliability.plot import Bins, paint_reliability
from gui.style.theme import LIGHT
from gui.toolkit.figure_file import png_bytes, svg_bytes, unknown_ending

_SIZE = QSize(640, 720)  # logical pixels
_HEADINGS = ("curve", "answers", "mean certainty", "share right")


def export(calibration: Calibration, path: Path) -> None:
    """Write the curves to `path`: .csv as a table, .svg or .png as a figure.

    Raises:
        SaveError: it could not be written; what was there before is untouched.
    """
    makers = {".csv": _csv, ".svg": _svg, ".png": _png}
    maker = makers.get(path.suffix.lower())
    if maker is None:
        raise unknown_ending(path)
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
    return svg_bytes(_SIZE, "Reliability", lambda painter, _scale: _paint(painter, calibration))


def _png(calibration: Calibration) -> bytes:
    return png_bytes(_SIZE, lambda painter, _scale: _paint(painter, calibration))


def _paint(painter: QPainter, calibration: Calibration) -> None:
    area = QRectF(0, 0, _SIZE.width(), _SIZE.height())
    painter.fillRect(area, QColor(LIGHT.plot_background))
    paint_reliability(painter, area.adjusted(12, 12, -12, -12), LIGHT, curves_of(calibration))
