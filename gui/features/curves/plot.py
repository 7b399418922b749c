"""A live plot of one metric: raw and smoothed curve, measured points, epoch marks.

Frames are cheap on purpose, since each one costs the training thread: ranges are set by
hand and grow in steps, there is no grid, the raw curve's pen is 1 px wide, the curves come
reduced to about 1,000 points, and what did not change is not set again.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base.arrays import FloatArray
from gui.features.curves.axis_steps import as_log, linear_span, log_span, x_end
from gui.features.curves.plot_axes import Axes, PlotWords
from gui.features.curves.plot_items import CurveItems
from gui.style.theme import Theme

pg.setConfigOptions(imageAxisOrder="row-major", antialias=False, useOpenGL=False)

_MARK_WIDTH, _MOST_MARKS = 84, 15  # logical pixels that an epoch's label wants for itself
_REST_MS = 500  # without new values: then there is time for a bolder line
Range = tuple[float, float]


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

    def __init__(self, words: PlotWords, *, percent: bool, upper: bool) -> None:
        """Make an empty plot.

        Args:
            words: its names.
            percent: show values 0..1 as 0..100 %.
            upper: epochs stand above it; otherwise the iterations are named below it.
        """
        super().__init__()
        self._words, self._percent = words, percent
        self._log, self._follow, self._refit_y = False, True, True
        self._count, self._x_end, self._print = 0, 0.0, False
        self._y: Range | None = None
        self._marked: list[tuple[int, int]] = []
        self._plot = pg.PlotWidget()
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        self._axes = Axes(item, upper)
        self._box = item.getViewBox()
        self._box.disableAutoRange()
        # Far outside there is nothing to see, and painting overflows.
        self._box.setLimits(xMin=-1e7, xMax=1e9, minXRange=4, yMin=-1e9, yMax=1e9, minYRange=1e-6)
        self._items = CurveItems(item)
        self._resting = QTimer(self, singleShot=True, interval=_REST_MS)
        self._resting.timeout.connect(self.rest)
        self._box.sigRangeChangedManually.connect(lambda *_: self.set_follow(False))
        self._box.sigXRangeChanged.connect(lambda *_: self.range_changed.emit())
        self._box.sigYRangeChanged.connect(lambda *_: self._place_marks())
        self._plot.scene().sigMouseMoved.connect(self._hover)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._plot.setAccessibleName(f"{words.name} against training iteration")
        self._label_axis()
        self._fit(0, 0, np.empty(0))

    # Look ----------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Take another theme's colours."""
        self._plot.setBackground(theme.plot_background)
        self._axes.set_theme(theme)
        self._items.set_theme(theme)

    def set_axis_label(self, label: str) -> None:
        """Name the vertical axis."""
        if label != self._words.axis:
            self._words = replace(self._words, axis=label)
            self._label_axis()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the axis as fully as its length allows."""
        super().resizeEvent(event)
        self._label_axis()

    def _label_axis(self) -> None:
        self._axes.label_left(self._words, self.height())

    # Range ---------------------------------------------------------------------------

    @property
    def follow(self) -> bool:
        """Whether the axes follow the curve."""
        return self._follow

    def set_follow(self, on: bool) -> None:
        """Let the axes follow the curve, or keep them as they are."""
        if on:
            self._x_end, self._y = 0.0, None
        if on != self._follow:
            self._follow = on
            self.follow_changed.emit(on)

    def set_log(self, on: bool) -> None:
        """Show powers of ten, or plain numbers, on the vertical axis."""
        if on != self._log:
            self._log, self._refit_y = on, True
            self._axes.set_log(on)

    def x_range(self) -> Range:
        """Return the first and the last iteration in view."""
        return self.view()[0]

    def view(self) -> tuple[Range, Range]:
        """Return both ranges in view, as drawn (log10 on a logarithmic axis)."""
        (x0, x1), (y0, y1) = self._box.viewRange()
        return (float(x0), float(x1)), (float(y0), float(y1))

    def set_view(self, ranges: tuple[Range, Range]) -> None:
        """Show these ranges."""
        self._box.setRange(xRange=ranges[0], yRange=ranges[1], padding=0, update=True)

    def link_x(self, other: "CurvePlot") -> None:
        """Show the same iterations as another plot from now on, and the other way round.

        pyqtgraph's own link works one way, and shifts what it thinks is not aligned.
        """
        for one, twin in ((self, other), (other, self)):
            one._box.sigXRangeChanged.connect(  # noqa: SLF001 - the same class
                lambda *_, one=one, twin=twin: twin._show_x(one.x_range())  # noqa: SLF001
            )

    def _show_x(self, span: Range) -> None:
        if span != self.x_range():
            self._box.setXRange(*span, padding=0)

    def _fit(self, count: int, total: int, y: FloatArray) -> None:
        if self._follow and (count > self._x_end or not self._x_end):
            self._x_end = x_end(count, total)
            self._box.setXRange(0, max(self._x_end, 1), padding=0.01)
        if self._follow or self._refit_y:
            self._fit_y(y)

    def _fit_y(self, y: FloatArray) -> None:
        floor, top = log_span(y) if self._log else linear_span(y)
        if self._percent:
            floor, top = 0.0, 100.0
        if self._y is not None and not self._refit_y:
            floor, top = min(floor, self._y[0]), max(top, self._y[1])
        if (floor, top) != self._y or self._refit_y:
            self._y, self._refit_y = (floor, top), False
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
        """Draw the curves. Values that are not finite leave no trace.

        Args:
            raw, smooth: x and y of the two curves.
            measured: iterations, values on training images, values on held-out images.
            count, total: iterations done, and planned.
        """
        self._notice_count(count)
        raw_y, smooth_y = self._drawn(raw[1]), self._drawn(smooth[1])
        steps, train, held_out = measured
        train, held_out = self._drawn(train), self._drawn(held_out)
        if self._follow or self._refit_y:
            self._fit(count, total, np.concatenate([raw_y, smooth_y, train, held_out]))
        self._items.show_curves((raw[0], raw_y), (smooth[0], smooth_y))
        self._items.show_measured(steps, train, held_out)
        newest = f"{smooth_y[-1]:.4g}" if len(smooth_y) else "none yet"
        self._plot.setAccessibleDescription(f"{self._words.axis}; newest {newest}")

    def _notice_count(self, count: int) -> None:
        if count < self._count:  # another, shorter curve: fit the axes anew
            self._x_end, self._y = 0.0, None
            if count < self.x_range()[0]:
                self.set_follow(True)  # nothing of it would be in view
        if count != self._count and not self._print:
            self._count = count
            if self._items.bold:
                self._items.set_bold(False)
            self._resting.start()

    def rest(self) -> None:
        """Draw the smoothed curve boldly until new values come."""
        self._items.set_bold(True, self.devicePixelRatioF())

    def prepare_for_print(self, theme: Theme, scale: float) -> None:
        """Draw for a figure of `scale` device pixels a px, whatever it costs. Do it first."""
        self._print = True
        self._axes.scale = scale
        self._items.prepare_for_print(scale)
        self.set_theme(theme)

    def mark_room(self) -> int:
        """Return how many labelled epochs fit."""
        return min(max(self.width() // _MARK_WIDTH, 1), _MOST_MARKS)

    def show_marks(self, marks: Sequence[tuple[int, int]]) -> None:
        """Draw a faint line at each (iteration, epoch)."""
        if list(marks) != self._marked:
            self._marked = list(marks)
            self._axes.show_epochs(self._marked)
            self._place_marks()

    def _place_marks(self) -> None:
        self._items.show_marks([step for step, _ in self._marked], self.view()[1])

    def show_cursor(self, step: int | None) -> None:
        """Draw the line at the iteration that is read off, or none."""
        self._items.show_cursor(step)

    def view_widget(self) -> pg.PlotWidget:
        """Return the graphics view, for rendering a figure."""
        return self._plot

    def _drawn(self, values: FloatArray) -> FloatArray:
        scaled = values * 100 if self._percent else values
        return as_log(scaled) if self._log else scaled

    def _hover(self, place: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(place)
        self.hovered.emit(round(self._box.mapSceneToView(place).x()) if inside else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the cursor when the mouse leaves."""
        super().leaveEvent(event)
        self.hovered.emit(None)
