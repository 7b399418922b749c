"""The user's own drawings as a data set: what was taught in the window can be trained on."""

from pathlib import Path
from typing import ClassVar

import numpy as np

from core.base.errors import DatasetError
from core.data.drawings.userfile import is_userset, read_userset
from core.data.reader import READERS, RawData, RawPart
from core.untrusted.parsing.labels import numbered
from core.untrusted.reading import ReadProgress


class UserDataReader:
    """Reads a file of drawings that Inkling has kept."""

    label: ClassVar[str] = "Drawings kept by Inkling"
    patterns: ClassVar[tuple[str, ...]] = ("*.h5",)

    def recognises(self, path: Path) -> bool:
        """Tell whether this is a file of drawings, damaged or not."""
        return is_userset(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read all drawings, the oldest first; their classes are what they were named."""
        try:
            drawings = read_userset(path)
        except DatasetError as error:
            hint = error.hint or "Open another copy of the file."
            raise DatasetError(path, error.message, hint) from error
        if not drawings:
            raise DatasetError(
                path, f"{path.name} holds no drawings yet.", "Draw some digits and teach them."
            )
        images = np.stack([drawing.image for drawing in drawings])
        words = np.array([drawing.name or str(drawing.label) for drawing in drawings])
        labels, names = numbered(path, {"train": words})
        return RawData(
            "userdata",
            path.name,
            str(path),
            RawPart(images, labels["train"]),
            class_names=names,
            suggestion={"scale": "255", "polarity": "high", "transpose": "no"},
        )


READERS.add("userdata", UserDataReader())
