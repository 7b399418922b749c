"""A process that may take only so much more memory, where the system can be told so."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LIMITS_HOLD = pytest.mark.skipif(sys.platform != "linux", reason="needs a limit that holds")


@contextmanager
def only_left(count: int) -> Iterator[None]:
    """Leave this process `count` bytes of address space, for the length of a `with` block."""
    import resource  # noqa: PLC0415 - is not there on Windows

    with Path("/proc/self/status").open(encoding="ascii") as lines:
        used = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmSize"))
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + count, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)
