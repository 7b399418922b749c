"""From starting the program to a usable window, in a process of its own."""

import json
import subprocess
import sys
from statistics import median

_ROUNDS = 5
_PROGRAM = """
import json, sys, time
began = time.perf_counter()
from gui.shell.app import Inkling
from gui.shell.launch import create_application
from gui.session.settings import Settings
from gui.tour.hands import wait_until
from PySide6.QtCore import QSettings
app = create_application(())
inkling = Inkling(app, Settings(QSettings(sys.argv[1], QSettings.Format.IniFormat)))
inkling.start()
painted = []
wait_until(lambda: inkling.window.isVisible(), "the window")
shown = time.perf_counter() - began
wait_until(lambda: inkling.features["curves"].parts.tab.panel is not None, "the plots")
plots = time.perf_counter() - began
wait_until(lambda: inkling.session.parts is not None, "the digits")
ready = time.perf_counter() - began
inkling.shut_down()
print(json.dumps([shown, plots, ready]))
"""


def bench_start_of_the_program(tmp_path, capsys):
    rows = []
    for number in range(_ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, str(tmp_path / f"{number}.ini")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    shown, plots, ready = (median(column) for column in zip(*rows, strict=True))
    with capsys.disabled():
        print(
            f"\nstart: window after {shown:.2f} s, plots after {plots:.2f} s,"
            f" built-in digits ready after {ready:.2f} s (median of {_ROUNDS})"
        )
