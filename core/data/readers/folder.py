"""Digits as picture files: in a folder for each class, or beside a list of labels.

Pictures that are all of one size are taken as they are, gray. If their sizes differ, each
is read as a picture of one digit is elsewhere: its ink found, and framed as MNIST's digits.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray
from core.base.errors import DatasetError, ImageError
from core.data.reader import READERS, RawData, RawPart
from core.imaging.framing import SHAPE
from core.imaging.photos.picture import load_gray
from core.imaging.photos.preprocessing import read_picture
from core.untrusted.parsing.labels import numbered, well_known
from core.untrusted.parsing.picturelist import Labelled, find_pictures, holds_pictures
from core.untrusted.parsing.rawimages import image_shape
from core.untrusted.parsing.safe_read import MOST_BYTES, no_memory
from core.untrusted.reading import ReadProgress, unreadable

_MOST_UNREADABLE = 0.05  # the share of pictures that may be passed over
_TURN = 0.03  # seconds between two words on the progress


class _OtherSizeError(Exception):
    """A picture is not as large as the first."""


class FolderReader:
    """Reads a folder of pictures."""

    label: ClassVar[str] = "Folder of pictures"
    patterns: ClassVar[tuple[str, ...]] = ()

    def recognises(self, path: Path) -> bool:
        """Tell whether this is a folder with pictures in sub-folders or beside a list."""
        return path.is_dir() and holds_pictures(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read all pictures, in order of class and name."""

        def tell() -> None:
            if progress is not None:
                progress(0.0)

        try:
            parts = find_pictures(path, tell)
        except OSError as error:
            raise unreadable(path, error) from error
        if "train" not in parts:
            raise DatasetError(
                path,
                f"{path.name} holds no pictures whose class is known.",
                "Put them into a folder for each class (0 to 9), or add labels.csv with a"
                " name and a label in each line.",
            )
        return _Reading(path, parts, progress).data()


class _Reading:
    """One go at a folder: pictures become rows of arrays, and some are passed over."""

    def __init__(
        self, path: Path, parts: dict[str, list[Labelled]], progress: ReadProgress | None
    ) -> None:
        self._path = path
        self._parts = parts
        self._progress = progress
        self._total = sum(map(len, parts.values()))
        self._done = 0
        self._told = 0.0  # when the progress was told last
        self._failed: list[ImageError] = []

    def data(self) -> RawData:
        """Read all, as they are or framed."""
        shape = self._common_shape()
        try:
            images = self._read(_as_it_is, shape) if shape else None
        except _OtherSizeError:
            images = None
        framed = images is None
        if images is None:
            images = self._read(read_picture, SHAPE)
        names = {
            part: np.array([picture.label[:256] for picture in pictures])
            for part, pictures in self._kept.items()
        }
        labels, class_names = numbered(self._path, names)
        sets = {part: RawPart(images[part], labels[part]) for part in images}
        return RawData(
            "folder",
            self._path.name or str(self._path),
            str(self._path),
            sets["train"],
            sets.get("validation"),
            sets.get("test"),
            class_names or well_known(self._path),
            {"scale": "255", "polarity": "high"} if framed else {"scale": "255"},
            notes=self._notes(framed),
        )

    def _common_shape(self) -> tuple[int, int] | None:
        """Return the size of the first picture that can be read, if all may have it."""
        for picture in self._parts["train"][:20]:
            try:
                shape = load_gray(picture.path).shape
            except ImageError:
                continue
            fits = image_shape(shape) == shape and self._total * shape[0] * shape[1] <= MOST_BYTES
            return (shape[0], shape[1]) if fits else None
        return None

    def _read(
        self, take: Callable[[Path], ByteArray], shape: tuple[int, int]
    ) -> dict[str, NDArray[Any]]:
        self._done, self._failed = 0, []
        self._kept: dict[str, list[Labelled]] = {}
        images: dict[str, NDArray[Any]] = {}
        for part, pictures in self._parts.items():
            images[part], self._kept[part] = self._read_part(pictures, take, shape)
        if not self._kept["train"]:
            raise self._too_many()
        return {part: found for part, found in images.items() if self._kept[part]}

    def _read_part(
        self, pictures: list[Labelled], take: Callable[[Path], ByteArray], shape: tuple[int, int]
    ) -> tuple[NDArray[Any], list[Labelled]]:
        try:
            images = np.empty((len(pictures), *shape), np.uint8)
        except MemoryError as error:
            raise no_memory(self._path) from error
        kept: list[Labelled] = []
        for picture in pictures:
            try:
                image = take(picture.path)
            except ImageError as error:
                self._fail(error)
            else:
                if image.shape != shape:
                    raise _OtherSizeError
                images[len(kept)] = image
                kept.append(picture)
            self._done += 1
            self._tell()
        return images[: len(kept)], kept

    def _tell(self) -> None:
        """Tell the progress when it is time, and at the end."""
        now = time.monotonic()
        due = now - self._told >= _TURN or self._done == self._total
        if self._progress is not None and due:
            self._told = now
            self._progress(self._done / self._total)

    def _fail(self, error: ImageError) -> None:
        self._failed.append(error)
        if len(self._failed) > max(1, self._total * _MOST_UNREADABLE):
            raise self._too_many() from error

    def _too_many(self) -> DatasetError:
        return DatasetError(
            self._path,
            f"Too many pictures in {self._path.name} cannot be read, such as this one:"
            f" {self._failed[0].message}",
            "Take out what is damaged or blank; up to 5 % is passed over.",
        )

    def _notes(self, framed: bool) -> tuple[str, ...]:
        notes = []
        if framed:
            notes.append("These pictures differ in size: each was framed to 28 × 28 as in MNIST.")
        if self._failed:
            count = len(self._failed)
            what = "1 picture was" if count == 1 else f"{count:,} pictures were"
            notes.append(f"{what} passed over: {self._failed[0].message}")
        return tuple(notes)


def _as_it_is(path: Path) -> ByteArray:
    """Return a picture (H, W) of gray bytes, 0 black to 255 white."""
    gray: ByteArray = (load_gray(path) * np.float32(255)).round().astype(np.uint8)
    return gray


READERS.add("folder", FolderReader())
