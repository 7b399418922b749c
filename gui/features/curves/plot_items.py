"""What is drawn inside a live plot: two curves, measured points, epoch lines, a cursor."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from core.base.arrays import FloatArray
from gui.style.theme import Theme

_FADED = 0.45  # how much of the training colour the raw curve has, the rest is ground
_TRAIN, _HELD_OUT = "s", "o"  # pyqtgraph's names of a square and a disc
_MOST_MARKERS = 80  # of measured points; where there are more, every few get one


class CurveItems:
    """Holds the items of one pyqtgraph PlotItem, and sets only what has changed."""

    def __init__(self, item: Any) -> None:
        self._marks = pg.PlotCurveItem(connect="pairs", skipFiniteCheck=True)
        self._raw = pg.PlotCurveItem(skipFiniteCheck=True)
        self._smooth = pg.PlotCurveItem(skipFiniteCheck=True)
        self._line = pg.PlotCurveItem(skipFiniteCheck=True)
        self._markers = pg.ScatterPlotItem()  # one for both kinds: each costs 0.3 ms a frame
        self._looks: dict[str, tuple[Any, Any]] = {}
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self._bold, self._colour, self._scale = False, "#000000", 1.0
        self._measured: tuple[FloatArray, FloatArray, FloatArray] = (
            np.empty(0),
            np.empty(0),
            np.empty(0),
        )
        for each in (
            self._marks, self._raw, self._smooth, self._line, self._markers, self._cursor,
        ):  # fmt: skip
            item.addItem(each, ignoreBounds=True)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme's colours."""
        # Mixed here, not by transparency: blending triples the cost of a noisy curve.
        faded = _mixed(theme.training, theme.plot_background, _FADED)
        self._raw.setPen(pg.mkPen(faded, width=self._scale))
        self._colour = theme.training
        self.set_bold(self._bold, self._scale)
        self._line.setPen(pg.mkPen(theme.validation, width=self._scale))
        self._looks = {
            _TRAIN: (
                pg.mkPen(theme.training, width=self._scale),
                pg.mkBrush(theme.plot_background),
            ),
            _HELD_OUT: (pg.mkPen(theme.validation), pg.mkBrush(theme.validation)),
        }
        self._marks.setPen(pg.mkPen(theme.plot_grid, width=self._scale))
        self._cursor.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        self._show_markers()

    def set_bold(self, on: bool, scale: float = 1.0) -> None:
        """Draw the smoothed curve 2 px wide, or 1 px: twice as wide costs 0.8 ms a frame.

        Args:
            on: boldly or not.
            scale: device pixels in one px of a bold line; pyqtgraph's pens know of none.
        """
        self._bold = on
        width = 2 * scale if on else 1
        self._smooth.setPen(pg.mkPen(self._colour, width=width))

    def prepare_for_print(self, scale: float) -> None:
        """Draw for a figure of `scale` device pixels a px, from the next theme on.

        Markers are then shapes where the screen gets pixels.
        """
        self._bold, self._scale = True, scale
        self._markers.opts["useCache"] = False

    @property
    def bold(self) -> bool:
        """Whether the smoothed curve is 2 px wide."""
        return self._bold

    def show_curves(
        self, raw: tuple[FloatArray, FloatArray], smooth: tuple[FloatArray, FloatArray]
    ) -> None:
        """Draw the two curves through their finite points."""
        self._raw.setData(*_finite(*raw))
        self._smooth.setData(*_finite(*smooth))

    def show_measured(self, x: FloatArray, train: FloatArray, held_out: FloatArray) -> None:
        """Draw what was measured on whole sets (E,), where it is finite."""
        if all(map(_same, (x, train, held_out), self._measured)):
            return
        self._measured = (x, train, held_out)
        self._line.setData(*_finite(x, held_out))
        self._show_markers()

    def _show_markers(self) -> None:
        x, train, held_out = self._measured
        # Counted from the newest, so that this one always has a marker.
        every = slice(None, None, -max(1, -(-len(x) // _MOST_MARKERS)))
        spots: list[dict[str, Any]] = []
        for symbol, size, values in (
            (_TRAIN, 5 * self._scale, train),
            (_HELD_OUT, 6 * self._scale, held_out),
        ):
            pen, brush = self._looks.get(symbol, (None, None))
            spots += [
                {"pos": place, "symbol": symbol, "size": size, "pen": pen, "brush": brush}
                for place in zip(*_finite(x[every], values[every]), strict=True)
            ]
        self._markers.setData(spots)

    def show_marks(self, steps: Sequence[int], height: tuple[float, float]) -> None:
        """Draw a vertical line at each step, over the values `height`."""
        self._marks.setData(
            np.repeat(np.array(steps, np.float64), 2),
            np.tile(height, len(steps)),
        )

    def show_cursor(self, step: int | None) -> None:
        """Draw the line at the iteration that is read off, or none."""
        self._cursor.setVisible(step is not None)
        if step is not None:
            self._cursor.setValue(step)


def _mixed(colour: str, ground: str, share: float) -> QColor:
    one, other = QColor(colour), QColor(ground)
    return QColor.fromRgbF(
        share * one.redF() + (1 - share) * other.redF(),
        share * one.greenF() + (1 - share) * other.greenF(),
        share * one.blueF() + (1 - share) * other.blueF(),
    )


def _finite(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    finite = np.isfinite(y)
    return (x, y) if finite.all() else (x[finite], y[finite])


def _same(one: FloatArray, other: FloatArray) -> bool:
    return np.array_equal(one, other, equal_nan=True)
