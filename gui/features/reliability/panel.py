"""How far the network's certainty can be trusted, and what looks strangest to it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.base.errors import InklingError
from gui.features.reliability.figure import curves_of, export
from gui.features.reliability.model import ReliabilityModel, bin_text
from gui.features.reliability.plot import ReliabilityPlot
from gui.style.icons import icon
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.empty import EmptyState
from gui.toolkit.file_dialog import ask_figure
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.plain import TextLabel, set_tooltip

AskPath = Callable[[QWidget, str, str, Callable[[Path], None]], None]

_EXPORTS = (("png", "Picture (&PNG)…"), ("svg", "Drawing (&SVG)…"), ("csv", "Table (&CSV)…"))
_ERROR_TIP = (
    "Expected calibration error: how far certainty and truth lie apart on average.",
    "0 % is honest: of all answers given with 90 % certainty, 90 % are right.",
)
_STRANGE_TIP = "Above 1 the network says of a drawing that it does not look like any it knows."
_GRID_WIDTH, _TILE = 200, 40  # logical pixels


class ReliabilityPanel(QWidget):
    """Shows a `ReliabilityModel` while it can be seen; hidden, it costs nothing.

    Signals:
        exported(str): a figure or table was written under this name.
        failed(InklingError): it could not be written.
    """

    exported = Signal(str)
    failed = Signal(object)

    def __init__(
        self, model: ReliabilityModel, themes: Themes, ask_path: AskPath = ask_figure
    ) -> None:
        super().__init__()
        self._model, self._themes, self._ask_path = model, themes, ask_path
        self._error, self._before = TextLabel(), TextLabel()
        self._sentences, self._note = TextLabel(lines=True), TextLabel()
        self._export = QToolButton()
        self._plot, self._grid = ReliabilityPlot(themes), ImageGrid(themes)
        self._empty = EmptyState(themes, "chart", *model.empty_words)
        self._lay_out()
        model.changed.connect(self._redraw)
        themes.changed.connect(self._apply_theme)
        self._apply_theme()

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addWidget(self._plot, 1)
        body.addLayout(self._strangest())
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addLayout(self._head())
        column.addLayout(body, 1)
        column.addWidget(_words(self._note, "muted"))
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(content)

    def _head(self) -> QHBoxLayout:
        caption = TextLabel("Calibration error")
        caption.setProperty("role", "small")
        self._error.setProperty("role", "display")
        self._before.setProperty("role", "muted")
        number = QVBoxLayout()
        number.setSpacing(0)
        for part in (caption, self._error, self._before):
            set_tooltip(part, *_ERROR_TIP)
            number.addWidget(part)
        self._error.setAccessibleName("Expected calibration error, calibrated")
        menu = QMenu(self._export)
        for kind, words in _EXPORTS:
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False, kind=kind: self._ask(kind))
        self._export.setMenu(menu)
        self._export.setText("Export")
        set_tooltip(self._export, "Save the curves as picture or table")
        self._export.setIconSize(QSize(16, 16))
        self._export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._export.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QHBoxLayout()
        head.setSpacing(SPACE_L)
        head.addLayout(number)
        head.addWidget(_words(self._sentences, ""), 1)
        head.addWidget(self._export, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _strangest(self) -> QVBoxLayout:
        title, hint = TextLabel("Strangest images"), TextLabel("Those kept aside from training")
        title.setProperty("role", "section")
        hint.setProperty("role", "small")
        for label in (title, hint):
            set_tooltip(label, _STRANGE_TIP)
        self._grid.setFixedWidth(_GRID_WIDTH)
        self._grid.set_tile_size(_TILE)
        self._grid.setAccessibleName("Strangest images")
        self._grid.set_empty_text("They appear once the images have been judged.")
        self._grid.set_tooltip(self._model.tooltip)
        column = QVBoxLayout()
        column.setSpacing(SPACE_XS)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(SPACE_S)
        column.addWidget(self._grid, 1)
        return column

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _apply_theme(self) -> None:
        self._export.setIcon(icon("export", self._themes.current))

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        model, calibration = self._model, self._model.calibration
        self._pages.setCurrentIndex(0 if calibration is None else 1)
        if calibration is None:
            self._empty.set_content("chart", *model.empty_words)
            return
        self._error.setText(model.error_text)
        self._before.setText(model.error_before_text)
        self._sentences.setText("\n".join(model.sentences))
        self._note.setText(model.note)
        self._grid.set_tiles(model.images, model.captions)
        self._plot.show_curves(*curves_of(calibration), self._bin_words)

    def _bin_words(self, index: int) -> str:
        calibration = self._model.calibration
        if calibration is None:
            return ""
        before = bin_text("As trained", calibration.before, index)
        return f"{before}\n{bin_text('Calibrated', calibration.after, index)}"

    def _ask(self, kind: str) -> None:
        self._ask_path(self, kind, "reliability", self.export_to)

    def export_to(self, path: Path) -> None:
        """Write the curves to a file; its ending decides the form."""
        if self._model.calibration is None:
            return
        try:
            export(self._model.calibration, path)
        except InklingError as error:
            self.failed.emit(error)
        else:
            self.exported.emit(path.name)


def _words(label: TextLabel, role: str) -> TextLabel:
    """Let a label break its lines, and never widen the window."""
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
