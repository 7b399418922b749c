"""Opening what people name: ordinary files only, and without ever waiting for one.

Opening a named pipe waits until somebody writes to it, and opening a device may do
anything. So the kind is looked at before and, against a swap in between, once more on what
was opened; it is opened in a way that does not wait. All readers of files go through here.
"""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # does not wait for the other end of a pipe
    | getattr(os, "O_NOCTTY", 0)  # does not make a terminal ours
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class SpecialFileError(OSError):
    """A path leads to a named pipe, a socket or a device; `strerror` says which."""

    def __init__(self, path: Path, mode: int) -> None:
        kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "something else")
        super().__init__(errno.EOPNOTSUPP, f"it is {kind}, not a file", str(path))


def open_regular(path: Path) -> BufferedReader:
    """Open an ordinary file to read its bytes.

    Raises:
        SpecialFileError: it is a named pipe, a socket or a device.
        OSError: it is missing, a folder, or may not be read.
    """
    _check(path, os.stat(path).st_mode)  # noqa: PTH116 - beside fstat
    handle = os.open(path, _FLAGS)
    try:
        _check(path, os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path, most: int = -1) -> bytes:
    """Return the bytes of an ordinary file, at most so many. Raises as `open_regular`."""
    with open_regular(path) as stream:
        return stream.read(most)


def refuse_special(path: Path) -> None:
    """Let files and folders pass, and what is not there.

    Raises:
        SpecialFileError: it is a named pipe, a socket or a device.
        OSError: the drive does not answer, or the folder may not be looked into.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - as above
    except (FileNotFoundError, NotADirectoryError, ValueError):  # no name may have a NUL
        return
    if not stat.S_ISDIR(mode):
        _check(path, mode)


def _check(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise SpecialFileError(path, mode)
