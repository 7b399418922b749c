"""What the program gives back, the system gets back: no arena for each thread, nothing kept."""

import subprocess
import sys

import pytest

from core.base.allocator import keep_little

_GLIBC = pytest.mark.skipif(sys.platform != "linux", reason="only glibc needs it")

# Threads one after the other, a few beside each other, each with arrays of all sizes, some of
# which outlive it: what jobs and trainings do in a window's day.
_DAY = """
import sys, threading
import numpy as np
from core.base.allocator import keep_little

if sys.argv[1] == "tuned":
    assert keep_little()
kept = []

def work(seed):
    rng = np.random.default_rng(seed)
    held = [np.ones(int(size), np.uint8) for size in rng.integers(1 << 10, 3 << 20, 60)]
    kept.append(held[rng.integers(60)][:10].copy())

for turn in range(30):
    threads = [threading.Thread(target=work, args=(8 * turn + n,)) for n in range(8)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
with open("/proc/self/status") as lines:
    print(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")))
"""


def _resident_kib(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", _DAY, how], capture_output=True, text=True, check=True, timeout=300
    )
    return int(done.stdout)


@_GLIBC
@pytest.mark.slow
def test_after_a_day_of_threads_little_is_kept():
    tuned, plain = _resident_kib("tuned"), _resident_kib("plain")
    assert tuned < 0.7 * plain  # measured: 0.35


@_GLIBC
def test_glibc_takes_the_settings():
    done = subprocess.run(
        [sys.executable, "-c", "from core.base.allocator import keep_little; print(keep_little())"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() in ("True", "False")  # False with another C library


@pytest.mark.skipif(sys.platform == "linux", reason="there it does something")
def test_elsewhere_it_does_nothing():
    assert keep_little() is False
