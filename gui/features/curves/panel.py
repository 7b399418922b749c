"""The training panel: loss and accuracy, live."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from core.base.errors import InklingError
from gui.features.curves.figure import ENTRIES, axis_label, export, fill_plot, make_plot
from gui.features.curves.model import METRICS, CurveReading, Curves
from gui.features.curves.tools import CurveTools
from gui.style.theme import SPACE_S, SPACE_XS, Theme, Themes
from gui.toolkit.empty import EmptyState
from gui.toolkit.file_dialog import ask_figure
from gui.toolkit.legend_row import LegendRow

AskPath = Callable[[QWidget, str, str, Callable[[Path], None]], None]

_EVERYTHING = (0.0, float("inf"))
_HELD_OUT = 3  # the place of the held-out images in the legend


class TrainingPanel(QWidget):
    """Loss above accuracy, with the same iterations in view.

    Signals:
        exported(str): a figure or table was written under this name.
        failed(InklingError): it could not be written.
        export_requested(str): a file of this kind ("png", "svg", "csv") is wanted.
    """

    exported = Signal(str)
    failed = Signal(object)
    export_requested = Signal(str)

    def __init__(self, curves: Curves, themes: Themes, ask_path: AskPath = ask_figure) -> None:
        super().__init__()
        self._curves, self._ask_path = curves, ask_path
        self._step: int | None = None
        self.plots = {name: make_plot(name, curves.unit) for name in METRICS}
        self.legends = {name: LegendRow(name.capitalize(), ENTRIES, "99.99 %") for name in METRICS}
        self.tools = CurveTools(curves.smoothing)
        self.plots["accuracy"].link_x(self.plots["loss"])
        self._stack = QStackedLayout()
        self._stack.addWidget(
            EmptyState(
                themes,
                "chart",
                "Nothing trained yet",
                "Press Train (F5) and the curves appear here.",
            )
        )
        self._stack.addWidget(self._plot_column())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tools)
        layout.addLayout(self._stack, 1)
        self._connect(themes)
        self._apply_theme(themes.current)

    def _plot_column(self) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, SPACE_S, SPACE_XS)
        layout.setSpacing(0)
        for name in METRICS:
            layout.addWidget(self.legends[name])
            layout.addWidget(self.plots[name], 1)
        return column

    def _connect(self, themes: Themes) -> None:
        for plot in self.plots.values():
            plot.follow_changed.connect(self._followed)
            plot.hovered.connect(self._read_off)
        self.plots["loss"].range_changed.connect(self._redraw_zoomed)
        self.tools.smoothing_chosen.connect(self._curves.set_smoothing)
        self.tools.log_toggled.connect(self._set_log)
        self.tools.follow_clicked.connect(self._set_follow)
        self.tools.export_requested.connect(self._ask)
        self._curves.changed.connect(self._redraw)
        themes.changed.connect(self._apply_theme)

    def _apply_theme(self, theme: Theme) -> None:
        colours = (theme.training, theme.training, theme.training, theme.validation)
        for name in METRICS:
            self.plots[name].set_theme(theme)
            self.legends[name].set_colours(colours)
        self.tools.set_theme(theme)

    # Showing -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        self._stack.setCurrentIndex(0 if self._curves.empty else 1)
        for name in METRICS:
            plot = self.plots[name]
            self.legends[name].set_name(_HELD_OUT, self._curves.validation_name)
            plot.set_axis_label(axis_label(name, self._curves.unit))
            fill_plot(plot, self._curves, name, _EVERYTHING if plot.follow else plot.x_range())
        self._show_values()

    def _redraw_zoomed(self) -> None:
        if not self.plots["loss"].follow:
            self._redraw()

    def _show_values(self) -> None:
        step = self._step if self._step is not None else self._curves.count
        for name in METRICS:
            self.legends[name].show_values(_texts(self._curves.reading(name, step), name))
        parts = []
        if self._step is not None:
            epoch = self._curves.epoch_at(self._step)
            parts = [f"Iteration {self._step:,}", f"epoch {epoch:.2f}"]
        penalty = self._curves.penalty_at(step)
        if penalty:
            parts.append(f"+ penalty {penalty:.4f}")
        self.tools.show_place(" · ".join(parts))

    def _read_off(self, step: int | None) -> None:
        inside = step is not None and 0 <= step <= self._curves.count
        self._step = step if inside else None
        for plot in self.plots.values():
            plot.show_cursor(self._step)
        self._show_values()

    # Commands ------------------------------------------------------------------------

    def _set_log(self, on: bool) -> None:
        self.plots["loss"].set_log(on)
        self._redraw()

    def _set_follow(self, on: bool) -> None:
        for plot in self.plots.values():
            plot.set_follow(on)
        self._followed(on)
        self._redraw()

    def _followed(self, on: bool) -> None:
        # A hand on one plot holds both: they show the same iterations.
        self.tools.follow.setChecked(on)
        for plot in self.plots.values():
            if plot.follow != on:
                plot.set_follow(on)

    def _ask(self, kind: str) -> None:
        self.export_requested.emit(kind)
        self._ask_path(self, kind, "training", self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the curves to a file; its ending decides the form."""
        views = {name: plot.view() for name, plot in self.plots.items()}
        try:
            export(self._curves, path, views, self.tools.log.isChecked())
        except InklingError as error:
            self.failed.emit(error)
        else:
            self.exported.emit(path.name)


def _texts(reading: CurveReading, metric: str) -> list[str]:
    values = (reading.raw, reading.smooth, reading.train, reading.held_out)
    return [_text(value, metric) for value in values]


def _text(value: float | None, metric: str) -> str:
    if value is None:
        return "–"
    if metric == "loss":
        # As wide as its place in the legend: four digits are what anyone compares.
        return f"{value:.4f}" if abs(value) < 1000 else f"{value:.2e}"
    return "100 %" if value == 1.0 else f"{100 * value:.2f} %"
