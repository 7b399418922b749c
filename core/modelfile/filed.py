"""Where a network stands to the user's own file of it, and what it is in a few words."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from core.base.errors import InklingError
from core.modelfile import load_model
from core.nn.layers.dense import Dense
from core.training.run import Run

State: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Filed:
    """The user's file of a network.

    Attributes:
        path: the file, or None: the network is in none.
        state: the state of the network that the file holds; None if there is no file.
        dirty: the network, as it is now, is in no file of the user's.
    """

    path: Path | None = None
    state: State | None = None
    dirty: bool = True


def state_of(run: Run) -> State:
    """Tell apart the states that a run goes through: iterations, measurements, lessons."""
    return run.step, len(run.history.evaluations), len(run.lessons)


def still_filed(run: Run, filed: Filed) -> Filed:
    """Look whether the file still holds what it did; it may be gone, or of another network.

    Args:
        run: the network as it is now.
        filed: what was so when it was put away.

    Returns:
        `filed`, or that the network is in no file: so nothing is written over unasked.
    """
    if filed.path is None:
        return filed
    try:
        there = load_model(filed.path) if filed.path.is_file() else None
    except (InklingError, OSError):
        there = None
    if there is None or there.model_id != run.model_id or state_of(there) != filed.state:
        return Filed()
    if filed.dirty or not np.array_equal(there.params, run.params):
        return Filed(filed.path, filed.state)
    return filed


def last_accuracy(run: Run) -> tuple[float | None, str]:
    """Return the accuracy (0..1) as last measured, or None; and on which images."""
    rows = run.history.evaluations
    if not rows:
        return None, ""
    held_out = rows[-1].validation_accuracy
    if math.isnan(held_out):
        return rows[-1].train_accuracy, "training images"
    return held_out, "held-out images"


def few_words(run: Run) -> str:
    """Return its widths and how good it is: "784-128-10, 97.2 %"."""
    widths = [run.network.input_size]
    widths += [layer.units for layer in run.network.layers if isinstance(layer, Dense)]
    words, (share, _) = "-".join(str(width) for width in widths), last_accuracy(run)
    if share is not None and math.isfinite(share):
        return f"{words}, {100 * share:.1f} %"
    return f"{words}, iteration {run.step:,}" if run.step else words
