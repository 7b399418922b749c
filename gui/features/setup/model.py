"""What is to be trained, on what and how: all that the setup panel shows."""

from dataclasses import dataclass, replace
from typing import Any

from core.base.fields import limits_of
from core.imaging.framing import SHAPE
from core.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from core.recipe.recipe import Recipe, presets
from core.recipe.training_config import TrainingConfig
from core.training.estimate import about_text
from gui.features.setup.data_summary import DataSummary
from gui.features.setup.notes import notes_on
from gui.session.viewmodel import ViewModel

LOCKED_HINT = "Stop training to change these; the learning rate can be changed now."
FULLY_LOCKED_HINT = "Stop training to change these."  # where there is no learning rate
ALWAYS_OPEN = frozenset({"learning_rate"})  # what may be edited while training runs
_DEFAULT_CLASSES = 10  # until there are data


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A line of the list of presets; the changed recipe has the key ""."""

    key: str
    label: str
    description: str


class SetupModel(ViewModel):
    """Holds what the setup panel shows. Edits come back as whole recipes, by `set_recipe`.

    Attributes:
        recipe: the one in force.
        data: the digits in use, or None.
        loading: share of the data loaded so far, 0..1, or None; and what is going on.
        data_error: a sentence about data that could not be used, or "".
        locked: True while training runs.
        estimate_s: how long the training will take, or None if that is not known.
        backpropagation_s: how long it would take by backpropagation, where the recipe asks
            for numerical gradients; None if that is not known.
        memory_note: a sentence where the training does not fit the memory well, or "".
    """

    def __init__(self, recipe: Recipe | None = None) -> None:
        super().__init__()
        self.presets = presets()
        self.recipe = recipe or next(iter(self.presets.values()))
        self.data: DataSummary | None = None
        self.loading: float | None = None
        self.loading_text = ""
        self.data_error = ""
        self.locked = False
        self.estimate_s: float | None = None
        self.backpropagation_s: float | None = None
        self.memory_note = ""
        self._param_count = 0
        self._count()

    # -- setters ---------------------------------------------------------------------------

    def set_recipe(self, recipe: Recipe) -> None:
        """Show another recipe."""
        self.recipe = recipe
        self._count()
        self.changed.emit()

    def set_data(self, data: DataSummary | None) -> None:
        """Show other digits; progress and error of their loading are over."""
        self.data, self.loading, self.loading_text, self.data_error = data, None, "", ""
        self._count()
        self.changed.emit()

    def set_loading(self, share: float | None, text: str = "") -> None:
        """Show how far the loading of data has come; None: none is being loaded."""
        if share is not None:
            self.data_error = ""
        self.loading, self.loading_text = share, text
        self.changed.emit()

    def set_data_error(self, sentence: str) -> None:
        """Say why data could not be used; those in use stay."""
        self.data_error, self.loading, self.loading_text = sentence, None, ""
        self.changed.emit()

    def set_locked(self, locked: bool) -> None:
        """Say whether training runs."""
        if locked != self.locked:
            self.locked = locked
            self.changed.emit()

    def set_estimate(
        self,
        seconds: float | None,
        backpropagation: float | None = None,
        memory_note: str = "",
    ) -> None:
        """Show how long the training will take, how long by backpropagation, and its memory."""
        self.estimate_s, self.backpropagation_s = seconds, backpropagation
        self.memory_note = memory_note
        self.changed.emit()

    # -- edits -----------------------------------------------------------------------------

    def edited(self, **changes: Any) -> Recipe:
        """Return the recipe with some fields replaced; it is no preset any more."""
        if "training" in changes:
            changes["training"] = self._same_length(changes["training"])
        return replace(self.recipe, key="", **changes)

    def _same_length(self, new: TrainingConfig) -> TrainingConfig:
        """Turn the duration over into the other unit when the unit is what was changed.

        Ten epochs become as many iterations as ten epochs have, not ten iterations.
        """
        old = self.recipe.training
        if new.duration_unit == old.duration_unit or self.data is None:
            return new
        per_epoch = max(1, self.recipe.steps_per_epoch(self.data.train_count))
        exact = (
            old.duration * per_epoch
            if new.duration_unit == "iterations"
            else round(old.duration / per_epoch)
        )
        limits = limits_of(TrainingConfig, "duration")
        assert limits is not None, "TrainingConfig.duration is described"
        return replace(new, duration=int(min(max(exact, limits.low), limits.high)))

    # -- presets ---------------------------------------------------------------------------

    @property
    def preset_entries(self) -> list[PresetEntry]:
        """The lines of the list of presets; a recipe that is none of them comes first."""
        entries = [
            PresetEntry(key, preset.label, preset.description)
            for key, preset in self.presets.items()
        ]
        if self.recipe.key in self.presets:
            return entries
        label, known = self.recipe.label, {preset.label for preset in self.presets.values()}
        shown = f"{label} (changed)" if label in known else label
        return [PresetEntry("", shown, self.recipe.description), *entries]

    @property
    def preset_key(self) -> str:
        """The preset in force, "" if the recipe was changed."""
        return self.recipe.key if self.recipe.key in self.presets else ""

    # -- texts -----------------------------------------------------------------------------

    @property
    def param_count(self) -> int:
        """P, the number of weights and biases."""
        return self._param_count

    def _count(self) -> None:
        height, width = self.data.image_shape if self.data else SHAPE
        self._param_count = self.recipe.network(height * width, self._classes).weight_count

    @property
    def _classes(self) -> int:
        return len(self.data.class_names) if self.data else _DEFAULT_CLASSES

    @property
    def summary_text(self) -> str:
        """Size and time, "101,770 parameters · about 6 s", what makes it slow, and memory."""
        return f"{self._size_and_time}\n{self.memory_note}".strip()

    @property
    def doubtful(self) -> bool:
        """Tell whether the summary is a warning."""
        return self.slow_by_choice or bool(self.memory_note)

    @property
    def _size_and_time(self) -> str:
        size = f"{self._param_count:,} parameters"
        if self.estimate_s is None:
            return size
        text = f"{size} · {about_text(self.estimate_s)}"
        if not self.slow_by_choice:
            return text
        text = f"{text} with numerical gradients"
        if self.backpropagation_s is None:
            return text
        return f"{text}; backpropagation would take {about_text(self.backpropagation_s)}"

    @property
    def input_text(self) -> str:
        """What goes into the network."""
        height, width = self.data.image_shape if self.data else SHAPE
        return f"{height * width} pixels ({width} × {height})"

    @property
    def output_text(self) -> str:
        """What comes out of the network."""
        softmax = isinstance(self.recipe.loss, SoftmaxCrossEntropy)
        return f"{self._classes} classes · {'softmax' if softmax else 'sigmoid'}"

    @property
    def locked_hint(self) -> str:
        """What to say above the summary while training runs."""
        return FULLY_LOCKED_HINT if self.recipe.optimizer.full_batch else LOCKED_HINT

    @property
    def slow_by_choice(self) -> bool:
        """Tell whether the gradient is to be found by numerical differences."""
        recipe = self.recipe
        return recipe.training.gradient == "numerical" and not recipe.optimizer.full_batch

    @property
    def notes(self) -> dict[str, str]:
        """Sentences to show under fields whose settings have an effect that may surprise."""
        if self.data is None:
            return notes_on(self.recipe, None)
        data = self.data
        notes = notes_on(
            self.recipe, data.train_count, data.validation_note, rewritable=data.rewritable
        )
        if patience := self._patience_note(self.data):
            notes["patience"] = patience
        return notes

    def _patience_note(self, data: DataSummary) -> str:
        """Return what to know about early stopping without validation images."""
        if not self.recipe.training.patience or data.validation_count:
            return ""
        if data.test_count:
            return (
                "Without a validation split the test images decide when to stop, and their"
                " result looks better than it is."
            )
        return "It needs images to judge by, and never stops early: set a validation split."
