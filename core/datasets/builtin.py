"""The digits that the program draws itself: always there, the same on every start."""

from pathlib import Path
from typing import ClassVar

from core.dataset import BUILTIN, READERS, Dataset, ImageSet, ReadProgress
from core.synthesis import generate

TRAIN_COUNT, VALIDATION_COUNT = 60_000, 10_000
_TRAIN_SEED, _VALIDATION_SEED = 1, 2
DIGIT_NAMES = tuple("0123456789")


class BuiltinReader:
    """Draws 60,000 digits to train on and 10,000 others to validate with."""

    label: ClassVar[str] = "Built-in digits"

    def recognises(self, path: Path) -> bool:
        """Tell that no file is of this kind."""
        return False

    def read(self, path: Path, progress: ReadProgress | None = None) -> Dataset:
        """Draw the digits: one to two seconds."""
        total = TRAIN_COUNT + VALIDATION_COUNT

        def told(before: int, count: int) -> ReadProgress | None:
            if progress is None:
                return None
            return lambda share: progress((before + share * count) / total)

        train = ImageSet(*generate(TRAIN_COUNT, _TRAIN_SEED, told(0, TRAIN_COUNT)))
        validation = ImageSet(
            *generate(VALIDATION_COUNT, _VALIDATION_SEED, told(TRAIN_COUNT, VALIDATION_COUNT))
        )
        return Dataset(BUILTIN, self.label, BUILTIN, train, validation, None, DIGIT_NAMES)


READERS.add(BUILTIN, BuiltinReader())
