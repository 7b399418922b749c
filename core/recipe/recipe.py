"""A recipe: everything that decides a training run, as one frozen value.

Recipes are what presets are made of, what undo swaps, what the model file keeps and
what `inkling train --recipe` reads (TOML).
"""

import os
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import core.nn.initializers
import core.nn.losses
import core.nn.optimizers
import core.nn.schedules  # noqa: F401 - these four fill the registries read below
from core.base.errors import ConfigError, InklingError, UnknownNameError, reason
from core.base.fields import check_limits, from_plain, integer, text, to_plain
from core.base.registry import Registry, suggestion
from core.base.toml_file import read_table
from core.nn.initializer import INITIALIZERS, Initializer
from core.nn.initializers.he import HeNormal
from core.nn.layer import LAYERS, Layer
from core.nn.layers.batch_norm import BatchNormalization
from core.nn.layers.dense import Dense
from core.nn.layers.dropout import Dropout
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES, Loss
from core.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from core.nn.network import Network
from core.nn.optimizer import OPTIMIZERS, Optimizer
from core.nn.optimizers.adam import Adam
from core.nn.penalty import Penalty
from core.nn.schedule import SCHEDULES, Schedule
from core.nn.schedules.constant import Constant
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import MAX_HIDDEN_LAYERS, HiddenLayer
from core.recipe.training_config import TrainingConfig


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a run, but the data."""

    key: str = text(longest=100)  # of the preset it came from; empty once it was changed
    label: str = text(default="My recipe", longest=200)
    description: str = text(longest=10_000)
    scaling: Scaling = field(default_factory=Scaling)
    hidden: tuple[HiddenLayer, ...] = (HiddenLayer(),)
    initializer: Initializer = field(default_factory=HeNormal)
    loss: Loss = field(default_factory=SoftmaxCrossEntropy)
    penalty: Penalty = field(default_factory=Penalty)
    optimizer: Optimizer = field(default_factory=Adam)
    schedule: Schedule = field(default_factory=Constant)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    augmentation: Augmentation = field(default_factory=Augmentation)
    seed: int = integer(
        "Seed",
        default=0,
        low=0,
        high=2**31 - 1,
        help="Fixes all that is random in a run: first weights, split, order of the images."
        " The same seed gives the same run.",
    )

    def __post_init__(self) -> None:
        check_limits(self)
        if len(self.hidden) > MAX_HIDDEN_LAYERS:
            raise ConfigError(
                "hidden",
                f"A network of {len(self.hidden)} hidden layers is too deep.",
                f"Use at most {MAX_HIDDEN_LAYERS}.",
            )

    def network(self, input_size: int, class_count: int) -> Network:
        """Build the network for images of `input_size` pixels and `class_count` classes."""
        layers: list[Layer] = [self.scaling]
        for hidden in self.hidden:
            layers.append(Dense(hidden.units))
            if hidden.normalization == "batch":
                layers.append(BatchNormalization())
            if hidden.activation != "linear":
                layers.append(LAYERS[hidden.activation]())
            if hidden.dropout:
                layers.append(Dropout(hidden.dropout))
        layers.append(Dense(class_count))
        return Network(tuple(layers), input_size)

    def steps_per_epoch(self, image_count: int) -> int:
        """Return how many iterations show `image_count` images once (the last may be small)."""
        if self.optimizer.full_batch:
            return 1
        return -(-image_count // self.training.batch_size)

    def duration_steps(self, image_count: int) -> int:
        """Return the length of one training in iterations."""
        if self.training.duration_unit == "iterations":
            return self.training.duration
        return self.training.duration * self.steps_per_epoch(image_count)

    def continues(self, other: "Recipe") -> bool:
        """Tell whether a network trained by `other` can be trained further by this one.

        The optimizer's numbers and the duration may differ; whatever made the network,
        split the images or put them in order may not.
        """
        mine, its = self.training, other.training
        return (
            self.hidden == other.hidden
            and self.scaling == other.scaling
            and self.loss == other.loss
            and self.initializer == other.initializer
            and self.seed == other.seed
            and type(self.optimizer) is type(other.optimizer)
            and (mine.batch_size, mine.sampling, mine.validation_split)
            == (its.batch_size, its.sampling, its.validation_split)
        )


UNIONS: dict[str, Registry[Any]] = {
    "initializer": INITIALIZERS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}


def to_dict(recipe: Recipe) -> dict[str, Any]:
    """Turn a recipe into plain dicts and lists; `kind` names the member of a registry."""
    plain: dict[str, Any] = to_plain(recipe)
    for name, registry in UNIONS.items():
        plain[name] = {"kind": registry.key_of(type(getattr(recipe, name))), **plain[name]}
    return plain


def from_dict(plain: dict[str, Any]) -> Recipe:
    """Build a recipe from what `to_dict` returned; what is missing takes its default.

    Raises:
        ConfigError: an unknown setting, a value of the wrong type or out of limits.
        UnknownNameError: a layer, loss, optimizer or initializer we do not have.
    """
    if not isinstance(plain, dict):
        raise ConfigError("recipe", "A recipe should be a table of settings.")
    values = dict(plain)
    for name, registry in UNIONS.items():
        if name in values:
            values[name] = _member(registry, name, values[name])
    recipe: Recipe = from_plain(Recipe, values)
    return recipe


def _member(registry: Registry[Any], name: str, plain: Any) -> Any:
    table = {"kind": plain} if isinstance(plain, str) else plain
    if not isinstance(table, dict) or not isinstance(table.get("kind"), str):
        raise ConfigError(name, f"{name} should name its kind.", f"Known: {', '.join(registry)}.")
    rest = {key: value for key, value in table.items() if key != "kind"}
    return from_plain(registry[table["kind"]], rest, name)


def read_toml(path: Path) -> Recipe:
    """Read a recipe file.

    Raises:
        InklingError: the file cannot be read, is not TOML, or holds a setting that
            cannot be used.
    """
    try:
        return from_dict(read_table(path))
    except OSError as error:
        raise InklingError(f"The recipe {path} could not be read: {reason(error)}.") from error
    except ValueError as error:
        raise InklingError(
            f"{path} is not a recipe: it {error}.", "A recipe is a TOML text file."
        ) from error


@cache
def presets() -> dict[str, Recipe]:
    """Return the recipes that the program ships, by key, in menu order."""
    folder = resources.files("resources") / "recipes"
    order = (folder / "order.txt").read_text(encoding="utf-8").split()
    return {
        key: from_dict(
            {"key": key, **tomllib.loads((folder / f"{key}.toml").read_text(encoding="utf-8"))}
        )
        for key in order
    }


def find_recipe(name: str) -> Recipe:
    """Return a preset by its key, or the recipe in a TOML file.

    Raises:
        UnknownNameError: neither a preset nor a file.
    """
    known = presets()
    if name in known:
        return known[name]
    path = Path(name)
    if path.suffix == ".toml" or os.path.isfile(path):  # noqa: PTH113 - Path's own may raise
        return read_toml(path)
    raise UnknownNameError(f"There is no recipe called {name!r}.", suggestion(name, list(known)))


def describe_fields(config: Any) -> list[str]:
    """Return the names of a config's described fields, in order."""
    if not is_dataclass(config):
        return []
    return [item.name for item in fields(config) if "limits" in item.metadata]
