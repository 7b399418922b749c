"""A calibration as plain arrays, and back: what the model file holds of it."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.certainty.calibration import Calibration
from core.certainty.describing import description_groups
from core.certainty.novelty import Novelty
from core.certainty.reliability import BINS, Reliability
from core.certainty.temperature import COLDEST, HOTTEST
from core.nn.network import Network

_MOST_TEXT = 1 << 12  # bytes
_MOST_IMAGES, _MOST_STEPS = 1 << 40, 1 << 56


def pack(calibration: Calibration) -> dict[str, NDArray[Any]]:
    """Return its arrays by name: "values" is JSON as uint8, the others are floats."""
    share = calibration.novelty.strange_share
    values = {
        "temperature": calibration.temperature,
        "offset": calibration.novelty.offset,
        "strange_share": None if math.isnan(share) else share,
        "error_by_count": calibration.error_by_count,
        "brier": calibration.brier,
        "images": calibration.images,
        "image_shape": calibration.image_shape,
        "step": calibration.step,
        "weights_sum": calibration.weights_sum,
    }
    text = json.dumps(values, allow_nan=False).encode()
    return {
        "values": np.frombuffer(text, np.uint8),
        "direction": calibration.novelty.weights,
        "before": _table(calibration.before),
        "after": _table(calibration.after),
    }


def unpack(
    arrays: Mapping[str, NDArray[Any]], network: Network, image_shape: tuple[int, int]
) -> Calibration:
    """Build a calibration of this network from what `pack` returned.

    Raises:
        ValueError, KeyError or TypeError: something is missing, of the wrong shape, not
            finite or out of bounds.
    """
    text = arrays["values"]
    _require(text.size <= _MOST_TEXT, "text too long")
    values = json.loads(text.tobytes())
    _require(tuple(values["image_shape"]) == image_shape, "images of another shape")
    share = values["strange_share"]
    novelty = Novelty(
        _direction(arrays["direction"], description_groups(network)[-1][1]),
        _bounded(values["offset"], -1e12, 1e12),
        float("nan") if share is None else _bounded(share, 0, 1),
    )
    return Calibration(
        temperature=_bounded(values["temperature"], COLDEST / 2, HOTTEST * 2),
        novelty=novelty,
        before=_reliability(arrays["before"]),
        after=_reliability(arrays["after"]),
        error_by_count=_pair(values["error_by_count"], 1),
        brier=_pair(values["brier"], 2),
        images=_whole(values["images"], 2, _MOST_IMAGES),
        image_shape=image_shape,
        step=_whole(values["step"], 0, _MOST_STEPS),
        weights_sum=_whole(values["weights_sum"], 0, 2**32 - 1),
    )


def _table(curve: Reliability) -> NDArray[np.float64]:
    rows = np.stack([curve.counts, curve.confidence, curve.accuracy])
    table: NDArray[np.float64] = np.nan_to_num(rows, nan=0.0)
    return table


def _reliability(table: NDArray[Any]) -> Reliability:
    _require(table.shape == (3, BINS) and np.isfinite(table).all(), "not a reliability curve")
    counts, confidence, accuracy = table.astype(np.float64)
    shares = np.stack([confidence, accuracy])
    _require(counts.min() >= 0 and counts.sum() >= 1, "counts that are none")
    _require(shares.min() >= 0 and shares.max() <= 1 + 1e-9, "shares that are none")
    empty = counts == 0
    confidence[empty] = accuracy[empty] = np.nan
    return Reliability(counts, confidence, accuracy)


def _direction(array: NDArray[Any], size: int) -> NDArray[np.float32]:
    _require(array.shape == (size,) and np.isfinite(array).all(), "not a measure of strangeness")
    direction: NDArray[np.float32] = array.astype(np.float32)
    return direction


def _pair(values: Any, high: float) -> tuple[float, float]:
    before, after = values
    return _bounded(before, 0, high), _bounded(after, 0, high)


def _whole(value: Any, low: int, high: int) -> int:
    """Return a whole number as it is: a float would lose what is beyond 2**53."""
    _bounded(value, low, high)
    return int(value)


def _bounded(value: Any, low: float, high: float) -> float:
    number = float(value)
    _require(low <= number <= high, "a number out of bounds")
    return number


def _require(condition: Any, otherwise: str) -> None:
    if not condition:
        raise ValueError(otherwise)
