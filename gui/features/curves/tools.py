"""The row of tools above the training curves."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSlider, QToolButton, QWidget

from gui.style.icons import icon
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XS, Theme
from gui.toolkit.plain import TextLabel, copy_tips, set_tooltip

SMOOTHINGS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
_EXPORTS = (("png", "Picture (&PNG)…"), ("svg", "Drawing (&SVG)…"), ("csv", "Table (&CSV)…"))
_SLIDER_WIDTH = 110  # logical pixels
_ICON = QSize(16, 16)


class CurveTools(QWidget):
    """Smoothing, logarithmic axis, following, export; in the middle, what is pointed at.

    Signals:
        smoothing_chosen(float): the factor of the moving average, 0 to 0.999.
        log_toggled(bool): the loss shall be shown in powers of ten, or plainly.
        follow_clicked(bool): the axes shall follow the curves, or stay.
        export_requested(str): a file of this kind is wanted: "png", "svg" or "csv".
    """

    smoothing_chosen = Signal(float)
    log_toggled = Signal(bool)
    follow_clicked = Signal(bool)
    export_requested = Signal(str)

    def __init__(self, smoothing: float) -> None:
        """Make the row; the slider stands at the stop nearest to `smoothing`."""
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_XS)
        self._row.setSpacing(SPACE_S)
        self._buttons: list[tuple[QToolButton, str]] = []
        self._add_smoothing(smoothing)
        self._place = TextLabel()
        self._place.setProperty("role", "muted")
        self._place.setAccessibleName("Iteration under the cursor")
        self._place.setMinimumWidth(1)  # it may be cut off, but it never widens the window
        self._row.addWidget(self._place, 1, Qt.AlignmentFlag.AlignHCenter)
        self.log = self._add_button("Log loss", "log-scale", "Show the loss in powers of ten")
        self.log.setCheckable(True)
        self.log.toggled.connect(self.log_toggled)
        self.follow = self._add_button(
            "Follow", "follow", "Let the axes follow the curves; zooming by hand switches it off"
        )
        self.follow.setCheckable(True)
        self.follow.setChecked(True)
        self.follow.clicked.connect(self.follow_clicked)
        self.export = self._add_button("Export", "export", "Save the curves as picture or table")
        self.export.setMenu(self._export_menu())
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _add_smoothing(self, smoothing: float) -> None:
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, len(SMOOTHINGS) - 1)
        self.smoothing.setPageStep(1)
        nearest = min(range(len(SMOOTHINGS)), key=lambda i: abs(SMOOTHINGS[i] - smoothing))
        self.smoothing.setValue(nearest)
        self.smoothing.setFixedWidth(_SLIDER_WIDTH)
        self.smoothing.setAccessibleName("Smoothing")
        set_tooltip(
            self.smoothing,
            "How much of the past the smoothed curve keeps at each iteration; 0 switches it off",
        )
        self._factor = TextLabel(f"{SMOOTHINGS[nearest]:g}")
        self._factor.setProperty("role", "number")
        self._factor.setFixedWidth(self._factor.fontMetrics().horizontalAdvance("0.9999"))
        caption = TextLabel("S&moothing")
        caption.setBuddy(self.smoothing)
        copy_tips(self.smoothing, caption)
        self.smoothing.valueChanged.connect(self._choose_smoothing)
        for part in (caption, self.smoothing, self._factor):
            self._row.addWidget(part)

    def _choose_smoothing(self, stop: int) -> None:
        self._factor.setText(f"{SMOOTHINGS[stop]:g}")
        self.smoothing_chosen.emit(SMOOTHINGS[stop])

    def _add_button(self, text: str, icon_name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        set_tooltip(button, tip)
        button.setAccessibleName(text)
        button.setIconSize(_ICON)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._buttons.append((button, icon_name))
        self._row.addWidget(button)
        return button

    def _export_menu(self) -> QMenu:
        menu = QMenu(self.export)
        for kind, words in _EXPORTS:
            action = menu.addAction(words)
            action.triggered.connect(lambda _=False, kind=kind: self.export_requested.emit(kind))
        return menu

    def set_theme(self, theme: Theme) -> None:
        """Take another theme's colours."""
        for button, name in self._buttons:
            button.setIcon(icon(name, theme))

    def show_place(self, text: str) -> None:
        """Say which iteration is pointed at; an empty text for none."""
        self._place.setText(text)

    def place(self) -> str:
        """Return what is said of the iteration pointed at."""
        return self._place.text()
