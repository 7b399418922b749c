"""How much memory there is to be had, and how much that is in words.

Each system says it in its own way, and a container or a shell may allow less than the
machine has. What cannot be found out is None: nothing is refused on a guess.
"""

import ctypes
import sys
from collections.abc import Iterator
from pathlib import Path

_PROC, _GROUPS = Path("/proc"), Path("/sys/fs/cgroup")
_KIB = 1024


def available_bytes(proc: Path = _PROC, groups: Path = _GROUPS) -> int | None:
    """Return the bytes this process can still take without anybody suffering, or None.

    The least of what is free on the machine (caches that give way count as free), what the
    control groups of this process leave, and what is left of its own address space.

    Args:
        proc: where Linux tells of processes.
        groups: where it tells of control groups.
    """
    found = [_on_this_machine(proc), _in_this_group(proc, groups), _in_this_process(proc)]
    known = [max(count, 0) for count in found if count is not None]
    return min(known, default=None)


def shortage(needed: int, free: int | None = None) -> str:
    """Say that so many bytes are more than there are, or return "" if they are not.

    Args:
        needed: bytes.
        free: how many there are, or None to look.

    Returns:
        How a sentence goes on: "needs about 22.3 GB of memory, and 3.1 GB are free".
    """
    free = available_bytes() if free is None else free
    if free is None or needed <= free:
        return ""
    return f"needs about {size_text(needed)} of memory, and {size_text(free)} are free"


def _on_this_machine(proc: Path) -> int | None:
    if sys.platform == "win32":
        return _on_windows()
    if sys.platform == "darwin":
        return _on_macos()
    kib = _table(proc / "meminfo").get("MemAvailable:")
    return None if kib is None else kib * _KIB


def _in_this_process(proc: Path) -> int | None:
    """Return what is left of the address space that `ulimit -v` allows; None without limit."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - is not there on Windows

    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return None
    used = _table(proc / "self" / "status").get("VmSize:")
    return None if used is None else most - used * _KIB


# -- control groups: containers, and services with limits ------------------------------------


def _in_this_group(proc: Path, groups: Path) -> int | None:
    """Return what the tightest control group of this process leaves; None without limit."""
    left = [
        found
        for folder, names in _folders(proc, groups)
        if (found := _left(folder, *names)) is not None
    ]
    return min(left, default=None)


_SECOND = ("memory.max", "memory.current", "inactive_file")
_FIRST = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def _folders(proc: Path, groups: Path) -> Iterator[tuple[Path, tuple[str, str, str]]]:
    """Yield the folder of each group that holds this process, and its version's file names."""
    for line in _text(proc / "self" / "cgroup").splitlines():
        _, _, rest = line.partition(":")
        kinds, _, place = rest.partition(":")
        if kinds and "memory" not in kinds.split(","):
            continue
        root, names = (groups / "memory", _FIRST) if kinds else (groups, _SECOND)
        inner = root / place.lstrip("/")
        for folder in (inner, *inner.parents):
            yield folder, names
            if folder == root:
                break


def _left(folder: Path, most: str, used: str, cached: str) -> int | None:
    limit, taken = _text(folder / most).strip(), _text(folder / used).strip()
    if not limit.isdigit() or not taken.isdigit():  # "max" is no limit
        return None
    gives_way = _table(folder / "memory.stat").get(cached, 0)
    return int(limit) - int(taken) + gives_way


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _table(path: Path) -> dict[str, int]:
    """Return the numbers in a file of lines such as "MemAvailable:   123 kB"."""
    rows = [line.split() for line in _text(path).splitlines()]
    return {row[0]: int(row[1]) for row in rows if len(row) > 1 and row[1].isdigit()}


# -- other systems ---------------------------------------------------------------------------


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows interface."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load", ctypes.c_uint32),
        *(
            (name, ctypes.c_uint64)
            for name in (
                "total", "available", "total_page_file", "available_page_file",
                "total_virtual", "available_virtual", "available_extended",
            )
        ),
    )  # fmt: skip


def _on_windows() -> int | None:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    windows = getattr(ctypes, "windll", None)
    if windows is None or not windows.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return min(int(status.available), int(status.available_page_file))


def _on_macos() -> int | None:
    # The level is what `memory_pressure` prints: the percentage that can be had.
    total, level = _sysctl(b"hw.memsize"), _sysctl(b"kern.memorystatus_level")
    return None if total is None or level is None else total * level // 100


def _sysctl(name: bytes) -> int | None:
    value = ctypes.c_uint64(0)  # little-endian: a number of four bytes fits as well
    size = ctypes.c_size_t(ctypes.sizeof(value))
    call = getattr(ctypes.CDLL(None), "sysctlbyname", None)
    if call is None or call(name, ctypes.byref(value), ctypes.byref(size), None, 0):
        return None
    return int(value.value)


def size_text(count: float) -> str:
    """Write a number of bytes as people do: "850 MB", "22.3 GB"."""
    if count < 1e9:
        return f"{max(round(count / 1e6), 1):,} MB"
    return f"{count / 1e9:,.1f} GB"
