"""What the numbers of a digit file mean: found out, shown, and corrected by the user.

Whatever came from a file becomes images of bytes, 0 paper to 255 ink, upright, with
labels counted from 0. Each guess can be overruled; what was decided is kept with the
model, so that its data can be found and read in the same way again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, IndexArray, LabelArray
from core.base.errors import ConfigError, DatasetError
from core.base.fields import check_limits, choice, from_plain, to_plain
from core.data.dataset import Dataset, ImageSet
from core.data.reader import RawData, RawPart
from core.imaging.framing import SHAPE
from core.imaging.photos.preprocessing import frame, resize
from core.untrusted.reading import ReadProgress

MOST_CLASSES = 256  # labels are kept as bytes
_FEWEST_CLASSES = 10  # even where a small sample shows fewer of the digits
_BLOCK = 1 << 16  # images worked on at a time, at most
_FEW = 64  # images resized at a time: 50 ms at most
_BLOCK_VALUES = 1 << 22  # values worked on at a time: 16 MB as float32
_SMALLEST_RANGE = 1e-30  # of values; less is nothing but rounding


@dataclass(frozen=True, slots=True)
class Correction:
    """How the numbers of a file are to be taken."""

    scale: str = choice(
        "Values",
        default="auto",
        choices=(
            ("auto", "Find out"),
            ("255", "0 to 255"),
            ("16", "0 to 16"),
            ("1", "0 to 1"),
            ("range", "Lowest to highest"),
        ),
        help="Which value is full ink. “Lowest to highest” stretches whatever is there.",
    )
    polarity: str = choice(
        "Ink",
        default="auto",
        choices=(
            ("auto", "Find out"),
            ("high", "High values (light on dark, as in MNIST)"),
            ("low", "Low values (dark on light)"),
        ),
        help="Networks here learn high values as ink; dark ink on light paper is inverted.",
    )
    transpose: str = choice(
        "Rows and columns",
        default="auto",
        choices=(("auto", "As usual for this format"), ("no", "As they are"), ("yes", "Swapped")),
        help="Swap them if the sample lies on its side and is mirrored.",
    )
    labels: str = choice(
        "Labels",
        default="auto",
        choices=(
            ("auto", "As usual for this format"),
            ("as-is", "As they are"),
            ("minus-one", "One less: 1 means the first class"),
            ("ten-is-zero", "10 means 0"),
        ),
        help="Labels count from 0 here.",
    )
    size: str = choice(
        "Size",
        default="as-is",
        choices=(
            ("as-is", "As it is"),
            ("28x28", "28 × 28 pixels"),
            ("framed", "28 × 28 pixels, framed as in MNIST"),
        ),
        help="A network reads images of the size it was trained on. Framed: the digit fills"
        " 20 pixels and lies with its centre of mass in the middle; drawings are treated so.",
    )

    def __post_init__(self) -> None:
        check_limits(self)


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """What a file was found to hold.

    Attributes:
        shape: (height, width) of its images, in pixels.
        low, high: the lowest and the highest value in them.
        correction: every setting decided, none "auto".
        class_names: K names after the correction.
        counts: images of each class (K,) for each part, by its name.
        doubts: sentences about what looks wrong.
    """

    shape: tuple[int, int]
    low: float
    high: float
    correction: Correction
    class_names: tuple[str, ...]
    counts: dict[str, IndexArray]
    doubts: tuple[str, ...]

    def labels(self, raw: RawData, rows: IndexArray) -> LabelArray:
        """Return the labels of these training images (n,) after the correction."""
        return _labels(RawPart(raw.train.images[:0], raw.train.labels[rows]), self)


def inspect(raw: RawData, correction: Correction | None = None) -> Findings:
    """Find out what a file holds, taking the user's word where it was given.

    Raises:
        DatasetError: there are numbers that cannot be, or too many classes.
    """
    low, high = _extremes(raw)
    decided = _decided(raw, correction or Correction(), low, high)
    shift = _LABELS[decided.labels]
    labels = {name: shift(part.labels.astype(np.int64)) for name, part in raw.parts.items()}
    names = _class_names(raw, labels, decided)
    counts = {
        name: np.bincount(found[(found >= 0) & (found < len(names))], minlength=len(names))
        for name, found in labels.items()
    }
    height, width = raw.train.images.shape[1:]
    return Findings(
        (height, width), low, high, decided, names, counts, _doubts(raw, decided, counts, names)
    )


def sample(raw: RawData, findings: Findings, rows: IndexArray) -> ByteArray:
    """Return training images of these rows (n,) as they would be trained on: (n, H, W)."""
    return _images(raw.train.images[rows], findings)


def corrected(raw: RawData, findings: Findings, progress: ReadProgress | None = None) -> Dataset:
    """Make the data set. What was read is used up: bytes are changed in place.

    Args:
        raw: what a reader gave.
        findings: of these data, by `inspect`.
        progress: is told the share done, 0..1; may raise to give up.
    """
    total = sum(len(part) for part in raw.parts.values())
    sets: dict[str, ImageSet] = {}
    before = 0
    for name, part in raw.parts.items():

        def show(done: int, before: int = before) -> None:
            if progress is not None:
                progress((before + done) / total)

        sets[name] = ImageSet(_converted(part, findings, show), _labels(part, findings))
        before += len(part)
    return Dataset(
        raw.key,
        raw.name,
        raw.source,
        sets["train"],
        sets.get("validation"),
        sets.get("test"),
        findings.class_names,
        to_plain(findings.correction),
        raw.rewrite if _is_identity(findings.correction) else None,
    )


def correction_from(plain: Any) -> Correction:
    """Build a correction from what a model file kept; what cannot be used is left out."""
    usable: dict[str, Any] = {}
    for item in fields(Correction):
        with suppress(ConfigError, TypeError, KeyError):
            from_plain(Correction, {item.name: plain[item.name]})
            usable[item.name] = plain[item.name]
    return Correction(**usable)


# Finding out ------------------------------------------------------------------------------


def _extremes(raw: RawData) -> tuple[float, float]:
    """Return the lowest and the highest value of all images."""
    lows, highs = [], []
    for part in raw.parts.values():
        for block in _blocks(part.images):
            lows.append(float(block.min()))
            highs.append(float(block.max()))
    low, high = min(lows), max(highs)
    if not np.isfinite([low, high]).all():
        raise _refused(raw, "holds values that are no numbers (NaN or infinite).")
    return low, high


def _decided(raw: RawData, asked: Correction, low: float, high: float) -> Correction:
    """Put an answer in the place of every "auto"."""
    hints = {name: value for name, value in raw.suggestion.items() if value != "auto"}
    settled = replace(
        asked, **{name: value for name, value in hints.items() if getattr(asked, name) == "auto"}
    )
    if settled.scale == "auto":
        settled = replace(settled, scale=_scale(raw.train.images, low, high))
    if settled.polarity == "auto":
        settled = replace(settled, polarity=_polarity(raw.train.images, low, high))
    if settled.transpose == "auto":
        settled = replace(settled, transpose="no")
    if settled.labels == "auto":
        settled = replace(settled, labels="as-is")
    return settled


def _scale(images: NDArray[Any], low: float, high: float) -> str:
    if low < 0 or high > 255:
        return "range"
    if high <= 1:
        return "1"
    if high > 16:
        return "255"
    return "16" if images.dtype.kind in "ui" else "range"


def _polarity(images: NDArray[Any], low: float, high: float) -> str:
    """Tell what paper is: the value along the edges of the images."""
    some = images[:: max(1, len(images) // 500)]
    rim = np.concatenate(
        [some[:, 0].ravel(), some[:, -1].ravel(), some[:, :, 0].ravel(), some[:, :, -1].ravel()]
    )
    return "low" if float(np.median(rim)) > (low + high) / 2 else "high"


def _class_names(
    raw: RawData, labels: dict[str, NDArray[np.int64]], decided: Correction
) -> tuple[str, ...]:
    lowest = min(int(found.min()) for found in labels.values())
    highest = max(int(found.max()) for found in labels.values())
    if lowest < 0:
        raise _refused(
            raw, f"holds the label {lowest}.", "Choose “As they are” for its labels, or mend them."
        )
    if highest >= MOST_CLASSES:
        raise _refused(raw, f"holds the label {highest:,}; {MOST_CLASSES} classes are the most.")
    if raw.class_names and highest < len(raw.class_names):
        return raw.class_names
    return tuple(str(label) for label in range(max(highest + 1, _FEWEST_CLASSES)))


def _doubts(
    raw: RawData, decided: Correction, counts: dict[str, IndexArray], names: tuple[str, ...]
) -> tuple[str, ...]:
    doubts = list(raw.notes)
    train = counts["train"]
    if train[0] == 0 and np.count_nonzero(train) > 1 and decided.labels == "as-is":
        doubts.append(
            f"No image is labelled “{names[0]}”. If labels count from 1 here, say so at Labels."
        )
    told = len(doubts) > len(raw.notes)
    empty = [name for name, count in zip(names, train, strict=True) if count == 0]
    empty = empty[1:] if told else empty
    if empty and len(empty) < len(names) / 2:
        doubts.append(f"There is no training image of {', '.join(empty[:8])}.")
    if len(raw.train) < 10 * len(names):
        doubts.append("These are very few images; a network will learn little from them.")
    if raw.test is None and raw.validation is None and len(raw.train) < 2 * len(names):
        doubts.append("There are too few to set some aside for validation.")
    return tuple(doubts)


def _refused(
    raw: RawData, what: str, hint: str = "Mend the file, or open another."
) -> DatasetError:
    return DatasetError(Path(raw.source), f"{raw.name} {what}", hint)


# Carrying out -----------------------------------------------------------------------------


_LABELS: dict[str, Callable[[NDArray[np.int64]], NDArray[np.int64]]] = {
    "as-is": lambda labels: labels,
    "minus-one": lambda labels: labels - 1,
    "ten-is-zero": lambda labels: np.where(labels == 10, 0, labels),
}


def _labels(part: RawPart, findings: Findings) -> LabelArray:
    shifted = _LABELS[findings.correction.labels](part.labels.astype(np.int64))
    return shifted.astype(np.uint8)


def _blocks(images: NDArray[Any], most: int = _BLOCK) -> list[NDArray[Any]]:
    size = max(1, min(most, _BLOCK_VALUES // max(1, images[0].size)))
    return [images[start : start + size] for start in range(0, len(images), size)]


def _converted(part: RawPart, findings: Findings, show: Callable[[int], None]) -> ByteArray:
    """Return images (N, H, W) uint8; those that are bytes already are changed in place."""
    images = part.images
    first = _images(images[:1], findings)
    if images.dtype == np.uint8 and first.shape[1:] == images.shape[1:] and images.flags.writeable:
        made = images
        if np.array_equal(first, images[:1]) and _is_identity(findings.correction):
            show(len(images))
            return images
    else:
        made = np.empty((len(images), *first.shape[1:]), np.uint8)
    done = 0
    for block in _blocks(images, _BLOCK if findings.correction.size == "as-is" else _FEW):
        made[done : done + len(block)] = _images(block, findings)
        done += len(block)
        show(done)
    return made


def _is_identity(decided: Correction) -> bool:
    return (decided.scale, decided.polarity, decided.transpose, decided.size) == (
        "255",
        "high",
        "no",
        "as-is",
    )


def _images(images: NDArray[Any], findings: Findings) -> ByteArray:
    """Convert some images (n, H, W) of a file to bytes (n, H', W'), 0 paper to 255 ink."""
    decided = findings.correction
    upright = images.swapaxes(1, 2) if decided.transpose == "yes" else images
    low, full = _ends(findings)
    if upright.dtype == np.uint8 and (low, full) == (0.0, 255.0):
        made: ByteArray = np.ascontiguousarray(upright)
    else:
        # Numbers of any size: float32 would overflow in the difference of the largest.
        exact: Any = np.float64 if decided.scale == "range" else np.float32
        share = (upright.astype(exact) - exact(low)) / exact(full - low)
        made = np.rint(share.clip(0, 1) * exact(255)).astype(np.uint8)
    if decided.polarity == "low":
        made = np.subtract(255, made, dtype=np.uint8)
    if decided.size == "framed":
        return np.stack([frame(image / np.float32(255)) for image in made])
    if decided.size == "28x28" and made.shape[1:] != SHAPE:
        return np.stack([resize(image, SHAPE) for image in made])
    return made


def _ends(findings: Findings) -> tuple[float, float]:
    """Return the values that mean 0 and 255."""
    if findings.correction.scale != "range":
        return 0.0, float(findings.correction.scale)
    low, high = findings.low, findings.high
    blank = not high - low > _SMALLEST_RANGE  # one and the same value: all of it is paper
    return low, low + max(1.0, abs(low)) if blank else high
