"""A hand that never writes a digit twice the same way."""

from typing import NamedTuple

import numpy as np

from core.arrays import FloatArray, IndexArray
from core.synthesis.templates import POSITIONS, Templates

# How far each part of the hand strays, in half heights of a digit unless said otherwise;
# random numbers are cut at two standard deviations. Tuned on MNIST training images.
_REACH = 2.0
_JITTER = 0.09  # of each control point
_NEIGHBOUR, _OWN = 0.45, 0.7  # how much of its neighbours' jitter a point shares
_STRETCH, _BEND, _WAVE = 0.15, 0.12, 0.12
_WIDEN, _SLANT, _SLANT_SPREAD, _TURN = 0.17, 0.12, 0.28, 0.11  # the last in radians
_PEN, _PEN_SPREAD = 0.135, 0.36  # radius, and the spread of its logarithm
_PRESSURE_SPREAD = 0.7


class Writing(NamedTuple):
    """The pen's path for N digits, as `core.ink.paint` takes it: all float32.

    x, y: (N, 64); pressure: (N, 63), 0 where the pen is lifted; radius: (N, 1).
    """

    x: FloatArray
    y: FloatArray
    pressure: FloatArray
    radius: FloatArray


def write(templates: Templates, chosen: IndexArray, rng: np.random.Generator) -> Writing:
    """Write N digits, each in its own way, after the templates numbered `chosen` (N,)."""
    control = templates.points[chosen] + _jitter(rng, len(chosen))
    x, y = np.moveaxis(templates.curves[chosen] @ control, 2, 0)
    x, y = _warp(x, y, rng)
    x, y = _tilt(x, y, rng)
    strength, speed, phase, size = _normal(rng, 4, len(chosen))
    time = np.linspace(0, 6, POSITIONS - 1, dtype=np.float32)
    wave = np.sin((1 + speed) * time + 3 * phase)
    pressure = templates.down[chosen] * np.exp(_PRESSURE_SPREAD * strength * wave)
    return Writing(x, y, pressure, _PEN * np.exp(_PEN_SPREAD * size))


def _normal(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Draw float32 (*shape, 1), normal, cut at two standard deviations."""
    drawn: FloatArray = rng.standard_normal((*shape, 1), np.float32).clip(-_REACH, _REACH)
    return drawn


def _jitter(rng: np.random.Generator, count: int) -> FloatArray:
    """Move control points (count, 16, 2) at random, neighbours partly together."""
    own = rng.standard_normal((count, 16, 2), np.float32).clip(-_REACH, _REACH) * _JITTER
    mixed = own.copy()
    mixed[:, 1:-1] = _NEIGHBOUR * (own[:, :-2] + own[:, 2:]) + _OWN * own[:, 1:-1]
    return mixed


def _warp(x: FloatArray, y: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Stretch, bend and ripple the paper under the pen."""
    a, b, c, d, e = _normal(rng, 5, len(x))
    x, y = (
        x * (1 + _STRETCH * a * y) + _BEND * b * y * y,
        y * (1 + _STRETCH * c * x) + _BEND * (d * x * x + e * y * y),
    )
    for a, b, c, d, e, f in _normal(rng, 2, 6, len(x)):
        x, y = (
            x + _WAVE * np.sin(2 * a * x + 2 * b * y + 3 * c),
            y + _WAVE * np.sin(2 * d * x + 2 * e * y + 3 * f),
        )
    return x, y


def _tilt(x: FloatArray, y: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Widen, slant and turn the digits."""
    width, slant, turn = _normal(rng, 3, len(x))
    x = x * np.exp(_WIDEN * width) - (_SLANT + _SLANT_SPREAD * slant) * y
    sine, cosine = np.sin(_TURN * turn), np.cos(_TURN * turn)
    return x * cosine - y * sine, x * sine + y * cosine
