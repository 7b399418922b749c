"""From a imported and answers to a network: scaling, order of pixels and of classes put in."""

from dataclasses import replace

import numpy as np

from core.base.arrays import IndexArray
from core.base.errors import ConfigError
from core.exchange.importer import UNKNOWN, ImportedNetwork, ImportOptions
from core.exchange.portable import Portable, Stage
from core.nn.layers.elu import Elu
from core.nn.layers.leaky_relu import LeakyRelu
from core.nn.layers.scaling import BYTE

_DEFAULTS = {"leaky-relu": {"slope": LeakyRelu().slope}, "elu": {"alpha": Elu().alpha}}
# Grey level g becomes (g - offset) * factor. MNIST's mean and standard deviation are those
# of PyTorch's examples, github.com/pytorch/examples/tree/main/mnist.
_SCALES = {
    "byte": (0.0, 1.0),
    "unit": (0.0, 1 / BYTE),
    "signed": (BYTE / 2, 2 / BYTE),
    "mnist": (BYTE * 0.1307, 1 / (BYTE * 0.3081)),
}


def resolved_options(imported: ImportedNetwork, answers: ImportOptions) -> ImportOptions:
    """Return the answers with what the file knows better."""
    return replace(imported.guess, **{name: getattr(answers, name) for name in imported.asks})


def resolve(imported: ImportedNetwork, answers: ImportOptions) -> Portable:
    """Return the network that a imported and answers describe.

    Raises:
        ConfigError: height and width do not fit the number of pixels.
    """
    final = resolved_options(imported, answers)
    if final.height * final.width != imported.input_size:
        raise ConfigError(
            "height",
            f"{final.height} × {final.width} are not {imported.input_size:,} pixels.",
            "Height times width must be the number of inputs.",
        )
    order = _pixel_order(final)
    stages: list[Stage] = [*_input(final)]
    pending = True  # no weights yet: arrays still have one number for each pixel
    for stage in imported.stages:
        if pending:
            stages.append(_turned(stage, order))
            pending = stage.kind != "dense"
        else:
            stages.append(_named(stage, final.activation))
    names = imported.class_names or class_names(imported.class_count)
    if final.classes == "one-based":
        stages = _from_zero(stages)
    return Portable(tuple(stages), final.output, (final.height, final.width), names, imported.name)


def class_names(count: int) -> tuple[str, ...]:
    """Return names for outputs that have none: digits, letters, or numbers."""
    if count == 26:
        return tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return tuple(str(index) for index in range(count))


def _input(answers: ImportOptions) -> list[Stage]:
    offset, factor = _SCALES[answers.scaling]
    if answers.polarity == "low":  # (255 - g - offset) * factor
        offset, factor = BYTE - offset, -factor
    if (offset, factor) == (0.0, 1.0):
        return []
    arrays = {"offset": np.array(offset, np.float32), "factor": np.array(factor, np.float32)}
    return [Stage("scale", arrays=arrays)]


def _pixel_order(answers: ImportOptions) -> IndexArray | None:
    """Return where in the file each pixel is, row by row; None if there."""
    if answers.order == "rows":
        return None
    places = np.arange(answers.height * answers.width, dtype=np.intp)
    return places.reshape(answers.width, answers.height).T.ravel()


def _turned(stage: Stage, order: IndexArray | None) -> Stage:
    """Return a stage that reads the pixels row by row."""
    if order is None:
        return stage
    kept = "biases" if stage.kind == "dense" else ""
    arrays = {
        name: array if array.ndim == 0 or name == kept else array[order]
        for name, array in stage.arrays.items()
    }
    return replace(stage, arrays=arrays)


def _named(stage: Stage, activation: str) -> Stage:
    if stage is not UNKNOWN:
        return stage
    return Stage("activation", activation, settings=_DEFAULTS.get(activation, {}))


def _from_zero(stages: list[Stage]) -> list[Stage]:
    """Move the last output to the front: it stands for the digit 0."""
    last = max(index for index, stage in enumerate(stages) if stage.kind == "dense")
    return [
        replace(stage, arrays={name: np.roll(a, 1, axis=-1) for name, a in stage.arrays.items()})
        if index >= last
        else stage
        for index, stage in enumerate(stages)
    ]
