"""Putting a file in place whole, or not at all.

The content is written to a neighbour, `.<name>.<random>.part`, flushed to the disk, and
moved over the target in one step; then the folder is flushed, so that the move survives
a power cut, too. At any moment the target is the old file or the new one, and whole.
"""

import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.base.errors import SaveError, reason

_RETRIES, _RETRY_S = 10, 0.2  # virus scanners and cloud folders let go within that
_STALE_S = 3600.0  # a neighbour this old was left by a program that was killed
_MOST_COPIES = 9  # new versions beside a file that cannot be replaced
_WHY = {
    errno.ENOENT: "the folder does not exist (any more)",
    errno.ENODEV: "the drive is gone",
    errno.ENXIO: "the drive is gone",
    errno.ESTALE: "the network drive does not answer",
    errno.ETIMEDOUT: "the network drive does not answer",
}
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISLNK, "a link that leads nowhere"),
)
_GONE = {*_WHY, errno.EIO, errno.ENOTDIR}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

if sys.platform == "darwin":
    import fcntl

    def _sync(handle: int) -> None:
        # On macOS fsync hands the data to the drive, which may keep it in its own cache.
        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(handle)  # network drives know only this

else:

    def _sync(handle: int) -> None:
        os.fsync(handle)


def check_target(path: Path) -> None:
    """Find out before long work that `write_whole` would not be able to write its result.

    Raises:
        SaveError: `path` is no ordinary file, or its folder does not take files.
    """
    target = Path(os.path.realpath(path))
    try:
        _check_ordinary(path, target)
        _new_neighbour(target).unlink()
    except OSError as error:
        why = _WHY.get(error.errno or 0) or reason(error)
        raise SaveError(
            path, f"{path} cannot be written: {why}.", "Choose another place; nothing was done yet."
        ) from error


def write_whole(path: Path, write: Callable[[Path], None], *, keep_copy: bool = True) -> None:
    """Write a file beside `path`, flush it to disk, then move it into place.

    Whatever goes wrong, the file that was there before stays as it was, and no
    half-written neighbour is left behind. Where the target may not be replaced, because
    another program has it open (Windows) or it is locked, moving is tried again for two
    seconds; then the new version stays beside it under a name that is seen, and the error
    says so. Only an ordinary file is ever replaced: no pipe, no device, no folder.

    Args:
        path: where the file shall be; a symbolic link is followed.
        write: called with the neighbour's path; writes the whole content there.
        keep_copy: False for files that are the program's own: no such new version is left.

    Raises:
        SaveError: it could not be written; the sentence says why and what to do.
    """
    target = Path(os.path.realpath(path))
    try:
        _check_ordinary(path, target)
        _sweep(target)
        neighbour = _new_neighbour(target)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        write(neighbour)
        _flush(neighbour)
        _keep_mode(target, neighbour)
        _replace(neighbour, target, path, keep_copy)
        _flush_folder(target.parent)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(OSError):  # its drive may be gone
            neighbour.unlink(missing_ok=True)


def write_bytes_whole(path: Path, content: bytes | memoryview, *, keep_copy: bool = True) -> None:
    """Do as `write_whole` with content that is in memory. Raises SaveError."""

    def write(neighbour: Path) -> None:
        neighbour.write_bytes(content)

    write_whole(path, write, keep_copy=keep_copy)


def _check_ordinary(path: Path, target: Path) -> None:
    """Raise OSError unless there is an ordinary file at `path`, or nothing.

    Both are asked: a link to a pipe or a deleted file of a process, as /dev/stdout may be,
    leads to what has no name.
    """
    for place, status in ((path, os.stat), (target, os.lstat)):
        try:
            mode = status(place).st_mode
        except FileNotFoundError:
            if place is target and path.exists():
                raise OSError("what it leads to has no name") from None
            continue
        if not stat.S_ISREG(mode):
            kind = next((words for test, words in _KINDS if test(mode)), "a device")
            raise OSError(f"it is {kind}, not a file")


def _new_neighbour(target: Path) -> Path:
    handle, name = tempfile.mkstemp(".part", _part_prefix(target), target.parent)
    os.close(handle)
    return Path(name)


def _replace(neighbour: Path, target: Path, path: Path, keep_copy: bool) -> None:
    for tries_left in reversed(range(_RETRIES + 1)):
        try:
            _check_ordinary(path, target)  # again: somebody may have put it there meanwhile
            os.replace(neighbour, target)  # noqa: PTH105 - Path.replace would hide which is which
        except PermissionError as error:
            if target.is_dir() or (not tries_left and not keep_copy):
                raise
            if not tries_left:
                raise _held(path, _set_aside(neighbour, target)) from error
            time.sleep(_RETRY_S)
        else:
            return


def _set_aside(neighbour: Path, target: Path) -> Path | None:
    """Give the new version a name that is seen; None if that is not possible either."""
    for number in range(1, _MOST_COPIES + 1):
        mark = "(new)" if number == 1 else f"(new {number})"
        aside = target.with_name(f"{target.stem[:80]} {mark}{target.suffix}")
        if aside.exists():
            continue
        try:
            neighbour.rename(aside)
        except OSError:
            return None
        return aside
    return None


def _held(path: Path, aside: Path | None) -> SaveError:
    what = f"“{path.name}” could not be replaced: another program has it open, or it is locked."
    if aside is None:
        return SaveError(
            path,
            what,
            "Nothing is lost: close that program or choose another name, and save again.",
        )
    return SaveError(
        path,
        f"{what} The new version is beside it, as “{aside.name}”.",
        "Close that program and save again; then the copy is not needed any more.",
        aside,
    )


def _refused(path: Path, error: OSError) -> SaveError:
    number = error.errno or 0
    hint = "Nothing is lost: choose another folder, and save again."
    if number in _FULL:
        hint = "Nothing is lost: free some space or choose another folder, and save again."
    elif not number:  # not the system's, but ours: it is no file
        hint = "Nothing is lost: choose another name, and save again."
    elif number in _GONE:
        hint = "Nothing is lost: bring the drive back or choose another folder, and save again."
    return SaveError(
        path,
        f"“{path.name}” could not be saved in {path.parent}: {_WHY.get(number) or reason(error)}.",
        hint,
    )


def _part_prefix(target: Path) -> str:
    return f".{target.name[:80]}."


def _sweep(target: Path) -> None:
    """Remove what killed programs left of this file long ago."""
    prefix, now = _part_prefix(target), time.time()
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            ours = entry.name.startswith(prefix) and entry.name.endswith(".part")
            if ours and now - entry.stat().st_mtime > _STALE_S:
                Path(entry.path).unlink()


def _flush(path: Path) -> None:
    with path.open("rb+") as stream:
        _sync(stream.fileno())


def _keep_mode(target: Path, neighbour: Path) -> None:
    # mkstemp makes files that only their owner may read; a saved model is an ordinary file.
    try:
        mode = target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    with suppress(OSError):  # drives without such modes refuse
        neighbour.chmod(mode)


def _flush_folder(folder: Path) -> None:
    # Windows cannot open a folder, and needs no such flush; some network drives neither.
    # The file is in its place by now: that its folder cannot be flushed is no failure.
    if os.name == "nt":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            _sync(handle)
        finally:
            os.close(handle)
