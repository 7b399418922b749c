"""What a drawing of the user's own is: strokes, the image made of them, and what it shows."""

import math
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray
from core.data.dataset import LONGEST_CLASS_NAME, ImageSet
from core.imaging.framing import SHAPE, SIDE
from core.imaging.ink import draw
from core.imaging.photos.preprocessing import fit_shape

_MOST_POINTS = 20_000  # of one drawing; a scribble beyond that is kept as an image only
FARTHEST = 1e9  # of a point's place and of a pen's radius, in their unit


@dataclass(frozen=True, slots=True, eq=False)
class OwnDrawing:
    """One drawing. Its arrays are never changed.

    Attributes:
        key: 32 hexadecimal digits, its own for ever.
        image: (28, 28) uint8, framed as MNIST is; 0 paper to 255 ink.
        strokes: (n, 3) float32 each: x, y (down) and pressure 0..1; none for a picture.
        pen_radius: half the pen's width in the unit of x and y.
        label: its class, as the network at hand counted them.
        name: of this class: what it shows, whichever network looks.
        time_ms: when it was kept, in ms since 1970, UTC.
        answer: name of the class it was read as then; "" if no network was there.
        confidence: how probable that answer was, 0..1.
    """

    key: str
    image: ByteArray
    strokes: tuple[NDArray[np.float32], ...]
    pen_radius: float
    label: int
    name: str
    time_ms: int
    answer: str = ""
    confidence: float = 0.0

    @property
    def when(self) -> datetime:
        """When it was kept, in UTC."""
        return datetime.fromtimestamp(self.time_ms / 1000, UTC)

    @property
    def order(self) -> tuple[int, str]:
        """What own drawings are sorted by: the oldest first, and the same in every program."""
        return self.time_ms, self.key


def new_drawing(
    strokes: Sequence[NDArray[np.floating[Any]]],
    pen_radius: float,
    label: int,
    name: str,
    *,
    image: ByteArray | None = None,
    answer: str = "",
    confidence: float = 0.0,
) -> OwnDrawing:
    """Make a drawing as of now.

    Args:
        strokes: (n, 2) or (n, 3) each: x, y and pressure.
        pen_radius: half the pen's width in their unit, more than 0 if there are strokes.
        label: 0..255.
        name: of the class, not empty.
        image: (H, W) uint8; None to make it of the strokes.
        answer, confidence: what it was read as.
    """
    kept = _finite(strokes)
    if image is None:
        image = draw(kept, pen_radius)
    if sum(map(len, kept)) > _MOST_POINTS:
        kept = ()
    framed = np.array(fit_shape(image, (SIDE, SIDE)))
    framed.flags.writeable = False
    return OwnDrawing(
        uuid.uuid4().hex,
        framed,
        kept,
        _single(pen_radius, FARTHEST),
        label,
        name[:LONGEST_CLASS_NAME],
        time.time_ns() // 1_000_000,
        answer[:LONGEST_CLASS_NAME],
        _single(confidence, 1.0),
    )


def _single(value: float, most: float) -> float:
    """Return a number as the file keeps it: float32, from 0 to `most`."""
    return float(np.float32(min(max(value, 0.0), most))) if math.isfinite(value) else 0.0


def _finite(strokes: Sequence[NDArray[np.floating[Any]]]) -> tuple[NDArray[np.float32], ...]:
    kept = []
    for stroke in strokes:
        points = np.ones((len(stroke), 3), np.float32)
        points[:, : np.shape(stroke)[1]] = stroke
        points = points[(np.abs(points) <= FARTHEST).all(axis=1)]  # NaN is not
        if len(points):
            kept.append(points)
    return tuple(kept)


def as_images(
    drawings: Sequence[OwnDrawing], class_names: Sequence[str], shape: tuple[int, int] = SHAPE
) -> tuple[ImageSet, list[OwnDrawing]]:
    """Return the drawings that show one of these classes, as a network's input.

    Args:
        drawings: any.
        class_names: K names; a drawing's label is the place of its name among them.
        shape: (H, W) that the network reads.

    Returns:
        Images (n, H, W) and labels (n,), and the drawings they are of.
    """
    place = {name: index for index, name in enumerate(class_names)}
    known = [one for one in drawings if one.name in place]
    images = np.empty((len(known), *shape), np.uint8)
    for row, one in enumerate(known):
        images[row] = fit_shape(one.image, shape)
    labels = np.array([place[one.name] for one in known], np.uint8)
    return ImageSet(images, labels), known
