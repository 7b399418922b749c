"""How much a child process may use; where the system cannot say so, its parent watches."""

import contextlib
import sys

_SECONDS = 600  # of processor time


def limit_this_process(memory: int, seconds: int = _SECONDS) -> None:
    """Keep this process below `memory` bytes of address space, where the system can.

    It also may write no file, and leaves no core dump. On Windows nothing is limited.
    """
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - is not there on Windows

        for kind, most in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            # macOS refuses some of them; the parent's limit of time is left there.
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (most, most))
