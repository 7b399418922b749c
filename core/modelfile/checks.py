"""Plain values of a model file that must make sense."""

import json
import math
from typing import Any

import numpy as np

from core.arrays import FloatArray
from core.history import History
from core.modelfile.content import Refusal
from core.printable import storable

MOST_PARAMS = 1 << 28
_MOST_CLASSES = 256
_MOST_STEPS = 1 << 40


def checked_classes(plain: Any) -> tuple[str, ...]:
    """Return the names of the classes."""
    if not isinstance(plain, list) or not 2 <= len(plain) <= _MOST_CLASSES:
        raise Refusal("its classes make no sense")
    return tuple(storable(str(name)) for name in plain)


def checked_sides(plain: Any) -> tuple[int, int]:
    """Return height and width of an image."""
    height, width = (int(value) for value in plain)
    if min(height, width) < 1 or height * width > MOST_PARAMS:
        raise Refusal("its image size makes no sense")
    return height, width


def checked_training(plain: dict[str, Any], history: History) -> None:
    """Refuse numbers that no training can have left behind."""
    counts = (int(plain["target"]), int(plain.get("leg", 0)), history.steps_per_epoch)
    if int(plain["step"]) != history.count or not all(0 <= n <= _MOST_STEPS for n in counts):
        raise Refusal("its iterations do not fit together")
    if not all(0 <= float(plain[key]) < math.inf for key in ("learning_rate", "seconds")):
        raise Refusal("a time or a learning rate makes no sense")


def checked_random(state: Any) -> np.random.Generator:
    """Return a generator in this state."""
    noise = np.random.default_rng(0)
    try:
        noise.bit_generator.state = state
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Refusal("the state of its randomness makes no sense") from error
    return noise


def checked_lessons(plain: Any) -> list[dict[str, Any]]:
    """Return the lessons of a run as they were."""
    if not isinstance(plain, list) or not all(isinstance(lesson, dict) for lesson in plain):
        raise Refusal("its lessons are none")
    json.dumps(plain, allow_nan=False)  # what cannot be saved again is refused, too
    return plain


def data_identity_of(plain: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says of its data: texts, tables of texts, and counts."""
    if not isinstance(plain, dict):
        raise Refusal("it does not say what data it learned from")
    known: dict[str, Any] = {"key": "", "name": "", "source": "", "fingerprint": ""}
    known |= {str(key): str(value) for key, value in plain.items()}
    correction, counts = plain.get("correction", {}), plain.get("counts", {})
    if not isinstance(correction, dict) or not isinstance(counts, dict):
        raise Refusal("what it says of its data makes no sense")
    known["correction"] = {str(key): str(value) for key, value in correction.items()}
    known["counts"] = {
        str(part): [max(0, min(int(count), _MOST_STEPS)) for count in each]
        for part, each in counts.items()
    }
    return known


def finite(vector: FloatArray) -> FloatArray:
    """Return a vector. Raises Refusal if a number in it is not finite."""
    if not np.isfinite(vector).all():
        raise Refusal("its weights are not finite numbers")
    return vector
