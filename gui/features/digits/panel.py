"""A random grid of digits, how the network reads them, and one of them large."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.features.digits.digit_filter import KINDS
from gui.features.digits.model import DigitsModel
from gui.style.icons import icon
from gui.style.theme import SPACE_M, SPACE_S, Themes
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.plain import LineLabel, TextLabel, add_choice, class_box, set_tooltip
from gui.toolkit.probability_bars import ProbabilityBars
from gui.toolkit.restyle import set_style_property

_SIDE_WIDTH = 196  # logical pixels
_LARGE = 140  # logical pixels: five to a pixel of a 28 x 28 image
_SHORTCUT = "R"


class DigitsPanel(QWidget):
    """Shows a `DigitsModel` while it can be seen; hidden, it costs nothing."""

    def __init__(self, model: DigitsModel, themes: Themes) -> None:
        super().__init__()
        self._model, self._themes = model, themes
        self._offered: list[str] = []
        self._labels = class_box()
        self._labels.setAccessibleName("Class")
        set_tooltip(self._labels, "Which digits to show")
        self._kinds = QComboBox()
        self._kinds.setAccessibleName("Answers")
        set_tooltip(self._kinds, "Show all, or only those the network reads wrong or right")
        for key, text in KINDS:
            self._kinds.addItem(text, key)
        self._reshuffle = QPushButton("Reshuffle")
        set_tooltip(self._reshuffle, f"Show other digits, chosen at random ({_SHORTCUT})")
        self._counts = TextLabel()
        self._counts.setProperty("role", "muted")
        self._counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._grid = ImageGrid(themes)
        self._grid.setAccessibleName("Digits")
        self._detail = _DetailBox(themes)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        for part in (self._labels, self._kinds, self._reshuffle):
            tools.addWidget(part)
        tools.addStretch()
        body = QHBoxLayout()
        body.setSpacing(SPACE_M)
        body.addWidget(self._grid, 1)
        body.addWidget(self._detail)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addLayout(tools)
        column.addWidget(self._counts)
        column.addLayout(body, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(
            EmptyState(
                self._themes,
                "digits",
                "No digits yet",
                "Choose data, and a random handful of images appears here:"
                " first as they are, then as the network reads them.",
            )
        )
        self._pages.addWidget(content)

    def _connect(self) -> None:
        model = self._model
        self._labels.activated.connect(lambda _: model.set_label(self._labels.currentData()))
        self._kinds.activated.connect(lambda _: model.set_kind(self._kinds.currentData()))
        self._reshuffle.clicked.connect(model.reshuffle)
        shortcut = QShortcut(QKeySequence(_SHORTCUT), self, model.reshuffle)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._grid.set_tooltip(model.tooltip)
        self._grid.hovered.connect(model.focus)
        self._grid.current_changed.connect(model.focus)
        model.changed.connect(self._redraw)
        self._themes.changed.connect(self._apply_theme)
        self._apply_theme()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _apply_theme(self) -> None:
        self._reshuffle.setIcon(icon("shuffle", self._themes.current))

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        model = self._model
        self._pages.setCurrentIndex(1 if model.has_images else 0)
        self._show_filter()
        self._grid.set_empty_text(model.empty_text)
        self._grid.set_tiles(model.images, model.captions, model.marks)
        self._counts.setText(model.counts)
        self._reshuffle.setEnabled(model.count > 0)
        self._detail.show_reading(model)

    def _show_filter(self) -> None:
        """Bring the boxes in line with the model: its classes may be others now."""
        names = ["All classes", *self._model.class_names]
        if names != self._offered:
            self._offered = names
            with QSignalBlocker(self._labels):
                self._labels.clear()
                for row, name in enumerate(names):
                    add_choice(self._labels, name, row - 1 if row else None)
        label = self._model.filter.label
        self._labels.setCurrentIndex(0 if label is None else label + 1)
        self._kinds.setCurrentIndex(self._kinds.findData(self._model.filter.kind))


class _DetailBox(QFrame):
    """One digit large, and how probable each answer is."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._pixels = PixelView()
        self._pixels.setFixedSize(_LARGE, _LARGE)
        self._pixels.setAccessibleName("The digit in focus")
        self._title, self._verdict = LineLabel(), LineLabel()
        self._title.setProperty("role", "section")
        self._bars = ProbabilityBars(themes)
        self.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self._pixels)
        column.addWidget(self._title)
        column.addWidget(self._verdict)
        column.addWidget(self._bars)
        column.addStretch(1)

    def show_reading(self, model: DigitsModel) -> None:
        """Show the model's digit in focus; nothing moves when there is none."""
        reading = model.focused
        self._pixels.set_image(reading.image if reading else None)
        self._title.setText(reading.title if reading else "")
        self._verdict.setText(reading.verdict if reading else "")
        set_style_property(self._verdict, "role", reading.mark if reading else None)
        names = model.class_names or None
        self._bars.show_values(reading.probabilities if reading else None, names)
