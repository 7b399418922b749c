"""The window's program has two of glibc's arenas, however many threads have come and gone."""

import os
import subprocess
import sys

import pytest

_COUNTS_ITS_ARENAS = """
import ctypes, sys, threading
from pathlib import Path
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.shell import launch

NOTE = Path(sys.argv[1])

def work(ready):
    ready.wait()
    [np.ones(50_000, np.uint8) for _ in range(200)]

def arenas():
    library = ctypes.CDLL(None)
    library.fopen.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(library.fopen(str(NOTE).encode(), b"w"))
    library.malloc_info(0, stream)
    library.fclose(stream)
    return NOTE.read_text().count("<heap nr=")

class Counting(launch.Inkling):
    def start(self, path=None):
        super().start(path)
        QTimer.singleShot(500, self.count)

    def count(self):
        ready = threading.Barrier(16)
        threads = [threading.Thread(target=work, args=(ready,)) for _ in range(16)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print("arenas", arenas())
        QApplication.quit()

launch.Inkling = Counting
launch.run()
"""


def _has_glibc() -> bool:
    return sys.platform == "linux" and "glibc" in os.confstr("CS_GNU_LIBC_VERSION")


@pytest.mark.skipif(not _has_glibc(), reason="only glibc has arenas")
@pytest.mark.slow
def test_the_window_keeps_to_two_arenas(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", _COUNTS_ITS_ARENAS, str(tmp_path / "malloc.xml")],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path),
             "XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path),
             "XDG_STATE_HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)},
        check=False,
    )  # fmt: skip
    assert "arenas" in done.stdout, done.stderr
    assert 1 <= int(done.stdout.split()[-1]) <= 2
