"""The setup panel: data, network, training."""

from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from core.recipe.recipe import Recipe
from gui.features.setup.data_card import DataCard
from gui.features.setup.data_summary import DataSummary
from gui.features.setup.model import SetupModel
from gui.features.setup.notes import group_summaries, layer_notes
from gui.features.setup.recipe_forms import RecipeForms
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, Themes
from gui.toolkit.collapsible import Collapsible
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.plain import TextLabel, section_title, set_tooltip
from gui.toolkit.restyle import set_style_property
from gui.toolkit.stack import column_of, stacked

_WIDTH_PX, _HEIGHT_PX, _MIN_WIDTH_PX = 360, 660, 320


class SetupPanel(QWidget):
    """Shows a `SetupModel` and asks for changes; it changes nothing itself.

    Signals:
        recipe_edited(recipe, text, gesture): the user made another recipe of the one
            shown; in words for the Edit menu; edits of one gesture are one undo step.
        preset_chosen(key): a preset is wanted.
        data_requested(str): other data are wanted, from there (see DataCard).
        cancel_load_requested(): the loading of data is to be given up.
    """

    recipe_edited = Signal(object, str, int)
    preset_chosen = Signal(str)
    data_requested = Signal(str)
    cancel_load_requested = Signal()

    def __init__(self, model: SetupModel, themes: Themes) -> None:
        super().__init__()
        self._model = model
        self._shown_data: DataSummary | None = None
        self.data = DataCard(themes)
        self.preset = ChoiceField()
        self.preset.setAccessibleName("Preset")
        set_tooltip(self.preset, "A ready-made recipe: network, training and all numbers.")
        self.description = _words("muted", lines=True)
        self.forms = forms = RecipeForms(model.recipe, themes, self)
        self.groups = {
            "schedule": Collapsible("Schedule", stacked(forms.schedule, forms.timing)),
            "regularization": Collapsible("Regularization", stacked(forms.penalty, forms.stopping)),
            "augmentation": Collapsible("Augmentation", forms.augmentation),
            "more": Collapsible("More", stacked(forms.optimizer.extra, forms.rare)),
        }
        self.hint = _words("warning")
        self.summary = _words("")
        set_tooltip(
            self.summary,
            "Weights and biases that the training adjusts, and how long it takes on this computer.",
        )
        self._lay_out()
        self._connect()
        self._show()

    def recipe(self) -> Recipe:
        """Return the recipe that all fields together show."""
        return self.forms.recipe(self._model.recipe)

    def sizeHint(self) -> QSize:
        """Ask for the width of an inspector."""
        return QSize(_WIDTH_PX, _HEIGHT_PX)

    # -- showing ---------------------------------------------------------------------------

    def _show(self) -> None:
        model = self._model
        self._show_presets()
        self.forms.show_recipe(model.recipe)
        self.forms.layers.show_ends(model.input_text, model.output_text)
        self.forms.layers.set_notes(layer_notes(model.recipe))
        rare = self.forms.optimizer.forms[1].names
        for name, text in group_summaries(model.recipe, rare).items():
            self.groups[name].set_summary(text)
        self.summary.setText(model.summary_text)
        set_style_property(self.summary, "role", "warning" if model.doubtful else "")
        self._show_data()
        self._show_state()

    def _show_presets(self) -> None:
        entries = self._model.preset_entries
        self.preset.set_choices([(each.key, each.label, each.description) for each in entries])
        self.preset.show_value(self._model.preset_key)
        self.description.setText(self._model.recipe.description)
        self.description.setVisible(bool(self._model.recipe.description))

    def _show_data(self) -> None:
        self.data.show_loading(self._model.loading, self._model.loading_text)
        self.data.show_problem(self._model.data_error)
        data = self._model.data
        if data is self._shown_data:
            return
        self._shown_data = data
        if data is None:
            self.data.show_nothing()
            return
        self.data.show_words(data.name, data.source, data.counts_text, data.size_text)
        self.data.show_classes(data.class_names, data.class_counts.tolist())
        captions = [data.class_names[label] for label in data.sample_labels]
        self.data.show_samples(data.sample_images, captions)

    def _show_state(self) -> None:
        locked = self._model.locked
        self.hint.setText(self._model.locked_hint)
        self.hint.setVisible(locked)
        self.preset.setEnabled(not locked)
        self.data.set_open(not locked)
        self.forms.show_state(self._model.recipe, locked, self._model.notes)

    # -- asking ----------------------------------------------------------------------------

    def _connect(self) -> None:
        self._model.changed.connect(self._show)
        self.preset.edited.connect(lambda key, _: self.preset_chosen.emit(key))
        self.data.requested.connect(self.data_requested)
        self.data.cancel_requested.connect(self.cancel_load_requested)
        self.forms.edited.connect(self._ask)
        for group in self.groups.values():
            group.toggled.connect(lambda _, group=group: self._bring_into_view(group))

    def _ask(self, changes: dict[str, Any], text: str, gesture: int) -> None:
        self.recipe_edited.emit(self._model.edited(**changes), text, gesture)

    def _bring_into_view(self, group: Collapsible) -> None:
        """Scroll so far that what was just opened is seen, but its heading stays in sight."""
        QTimer.singleShot(0, self, lambda: self._scroll_to(group))  # once it has its new height

    def _scroll_to(self, group: Collapsible) -> None:
        bar, view = self._area.verticalScrollBar(), self._area.viewport().height()
        top = group.mapTo(self._content, QPoint(0, 0)).y()
        if group.is_open:
            lowest = top + group.height() + SPACE_M - view
            bar.setValue(min(max(bar.value(), lowest), top))

    # -- layout ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        label = TextLabel("&Preset")
        label.setBuddy(self.preset)
        preset = stacked(label, self.preset, self.description)
        forms = self.forms
        training = (forms.loss, forms.optimizer, forms.usual, forms.seed, *self.groups.values())
        first = stacked(forms.scaling, forms.initializer)
        self._content = content = QWidget()
        content.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        sections = column_of(content, SPACE_L)
        sections.addWidget(_section("1  Data", self.data))
        sections.addWidget(_section("2  Network", preset, forms.layers, first))
        sections.addWidget(_section("3  Training", stacked(*training)))
        sections.addStretch(1)
        content.setProperty("surface", "panel")
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        foot = stacked(self.hint, self.summary)
        foot.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        column = column_of(self, 0)
        column.addWidget(area, 1)
        column.addWidget(line)
        column.addWidget(foot)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_MIN_WIDTH_PX)


def _words(role: str, *, lines: bool = False) -> TextLabel:
    label = TextLabel(lines=lines)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _section(title: str, *widgets: QWidget) -> QWidget:
    return stacked(section_title(title), *widgets, gap=SPACE_S)
