"""What is drawn inside a live plot: two curves, measured points, epoch lines, a cursor."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from core.arrays import FloatArray
from gui.theme import Theme

_FADED = 90  # of 255: how solid the raw curve is
_MOST_MARKERS = 80  # of measured points; where there are more, every few get one


class CurveItems:
    """Holds the items of one pyqtgraph PlotItem, and sets only what has changed."""

    def __init__(self, item: Any) -> None:
        self._marks = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._raw = pg.PlotCurveItem(skipFiniteCheck=True)
        self._smooth = pg.PlotCurveItem(skipFiniteCheck=True)
        self._line = pg.PlotCurveItem(skipFiniteCheck=True)
        self._train = pg.ScatterPlotItem(symbol="s", size=5)
        self._held_out = pg.ScatterPlotItem(symbol="o", size=6)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self._measured: tuple[FloatArray, ...] | None = None
        for each in (
            self._marks, self._raw, self._smooth, self._line, self._train, self._held_out,
            self._cursor,
        ):  # fmt: skip
            item.addItem(each, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme's colours."""
        faded = QColor(theme.training)
        faded.setAlpha(_FADED)
        self._raw.setPen(pg.mkPen(faded, width=1))
        self._smooth.setPen(pg.mkPen(theme.training, width=2))
        self._line.setPen(pg.mkPen(theme.validation, width=1))
        self._held_out.setPen(pg.mkPen(theme.validation))
        self._held_out.setBrush(pg.mkBrush(theme.validation))
        self._train.setPen(pg.mkPen(theme.training))
        self._train.setBrush(pg.mkBrush(theme.plot_background))
        self._marks.setPen(pg.mkPen(theme.plot_grid, width=1))
        self._cursor.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))

    def show_curves(
        self, raw: tuple[FloatArray, FloatArray], smooth: tuple[FloatArray, FloatArray]
    ) -> None:
        """Draw the two curves through their finite points."""
        self._raw.setData(*_finite(*raw))
        self._smooth.setData(*_finite(*smooth))

    def show_measured(self, x: FloatArray, train: FloatArray, held_out: FloatArray) -> None:
        """Draw what was measured on whole sets (E,), where it is finite."""
        new = (x, train, held_out)
        if self._measured is not None and all(map(_same, new, self._measured)):
            return
        self._measured = new
        self._line.setData(*_finite(x, held_out))
        # Counted from the newest, so that this one always has a marker.
        every = slice(None, None, -max(1, -(-len(x) // _MOST_MARKERS)))
        self._train.setData(*_finite(x[every], train[every]))
        self._held_out.setData(*_finite(x[every], held_out[every]))

    def show_marks(self, steps: Sequence[int], height: tuple[float, float]) -> None:
        """Draw a vertical line at each step, over the values `height` and a bit more."""
        low, high = height
        room = high - low
        self._marks.setData(
            np.repeat(np.array(steps, np.float64), 2),
            np.tile([low - room, high + room], len(steps)),
        )

    def show_cursor(self, step: int | None) -> None:
        """Draw the line at the iteration that is read off, or none."""
        self._cursor.setVisible(step is not None)
        if step is not None:
            self._cursor.setValue(step)


def _finite(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    finite = np.isfinite(y)
    return (x, y) if finite.all() else (x[finite], y[finite])


def _same(one: FloatArray, other: FloatArray) -> bool:
    return np.array_equal(one, other, equal_nan=True)
