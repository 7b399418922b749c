"""The first layer's weights as pictures, live."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.features.weights.model import ORDERS, SCALES, WeightsModel
from gui.style.theme import FONT_BODY, FONT_SMALL, SPACE_M, SPACE_S, Themes
from gui.toolkit.colour_bar import ColourBar
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.plain import LineLabel, TextLabel, set_tooltip

_PIXELS_PER_STEP = 28  # logical pixels a tile grows with each step of the slider
_EXPLANATION = "Orange: ink here speaks for the unit, blue: against it. Point at a tile."


class WeightsPanel(QWidget):
    """Shows a `WeightsModel` while it can be seen; hidden, it costs nothing."""

    def __init__(self, model: WeightsModel, themes: Themes) -> None:
        super().__init__()
        self._model, self._themes = model, themes
        self._hovered = -1
        self._scale = _combo(SCALES, "Scale of the colours")
        set_tooltip(
            self._scale,
            "Common scale: the same colour is the same weight in every tile.",
            "Own scale: each tile uses its full contrast.",
        )
        self._order = _combo(ORDERS, "Order of the tiles")
        self._size = QSlider(Qt.Orientation.Horizontal)
        self._size.setRange(1, 6)
        self._size.setValue(2)
        self._size.setPageStep(1)
        self._size.setFixedWidth(100)
        self._size.setAccessibleName("Size of the tiles")
        set_tooltip(self._size, "Size of the tiles")
        self._bar = ColourBar(themes)
        self._bar.setFixedWidth(200)
        set_tooltip(self._bar, "What the colours mean. Larger weights take the colour at the end.")
        self._summary = TextLabel()
        self._grid = ImageGrid(themes)
        self._grid.setAccessibleName("First-layer weights")
        small = self._grid.font()
        small.setPointSizeF(small.pointSizeF() * FONT_SMALL / FONT_BODY)
        self._grid.setFont(small)
        self._hover_line = LineLabel(_EXPLANATION)
        self._hover_line.setProperty("role", "muted")
        # Its words must not set the panel's width, nor move anything when they change.
        self._hover_line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._lay_out()
        self._scale.activated.connect(lambda _: model.set_scale(self._scale.currentData()))
        self._order.activated.connect(lambda _: model.set_order(self._order.currentData()))
        self._size.valueChanged.connect(self._resize_tiles)
        self._grid.set_tooltip(model.hover_text)
        self._grid.hovered.connect(self._hover)
        self._grid.current_changed.connect(self._hover)
        model.changed.connect(self._redraw)
        themes.changed.connect(self._redraw)

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        for part in (self._scale, self._order, self._size):
            tools.addWidget(part)
        tools.addStretch()
        tools.addWidget(self._bar)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_S)
        column.setSpacing(SPACE_S)
        column.addLayout(tools)
        column.addWidget(self._summary)
        column.addWidget(self._grid, 1)
        column.addWidget(self._hover_line)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(
            EmptyState(
                self._themes,
                "weights",
                "No network yet",
                "Train a network and its first-layer weights appear here:"
                " what each unit looks for, as a picture.",
            )
        )
        self._pages.addWidget(content)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        model = self._model
        self._pages.setCurrentIndex(1 if model.count else 0)
        if not model.count:
            return
        self._scale.setCurrentIndex(self._scale.findData(model.scale))
        self._order.setCurrentIndex(self._order.findData(model.order))
        self._grid.set_tiles(model.tiles(self._themes.current.dark), model.captions)
        if model.limit is None:
            self._bar.set_labels("−max", "0", "max")
        else:
            self._bar.set_limit(model.limit)
        self._summary.setText(model.summary)
        self._hover(self._hovered)

    def _hover(self, tile: int) -> None:
        self._hovered = tile
        self._hover_line.setText(self._model.hover_text(tile) or _EXPLANATION)

    def _resize_tiles(self, steps: int) -> None:
        self._grid.set_tile_size(steps * _PIXELS_PER_STEP)


def _combo(choices: tuple[tuple[str, str], ...], name: str) -> QComboBox:
    combo = QComboBox()
    for key, label in choices:
        combo.addItem(label, key)
    combo.setAccessibleName(name)
    return combo
