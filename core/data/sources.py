"""Where a model says that its digits lay: whether to look there at all.

A model file may come from anybody, and looking at a path can do more than read: Windows
signs in to the machine that a network name gives, an automounter asks one for its drives,
and in /proc or /dev names are no files. So a path is taken by its words first, and is
looked at after the user has agreed.
"""

import os
import re
from pathlib import Path, PurePosixPath, PureWindowsPath

from core.base.errors import DatasetError, reason
from core.base.regular_file import refuse_special

_LONGEST = 4096  # characters
_NETWORK = re.compile(r"[\\/]{2}")  # \\machine\share, //machine/share, \\?\…
_DRIVE = re.compile(r"[A-Za-z]:")
_NO_PLACES = {"proc", "sys", "dev", "net", "network", "afs", ".vol"}  # of the root


def plausible_source(text: str, *, windows: bool = os.name == "nt") -> Path | None:
    """Return the path that a model names for its digits; None if it should not be looked at.

    Nothing is asked of any drive. Plausible is an absolute path on a drive of this machine,
    outside the places where names are no files.
    """
    sane = 0 < len(text) <= _LONGEST and text.isprintable() and not _NETWORK.match(text)
    if not sane or ".." in re.split(r"[\\/]", text):
        return None
    fits = _is_windows_place(text) if windows else _is_posix_place(text)
    return Path(text) if fits else None


def find_source(path: Path) -> Path:
    """Look at a path that the user agreed to, and return it.

    Raises:
        DatasetError: nothing is there, or no ordinary file or folder.
    """
    try:
        there = path.exists()
        if there:
            refuse_special(path)
            real = os.path.realpath(path)
            if os.name != "nt" and not _is_posix_place(real):
                raise DatasetError(path, f"{path} leads to {real}, which is no place for digits.")
    except (OSError, ValueError) as error:
        why = reason(error) if isinstance(error, OSError) else "its name makes no sense"
        raise DatasetError(path, f"{path} could not be looked at: {why}.") from error
    if not there:
        raise DatasetError(path, f"There is no file or folder {path}.")
    return path


def _is_posix_place(text: str) -> bool:
    parts = PurePosixPath(text).parts
    return len(parts) > 1 and parts[0] == "/" and parts[1].lower() not in _NO_PLACES


def _is_windows_place(text: str) -> bool:
    path = PureWindowsPath(text)
    rest = path.parts[1:]
    own = bool(_DRIVE.fullmatch(path.drive)) and path.is_absolute() and bool(rest)
    # Behind the drive a colon names a stream; CON, NUL and the like are devices.
    return own and not any(":" in part or PureWindowsPath(part).is_reserved() for part in rest)
