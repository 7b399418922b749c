"""A lock between programs: who holds it may replace a file that several of them write."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from core.base.errors import SaveError, reason

_POLL_S = 0.002
# What a drive answers that knows no locks, as some network drives do.
_LOCKLESS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}


@contextmanager
def locked(path: Path, patience_s: float = 10.0) -> Iterator[None]:
    """Hold the lock of `path` for the length of a `with` block.

    The lock is on a small file beside it, `<name>.lock`, which stays: taking it away would
    let two programs lock two different files. When a program ends, however abruptly, the
    operating system opens its locks. On a drive that knows no locks nobody is kept out:
    better an unguarded file than none at all.

    Raises:
        SaveError: somebody else, be it in this program, has held it for `patience_s`, or its
            folder cannot be written.
    """
    lock = FileLock(
        path.with_name(f"{path.name}.lock"),
        timeout=patience_s,
        poll_interval=_POLL_S,
        thread_local=False,  # the thread that opens it may be another one
        fallback_to_soft=False,  # a mark that a killed program leaves would keep all out
        preserve_lock_file=True,
    )
    try:
        _acquire(lock, path)
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, path: Path) -> None:
    try:
        if not path.parent.is_dir():  # the lock would make it
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path.parent))
        lock.acquire()
    except Timeout:
        raise SaveError(
            path,
            f"Another program has held “{path.name}” for too long.",
            "If a second Inkling hangs, close it.",
        ) from None
    except OSError as error:
        if error.errno not in _LOCKLESS:
            raise SaveError(
                path,
                f"“{path.name}” cannot be written in {path.parent}: {reason(error)}.",
                "Free some space or mend the folder's permissions.",
            ) from error
