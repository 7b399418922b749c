"""A lock between programs: who holds it may replace a file that several of them write."""

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.base.errors import SaveError, reason

_POLL_S = (0.0005, 0.005)  # at random between these: who always came late might never get it

if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import errno
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            # Some network drives know no locks: better an unguarded file than none at all.
            return error.errno not in (errno.EWOULDBLOCK, errno.EACCES, errno.EINTR)
        return True


@contextmanager
def locked(path: Path, patience_s: float = 10.0) -> Iterator[None]:
    """Hold the lock of `path` for the length of a `with` block.

    The lock is on a small file beside it, `<name>.lock`, which stays: taking it away would
    let two programs lock two different files. When a program ends, however abruptly, the
    operating system opens its locks.

    Raises:
        SaveError: another program has held it for `patience_s`, or its folder cannot be
            written.
    """
    beside = path.with_name(f"{path.name}.lock")
    try:
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError as error:
        raise SaveError(
            path,
            f"“{path.name}” cannot be written in {path.parent}: {reason(error)}.",
            "Free some space or mend the folder's permissions.",
        ) from error
    try:
        _wait(handle, path, time.monotonic() + patience_s)
        yield
    finally:
        os.close(handle)  # opens the lock, too


def _wait(handle: int, path: Path, until: float) -> None:
    while not _try_lock(handle):
        if time.monotonic() > until:
            raise SaveError(
                path,
                f"Another program has held “{path.name}” for too long.",
                "If a second Inkling hangs, close it.",
            )
        time.sleep(random.uniform(*_POLL_S))
