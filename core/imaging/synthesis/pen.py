"""A hand that never writes a digit twice the same way."""

from typing import NamedTuple

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.imaging.synthesis.hand import Hand
from core.imaging.synthesis.templates import CONTROL_POINTS, POSITIONS, Templates, breadth

_REACH = 2.0  # standard deviations at which random numbers are cut
_NEIGHBOUR, _OWN = 0.5, 0.7  # how much of its neighbours' jitter a point shares

# A thick pen writes a 1 legibly but fills an 8, and nobody writes on like that: so a short
# digit's pen varies more, and a digit that came out narrower than its template is written
# with a thinner one. Found on MNIST's training images.
_USUAL_LENGTH = np.float32(5.0)  # half heights, the median of the templates
_SHORT_BOLDER = np.float32(0.8)
_WIDE_BOLDER = np.float32(0.12)  # the pen's logarithm by standard deviation of the width
_ROOM = np.float32(1.25)
_LINE = np.float32(0.03)  # half heights; the breadth of a line that is nearly straight
_THINNEST = np.float32(0.06)  # half heights, 0.6 pixels: thinner lines have gaps


class Writing(NamedTuple):
    """The pen's path for N digits, as `core.imaging.ink.paint` takes it: all float32.

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
    control += np.float32(hand.rounding) * (templates.rounding[chosen] @ control)
    x, y = np.moveaxis(templates.curves[chosen] @ control, 2, 0)
    x, y = _warp(x, y, hand, rng)
    width, slant, turn = _normal(rng, 3, len(chosen))
    x, y = _tilt(x, y, hand, (width, slant, turn))
    strength, speed, phase, size = _normal(rng, 4, len(chosen))
    time = np.linspace(0, 6, POSITIONS - 1, dtype=np.float32)
    wave = np.sin((1 + speed) * time + 3 * phase)
    pressure = np.exp(np.float32(hand.pressure) * strength * wave)
    # Somewhere the ink is always dark, as that of photographed and drawn digits is made.
    pressure /= np.minimum(pressure.max(axis=1, keepdims=True), 1)
    radius = _radius(templates, chosen, hand, (size, width))
    room = (breadth(x, y) + _LINE) / (templates.breadth[chosen] + _LINE)
    radius = np.maximum(radius * np.minimum(_ROOM * room, 1), _THINNEST)
    return Writing(x, y, templates.down[chosen] * pressure, radius)


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
    x: FloatArray, y: FloatArray, hand: Hand, by: tuple[FloatArray, FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Widen, slant and turn the digits, `by` so many standard deviations (N, 1) each."""
    width, slant, turn = by
    x = x * np.exp(hand.width_spread * width) - (hand.slant + hand.slant_spread * slant) * y
    sine, cosine = np.sin(hand.turn * turn), np.cos(hand.turn * turn)
    return x * cosine - y * sine, x * sine + y * cosine


def _radius(
    templates: Templates, chosen: IndexArray, hand: Hand, by: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Return half the pen's width (N, 1), `by` standard deviations of pen and digit width."""
    size, width = by
    bolder = (_USUAL_LENGTH / templates.length[chosen]) ** _SHORT_BOLDER
    size = np.where(size > 0, size * bolder, size)
    spread = np.float32(hand.pen_spread) * size + _WIDE_BOLDER * width
    radius: FloatArray = np.float32(hand.pen) * np.exp(spread)
    return radius
