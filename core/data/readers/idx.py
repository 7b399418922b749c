"""Digits in IDX files, as MNIST, Fashion-MNIST, KMNIST and EMNIST come: images beside labels."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.base.errors import DatasetError
from core.data.reader import READERS, RawData, RawPart
from core.untrusted.parsing.idxfile import IdxHeader, looks_like_idx, read_header, read_values
from core.untrusted.parsing.labels import label_hint, well_known
from core.untrusted.parsing.safe_read import listed
from core.untrusted.reading import ReadProgress

_IDX_NAME = re.compile(r"idx[13]|ubyte", re.IGNORECASE)
# What is left of a name is shared by images and their labels: "train", "t10k", ...
_NOISE = re.compile(r"images?|labels?|idx\d?|ubyte|u?int8|\.gz$|[-._ ]", re.IGNORECASE)
_PARTS = (("train", "train"), ("validation", "val"), ("test", "test"), ("test", "t10k"))


def _key(path: Path) -> str:
    """Return what a file's name shares with the name of its partner."""
    return _NOISE.sub("", path.name).lower()


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    header: IdxHeader

    @property
    def key(self) -> str:
        """What its name shares with the name of its partner."""
        return _key(self.path)

    def fits(self, other: "_File") -> bool:
        """True if one holds as many images as the other holds labels."""
        return (
            self.header.holds_images != other.header.holds_images
            and self.header.count == other.header.count
        )


@dataclass(frozen=True, slots=True)
class _Pair:
    images: _File
    labels: _File


class IdxReader:
    """Reads an IDX file and its partner, or a folder with one pair or more."""

    label: ClassVar[str] = "IDX files"
    patterns: ClassVar[tuple[str, ...]] = ("*ubyte", "*ubyte.gz", "*.idx")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an IDX file, is named as one, or is a folder with some."""
        if path.is_dir():
            return any(_is_idx(file) for file in listed(path))
        return _is_idx(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the pair that `path` belongs to, or all of a folder's.

        A single pair is to train on. In a folder with several, their names say which is
        to train ("train"), to validate ("val") and to test ("test", "t10k").
        """
        parts = _parts(path, _pairs(path)) if path.is_dir() else {"train": _pair_of(path)}
        sets = _read_parts(parts, progress)
        images = parts["train"].images.path
        # EMNIST's images lie on their side, as its makers wrote them.
        on_its_side = "emnist" in images.name.lower()
        suggestion = {
            "scale": "255",
            "transpose": "yes" if on_its_side else "no",
            **label_hint(images, sets["train"].labels),
        }
        return RawData(
            "idx",
            path.name or str(path),
            str(path),
            sets["train"],
            sets.get("validation"),
            sets.get("test"),
            well_known(images),
            suggestion,
        )


def _is_idx(path: Path) -> bool:
    return path.is_file() and (bool(_IDX_NAME.search(path.name)) or looks_like_idx(path))


def _named_like(other: Path, path: Path) -> bool:
    """Tell whether `other` should be the partner of `path`, be it damaged."""
    return other.is_file() and bool(_IDX_NAME.search(other.name)) and _key(other) == _key(path)


def _files(folder: Path) -> list[_File]:
    """Return the IDX files of a folder, unpacked ones before packed ones."""
    found = [_File(path, read_header(path)) for path in listed(folder) if _is_idx(path)]
    return sorted(found, key=lambda file: (file.header.gzipped, file.path.name))


def _pair_of(path: Path) -> _Pair:
    """Find the partner of one file beside it.

    Raises:
        DatasetError: the file is damaged or has no partner.
    """
    file = _File(path, read_header(path))
    others = [
        _File(other, read_header(other))
        for other in listed(path.parent)
        if other != path and (looks_like_idx(other) or _named_like(other, path))
    ]
    partner = _partner(file, others)
    return _Pair(file, partner) if file.header.holds_images else _Pair(partner, file)


