"""Putting a file in place whole, or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from core.errors import SaveError, reason


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file beside `path`, flush it to disk, then move it into place.

    Whatever goes wrong, the file that was there before stays as it was, and no
    half-written neighbour is left behind.

    Args:
        path: where the file shall be; a symbolic link is followed.
        write: called with the neighbour's path; writes the whole content there.

    Raises:
        SaveError: it could not be written; the sentence says why and what to do.
    """
    target = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(".part", f".{target.name[:80]}.", target.parent)
        os.close(handle)
    except OSError as error:
        raise _refused(path, error) from error
    neighbour = Path(name)
    try:
        write(neighbour)
        _flush(neighbour)
        _keep_mode(target, neighbour)
        os.replace(neighbour, target)  # noqa: PTH105 - Path.replace would hide which is which
        _flush_folder(target.parent)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        neighbour.unlink(missing_ok=True)


def _refused(path: Path, error: OSError) -> SaveError:
    return SaveError(
        path,
        f"“{path.name}” could not be saved in {path.parent}: {reason(error)}.",
        "Nothing is lost: free some space or choose another folder, and save again.",
    )


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _keep_mode(target: Path, neighbour: Path) -> None:
    # mkstemp makes files that only their owner may read; a saved model is an ordinary file.
    try:
        mode = target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    neighbour.chmod(mode)


def _flush_folder(folder: Path) -> None:
    # Windows cannot open a folder, and needs no such flush.
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
