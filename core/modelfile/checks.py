"""Plain values of a model file that must make sense."""

import json
import math
import re
from collections.abc import Iterable
from typing import Any

import numpy as np

from core.base.arrays import FloatArray
from core.base.fields import limits_of
from core.base.history import History
from core.base.printable import storable
from core.data.dataset import LONGEST_CLASS_NAME
from core.modelfile.content import ModelContentError
from core.nn.optimizers.sgd import Sgd

MOST_PARAMS = 6 << 28  # float32 that fit the largest file
MOST_LESSONS = 10_000
MOST_NOTES = 100_000  # characters
MOST_STEPS = 1 << 56  # ten million epochs of thousand million images, one at a time
_MOST_CLASSES = 256
_LONGEST_SOURCE = 1 << 15  # characters of a path; no system has longer ones
_LONGEST_TEXT = 1_000  # of whatever else is said of the data, or of a lesson
_MOST_WORDS = 64  # entries of one table
_MOST_SECONDS = 1e10  # three hundred years
_MODEL_ID = re.compile("[0-9a-f]{32}")


def checked_classes(plain: Any) -> tuple[str, ...]:
    """Return the names of the classes."""
    if not isinstance(plain, list) or not 1 <= len(plain) <= _MOST_CLASSES:
        raise ModelContentError("its classes make no sense")
    names = (storable(name) if isinstance(name, str) else name for name in plain)
    return tuple(checked_text(name, LONGEST_CLASS_NAME, "the name of a class") for name in names)


def checked_text(value: Any, longest: int, what: str) -> str:
    """Return a text that is not too long."""
    if not isinstance(value, str):
        raise ModelContentError(f"{what} is no text")
    if len(value) > longest:
        raise ModelContentError(f"{what} has {len(value):,} characters; {longest:,} are the most")
    return value


def checked_id(text: str) -> str:
    """Return the number of a model."""
    if not _MODEL_ID.fullmatch(text):
        raise ModelContentError("its number is none")
    return text


def checked_sides(plain: Any) -> tuple[int, int]:
    """Return height and width of an image."""
    height, width = (int(value) for value in plain)
    if min(height, width) < 1 or height * width > MOST_PARAMS:
        raise ModelContentError("its image size makes no sense")
    return height, width


def checked_training(plain: dict[str, Any], history: History) -> None:
    """Refuse numbers that no training can have left behind."""
    counts = (int(plain["target"]), int(plain.get("leg", 0)), history.steps_per_epoch)
    if int(plain["step"]) != history.count or not all(0 <= n <= MOST_STEPS for n in counts):
        raise ModelContentError("its iterations do not fit together")
    rate, seconds = float(plain["learning_rate"]), float(plain["seconds"])
    if not (0 <= rate <= most_learning_rate() and 0 <= seconds <= _MOST_SECONDS):
        raise ModelContentError("a time or a learning rate makes no sense")


def most_learning_rate() -> float:
    """Return the highest learning rate that any optimizer takes."""
    limits = limits_of(Sgd, "learning_rate")
    assert limits is not None
    return limits.high


def checked_step(value: Any) -> int:
    """Return the number of an iteration."""
    step = int(value)
    if not 0 <= step <= MOST_STEPS:
        raise ModelContentError("the number of an iteration makes no sense")
    return step


def checked_loss(value: Any) -> float:
    """Return a loss."""
    loss = float(value)
    if not math.isfinite(loss):
        raise ModelContentError("a loss in it is no number")
    return loss


def checked_random(state: Any) -> np.random.Generator:
    """Return a generator in this state."""
    noise = np.random.default_rng(0)
    try:
        noise.bit_generator.state = state
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise ModelContentError("the state of its randomness makes no sense") from error
    return noise


def checked_lessons(plain: Any) -> list[dict[str, Any]]:
    """Return the lessons of a run as they were."""
    if not isinstance(plain, list) or len(plain) > MOST_LESSONS:
        raise ModelContentError("its lessons are none, or too many")
    for lesson in plain:
        if not isinstance(lesson, dict) or not isinstance(lesson.get("step", 0), int):
            raise ModelContentError("its lessons are none")
        _check_table(lesson, "a lesson")
    json.dumps(plain, allow_nan=False)  # what cannot be saved again is refused, too
    return plain


def _check_table(plain: dict[Any, Any], what: str) -> None:
    """Refuse more, and longer, words than anybody writes into a table of single values."""
    texts = [*plain, *(each for each in plain.values() if isinstance(each, str))]
    numbers = [each for each in plain.values() if isinstance(each, (int, float))]
    if len(plain) > _MOST_WORDS or len(texts) + len(numbers) < 2 * len(plain):
        raise ModelContentError(f"{what} is none")
    for text in texts:
        checked_text(text, _LONGEST_TEXT, what)
    if not all(-MOST_STEPS <= number <= MOST_STEPS for number in numbers):
        raise ModelContentError(f"a number of {what} makes no sense")


def data_identity_of(plain: dict[str, Any]) -> dict[str, Any]:
    """Return what a file says of its data: texts, tables of texts, and counts."""
    if not isinstance(plain, dict):
        raise ModelContentError("it does not say what data it learned from")
    known: dict[str, Any] = {"key": "", "name": "", "source": "", "fingerprint": ""}
    rest = {key: each for key, each in plain.items() if key not in ("correction", "counts")}
    known |= _texts(rest, "what it says of its data")
    correction, counts = plain.get("correction", {}), plain.get("counts", {})
    if not isinstance(correction, dict) or not isinstance(counts, dict):
        raise ModelContentError("what it says of its data makes no sense")
    known["correction"] = _texts(correction, "how its data were taken")
    known["counts"] = {
        checked_text(part, _LONGEST_TEXT, "a part of its data"): _counts(each)
        for part, each in list(counts.items())[:_MOST_WORDS]
    }
    return known


def _texts(plain: dict[Any, Any], what: str) -> dict[str, str]:
    if len(plain) > _MOST_WORDS:
        raise ModelContentError(f"{what} makes no sense")
    return {
        checked_text(key, _LONGEST_TEXT, what): checked_text(
            str(value), _LONGEST_SOURCE if key == "source" else _LONGEST_TEXT, what
        )
        for key, value in plain.items()
    }


def _counts(plain: Iterable[Any]) -> list[int]:
    counts = [int(count) for count in plain]
    if len(counts) > _MOST_CLASSES or not all(0 <= count <= MOST_STEPS for count in counts):
        raise ModelContentError("how many images its data had makes no sense")
    return counts


def finite(vector: FloatArray) -> FloatArray:
    """Return a vector. Raises ModelContentError if a number in it is not finite."""
    if not np.isfinite(vector).all():
        raise ModelContentError("its weights are not finite numbers")
    return vector
