"""What all share that read a stranger's file: how far they are, why it cannot be read."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from core.base.errors import DatasetError, reason
from core.base.regular_file import SpecialFileError

# Told the share done, 0..1, at least every 50 ms of work; may raise to give up.
ReadProgress: TypeAlias = Callable[[float], None]


def unreadable(path: Path, error: OSError) -> DatasetError:
    """Say that the operating system does not let us read `path`."""
    why = "you may not read it" if isinstance(error, PermissionError) else reason(error)
    hint = "Check its permissions, or copy it to a folder of yours."
    if isinstance(error, SpecialFileError):
        hint = "Only ordinary files and folders are opened."
    return DatasetError(path, f"{path} could not be read: {why}.", hint)
