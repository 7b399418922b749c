"""A hand that never writes a digit twice the same way."""

from typing import NamedTuple

import numpy as np

from core.arrays import FloatArray, IndexArray
from core.synthesis.hand import Hand
from core.synthesis.templates import CONTROL_POINTS, POSITIONS, Templates

_REACH = 2.0  # standard deviations at which random numbers are cut
_NEIGHBOUR, _OWN = 0.45, 0.7  # how much of its neighbours' jitter a point shares


class Writing(NamedTuple):
    """The pen's path for N digits, as `core.ink.paint` takes it: all float32.

    x, y: (N, 64); pressure: (N, 63), 0 where the pen is lifted; radius: (N, 1).
    """

    x: FloatArray
    y: FloatArray
    pressure: FloatArray
    radius: FloatArray


def write(
    templates: Templates, chosen: IndexArray, hand: Hand, rng: np.random.Generator
) -> Writing:
    """Write N digits, each in its own way, after the templates numbered `chosen` (N,)."""
    control = templates.points[chosen] + _jitter(rng, len(chosen), hand)
    x, y = np.moveaxis(templates.curves[chosen] @ control, 2, 0)
    x, y = _warp(x, y, hand, rng)
    x, y = _tilt(x, y, hand, rng)
    strength, speed, phase, size = _normal(rng, 4, len(chosen))
    time = np.linspace(0, 6, POSITIONS - 1, dtype=np.float32)
    wave = np.sin((1 + speed) * time + 3 * phase)
    pressure = templates.down[chosen] * np.exp(np.float32(hand.pressure) * strength * wave)
    radius = np.float32(hand.pen) * np.exp(np.float32(hand.pen_spread) * size)
    return Writing(x, y, pressure, radius)


def _normal(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Draw float32 (*shape, 1), normal, cut at two standard deviations."""
    drawn: FloatArray = rng.standard_normal((*shape, 1), np.float32).clip(-_REACH, _REACH)
    return drawn


def _jitter(rng: np.random.Generator, count: int, hand: Hand) -> FloatArray:
    """Move control points (count, 16, 2) at random, neighbours partly together."""
    own = rng.standard_normal((count, CONTROL_POINTS, 2), np.float32).clip(-_REACH, _REACH)
    own *= np.float32(hand.jitter)
    mixed = own.copy()
    mixed[:, 1:-1] = _NEIGHBOUR * (own[:, :-2] + own[:, 2:]) + _OWN * own[:, 1:-1]
    return mixed


def _warp(
    x: FloatArray, y: FloatArray, hand: Hand, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Stretch, bend and ripple the paper under the pen."""
    stretch, bend, wave = hand.stretch, hand.bend, hand.wave
    a, b, c, d, e = _normal(rng, 5, len(x))
    x, y = (
        x * (1 + stretch * a * y) + bend * b * y * y,
        y * (1 + stretch * c * x) + bend * (d * x * x + e * y * y),
    )
    for a, b, c, d, e, f in _normal(rng, 2, 6, len(x)):
        x, y = (
            x + wave * np.sin(2 * a * x + 2 * b * y + 3 * c),
            y + wave * np.sin(2 * d * x + 2 * e * y + 3 * f),
        )
    return x, y


def _tilt(
    x: FloatArray, y: FloatArray, hand: Hand, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Widen, slant and turn the digits."""
    width, slant, turn = _normal(rng, 3, len(x))
    x = x * np.exp(hand.width_spread * width) - (hand.slant + hand.slant_spread * slant) * y
    sine, cosine = np.sin(hand.turn * turn), np.cos(hand.turn * turn)
    return x * cosine - y * sine, x * sine + y * cosine
