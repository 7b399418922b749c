"""Where it is measured, and on which digits."""

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.bench.contestants import CORES, ROOT, SLOWING, environment

_SHARED = ROOT.parent / "shared" / "data"
_WRITE_BUILTIN = """
import sys
import numpy as np
from core.data.readers import open_dataset
found = open_dataset("builtin")
train, test = found.train, found.test or found.validation
np.savez(sys.argv[1], images=train.images.reshape(len(train), -1), labels=train.labels,
         test_images=test.images.reshape(len(test), -1), test_labels=test.labels)
"""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where contestants read their digits from: paths as text, "" for what is not here."""

    source: str
    name: str
    mnist: str
    coursera: str


def find_digits(folder: Path, tree: Path) -> Sources:
    """Find MNIST and Coursera's digits; without MNIST write the built-in digits to `folder`."""
    mnist, coursera = _SHARED / "mnist", _SHARED / "coursera" / "ex4data1_8bit.mat"
    there = str(coursera) if coursera.exists() else ""
    if mnist.exists():
        return Sources(str(mnist), "MNIST", str(mnist), there)
    path = folder / "builtin.npz"
    subprocess.run(
        [sys.executable, "-P", "-c", _WRITE_BUILTIN, path], env=environment(1, tree), check=True
    )
    return Sources(str(path), "Inkling's built-in digits", "", there)


def describe(digits: Sources) -> str:
    """Return the lines that stand above all tables."""
    variables = ", ".join(
        f"{name}={os.environ[name]} (unset for all contestants)"
        if name in os.environ
        else f"{name} not set"
        for name in SLOWING
    )
    return (
        f"{date.today()}, {_processor()}, {len(CORES)} cores, {platform.platform(terse=True)},"
        f" Python {platform.python_version()}; {_blas()}; {variables}; digits: {digits.name};"
        f" load of the machine before the start: {_load()}.\n"
    )


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _blas() -> str:
    """Describe NumPy's BLAS as contestants see it, with the kernels it has chosen."""
    ask = "from tests.bench.peers.worker import _blas; print('; '.join(_blas()))"
    done = subprocess.run(
        [sys.executable, "-P", "-c", ask], env=environment(1), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    return f"NumPy's BLAS is {done.stdout.strip() or 'unknown'}"
