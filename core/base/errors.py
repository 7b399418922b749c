"""Every error this program raises on purpose.

    InklingError
    ├── ConfigError          a setting is out of range or contradicts another
    ├── UnknownNameError     a name that we do not have (a preset, a layer, a key)
    ├── ShapeError           two arrays do not fit together
    ├── DatasetError         a digit file is missing, damaged or of the wrong kind
    ├── ImageError           a picture cannot be read as a digit
    ├── ModelFileError       a model file is damaged, or not one at all
    ├── ExportError          a network cannot be written in a format
    ├── SaveError            a file could not be written; what was there is still there
    ├── DownloadError        digits could not be fetched from the internet
    ├── TooLargeError        a network or a training needs more memory than there is
    ├── OutputError          what a command prints did not get to where it should
    └── DivergedError        the loss stopped being a finite number

A message says what happened; `hint` says what the user can do about it. Both are
plain sentences: the window and the command line show them unchanged. What they quote
from files is made visible here, once for all (see `printable`).
"""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.base.printable import printable


class InklingError(Exception):
    """Base class; `except InklingError` separates our errors from bugs."""

    def __init__(self, message: str, hint: str = "") -> None:
        self.message, self.hint = printable(message), printable(hint)
        super().__init__(self.message)

    @property
    def sentence(self) -> str:
        """Message and hint as one line of text."""
        return f"{self.message} {self.hint}".strip()


class ConfigError(InklingError):
    """A setting cannot be used. `field` names the form field to highlight."""

    def __init__(self, field: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class UnknownNameError(InklingError):
    """Something was asked for by a name that does not exist."""


class ShapeError(InklingError):
    """Two arrays do not fit together."""


class FileError(InklingError):
    """A file is the trouble; `path` is that file."""

    def __init__(self, path: Path, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = path


class DatasetError(FileError):
    """A digit file is missing, damaged or of the wrong kind."""


class ImageError(FileError):
    """A picture cannot be read as a digit."""


class ModelFileError(FileError):
    """A model file is missing, damaged, or not a model file."""


class ExportError(FileError):
    """A network cannot be written in this format, or the file would be wrong."""


class SaveError(FileError):
    """A file could not be written. The file that was there before is untouched.

    `kept` is where the new content is instead, if it is anywhere.
    """

    def __init__(self, path: Path, message: str, hint: str = "", kept: Path | None = None) -> None:
        super().__init__(path, message, hint)
        self.kept = kept


class DownloadError(InklingError):
    """Digits could not be fetched. What was here is untouched, what arrived is kept for later."""


class TooLargeError(InklingError):
    """A network or a training needs more memory than there is. Nothing was changed."""


class OutputError(InklingError):
    """What a command prints could not be written; `unread`: whoever read it went away."""

    def __init__(self, message: str, hint: str = "", *, unread: bool = False) -> None:
        super().__init__(message, hint)
        self.unread = unread


class DivergedError(InklingError):
    """The loss became NaN or infinite at `step`; the network is back at `kept_step`."""

    def __init__(self, step: int, kept_step: int) -> None:
        super().__init__(
            f"The loss stopped being a finite number at iteration {step:,}, so training"
            f" stopped. The network is back at iteration {kept_step:,}, the last good one.",
            "Lower the learning rate and train again.",
        )
        self.step = step
        self.kept_step = kept_step


def out_of_memory() -> TooLargeError:
    """Say that the machine has too little memory, which is no fault of the program."""
    return TooLargeError(
        "There is not enough memory for this.",
        "Close other programs, or use a smaller network or fewer images.",
    )


_LONGEST_QUOTED = 60  # characters


def quoted(value: object, form: Callable[[Any], str] = repr) -> str:
    """Return a value as a sentence shows it: whatever a file holds, it stays a short word."""
    try:
        text = form(value)
    except ValueError:  # Python writes no whole number of more than 4,300 digits
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST_QUOTED else f"{text[: _LONGEST_QUOTED - 1]}…"


_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your disk quota is used up",
    errno.EFBIG: "the file would be larger than this disk allows",
    errno.EACCES: "this program has no permission for it",
    errno.EPERM: "this program has no permission for it",
    errno.EROFS: "the folder is read-only",
    errno.ENOENT: "it does not exist",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.EISDIR: "it is a folder, not a file",
    errno.EIO: "the drive does not answer",
    errno.ENAMETOOLONG: "its name is too long",
}


def cause_of(error: "SaveError | OSError") -> str:
    """Say what was behind a failure to save, to be put in brackets in another sentence."""
    cause = error if isinstance(error, OSError) else error.__cause__
    return reason(cause) if isinstance(cause, OSError) else str(error).rstrip(".")


def reason(error: OSError) -> str:
    """Say in plain words why the operating system refused."""
    if error.errno is None:
        return str(error).splitlines()[0] if str(error) else type(error).__name__
    return _REASONS.get(error.errno, error.strerror or str(error))
