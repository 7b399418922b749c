"""How much memory there is: asked of the machine, of control groups and of the process."""

import subprocess
import sys

import pytest

from core.base.memory import available_bytes, shortage, size_text

_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads files that only Linux has")


def _write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def places(tmp_path):
    """Return where a made-up Linux tells of processes and of groups: 8 GiB are free."""
    proc, groups = tmp_path / "proc", tmp_path / "cgroup"
    free = "MemTotal: 16777216 kB\nMemFree: 1 kB\nMemAvailable: 8388608 kB\n"
    _write(proc, {"meminfo": free, "self/status": "VmSize: 1000 kB\n"})
    groups.mkdir()
    return proc, groups


@_LINUX
def test_what_is_free_is_what_the_system_could_give(places):
    assert available_bytes(*places) == 8 << 30


@_LINUX
def test_the_tightest_group_of_a_container_decides(places):
    proc, groups = places
    _write(proc, {"self/cgroup": "0::/pod/box\n"})
    _write(
        groups,
        {
            "memory.max": "max\n",
            "memory.current": "999\n",
            "pod/memory.max": str(3 << 30),
            "pod/memory.current": str(2 << 30),
            "pod/memory.stat": f"anon 5\ninactive_file {1 << 29}\n",
            "pod/box/memory.max": "max\n",
            "pod/box/memory.current": "7\n",
        },
    )
    assert available_bytes(proc, groups) == (1 << 30) + (1 << 29)  # caches give way


@_LINUX
def test_groups_of_the_first_version_are_known_too(places):
    proc, groups = places
    _write(proc, {"self/cgroup": "4:cpu,cpuacct:/a\n3:memory:/a\n0::/\n"})
    _write(
        groups,
        {
            "memory/a/memory.limit_in_bytes": str(1 << 30),
            "memory/a/memory.usage_in_bytes": str(1 << 28),
        },
    )
    assert available_bytes(proc, groups) == (1 << 30) - (1 << 28)


@_LINUX
def test_a_group_that_is_over_its_limit_leaves_nothing(places):
    proc, groups = places
    _write(proc, {"self/cgroup": "0::/\n"})
    _write(groups, {"memory.max": "100", "memory.current": "200"})
    assert available_bytes(proc, groups) == 0


@_LINUX
def test_nothing_is_known_where_nothing_is_told(tmp_path):
    assert available_bytes(tmp_path, tmp_path) is None
    assert shortage(1, None) == "" or available_bytes() is not None


@_LINUX
def test_the_limit_of_the_shell_counts():
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from core.base.memory import available_bytes; print(available_bytes())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert 0 < int(done.stdout) < 1 << 30


def test_this_machine_has_some_memory():
    free = available_bytes()
    assert free is None or free > 1 << 20


def test_a_shortage_is_said_in_numbers():
    assert shortage(22_300_000_000, 3_100_000_000) == (
        "needs about 22.3 GB of memory, and 3.1 GB are free"
    )
    assert shortage(5, 5) == ""


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 MB"), (850e6, "850 MB"), (22.31e9, "22.3 GB"), (2.5e12, "2,500.0 GB")],
)
def test_sizes_are_written_as_people_do(count, text):
    assert size_text(count) == text
