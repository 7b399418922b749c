"""Writing to the standard streams, which may be full, closed, or gone with their terminal."""

import errno
import os
import sys
from contextlib import suppress
from typing import TextIO

from core.base.errors import OutputError, reason

_WHY = {
    errno.EBADF: "it is closed",
    errno.EIO: "its terminal is gone",
    errno.EPIPE: "nobody reads it any more",
    errno.EINVAL: "nobody reads it any more",  # what Windows says of a broken pipe
}
_UNREAD = {errno.EPIPE, errno.EINVAL}


def put(text: str) -> None:
    """Write text to standard output, and see that it gets there.

    Raises:
        OutputError: it did not.
    """
    try:
        _write(text, sys.stdout)
    except (OSError, ValueError) as error:
        _mute(sys.stdout)
        number = error.errno if isinstance(error, OSError) else errno.EBADF
        why = _WHY.get(number or 0) or reason(OSError(number, str(error)))
        raise OutputError(
            f"The output could not be written: {why}.", unread=number in _UNREAD
        ) from error


def complain(text: str) -> bool:
    """Write text to the error stream; tell whether it got there. It is no trouble if not."""
    try:
        _write(text, sys.stderr)
    except (OSError, ValueError):
        _mute(sys.stderr)
        return False
    return True


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether somebody sees at once what is written to `stream`."""
    try:
        return stream is not None and stream.isatty()
    except (OSError, ValueError):
        return False


def occupy_closed() -> None:
    """Put something harmless where a standard stream is closed, as `>&-` does.

    The next file to be opened would get its number, and what a library writes to the
    error stream would end up in the user's file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):  # the lowest number that is free: this one
                os.open(os.devnull, os.O_RDWR)


def _write(text: str, stream: TextIO | None) -> None:
    if stream is None:  # it was closed before the program began
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _mute(stream: TextIO | None) -> None:
    """Let what is still in the stream's memory go nowhere, or Python complains at its end.

    Source: the manual of Python's `signal`, "Note on SIGPIPE".
    """
    if stream is None:
        return
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, stream.fileno())
        finally:
            os.close(null)
