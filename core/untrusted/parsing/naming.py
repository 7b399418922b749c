"""Which arrays of a file are images and which their labels, told by names and shapes.

Names are taken apart into words: `x_train`, `trainX`, `train/images`, `test_label` and
`dataset.train.labels` all say a part (train, validation, test) and a kind.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.base.arrays import Shape
from core.untrusted.parsing.rawimages import image_shape

_PARTS = {
    "train": ("training", "train", "trn", "tra", "learn"),
    "validation": ("validation", "valid", "val", "dev"),
    "test": ("testing", "test", "tst", "tes", "t10k", "eval"),
}
_KINDS = {
    "images": (
        *("x", "xs", "image", "images", "img", "imgs", "pixel", "pixels", "picture", "pictures"),
        *("feature", "features", "digits", "input", "inputs", "samples"),
    ),
    "labels": (
        *("y", "ys", "label", "labels", "lbl", "lbls", "target", "targets", "class", "classes"),
        *("answer", "answers"),
    ),
}
_WEAK_IMAGES = ("data",)  # `y_data` are labels, `data` alone are images
_NO_PART = ("names", "list", "mapping", "writers")  # `class_names` are no labels
_NOISE = ("set", "arr", "0", "1", "npy")
_PART_OF = {word: part for part, words in _PARTS.items() for word in words}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_PER_CLASS = re.compile(r"(.*?)(\d)", re.DOTALL)
_ORDER = ("train", "", "test", "validation")  # the first that is there is to train on


@dataclass(frozen=True, slots=True)
class Piece:
    """Images of one array and the labels that go with them.

    Attributes:
        images: the array's name.
        axis: along which the images are counted.
        labels: name of the array of labels, or the label that all the images have.
        count: how many images there are.
    """

    images: str
    axis: int
    labels: str | int
    count: int


@dataclass(frozen=True, slots=True)
class _Role:
    part: str  # "" if the name says none
    kind: str  # "images", "labels" or ""
    rest: str  # what the name says besides; images and labels have it in common


def choose(arrays: Mapping[str, Shape]) -> dict[str, list[Piece]]:
    """Find images and labels among arrays of these names and shapes.

    Returns:
        The pieces of each part: "train" whenever there are any, "validation", "test".
        Empty if no two arrays go together.
    """
    found = _per_class(arrays) or _by_name(arrays) or _by_shape(arrays)
    present = [part for part in _ORDER if part in found]
    if not present:
        return {}
    chosen = {"train": found[present[0]]}
    chosen.update({part: found[part] for part in present[1:] if part})
    return {part: chosen[part] for part in ("train", "validation", "test") if part in chosen}


def image_axis(shape: Shape, count: int) -> int | None:
    """Return the axis along which `count` images are counted: the first or the last."""
    if len(shape) < 2:
        return None
    for axis in (0, len(shape) - 1):
        row = shape[:axis] + shape[axis + 1 :]
        if shape[axis] == count and image_shape(row) is not None:
            return axis
    return None


def label_count(shape: Shape) -> int:
    """Return how many labels an array holds: (N,), (N, 1), (1, N) or one-hot (N, K)."""
    if len(shape) == 2 and shape[0] == 1:
        return shape[1]
    return shape[0] if len(shape) in (1, 2) else 0


def part_of(name: str) -> str:
    """Return the part that a file or folder of this name is for, or ""."""
    return _role(name).part or next(
        (part for word, part in _PART_OF.items() if len(word) > 3 and word in name.lower()), ""
    )


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return [word for word in re.split(r"[^a-z0-9]+", spaced) if word]


def _role(name: str) -> _Role:
    part = kind = ""
    weak = False
    rest = []
    for word in _words(name):
        said = _meaning(word)
        if word in _NO_PART:
            return _Role("", "", name)
        if said is not None:
            part, kind = said[0] or part, said[1] or kind
        elif word in _WEAK_IMAGES:
            weak = True
        elif word not in _NOISE:
            rest.append(word)
    return _Role(part, kind or ("images" if weak else ""), " ".join(rest))


def _meaning(word: str) -> tuple[str, str] | None:
    """Return the part and the kind that one word says, or None if it says neither."""
    if word in _PART_OF or word in _KIND_OF:
        return _PART_OF.get(word, ""), _KIND_OF.get(word, "")
    for spelling, part in _PART_OF.items():
        for rest in (word.removeprefix(spelling), word.removesuffix(spelling)):
            if rest != word and (rest in _KIND_OF or rest in _WEAK_IMAGES):
                return part, _KIND_OF.get(rest, "images")
    return None


def _paired(images: str, labels: str, arrays: Mapping[str, Shape]) -> Piece | None:
    count = label_count(arrays[labels])
    axis = image_axis(arrays[images], count)
    return None if axis is None else Piece(images, axis, labels, count)


def _by_name(arrays: Mapping[str, Shape]) -> dict[str, list[Piece]]:
    roles = {name: _role(name) for name in arrays}
    best: dict[str, Piece] = {}
    for strict in (True, False):  # names that agree in full come first
        for images, role in roles.items():
            if role.kind != "images":
                continue
            for labels, other in roles.items():
                if other.kind != "labels" or other.part != role.part:
                    continue
                piece = _paired(images, labels, arrays)
                if piece is None or (strict and other.rest != role.rest):
                    continue
                kept = best.get(role.part)
                if kept is None or (strict and piece.count > kept.count):
                    best[role.part] = piece
    return {part: [piece] for part, piece in best.items()}


def _by_shape(arrays: Mapping[str, Shape]) -> dict[str, list[Piece]]:
    """Pair the only two arrays that go together, whatever they are called."""
    pairs = [
        piece
        for images, shape in arrays.items()
        if len(shape) >= 2 and 1 not in shape[:2]
        for labels, other in arrays.items()
        if images != labels and len(other) <= 2 and max(other, default=0) == label_count(other)
        if (piece := _paired(images, labels, arrays)) is not None
    ]
    return {"": pairs} if len(pairs) == 1 else {}


def _per_class(arrays: Mapping[str, Shape]) -> dict[str, list[Piece]]:
    """Find an array for each digit: train0 ... train9, test0 ... test9."""
    found: dict[str, list[Piece]] = {}
    for name, shape in arrays.items():
        match = _PER_CLASS.fullmatch(name)
        part = _PART_OF.get(match[1].lower().strip("_"), "") if match else ""
        if match and part and len(shape) >= 2 and image_axis(shape, shape[0]) == 0:
            found.setdefault(part, []).append(Piece(name, 0, int(match[2]), shape[0]))
    return found if len(found.get("train", [])) > 1 else {}
