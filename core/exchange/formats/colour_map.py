"""Numbers to colours: fast tables, no widgets.

Both maps differ in lightness and along blue-orange, the axis that colour-blind eyes keep.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_HALF = 128  # entries on either side of zero; the table has 2 * 128 + 1
# From the most negative over zero to the most positive.
_ON_LIGHT = ("#0a3a78", "#2f7bc4", "#a3cbeb", "#ffffff", "#f3c28b", "#c96a12", "#743500")
_ON_DARK = ("#b5dbff", "#4b9bec", "#1c4a7d", "#101318", "#71400f", "#e38f33", "#ffddb0")
_GROWING_ON_LIGHT = ("#ffffff", "#cfe0f5", "#7fb0e2", "#2f7bc4", "#0a3a78")
_GROWING_ON_DARK = ("#14161b", "#17365c", "#2a66a6", "#5aa5ef", "#cfe7ff")


def diverging(
    values: NDArray[np.floating],
    limit: float | NDArray[np.floating],
    theme_is_dark: bool,
) -> NDArray[np.uint8]:
    """Colour signed numbers: blue below zero, orange above, the ground's colour at zero.

    Args:
        values: (N, H, W); not-a-number is shown as zero.
        limit: the size that gets full colour, one for all or one for each of the N;
            larger sizes are held to it. Where it is 0, everything is at zero.
        theme_is_dark: zero is near black; else white.

    Returns:
        (N, H, W, 3) uint8, red-green-blue.
    """
    limits = np.asarray(limit, np.float32).reshape(-1, *[1] * (values.ndim - 1))
    # A vanishing limit would make the quotient infinite; values there are zero anyway.
    scale = np.where(limits > 0, _HALF / np.maximum(limits, np.float32(1e-30)), 0)
    scaled = np.multiply(values, scale, dtype=np.float32)
    return _look_up(diverging_table(theme_is_dark), scaled, _HALF)


def sequential(
    values: NDArray[np.floating], limit: float, theme_is_dark: bool
) -> NDArray[np.uint8]:
    """Colour amounts from 0 (the ground's colour) to `limit` (full blue).

    Args:
        values: any shape (...); not-a-number is shown as 0.
        limit: the amount that gets full colour; if it is 0, everything is at 0.
        theme_is_dark: 0 is near black; else white.

    Returns:
        (..., 3) uint8, red-green-blue.
    """
    scale = 2 * _HALF / limit if limit > 0 else 0.0
    scaled = np.multiply(values, np.float32(scale), dtype=np.float32)
    return _look_up(sequential_table(theme_is_dark), scaled, 0)


def diverging_table(theme_is_dark: bool) -> NDArray[np.uint8]:
    """Return the colours of `diverging`, (257, 3), zero in the middle."""
    return _table(_ON_DARK if theme_is_dark else _ON_LIGHT)


def sequential_table(theme_is_dark: bool) -> NDArray[np.uint8]:
    """Return the colours of `sequential`, (257, 3), 0 first."""
    return _table(_GROWING_ON_DARK if theme_is_dark else _GROWING_ON_LIGHT)


def _look_up(table: NDArray[np.uint8], scaled: NDArray[np.float32], zero: int) -> NDArray[np.uint8]:
    """Return the entry at `zero` plus each number, held to the table's ends."""
    np.nan_to_num(scaled, copy=False, nan=0.0, posinf=np.inf, neginf=-np.inf)
    scaled += zero + 0.5  # so that cutting off the fraction rounds
    np.clip(scaled, 0, 2 * _HALF, out=scaled)
    # intp: `take` converts any other index type, which costs more than the conversion here.
    colours: NDArray[np.uint8] = table.take(scaled.astype(np.intp), axis=0)
    return colours


@cache
def _table(stops: tuple[str, ...]) -> NDArray[np.uint8]:
    """Blend between evenly spaced "#rrggbb" stops."""
    colours = np.array([list(bytes.fromhex(stop[1:])) for stop in stops], np.float64)
    places = np.linspace(0, 2 * _HALF, len(stops))
    channels = [np.interp(np.arange(2 * _HALF + 1), places, channel) for channel in colours.T]
    table: NDArray[np.uint8] = np.rint(np.stack(channels, axis=1)).astype(np.uint8)
    table.flags.writeable = False
    return table
