"""The training panel: loss and accuracy, live."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InklingError
from gui.figure import export, fill_plot, make_plot
from gui.icons import icon
from gui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme, Themes
from gui.viewmodels.curves import METRICS, Curves, Reading
from gui.widgets.curve_plot import CurvePlot
from gui.widgets.empty import EmptyState
from gui.widgets.legend_row import LegendRow

_ENTRIES = (
    ("faded", "Batch", "Each iteration's batch of training images"),
    ("line", "Smoothed", "The moving average over the batches"),
    ("square", "Training", "Measured on up to 10,000 training images"),
    ("dot", "Validation", "Measured on images the network does not train on"),
)
_SMOOTHINGS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)

AskPath = Callable[[QWidget, str, Callable[[Path], None]], None]


def ask_with_dialog(parent: QWidget, kind: str, chosen: Callable[[Path], None]) -> None:
    """Ask for a file name with the system's dialog."""
    dialog = QFileDialog(parent, f"Export as {kind.upper()}", str(Path.home()))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
    dialog.setDefaultSuffix(kind)
    dialog.selectFile(f"training.{kind}")
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.open()


class TrainingPanel(QWidget):
    """Loss above accuracy, with the same iterations in view.

    Signals:
        exported(str): a figure or table was written under this name.
        failed(InklingError): it could not be written.
    """

    exported = Signal(str)
    failed = Signal(object)

    def __init__(self, curves: Curves, themes: Themes, ask_path: AskPath = ask_with_dialog) -> None:
        super().__init__()
        self._curves, self._ask_path = curves, ask_path
        self._step: int | None = None
        self.plots = {name: make_plot(name, curves.unit) for name in METRICS}
        self.legends = {
            name: LegendRow(name.capitalize(), _ENTRIES, "100.00 %") for name in METRICS
        }
        self.plots["accuracy"].link_x(self.plots["loss"])
        self._buttons: list[tuple[QToolButton, str]] = []
        self._build_tools()
        self._stack = QStackedLayout()
        self._stack.addWidget(
            EmptyState(
                themes,
                "chart",
                "Nothing trained yet",
                "Press Train (F5): the curves of loss and accuracy appear here, live.",
            )
        )
        self._stack.addWidget(self._plot_column())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._tools)
        layout.addLayout(self._stack, 1)
        for plot in self.plots.values():
            plot.follow_changed.connect(self._followed)
            plot.hovered.connect(self._read_off)
        self.plots["loss"].range_changed.connect(self._redraw_zoomed)
        curves.changed.connect(self._redraw)
        themes.changed.connect(self._dress)
        self._dress(themes.current)

    # Building ------------------------------------------------------------------------

    def _build_tools(self) -> None:
        self._tools = QHBoxLayout()
        self._tools.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_XS)
        self._tools.setSpacing(SPACE_S)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, len(_SMOOTHINGS) - 1)
        self.smoothing.setValue(_SMOOTHINGS.index(self._curves.smoothing))
        self.smoothing.setFixedWidth(110)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip(
            "How much of the past the smoothed curve keeps at each iteration; 0 switches it off"
        )
        self._smoothing_text = QLabel(f"{self._curves.smoothing:g}")
        self._smoothing_text.setProperty("role", "number")
        self._smoothing_text.setFixedWidth(
            self._smoothing_text.fontMetrics().horizontalAdvance("0.9999")
        )
        self.smoothing.valueChanged.connect(self._smooth)
        caption = QLabel("S&moothing")
        caption.setBuddy(self.smoothing)
        caption.setToolTip(self.smoothing.toolTip())
        for part in (caption, self.smoothing, self._smoothing_text):
            self._tools.addWidget(part)
        self._where = QLabel()
        self._where.setProperty("role", "muted")
        self._where.setAccessibleName("Iteration under the cursor")
        self._tools.addStretch(1)
        self._tools.addWidget(self._where)
        self._tools.addStretch(1)
        self.log = self._button("Log loss", "log-scale", "Show the loss in powers of ten")
        self.log.setCheckable(True)
        self.log.toggled.connect(self._set_log)
        self.follow = self._button(
            "Follow", "follow", "Let the axes follow the curves; zooming by hand switches it off"
        )
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.clicked.connect(self._set_follow)
        export_button = self._button("Export", "export", "Save the curves as a picture or a table")
        menu = QMenu(export_button)
        for kind, words in (
            ("png", "Picture (&PNG)…"), ("svg", "Drawing (&SVG)…"), ("csv", "Table (&CSV)…"),
        ):  # fmt: skip
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False, chosen=kind: self._ask(chosen))
        export_button.setMenu(menu)
        export_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.export_button = export_button

    def _button(self, text: str, icon_name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setIconSize(QSize(16, 16))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._buttons.append((button, icon_name))
        self._tools.addWidget(button)
        return button

    def _plot_column(self) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, SPACE_S, SPACE_XS)
        layout.setSpacing(0)
        for name in METRICS:
            layout.addWidget(self.legends[name])
            layout.addWidget(self.plots[name], 1)
        return column

    def _dress(self, theme: Theme) -> None:
        colours = (theme.training, theme.training, theme.training, theme.validation)
        for name in METRICS:
            self.plots[name].set_theme(theme)
            self.legends[name].set_colours(colours)
        for button, name in self._buttons:
            button.setIcon(icon(name, theme))

    # Showing -------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        empty = self._curves.count == 0 and not self._curves.history.evaluations
        self._stack.setCurrentIndex(0 if empty else 1)
        for name in METRICS:
            legend = self.legends[name]
            legend.set_name(3, self._curves.validation_name)
            fill_plot(self.plots[name], self._curves, name, self._shown(self.plots[name]))
        self._show_values()

    def _redraw_zoomed(self) -> None:
        if not self.plots["loss"].follow:
            self._redraw()

    def _shown(self, plot: CurvePlot) -> tuple[float, float]:
        return (0.0, float("inf")) if plot.follow else plot.x_range()

    def _show_values(self) -> None:
        step = self._step if self._step is not None else self._curves.count
        for name in METRICS:
            self.legends[name].show_values(_texts(self._curves.reading(name, step), name))
        if self._step is None:
            self._where.setText("")
        else:
            epoch = self._curves.epoch_at(self._step)
            self._where.setText(f"Iteration {self._step:,} · epoch {epoch:.2f}")

    def _read_off(self, step: int | None) -> None:
        inside = step is not None and 0 <= step <= self._curves.count
        self._step = step if inside else None
        for plot in self.plots.values():
            plot.show_cursor(self._step)
        self._show_values()

    # Commands ------------------------------------------------------------------------

    def _smooth(self, position: int) -> None:
        factor = _SMOOTHINGS[position]
        self._smoothing_text.setText(f"{factor:g}")
        self._curves.set_smoothing(factor)

    def _set_log(self, on: bool) -> None:
        self.plots["loss"].set_log(on)
        if not self.plots["loss"].follow:
            self._set_follow(True)
        self._redraw()

    def _set_follow(self, on: bool) -> None:
        for plot in self.plots.values():
            plot.set_follow(on)
        self._followed(on)
        self._redraw()

    def _followed(self, on: bool) -> None:
        # A hand on one plot holds both: they show the same iterations.
        self.follow.setChecked(on)
        for plot in self.plots.values():
            if plot.follow != on:
                plot.set_follow(on)

    def _ask(self, kind: str) -> None:
        self._ask_path(self, kind, self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the curves to a file; its ending decides the form."""
        views = {name: plot.view() for name, plot in self.plots.items()}
        try:
            export(self._curves, path, views, self.log.isChecked())
        except InklingError as error:
            self.failed.emit(error)
        else:
            self.exported.emit(path.name)


def _texts(reading: Reading, metric: str) -> list[str]:
    def text(value: float | None) -> str:
        if value is None:
            return "–"
        return f"{value:.4f}" if metric == "loss" else f"{100 * value:.2f} %"

    return [text(reading.raw), text(reading.smooth), text(reading.train), text(reading.held_out)]
