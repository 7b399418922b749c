"""Labels of any file become whole numbers: text is numbered, one-hot rows are counted out."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.digits import DIGITS
from core.base.errors import DatasetError
from core.base.printable import storable

MOST_CLASSES = 256
_LONGEST_NAME = 64  # characters of a class's name that are kept
_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# By a word in the name of a file or folder; the first that is found counts.
_WELL_KNOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "fashion",
        (
            *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
            *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
        ),
    ),
    ("kmnist", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")),
    ("kuzushiji", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")),
    ("emnist-letters", tuple(_LETTERS)),
    ("emnist-byclass", (*DIGITS, *_LETTERS, *_LETTERS.lower())),
    ("emnist-bymerge", (*DIGITS, *_LETTERS, *"abdefghnqrt")),
    ("emnist-balanced", (*DIGITS, *_LETTERS, *"abdefghnqrt")),
)


def well_known(path: Path) -> tuple[str, ...]:
    """Return the class names of the data set that a path is named after, or ()."""
    text = f"{path.parent.name}/{path.name}".lower().replace("_", "-")
    return next((names for word, names in _WELL_KNOWN if word in text), ())


def label_hint(path: Path, labels: NDArray[Any]) -> dict[str, str]:
    """Return what is known of the labels of the data set a path is named after.

    EMNIST's letters count from 1.
    """
    named = "letters" in f"{path.parent.name}/{path.name}".lower() and bool(well_known(path))
    return {"labels": "minus-one"} if named and labels.min() == 1 else {}


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts numbers in names by value: 2 before 10, two before three."""
    if name.casefold() in _NUMBER_WORDS:
        return [(0, _NUMBER_WORDS.index(name.casefold()), "")]
    return [
        (0, int(word), "") if word.isdecimal() else (1, 0, word)
        for word in re.split(r"(\d{1,18})", name.casefold())
        if word
    ]


def numbered(
    path: Path, parts: dict[str, NDArray[Any]]
) -> tuple[dict[str, NDArray[np.integer[Any]]], tuple[str, ...]]:
    """Turn the labels of each part into whole numbers.

    Args:
        path: of the file, for errors.
        parts: numbers or text, (N,), (N, 1), (1, N), or one-hot (N, K).

    Returns:
        (N,) integers for each part, and class names if the labels were names, else ().

    Raises:
        DatasetError: the labels are no whole numbers, or too many different names.
    """
    flat = {part: _flat(path, labels) for part, labels in parts.items()}
    if all(labels.dtype.kind in "biu" for labels in flat.values()):
        return flat, ()
    texts = {part: _texts(labels) for part, labels in flat.items()}
    names = sorted({name for found in texts.values() for name in found}, key=natural)
    if len(names) > MOST_CLASSES:
        raise DatasetError(
            path,
            f"{path.name} has {len(names):,} different labels; {MOST_CLASSES} classes are the"
            " most.",
            "Check which column or array holds the labels.",
        )
    if all(name.isascii() and name.isdecimal() and len(name) < 4 for name in names) and (
        max(map(int, names)) < MOST_CLASSES
    ):
        return {part: np.array(found, np.int64) for part, found in texts.items()}, ()
    index = {name: number for number, name in enumerate(names)}
    numbers: dict[str, NDArray[np.integer[Any]]] = {
        part: np.array([index[name] for name in found], np.int64) for part, found in texts.items()
    }
    return numbers, tuple(name[:_LONGEST_NAME] for name in names)


def _texts(labels: NDArray[Any]) -> list[str]:
    return [
        (
            label.decode("utf-8", "replace") if isinstance(label, bytes) else storable(str(label))
        ).strip()
        for label in labels.tolist()
    ]


def _flat(path: Path, labels: NDArray[Any]) -> NDArray[Any]:
    if labels.ndim == 2 and 1 not in labels.shape:
        return _from_one_hot(path, labels)
    flat = labels.reshape(-1)
    if flat.dtype.kind != "f":
        return flat
    if not (np.abs(flat) < 1 << 31).all() or (flat != np.rint(flat)).any():  # also NaN
        raise DatasetError(
            path,
            f"The labels in {path.name} are no whole numbers.",
            "Labels say which class an image belongs to: 0, 1, 2 and so on.",
        )
    return flat.astype(np.int64)


def _from_one_hot(path: Path, rows: NDArray[Any]) -> NDArray[Any]:
    """Return the place of the only one in each row."""
    good = rows.dtype.kind in "biuf" and rows.shape[1] <= MOST_CLASSES
    if not good or ((rows != 0) & (rows != 1)).any() or (rows.sum(axis=1) != 1).any():
        raise DatasetError(
            path,
            f"The labels in {path.name} are a table, but not of one 1 among 0s in each row.",
            "Labels are one number for each image, or one-hot rows.",
        )
    return np.asarray(rows.argmax(axis=1))
