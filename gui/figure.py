"""The training curves as a figure or a table on disk."""

import csv
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from core.errors import SaveError
from core.safefile import write_whole
from gui.theme import LIGHT
from gui.viewmodels.curves import METRICS, Curves
from gui.widgets.curve_plot import CurvePlot

_WIDTH, _HEIGHT = 1000, 720  # logical pixels
_PNG_SCALE = 2
_HEAD = 36  # pixels above each plot, for its legend

View = tuple[tuple[float, float], tuple[float, float]]


def export(curves: Curves, path: Path, views: dict[str, View], log_loss: bool) -> None:
    """Write the curves to `path`: .csv as a table, .svg or .png as a figure.

    Args:
        curves: what to write.
        path: where; its ending decides the form.
        views: the ranges shown of each metric.
        log_loss: whether the loss has a logarithmic axis.

    Raises:
        SaveError: it could not be written; what was there before is untouched.
    """
    kind = path.suffix.lower()
    if kind == ".csv":
        write_whole(path, lambda part: _write_csv(curves, part))
    elif kind == ".svg":
        write_whole(path, lambda part: _write_svg(curves, part, views, log_loss))
    elif kind == ".png":
        write_whole(path, lambda part: _write_png(curves, part, views, log_loss))
    else:
        raise SaveError(
            path,
            f"“{path.name}” has an ending that says no known form.",
            "End the name in .png, .svg or .csv.",
        )


def _write_csv(curves: Curves, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(curves.table())


def _write_svg(curves: Curves, path: Path, views: dict[str, View], log_loss: bool) -> None:
    device = QSvgGenerator()
    device.setFileName(str(path))
    device.setSize(QSize(_WIDTH, _HEIGHT))
    device.setViewBox(QRectF(0, 0, _WIDTH, _HEIGHT))
    device.setTitle("Training curves")
    painter = QPainter()
    if not painter.begin(device):
        raise OSError("the figure could not be written")
    try:
        _paint(painter, curves, views, log_loss)
    finally:
        painter.end()


def _write_png(curves: Curves, path: Path, views: dict[str, View], log_loss: bool) -> None:
    image = QImage(_WIDTH * _PNG_SCALE, _HEIGHT * _PNG_SCALE, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_PNG_SCALE, _PNG_SCALE)
    try:
        _paint(painter, curves, views, log_loss)
    finally:
        painter.end()
    if not image.save(str(path), b"PNG"):
        raise OSError("the figure could not be written")


def _paint(painter: QPainter, curves: Curves, views: dict[str, View], log_loss: bool) -> None:
    painter.fillRect(QRectF(0, 0, _WIDTH, _HEIGHT), QColor("white"))
    height = _HEIGHT / len(METRICS)
    for row, metric in enumerate(METRICS):
        plot = make_plot(metric, curves.unit)
        plot.set_theme(LIGHT)
        plot.set_log(log_loss and metric == "loss")
        plot.set_follow(False)
        plot.resize(_WIDTH, round(height - _HEAD))
        fill_plot(plot, curves, metric, views[metric][0])
        plot.set_view(views[metric])
        plot.ensurePolished()
        view = plot.view_widget()
        view.resize(_WIDTH, round(height - _HEAD))
        _paint_legend(painter, curves, metric, row * height)
        target = QRectF(0, row * height + _HEAD, _WIDTH, height - _HEAD)
        view.render(painter, target, view.viewport().rect())
        plot.deleteLater()


def _paint_legend(painter: QPainter, curves: Curves, metric: str, top: float) -> None:
    painter.save()
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    place = QRectF(64, top, _WIDTH - 80, _HEAD)
    left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    entries = (
        (metric.capitalize(), LIGHT.text),
        ("— Training (smoothed)", LIGHT.training),
        (f"●  {curves.validation_name}", LIGHT.validation),
    )
    for text, colour in entries:
        painter.setPen(QColor(colour))
        painter.drawText(place, left, text)
        place.setLeft(place.left() + 170)
    painter.restore()


def make_plot(metric: str, unit: str) -> CurvePlot:
    """Return an empty plot of one metric."""
    if metric == "loss":
        return CurvePlot("Loss", f"Loss ({unit})", percent=False)
    return CurvePlot("Accuracy", "Accuracy (%)", percent=True)


def fill_plot(
    plot: CurvePlot, curves: Curves, metric: str, shown: tuple[float, float] = (0.0, np.inf)
) -> None:
    """Draw one metric in a plot, as finely as the part in view allows."""
    series = curves.series(metric, *shown)
    plot.show_curves(
        (series.raw_x, series.raw_y),
        (series.smooth_x, series.smooth_y),
        (series.eval_x, series.eval_train, series.eval_held_out),
        curves.count,
        curves.total_steps,
    )
    plot.show_marks(curves.epoch_marks())
