"""Damaged network files: none may crash, hang, or take more memory than it may.

`python -m tests.fuzz.networks 10000` tries so many mutations of each format.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.base.digits import DIGITS
from core.exchange.exporter import EXPORTERS
from core.exchange.portable import Portable, Stage

ROOT = Path(__file__).parents[2]
FOREIGN = ROOT / "tests" / "data" / "foreign"
COURSERA = ROOT.parent / "shared" / "data" / "coursera" / "ex4weights.mat"
LONGEST_S = 10.0
_SEEDS = {
    "keras": ("keras3_*.keras",),
    "keras-h5": ("keras2_*.h5", "keras3_*.h5"),
    "torch": ("torch_*.pt",),
    "safetensors": (),
    "npz": ("weights.npz",),
    "matlab": (),
    "inkling": ("../model-v*.h5",),  # the native format, read in the program's own process
}
FORMATS = tuple(_SEEDS)


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of a fuzz run.

    Attributes:
        format: the importer's key.
        count: mutations tried.
        read, refused: how many were read, and refused with a sentence.
        faults: where the program itself raised something else.
        slowest: seconds of the slowest import.
        memory: bytes of the largest child.
        deaths: children that crashed, by signal; the program lives on and says so.
    """

    format: str
    count: int
    read: int
    refused: int
    faults: list[dict[str, Any]]
    slowest: float
    memory: int
    deaths: dict[str, int]


def small_network() -> Portable:
    """Return a network with a stage of each kind."""
    rng = np.random.default_rng(0)

    def some(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    norm = {"gamma": some(6) + 1, "beta": some(6), "mean": some(6), "variance": some(6) ** 2 + 1}
    return Portable(
        (
            Stage("scale", arrays={"offset": some(64) + 100, "factor": some(64) ** 2 / 100 + 0.01}),
            Stage("dense", arrays={"weights": some(64, 6), "biases": some(6)}),
            Stage("batch-normalization", "", norm, {"epsilon": 1e-5}),
            Stage("activation", "leaky-relu", settings={"slope": 0.1}),
            Stage("dropout", settings={"rate": 0.2}),
            Stage("dense", arrays={"weights": some(6, 10), "biases": some(10)}),
        ),
        "softmax",
        (8, 8),
        DIGITS,
        "a network",
    )


def write_seeds(key: str, folder: Path) -> None:
    """Put good files of a format into a folder."""
    for pattern in _SEEDS[key]:
        for path in (FOREIGN / pattern).parent.glob((FOREIGN / pattern).name):
            shutil.copy(path, folder)
    if key in EXPORTERS:
        for precision in EXPORTERS[key].precisions:
            content = EXPORTERS[key].encode(small_network(), precision)
            (folder / f"own-{precision}{EXPORTERS[key].suffix}").write_bytes(content)
    if key == "matlab":
        from scipy.io import savemat  # noqa: PLC0415 - takes a quarter of a second

        rng = np.random.default_rng(0)
        thetas = {"Theta1": rng.normal(size=(5, 65)), "Theta2": rng.normal(size=(10, 6))}
        savemat(folder / "plain.mat", thetas)
        savemat(folder / "packed.mat", thetas, do_compression=True)
        if COURSERA.exists():
            shutil.copy(COURSERA, folder)


def fuzz(key: str, count: int, seed: int = 0) -> Tally:
    """Try `count` mutations of a format, one after the other, in a process of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_seeds(key, folder)
        done = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.worker", key, str(count), str(seed), name],
            cwd=ROOT,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "HDF5_USE_FILE_LOCKING": "FALSE"},
            stdout=subprocess.PIPE,
            check=False,
        )
    if done.returncode:
        return Tally(key, count, 0, 0, [{"ended": done.returncode}], 0.0, 0, {})
    said = json.loads(done.stdout)
    return Tally(
        key, count, said["read"], said["refused"], said["faults"], said["slowest"],
        said["memory"], said["deaths"],
    )  # fmt: skip


def main(count: int, seed: int, formats: tuple[str, ...]) -> int:
    """Fuzz all formats; return how many of them are faulty."""
    bad = 0
    for key in formats:
        start = time.monotonic()
        tally = fuzz(key, count, seed)
        good = not tally.faults and tally.slowest < LONGEST_S
        bad += not good
        print(
            f"{'ok   ' if good else 'FAULT'} {key:<12} {tally.read:,} read,"
            f" {tally.refused:,} refused, slowest {tally.slowest:.2f} s, largest child"
            f" {tally.memory >> 20:,} MiB, crashed children {sum(tally.deaths.values())}"
            f" {tally.deaths or ''} ({time.monotonic() - start:.0f} s)",
            flush=True,
        )
        for fault in tally.faults:
            print(fault.get("trace", fault), flush=True)
    return bad


if __name__ == "__main__":
    _count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    _seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    sys.exit(main(_count, _seed, tuple(sys.argv[3:]) or FORMATS))
