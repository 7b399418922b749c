"""A live plot of one metric: raw and smoothed curve, measured points, epoch marks.

Frames are cheap on purpose, since each one costs the training thread: ranges are set by
hand and grow in steps, there is no grid, the pen is 1 px wide and the curves come reduced
to about 1,000 points.
"""

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.arrays import FloatArray
from gui.theme import Theme

pg.setConfigOptions(imageAxisOrder="row-major", antialias=False, useOpenGL=False)

_FIRST_STEPS = 50  # iterations the axis shows at first
_GROWTH = 1.5
_LOG_FLOOR = 1e-6
_FADED = 90  # of 255: how solid the raw curve is


class CurvePlot(QWidget):
    """Draws what it is given; zooming by hand switches following off.

    Signals:
        follow_changed(bool): the axes follow the curve, or no longer.
        hovered(object): the iteration under the mouse (int), or None.
        range_changed(): another part of the curve is shown.
    """

    follow_changed = Signal(bool)
    hovered = Signal(object)
    range_changed = Signal()

    def __init__(self, name: str, axis_label: str, percent: bool) -> None:
        """Make an empty plot; with `percent`, values 0..1 are shown as 0..100 %."""
        super().__init__()
        self._percent, self._log, self._follow = percent, False, True
        self._x_end, self._y_top, self._y_floor = 0.0, 0.0, 0.0
        self._name = name
        self._plot = pg.PlotWidget()
        self._item = self._plot.getPlotItem()
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._left, self._bottom = self._item.getAxis("left"), self._item.getAxis("bottom")
        for axis in (self._left, self._bottom):
            axis.enableAutoSIPrefix(False)
        self._left.setWidth(64)  # fixed, so that both plots' curves stand above each other
        self._left.setLabel(axis_label)
        self._bottom.setLabel("Training iteration")
        self._box = self._item.getViewBox()
        self._box.disableAutoRange()
        self._box.setMouseMode(pg.ViewBox.PanMode)
        self._box.sigRangeChangedManually.connect(lambda *_: self.set_follow(False))
        self._box.sigXRangeChanged.connect(lambda *_: self.range_changed.emit())
        self._build_items()
        self._plot.scene().sigMouseMoved.connect(self._hover)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._plot.setAccessibleName(f"{name} against training iteration")
        self._fit(0, 0, 0.0, 1.0)

    def _build_items(self) -> None:
        self._marks = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._raw = pg.PlotCurveItem(skipFiniteCheck=True)
        self._smooth = pg.PlotCurveItem(skipFiniteCheck=True)
        self._train = pg.PlotDataItem(symbol="s", symbolSize=5, pen=None)
        self._held_out = pg.PlotDataItem(symbol="o", symbolSize=6, connect="finite")
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        for item in (
            self._marks, self._raw, self._smooth, self._train, self._held_out, self._cursor,
        ):  # fmt: skip
            self._item.addItem(item, ignoreBounds=True)

    # Look ----------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Take another theme's colours."""
        self._plot.setBackground(theme.plot_background)
        for axis in (self._left, self._bottom):
            axis.setPen(pg.mkPen(theme.plot_axis))
            axis.setTextPen(pg.mkPen(theme.text))
            axis.label.setDefaultTextColor(QColor(theme.text))
        faded = QColor(theme.training)
        faded.setAlpha(_FADED)
        self._raw.setPen(pg.mkPen(faded, width=1))
        self._smooth.setPen(pg.mkPen(theme.training, width=1))
        self._held_out.setPen(pg.mkPen(theme.validation, width=1))
        self._held_out.setSymbolPen(pg.mkPen(theme.validation))
        self._held_out.setSymbolBrush(pg.mkBrush(theme.validation))
        self._train.setSymbolPen(pg.mkPen(theme.training))
        self._train.setSymbolBrush(pg.mkBrush(theme.plot_background))
        self._marks.setPen(pg.mkPen(theme.plot_grid, width=1))
        self._cursor.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))

    def set_axis_label(self, label: str) -> None:
        """Name the vertical axis."""
        self._left.setLabel(label)

    # Range ---------------------------------------------------------------------------

    @property
    def follow(self) -> bool:
        """Whether the axes follow the curve."""
        return self._follow

    def set_follow(self, on: bool) -> None:
        """Let the axes follow the curve, or keep them as they are."""
        if on:
            self._x_end = self._y_top = 0.0
        if on != self._follow:
            self._follow = on
            self.follow_changed.emit(on)

    def set_log(self, on: bool) -> None:
        """Show powers of ten, or plain numbers, on the vertical axis."""
        self._log = on
        self._left.setLogMode(False, on)
        self._y_top = 0.0

    def x_range(self) -> tuple[float, float]:
        """Return the first and the last iteration in view."""
        (low, high), _ = self._box.viewRange()
        return float(low), float(high)

    def view(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return both ranges in view, as drawn (log10 on a logarithmic axis)."""
        (x0, x1), (y0, y1) = self._box.viewRange()
        return (float(x0), float(x1)), (float(y0), float(y1))

    def set_view(self, ranges: tuple[tuple[float, float], tuple[float, float]]) -> None:
        """Show these ranges."""
        self._box.setRange(xRange=ranges[0], yRange=ranges[1], padding=0, update=True)

    def link_x(self, other: "CurvePlot") -> None:
        """Show the same iterations as another plot."""
        self._item.setXLink(other._item)  # noqa: SLF001 - the same class

    def _fit(self, count: int, total: int, low: float, high: float) -> None:
        """Grow the axes in steps, so that most frames leave them alone."""
        if count > self._x_end or not self._x_end:
            wanted = max(_FIRST_STEPS, count * _GROWTH)
            self._x_end = float(min(wanted, total) if total >= count > 0 else wanted)
            self._box.setXRange(0, max(self._x_end, 1), padding=0.01)
        if self._log:
            top, floor = float(math.ceil(high + 0.02)), float(math.floor(low - 0.02))
        else:
            top, floor = (100.0 if self._percent else _round_up(high)), 0.0
        if top > self._y_top or floor < self._y_floor or not self._y_top:
            self._y_top, self._y_floor = top, floor
            self._box.setYRange(floor, top, padding=0.02)

    # Content -------------------------------------------------------------------------

    def show_curves(
        self,
        raw: tuple[FloatArray, FloatArray],
        smooth: tuple[FloatArray, FloatArray],
        measured: tuple[FloatArray, FloatArray, FloatArray],
        count: int,
        total: int,
    ) -> None:
        """Draw the curves.

        Args:
            raw, smooth: x and y of the two curves.
            measured: iterations, values on training images, values on held-out images.
            count, total: iterations done, and planned.
        """
        raw_y, smooth_y = self._drawn(raw[1]), self._drawn(smooth[1])
        x, train, held_out = measured
        train, held_out = self._drawn(train), self._drawn(held_out)
        if self._follow:
            shown = np.concatenate([smooth_y, held_out[np.isfinite(held_out)], raw_y[:1000]])
            low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 1.0)
            self._fit(count, total, low, high)
        self._raw.setData(raw[0], raw_y)
        self._smooth.setData(smooth[0], smooth_y)
        self._train.setData(x, train)
        self._held_out.setData(x, held_out)
        newest = f"newest {smooth[1][-1]:.4g}" if len(smooth[1]) else "no data yet"
        self._plot.setAccessibleDescription(f"{self._name}: {newest}")

    def show_marks(self, marks: Sequence[tuple[int, int]]) -> None:
        """Draw a faint line at each (iteration, epoch)."""
        x = np.repeat(np.array([step for step, _ in marks], np.float64), 2)
        y = np.tile([-1e6, 1e6], len(marks))
        self._marks.setData(x, y)

    def show_cursor(self, step: int | None) -> None:
        """Draw the line at the iteration that is read off, or none."""
        self._cursor.setVisible(step is not None)
        if step is not None:
            self._cursor.setValue(step)

    def view_widget(self) -> pg.PlotWidget:
        """Return the graphics view, for rendering a figure."""
        return self._plot

    def _drawn(self, values: FloatArray) -> FloatArray:
        scaled = values * 100 if self._percent else values
        if not self._log:
            return scaled
        return np.log10(np.maximum(scaled, _LOG_FLOOR))

    def _hover(self, place: QPointF) -> None:
        if not self._item.sceneBoundingRect().contains(place):
            self.hovered.emit(None)
            return
        self.hovered.emit(round(self._box.mapSceneToView(place).x()))

    def leaveEvent(self, event: object) -> None:
        """Forget the cursor when the mouse leaves."""
        self.hovered.emit(None)


def _round_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten."""
    if not math.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(
        (size * power for size in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8) if value <= size * power),
        10 * power,
    )
