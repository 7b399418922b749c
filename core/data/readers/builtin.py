"""The digits that the program makes itself: nothing to download, the same everywhere."""

from pathlib import Path
from typing import ClassVar

from core.base.digits import DIGITS
from core.data.dataset import BUILTIN
from core.data.reader import READERS, RawData, RawPart
from core.imaging.synthesis import generate, write_digits
from core.untrusted.reading import ReadProgress

# Part of every saved model's identity: other counts or seeds are other data.
TRAIN_COUNT, TRAIN_SEED = 60_000, 1
VALIDATION_COUNT, VALIDATION_SEED = 10_000, 2


class BuiltinReader:
    """Makes 60,000 digits to train on and 10,000 to validate, in one to two seconds."""

    label: ClassVar[str] = "Built-in digits"
    patterns: ClassVar[tuple[str, ...]] = ()

    def recognises(self, path: Path) -> bool:
        """Return False: the built-in digits are in no file."""
        return False

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Make the digits; `path` is not looked at."""
        total = TRAIN_COUNT + VALIDATION_COUNT

        def share(count: int, before: int) -> ReadProgress | None:
            """Turn the progress of one part into that of the whole."""
            if progress is None:
                return None
            return lambda done: progress((before + done * count) / total)

        train = generate(TRAIN_COUNT, TRAIN_SEED, share(TRAIN_COUNT, 0))
        validation = generate(
            VALIDATION_COUNT, VALIDATION_SEED, share(VALIDATION_COUNT, TRAIN_COUNT)
        )
        return RawData(
            BUILTIN,
            self.label,
            "",
            RawPart(*train),
            RawPart(*validation),
            class_names=DIGITS,
            suggestion={"scale": "255", "polarity": "high"},
            rewrite=write_digits,
        )


READERS.add(BUILTIN, BuiltinReader())
