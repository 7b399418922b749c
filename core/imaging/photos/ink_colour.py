"""In which shade of gray ink stands out from paper: not always in the brightness.

Red ink on green paper of the same brightness is not there in a black-and-white picture. So
where the brightness tells little, the colours are laid on the line along which they differ
most (their first principal component).
"""

import numpy as np

from core.base.arrays import FloatArray
from core.imaging.photos.gray_levels import resized

_SIDE = 128  # pixels, the longer side of the copy that is looked at
_LIGHTS = 5  # pixels, the longer side of the copy that holds the light alone
_BRIGHTNESS = np.array([0.299, 0.587, 0.114], np.float32)  # of ITU-R BT.601, as Pillow's
_TELLING = 0.99  # quantile of the differences from the ground, taken for the ink's
_ENOUGH = 0.45  # of the contrast of colour; with so much in the brightness, it is used
_COLOURLESS = 0.02  # differences between the channels; less is a gray picture


def telling_gray(colours: FloatArray) -> FloatArray:
    """Make a gray picture in which the ink stands out.

    Args:
        colours: (H, W, 3) float32, red, green and blue, 0..1.

    Returns:
        (H, W) float32, 0..1: the brightness where that will do.
    """
    bright: FloatArray = colours @ _BRIGHTNESS
    if float(np.ptp(colours[::7, ::7], axis=2).max(initial=0.0)) < _COLOURLESS:
        return bright
    axis = _main_axis(colours)
    if axis is None:
        return bright
    low = float(axis.clip(None, 0).sum())
    along: FloatArray = (colours @ axis - np.float32(low)) / np.float32(np.abs(axis).sum())
    return along


def _main_axis(colours: FloatArray) -> FloatArray | None:
    """Return the direction (3,) in which ink and ground differ; None if it is brightness."""
    small = np.stack([_without_light(colours[..., k]) for k in range(3)], axis=-1)
    away = small.reshape(-1, 3)
    distance = np.linalg.norm(away, axis=1)
    some = away[distance >= np.quantile(distance, _TELLING)]
    values, axes = np.linalg.eigh((some.T @ some).astype(np.float64))
    axis: FloatArray = axes[:, int(values.argmax())].astype(np.float32)
    contrast = float(np.median(np.abs(some @ axis)))
    bright = float(np.median(np.abs(some @ _BRIGHTNESS))) / float(np.linalg.norm(_BRIGHTNESS))
    return axis if bright < _ENOUGH * contrast else None


def _without_light(channel: FloatArray) -> FloatArray:
    small = resized(channel, min(1.0, _SIDE / max(channel.shape)))
    light = resized(small, min(1.0, _LIGHTS / max(small.shape)))
    wide = resized(light, max(small.shape) / max(light.shape))
    if wide.shape != small.shape:
        wide = np.broadcast_to(np.float32(np.median(small)), small.shape)
    rest: FloatArray = small - wide
    return rest - np.median(rest)
