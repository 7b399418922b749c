"""The lens: each step to the network's picture, and maps of how its answer would change."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from core.base.printable import printable
from core.imaging.lens.lens import Lens
from core.imaging.lens.lens_map import AnswerMap
from gui.features.lens.answer_map import AnswerMapView, MapView
from gui.features.lens.class_legend import ClassLegend
from gui.features.lens.model import LensModel
from gui.features.lens.strip import LensStrip
from gui.features.lens.words import KINDS, PLACES, axis_title, tick
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.empty import EmptyState
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.plain import LineLabel, TextLabel
from gui.toolkit.probability_bars import ProbabilityBars

_SIDE_WIDTH = 204  # logical pixels
_SEEN, _MEAN = 112, 84  # logical pixels: four and three to a pixel of a 28 x 28 image
_LINES = 2  # of words under the strip and under the map: nothing moves when they change


class LensPanel(QWidget):
    """Shows a `LensModel` while it can be seen; hidden, it costs nothing."""

    def __init__(self, model: LensModel, themes: Themes) -> None:
        super().__init__()
        self._model, self._themes = model, themes
        # What is painted already: a mouse on the map must not paint all anew.
        self._lens: Lens | None = None
        self._found: AnswerMap | None = None
        self._strip = LensStrip(themes)
        self._step = _line()
        self._kind = _choice(KINDS, "Map of answers")
        self._where = _choice(PLACES, "Where the changes are made")
        self._map = AnswerMapView(themes)
        self._legend = ClassLegend(themes)
        self._note = _line()
        self._detail = _Detail(themes)
        self._lay_out()
        self._strip.switched.connect(model.set_step)
        self._strip.current_changed.connect(lambda _: self._step.setText(self._strip.sentence))
        self._kind.edited.connect(lambda key, _: model.set_kind(key))
        self._where.edited.connect(lambda key, _: model.set_where(key))
        self._map.pointed.connect(model.point_at)
        model.changed.connect(self._redraw)

    def _lay_out(self) -> None:
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addWidget(self._strip)
        column.addWidget(self._step)
        column.addSpacing(SPACE_XS)
        column.addLayout(self._tools())
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addLayout(self._map_column(), 1)
        body.addWidget(self._detail, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(body, 1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(
            EmptyState(
                self._themes,
                "draw",
                "Nothing drawn yet",
                "Draw a digit on the right, and see each step on its way to the network.",
            )
        )
        self._pages.addWidget(content)

    def _tools(self) -> QHBoxLayout:
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        tools.addWidget(_words("How the answer changes with"))
        tools.addWidget(self._kind)
        tools.addWidget(_words("of the"))
        tools.addWidget(self._where)
        tools.addStretch(1)
        return tools

    def _map_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_S)
        column.addWidget(self._map, 1)
        column.addWidget(self._legend)
        column.addWidget(self._note)
        return column

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._model.set_visible(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Cost nothing from now on."""
        super().hideEvent(event)
        self._model.set_visible(False)

    def sizeHint(self) -> QSize:
        """Ask for room for the strip and a map."""
        return QSize(640, 620)

    def _redraw(self) -> None:
        if not self.isVisible():
            return
        model = self._model
        self._pages.setCurrentIndex(0 if model.empty else 1)
        if model.empty:
            return
        if model.lens is not self._lens:
            self._lens = model.lens
            self._show_lens()
        if model.map is not self._found:
            self._found = model.map
            self._map.show_map(_view(model))
            self._legend.show_entries(model.legend)
        self._kind.show_value(model.kind)
        self._where.show_value(model.where)
        self._map.set_cell(model.cell)
        self._map.setAccessibleDescription(f"{model.note} {model.shown.words}")
        self._note.setText(model.note)
        self._detail.show_reading(model)

    def _show_lens(self) -> None:
        model = self._model
        self._strip.show_steps(
            model.strokes, 2 * model.pen_radius, model.paper_side, model.lens.steps
        )
        self._step.setText(self._strip.sentence)


class _Detail(QWidget):
    """What is looked at, beside the average training digit, and how probable each answer is."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self.setFixedWidth(_SIDE_WIDTH)
        self._seen, self._mean = PixelView(), PixelView()
        self._seen.setFixedSize(_SEEN, _SEEN)
        self._mean.setFixedSize(_MEAN, _MEAN)
        self._seen.setAccessibleName("The picture looked at")
        self._words, self._mean_words, self._answer = TextLabel(), TextLabel(), LineLabel()
        for label in (self._words, self._mean_words):
            label.setProperty("role", "small")
            label.setWordWrap(True)
        self._words.setMinimumHeight(_LINES * self._words.fontMetrics().height())
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._answer.setProperty("role", "section")
        self._bars = ProbabilityBars(themes)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(SPACE_XS)
        bottom = Qt.AlignmentFlag.AlignBottom
        grid.addWidget(self._seen, 0, 0, bottom)
        grid.addWidget(self._mean, 0, 1, bottom)
        grid.addWidget(self._words, 1, 0)
        grid.addWidget(self._mean_words, 1, 1, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(grid)
        column.addWidget(self._answer)
        column.addWidget(self._bars)

    def show_reading(self, model: LensModel) -> None:
        """Show what the model looks at; nothing moves when there is no answer."""
        shown, mean = model.shown, model.mean
        self._seen.set_image(shown.image)
        self._words.setText(shown.words)
        self._answer.setText(shown.answer or "No answer yet")
        self._bars.show_values(shown.probabilities, model.class_names)
        self._mean.setVisible(mean is not None)
        self._mean_words.setVisible(mean is not None)
        if mean is not None:
            self._mean.set_image(mean[1])
            self._mean.setAccessibleName(f"The average training digit {mean[0]}")
            self._mean_words.setText(f"The average {mean[0]} of the training digits")


def _view(model: LensModel) -> MapView | None:
    """Return the model's map as the widget takes it."""
    found = model.map
    if found is None:
        return None
    across, down = found.across, found.down
    return MapView(
        answers=found.answers,
        shares=found.shares,
        present=found.present,
        names=[printable(name) for name in model.class_names],
        across=axis_title(across),
        down=axis_title(down),
        columns=[tick(across, value) for value in across.values],
        rows=[tick(down, value) for value in down.values],
    )


def _choice(choices: Sequence[tuple[str, str, str]], name: str) -> ChoiceField:
    field = ChoiceField()
    field.set_choices(choices)
    field.setAccessibleName(name)
    field.setMinimumContentsLength(max(len(label) for _, label, _ in choices))
    return field


def _words(text: str) -> TextLabel:
    label = TextLabel(text)
    label.setProperty("role", "muted")
    return label


def _line() -> TextLabel:
    """Return a place for a sentence that may need two lines and never moves anything."""
    label = TextLabel()
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    label.setFixedHeight(_LINES * label.fontMetrics().lineSpacing())
    return label
