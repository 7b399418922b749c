"""The setup panel: data, network, training."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from core.initializer import INITIALIZERS
from core.loss import LOSSES
from core.optimizer import OPTIMIZERS
from core.recipe import Recipe
from gui.forms import Form
from gui.theme import SPACE_L, SPACE_M, SPACE_S, Themes
from gui.union_form import UnionForm
from gui.viewmodels.setup import ALWAYS_OPEN, LOCKED_HINT, DataSummary, SetupModel
from gui.widgets.choice_field import ChoiceField
from gui.widgets.collapsible import Collapsible
from gui.widgets.data_card import DataCard
from gui.widgets.layer_table import LayerTable
from gui.widgets.stack import column_of, stacked

_WIDTH_PX, _HEIGHT_PX, _MIN_WIDTH_PX = 336, 660, 288
_RARE_NUMBERS = ("beta_1", "beta_2", "decay", "epsilon")
_USUAL = ("duration", "duration_unit", "batch_size", "validation_split")
_RARE = ("sampling", "evaluate_every")


class SetupPanel(QWidget):
    """Shows a `SetupModel` and asks for changes; it changes nothing itself.

    Signals:
        recipe_edited(recipe, text, gesture): the user made another recipe of the one
            shown; in words for the Edit menu; edits of one gesture are one undo step.
        preset_chosen(key): a preset is wanted.
        builtin_requested(), open_file_requested(), open_folder_requested(): other data
            are wanted.
        cancel_load_requested(): the loading of data is to be given up.
    """

    recipe_edited = Signal(object, str, int)
    preset_chosen = Signal(str)
    builtin_requested = Signal()
    open_file_requested = Signal()
    open_folder_requested = Signal()
    cancel_load_requested = Signal()

    def __init__(self, model: SetupModel, themes: Themes) -> None:
        super().__init__()
        self._model = model
        self._shown_data: DataSummary | None = None
        recipe, training = model.recipe, model.recipe.training
        self.data = DataCard(themes)
        self.preset = ChoiceField()
        self.preset.setAccessibleName("Preset")
        self.preset.setToolTip("<p>A ready-made recipe: network, training and all numbers.</p>")
        self.description = _words("muted")
        self.layers = LayerTable(themes)
        self.initializer = UnionForm("First weights", INITIALIZERS, recipe.initializer, themes)
        self.loss = UnionForm("Loss", LOSSES, recipe.loss, themes)
        letters = {"kind": "o", "learning_rate": "l", "batch_size": "b"}
        self.optimizer = UnionForm(
            "Optimizer",
            OPTIMIZERS,
            recipe.optimizer,
            themes,
            rare=_RARE_NUMBERS,
            mnemonics=letters,
        )
        self.usual = Form(training, themes, only=_USUAL, mnemonics=letters)
        self.rare = Form(training, themes, only=_RARE)
        self.seed = Form(recipe, themes, only=("seed",))
        self.more = Collapsible("More", stacked(self.optimizer.extra, self.rare))
        self.hint = _words("warning")
        self.hint.setText(LOCKED_HINT)
        self.summary = QLabel()
        self.summary.setToolTip(
            "<p>Weights and biases that the training adjusts, and how long it takes on this"
            " computer.</p>"
        )
        self._lay_out()
        self._connect()
        self._show()

    def recipe(self) -> Recipe:
        """Return the recipe that all fields together show."""
        training = replace(
            self.usual.value(), **{name: getattr(self.rare.value(), name) for name in _RARE}
        )
        shown = self._model.recipe
        return Recipe(
            key=shown.key,
            label=shown.label,
            description=shown.description,
            hidden=self.layers.value(),
            initializer=self.initializer.value(),
            loss=self.loss.value(),
            optimizer=self.optimizer.value(),
            training=training,
            seed=self.seed.value().seed,
        )

    def sizeHint(self) -> QSize:
        """Ask for the width of an inspector."""
        return QSize(_WIDTH_PX, _HEIGHT_PX)

    # -- showing ---------------------------------------------------------------------------

    def _show(self) -> None:
        recipe = self._model.recipe
        self._show_presets()
        self.layers.show_value(recipe.hidden)
        self.layers.show_ends(self._model.input_text, self._model.output_text)
        for union, value in self._unions().items():
            union.show_value(value)
        for form in (self.usual, self.rare):
            form.show_value(recipe.training)
        self.seed.show_value(recipe)
        self.summary.setText(self._model.summary_text)
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
        locked, notes = self._model.locked, self._model.notes
        names = ALWAYS_OPEN if locked else None
        self.hint.setVisible(locked)
        self.preset.setEnabled(not locked)
        self.layers.setEnabled(not locked)
        self.data.set_open(not locked)
        forms: list[Form | UnionForm] = [*self._unions(), self.usual, self.rare, self.seed]
        for form in forms:
            form.set_open(names)
            form.set_notes(notes)

    def _unions(self) -> Mapping[UnionForm, Any]:
        recipe = self._model.recipe
        return {
            self.initializer: recipe.initializer,
            self.loss: recipe.loss,
            self.optimizer: recipe.optimizer,
        }

    # -- asking ----------------------------------------------------------------------------

    def _connect(self) -> None:
        self._model.changed.connect(self._show)
        self.preset.edited.connect(lambda key, _: self.preset_chosen.emit(key))
        self.data.builtin_requested.connect(self.builtin_requested)
        self.data.file_requested.connect(self.open_file_requested)
        self.data.folder_requested.connect(self.open_folder_requested)
        self.data.cancel_requested.connect(self.cancel_load_requested)
        parts: dict[str, LayerTable | UnionForm] = {
            "hidden": self.layers,
            "initializer": self.initializer,
            "loss": self.loss,
            "optimizer": self.optimizer,
        }
        for name, editor in parts.items():
            editor.edited.connect(
                lambda value, text, gesture, name=name: self._ask({name: value}, text, gesture)
            )
        for form in (self.usual, self.rare):
            form.edited.connect(
                lambda value, text, gesture: self._ask({"training": value}, text, gesture)
            )
        self.seed.edited.connect(
            lambda recipe, text, gesture: self._ask({"seed": recipe.seed}, text, gesture)
        )

    def _ask(self, changes: dict[str, Any], text: str, gesture: int) -> None:
        self.recipe_edited.emit(self._model.edited(**changes), text, gesture)

    # -- layout ----------------------------------------------------------------------------

    def _lay_out(self) -> None:
        label = QLabel("&Preset")
        label.setBuddy(self.preset)
        preset = stacked(label, self.preset, self.description)
        training = (self.loss, self.optimizer, self.usual, self.seed, self.more)
        content = QWidget()
        content.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        sections = column_of(content, SPACE_L)
        sections.addWidget(_section("1  Data", self.data))
        sections.addWidget(_section("2  Network", preset, self.layers, self.initializer))
        sections.addWidget(_section("3  Training", stacked(*training)))
        sections.addStretch(1)
        content.setProperty("surface", "panel")
        area = QScrollArea()
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


def _words(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _section(title: str, *widgets: QWidget) -> QWidget:
    heading = QLabel(title)
    heading.setProperty("role", "section")
    return stacked(heading, *widgets, gap=SPACE_S)
