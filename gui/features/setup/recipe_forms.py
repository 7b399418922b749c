"""Every editor of a recipe's settings, tied to the recipe's fields."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.nn.initializer import INITIALIZERS
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.schedule import SCHEDULES
from core.recipe.recipe import Recipe
from gui.features.setup.layer_table import LayerTable
from gui.features.setup.model import ALWAYS_OPEN
from gui.features.setup.notes import ignored_by, uses_batches
from gui.style.theme import Themes
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.forms.union_form import UnionForm

_RARE_NUMBERS = ("beta_1", "beta_2", "decay", "epsilon", "memory")
_USUAL = ("duration", "duration_unit", "batch_size", "validation_split")
_LETTERS = {"kind": "o", "learning_rate": "l", "batch_size": "b"}


class RecipeForms(QObject):
    """Shows a recipe in editors and puts their values together again.

    Attributes:
        layers, scaling, initializer, loss, optimizer, schedule, penalty, augmentation, seed:
            the editors of the fields of these names.
        usual, timing, stopping, rare: four forms that share the training settings.

    Signals:
        edited(changes, text, gesture): the user changed something: the recipe's fields with
            their new values, what was done in words, and the gesture it was part of.
    """

    edited = Signal(object, str, int)

    def __init__(self, recipe: Recipe, themes: Themes, parent: QObject) -> None:
        super().__init__(parent)
        training = recipe.training
        self.layers = LayerTable(themes)
        self.scaling = Form(recipe.scaling, themes)
        self.initializer = UnionForm("First weights", INITIALIZERS, recipe.initializer, themes)
        self.loss = UnionForm("Loss", LOSSES, recipe.loss, themes)
        self.optimizer = UnionForm(
            "Optimizer", OPTIMIZERS, recipe.optimizer, themes, rare=_RARE_NUMBERS,
            mnemonics=_LETTERS,
        )  # fmt: skip
        self.schedule = UnionForm("Schedule", SCHEDULES, recipe.schedule, themes)
        self.penalty = Form(recipe.penalty, themes)
        self.augmentation = Form(recipe.augmentation, themes)
        self.usual = Form(training, themes, only=_USUAL, mnemonics=_LETTERS)
        self.timing = Form(training, themes, only=("warmup",))
        self.stopping = Form(training, themes, only=("patience", "clip_norm"))
        self.rare = Form(
            training, themes, only=("sampling", "evaluate_every", "gradient", "threads")
        )
        self.seed = Form(recipe, themes, only=("seed",))
        self._whole: dict[str, Any] = {
            "hidden": self.layers,
            "scaling": self.scaling,
            "initializer": self.initializer,
            "loss": self.loss,
            "penalty": self.penalty,
            "optimizer": self.optimizer,
            "schedule": self.schedule,
            "augmentation": self.augmentation,
        }
        self._training = (self.usual, self.timing, self.stopping, self.rare)
        self._connect()

    def recipe(self, shown: Recipe) -> Recipe:
        """Return the recipe `shown` with the values of all editors."""
        training = shown.training
        for form in self._training:
            value = form.value()
            training = replace(training, **{name: getattr(value, name) for name in form.names})
        values = {name: editor.value() for name, editor in self._whole.items()}
        return replace(shown, training=training, seed=self.seed.value().seed, **values)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show another recipe; nothing is emitted."""
        for name, editor in self._whole.items():
            editor.show_value(getattr(recipe, name))
        for form in self._training:
            form.show_value(recipe.training)
        self.seed.show_value(recipe)

    def show_state(self, recipe: Recipe, locked: bool, notes: Mapping[str, str]) -> None:
        """Open what may be edited, and show sentences under the fields they are about."""
        ignored = ignored_by(recipe)
        batches = uses_batches(recipe)
        self.layers.setEnabled(not locked)
        for form in (*self._training, self.seed):
            form.set_open(ALWAYS_OPEN if locked else [n for n in form.names if n not in ignored])
        for editor in (self.scaling, self.initializer, self.loss, self.penalty, self.optimizer):
            editor.set_open(ALWAYS_OPEN if locked else None)
        for editor in (self.schedule, self.augmentation):
            editor.set_open(None if batches and not locked else ())
        for name, editor in self._whole.items():
            if name != "hidden":
                editor.set_notes(notes)
        for form in (*self._training, self.seed):
            form.set_notes(notes)

    def _connect(self) -> None:
        for name, editor in self._whole.items():
            editor.edited.connect(
                lambda value, text, gesture, name=name: self.edited.emit(
                    {name: value}, text, gesture
                )
            )
        for form in self._training:
            form.edited.connect(
                lambda value, text, gesture: self.edited.emit({"training": value}, text, gesture)
            )
        self.seed.edited.connect(
            lambda recipe, text, gesture: self.edited.emit({"seed": recipe.seed}, text, gesture)
        )
