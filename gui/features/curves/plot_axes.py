"""The axes around a live plot: values, iterations, epochs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from gui.style.theme import FONT_BODY, FONT_SMALL, Theme

_LEFT_WIDTH = 60  # fixed, so that the curves of two plots stand above each other
_TOP_HEIGHT = 22
_BOTTOM_HEIGHTS = {True: 22, False: 38}  # without and with a title
_MARGINS = (6, 0, 10, 2)  # left, top, right, bottom; labels stick out of the axes
_TOP_ROOM = 8  # above a plot without epochs
_ENDS = 56  # pixels of a plot's height that its left axis does not have


@dataclass(frozen=True, slots=True)
class PlotWords:
    """What a plot is called. `short` names the axis where `axis` does not fit."""

    name: str
    axis: str
    short: str


class Axes:
    """Dresses the axes of one pyqtgraph PlotItem.

    Attributes:
        scale: device pixels in one px of a line; taken up with the next theme.
    """

    def __init__(self, item: Any, upper: bool) -> None:
        """Take hold of the axes; with `upper`, epochs are named above, else iterations below."""
        self.scale = 1.0
        self._left, self._bottom = item.getAxis("left"), item.getAxis("bottom")
        self._shown = [self._left, self._bottom]
        self._top = item.getAxis("top") if upper else None
        self._font = _small(QApplication.font())
        if self._top is not None:
            item.showAxis("top")
            self._top.setHeight(_TOP_HEIGHT)
            self._top.setTicks([[]])
            self._top.setStyle(tickLength=-4)
            self._shown.append(self._top)
        else:
            self._bottom.setLabel("Training iteration", **{"font-size": f"{FONT_SMALL}px"})
        left, top, right, bottom = _MARGINS
        item.layout.setContentsMargins(left, top if upper else _TOP_ROOM, right, bottom)
        self._bottom.setHeight(_BOTTOM_HEIGHTS[upper])
        for axis in self._shown:
            axis.enableAutoSIPrefix(False)  # else small losses show x0.001
            axis.setStyle(tickFont=self._font)
        self._left.setWidth(_LEFT_WIDTH)
        self._bottom.tickStrings = _whole_numbers

    def set_theme(self, theme: Theme) -> None:
        """Take another theme's colours."""
        for axis in self._shown:
            axis.setPen(pg.mkPen(theme.plot_axis, width=self.scale))
            axis.setTextPen(pg.mkPen(theme.text))
            axis.label.setDefaultTextColor(QColor(theme.text))
        if self._top is not None:
            self._top.setPen(pg.mkPen(theme.plot_grid, width=self.scale))
            self._top.setTextPen(pg.mkPen(theme.muted))

    def set_log(self, on: bool) -> None:
        """Label the values as powers of ten, or as they are."""
        self._left.setLogMode(False, on)

    def label_left(self, words: PlotWords, height: int) -> None:
        """Name the values in full if that fits a plot of `height` pixels."""
        width = QFontMetricsF(self._font).horizontalAdvance(words.axis)
        text = words.axis if width <= height - _ENDS else words.short
        if text != self._left.labelText:
            self._left.setLabel(text, **{"font-size": f"{FONT_SMALL}px"})

    def show_epochs(self, marks: Sequence[tuple[int, int]]) -> None:
        """Name each (iteration, epoch) above the plot."""
        if self._top is not None:
            self._top.setTicks([[(step, f"epoch {epoch}") for step, epoch in marks]])


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * FONT_SMALL / FONT_BODY)
    return small


def _whole_numbers(values: Sequence[float], scale: float, spacing: float) -> list[str]:
    """Return tick labels like “3,000”; there is no half iteration."""
    return [f"{value:,.0f}" if math.isclose(value, round(value)) else "" for value in values]
