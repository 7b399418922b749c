"""How much memory this process has had at most, for measurements in a process of their own."""

import resource
import sys
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # of `ru_maxrss`, in bytes


def peak_bytes() -> int:
    """Return the most that was resident since this program began.

    Not `ru_maxrss` where the system says it otherwise: on Linux that begins with what the
    parent held when it started this process, and a test run holds gigabytes.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return next(
        int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM:")
    )