def _pairs(folder: Path) -> list[_Pair]:
    """Pair up the files of a folder; of a packed and an unpacked copy one is taken."""
    files = _files(folder)
    images: dict[str, _File] = {}
    for file in files:
        if file.header.holds_images:
            images.setdefault(file.key, file)
    if not images:
        raise _no_partner(files[0], None)
    labels = [file for file in files if not file.header.holds_images]
    return [_Pair(file, _partner(file, labels)) for file in images.values()]


def _partner(file: _File, others: Iterable[_File]) -> _File:
    """Choose the file that goes with `file`: by name, or else the only one that fits."""
    opposite = [other for other in others if other.header.holds_images != file.header.holds_images]
    namesakes = [other for other in opposite if other.key == file.key]
    fitting = [other for other in namesakes or opposite if file.fits(other)]
    if namesakes and fitting:
        return fitting[0]
    if len(fitting) == 1:
        return fitting[0]
    # A file that is itself damaged is the greater trouble, so it is told first.
    read_values(file.path, file.header)
    raise _no_partner(file, namesakes[0] if namesakes else None)


def _no_partner(file: _File, namesake: _File | None) -> DatasetError:
    name, has_images = file.path.name, file.header.holds_images
    if namesake is not None:
        images, labels = (file, namesake) if has_images else (namesake, file)
        return DatasetError(
            file.path,
            f"{images.path.name} holds {images.header.count:,} images, but {labels.path.name}"
            f" holds {labels.header.count:,} labels.",
            "Images and labels must come from the same download.",
        )
    if not has_images and "image" in name.lower():
        return DatasetError(
            file.path,
            f"{name} holds labels, although its name says images.",
            "Download the file again.",
        )
    if has_images:
        wanted, example = "labels for", name.replace("images", "labels").replace("idx3", "idx1")
    else:
        wanted, example = "images for", name.replace("labels", "images").replace("idx1", "idx3")
    example = example if example != name else f"an IDX file of {wanted.split()[0]}"
    return DatasetError(
        file.path,
        f"There are no {wanted} {name} beside it.",
        f"Put {example} into the same folder.",
    )


def _parts(folder: Path, pairs: list[_Pair]) -> dict[str, _Pair]:
    """Decide which pair is to train, to validate and to test with."""
    if len(pairs) == 1:
        return {"train": pairs[0]}
    parts: dict[str, _Pair] = {}
    for pair in pairs:
        roles = [part for part, word in _PARTS if word in pair.images.key]
        if len(roles) != 1 or roles[0] in parts:
            break
        parts[roles[0]] = pair
    if len(parts) < len(pairs) or "train" not in parts:
        names = ", ".join(pair.images.path.name for pair in pairs[:6])
        raise DatasetError(
            folder,
            f"{folder.name} holds several sets of images ({names}), and their names do not"
            " say which to train on.",
            "Open one of these files instead of the folder.",
        )
    return parts


def _read_parts(parts: dict[str, _Pair], progress: ReadProgress | None) -> dict[str, RawPart]:
    """Read the pairs; the share of each in the progress is its share of the bytes."""
    total = sum(np.prod(pair.images.header.shape, dtype=float) for pair in parts.values())
    sets: dict[str, RawPart] = {}
    before = 0.0
    for name, pair in parts.items():
        size = float(np.prod(pair.images.header.shape, dtype=float))

        def show(done: float, before: float = before, size: float = size) -> None:
            if progress is not None:
                progress((before + done * size) / total)

        images = read_values(pair.images.path, pair.images.header, show)
        labels = read_values(pair.labels.path, pair.labels.header)
        sets[name] = RawPart(images, labels)
        before += size
    for name, pair in parts.items():
        if sets[name].images.shape[1:] != sets["train"].images.shape[1:]:
            raise DatasetError(
                pair.images.path,
                f"The images in {pair.images.path.name} have another size than those in"
                f" {parts['train'].images.path.name}.",
                "All images of one data set must be equally large.",
            )
    return sets


READERS.add("idx", IdxReader())
