"""The training curves as a figure or a table on disk."""

import csv
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPainter

from core.base.atomic_write import write_bytes_whole, write_whole
from gui.features.curves.model import METRICS, Curves
from gui.features.curves.plot import CurvePlot, Range
from gui.features.curves.plot_axes import PlotWords
from gui.features.curves.table import rows
from gui.style.theme import LIGHT
from gui.toolkit.figure_file import png_bytes, svg_bytes, unknown_ending
from gui.toolkit.legend_row import SWATCH, paint_swatch

_WIDTH, _HEIGHT = 1000, 720  # logical pixels
_SIZE = QSize(_WIDTH, _HEIGHT)
_HEAD = 36  # pixels above each plot, for its legend
_ENTRY_WIDTH = 150
_LEFT = 64

_BATCH = ("faded", "Batch", "Each iteration's batch of training images")
_SMOOTHED = ("line", "Smoothed", "The moving average over the batches")
_TRAINING = ("square", "Training", "Measured on up to 10,000 training images")
_HELD_OUT = ("dot", "Validation", "Measured on images the network does not train on")
ENTRIES = (_BATCH, _SMOOTHED, _TRAINING, _HELD_OUT)

View = tuple[Range, Range]


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

    def paint(painter: QPainter, scale: int) -> None:
        _paint(painter, curves, views, log_loss, scale)

    kind = path.suffix.lower()
    if kind == ".csv":
        write_whole(path, lambda part: _write_csv(curves, part))
    elif kind == ".svg":
        # Axes are recorded for the screen; another resolution would shrink them alone.
        resolution = round(QGuiApplication.primaryScreen().logicalDotsPerInch())
        write_bytes_whole(path, svg_bytes(_SIZE, "Training curves", paint, resolution))
    elif kind == ".png":
        write_bytes_whole(path, png_bytes(_SIZE, paint))
    else:
        raise unknown_ending(path)


def _write_csv(curves: Curves, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows(curves))


def _paint(
    painter: QPainter, curves: Curves, views: dict[str, View], log_loss: bool, scale: float
) -> None:
    painter.fillRect(QRectF(0, 0, _WIDTH, _HEIGHT), QColor(LIGHT.plot_background))
    height = _HEIGHT / len(METRICS)
    for row, metric in enumerate(METRICS):
        plot = make_plot(metric, curves.unit)
        plot.prepare_for_print(LIGHT, scale)
        plot.set_log(log_loss and metric == "loss")
        plot.set_follow(False)
        plot.resize(_WIDTH, round(height - _HEAD))
        # A widget is laid out only once it is shown, which nobody need see.
        plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        plot.show()
        view = plot.view_widget()
        plot.set_view(views[metric])
        fill_plot(plot, curves, metric, views[metric][0])
        plot.set_view(views[metric])
        _paint_legend(painter, curves, metric, row * height)
        target = QRectF(0, row * height + _HEAD, _WIDTH, height - _HEAD)
        view.render(painter, target, view.viewport().rect())
        plot.hide()
        plot.deleteLater()


def _paint_legend(painter: QPainter, curves: Curves, metric: str, top: float) -> None:
    painter.save()
    font = QFont(painter.font())
    font.setPixelSize(13)
    middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(LIGHT.text))
    painter.drawText(QRectF(_LEFT, top, _WIDTH, _HEAD), middle, metric.capitalize())
    font.setBold(False)
    painter.setFont(font)
    entries = ENTRIES
    left = _WIDTH - _ENTRY_WIDTH * len(entries)
    for kind, name, _ in entries:
        held_out = kind == "dot"
        colour = LIGHT.validation if held_out else LIGHT.training
        swatch = QRectF(left, top + (_HEAD - SWATCH[1]) / 2, *SWATCH)
        paint_swatch(painter, swatch, kind, colour)
        painter.setPen(QColor(LIGHT.text))
        words = curves.validation_name if held_out else name
        painter.drawText(QRectF(left + 24, top, _ENTRY_WIDTH, _HEAD), middle, words)
        left += _ENTRY_WIDTH
    painter.restore()


def axis_label(metric: str, unit: str) -> str:
    """Return what a metric's axis is called; `unit` is that of the loss."""
    return f"Loss ({unit})" if metric == "loss" else "Accuracy (%)"


def make_plot(metric: str, unit: str) -> CurvePlot:
    """Return an empty plot of one metric; `unit` is that of the loss."""
    loss = metric == "loss"
    short = "Loss" if loss else "Accuracy (%)"
    words = PlotWords(metric.capitalize(), axis_label(metric, unit), short)
    return CurvePlot(words, percent=not loss, upper=loss)


def fill_plot(plot: CurvePlot, curves: Curves, metric: str, shown: Range = (0.0, np.inf)) -> None:
    """Draw one metric in a plot, as finely as the part in view allows."""
    series = curves.series(metric, *shown)
    plot.show_curves(
        (series.raw_x, series.raw_y),
        (series.smooth_x, series.smooth_y),
        (series.eval_x, series.eval_train, series.eval_held_out),
        curves.count,
        curves.total_steps,
    )
    plot.show_marks(curves.epoch_marks(*plot.x_range(), plot.mark_room()))
