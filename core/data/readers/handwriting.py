"""Digits in the user's own handwriting style: made from a handwriting file as it is read."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from core.base.digits import DIGITS
from core.data.reader import READERS, RawData, RawPart
from core.imaging.synthesis import generate, write_digits
from core.imaging.synthesis.own import handwriting_of
from core.imaging.synthesis.style_file import is_style_file, read_style
from core.untrusted.reading import ReadProgress

_VALIDATION_SHARE = 6  # training images for each one to validate with
_OTHER_SEED = 2**31  # added to the seed for validation; no user's seed is as large


class HandwritingReader:
    """Makes as many digits as the file says, 50,000 a second, and a sixth to validate."""

    label: ClassVar[str] = "Own handwriting style"
    patterns: ClassVar[tuple[str, ...]] = ("*.toml",)

    def recognises(self, path: Path) -> bool:
        """Tell whether this is a handwriting file."""
        return is_style_file(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Make the digits that the file describes."""
        style = read_style(path)
        handwriting = handwriting_of(style)
        train, validation = style.count, -(-style.count // _VALIDATION_SHARE)

        def share(count: int, before: int) -> ReadProgress | None:
            """Turn the progress of one part into that of the whole."""
            if progress is None:
                return None
            return lambda done: progress((before + done * count) / (train + validation))

        return RawData(
            "handwriting",
            self.label,
            str(path),
            RawPart(*generate(train, style.seed, share(train, 0), handwriting)),
            RawPart(
                *generate(
                    validation, style.seed + _OTHER_SEED, share(validation, train), handwriting
                )
            ),
            class_names=DIGITS,
            suggestion={"scale": "255", "polarity": "high"},
            rewrite=partial(write_digits, handwriting=handwriting),
        )


READERS.add("handwriting", HandwritingReader())
