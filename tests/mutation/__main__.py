"""Mutation testing: `python -m tests.mutation core/training core/nn --sample 600 --seed 1`.

Puts small faults into the files of these folders, one at a time, and runs the tests that
run the faulty line, until one fails. A fault that no test notices is alive: a test is
missing, or the fault makes no difference. All is done in forked processes; no file is
changed. What is tried follows from the seed, and Hypothesis draws the same examples each time.

mutmut 3.8 was tried first. It works on a copy inside of the tree and has several sessions of
pytest in one process, for which our conftest is not made; it passes over properties,
attributes of classes and constants; and like cosmic-ray and pytest-gremlins it cannot leave
a statement out, which is what "noise not restored" and "no fsync" are.
"""

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path

for _name in ("OPENBLAS_NUM_THREADS", "CI"):  # before NumPy; CI: Hypothesis without chance
    os.environ[_name] = "1"
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from tests.mutation.mutants import Mutant, mutants, mutated  # noqa: E402 - see above
from tests.mutation.recording import Recording, Stopwatch, Tracer  # noqa: E402
from tests.mutation.trial import (  # noqa: E402
    ENDLESS,
    UNNOTICED,
    Chosen,
    Trial,
    in_a_fork,
    load_libraries,
    outcomes,
    run_tests,
)

_ROOT = Path(__file__).parents[2]
_SLOWEST_S = 2.0  # tests that take longer are left out
_MOST_S = 6.0  # of tests for one fault, the quickest first


@dataclass(frozen=True, slots=True)
class Fault:
    """A mutant of one file."""

    file: str
    mutant: Mutant

    def __str__(self) -> str:
        found = self.mutant
        return f"{self.file}:{found.line}#{found.number} [{found.kind}] {found.change}"


def main(arguments: list[str]) -> int:
    """Try all; return 0 if at least the wanted share was noticed."""
    chosen = _parser().parse_args(arguments)
    folders = [folder.rstrip("/") for folder in chosen.folders]
    load_libraries()
    recording = _recording(folders, chosen.tests or [f"tests/{f}" for f in folders], chosen.keep)
    faults = _faults(folders, chosen.sample, chosen.seed, chosen.again)
    counts: dict[str, Counter[str]] = {folder: Counter() for folder in folders}
    for fault, fate in _fates(faults, recording):
        folder = next(folder for folder in folders if fault.file.startswith(f"{folder}/"))
        counts[folder][fate] += 1
        if fate != "killed":
            print(f"{fate:9} {fault}", flush=True)
    return int(_report(counts) < chosen.least)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("folders", nargs="+", help="whose files are mutated")
    parser.add_argument("--sample", type=int, help="so many, from all files; else every mutant")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--tests", nargs="+", help="else those that mirror the folders")
    parser.add_argument("--keep", type=Path, help="file that keeps which test runs which line")
    parser.add_argument("--again", type=Path, help="only what this earlier output calls alive")
    parser.add_argument("--least", type=float, default=0.0, help="share (0..1) to be noticed")
    return parser


def _recording(folders: list[str], tests: list[str], keep: Path | None) -> Recording:
    if keep is not None and keep.exists():
        return Recording.load(keep)
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        path = keep or Path(folder) / "recording.json"

        def time_them() -> int:
            watch = Stopwatch()
            out = os.dup(1)
            code = run_tests(tests, [watch])
            Recording(watch.passed, {}).save(path)
            for test in watch.failed:
                os.write(out, f"left out, for it fails without any fault: {test}\n".encode())
            return 0 if code <= 1 else code

        def trace_them() -> int:
            quick = {test: s for test, s in Recording.load(path).seconds.items() if s <= _SLOWEST_S}
            tracer = Tracer(_ROOT, folders)
            code = run_tests(tests, [Chosen(quick), tracer])
            Recording(quick, tracer.tests(quick)).save(path)
            return 0 if code <= 1 else code

        if code := in_a_fork(time_them) or in_a_fork(trace_them):
            raise SystemExit(f"The tests cannot be run: {code}.")
        return Recording.load(path)


def _faults(folders: list[str], sample: int | None, seed: int, again: Path | None) -> list[Fault]:
    """Return what is to be tried: all, a sample spread over all files, or what was alive."""
    files = [path for folder in folders for path in sorted((_ROOT / folder).rglob("*.py"))]
    names = [str(path.relative_to(_ROOT)) for path in files]
    found = [
        Fault(name, mutant)
        for name, path in zip(names, files, strict=True)
        for mutant in mutants(path.read_text())
    ]
    if again is not None:
        before = {" ".join(line.split()[1:]) for line in again.read_text().splitlines() if line}
        return [fault for fault in found if " ".join(str(fault).split()) in before]
    if sample is None or sample >= len(found):
        return found
    dice = random.Random(seed)
    share = sample / len(found)
    drawn: list[Fault] = []
    for name in names:
        of_file = [fault for fault in found if fault.file == name]
        count = max(round(share * len(of_file)), min(1, len(of_file)))
        drawn += [of_file[place] for place in sorted(dice.sample(range(len(of_file)), count))]
    return drawn


def _fates(faults: list[Fault], recording: Recording) -> Iterator[tuple[Fault, str]]:
    """Yield what became of each: "killed", "endless" (killed, too) or "alive"."""
    trials = [partial(_trial, fault, recording) for fault in faults]
    files = {test.partition("::")[0] for test in recording.seconds}
    names = {UNNOTICED: "alive", ENDLESS: "endless"}
    for fault, code in zip(faults, outcomes(_ROOT, sorted(files), trials), strict=True):
        yield fault, names.get(code, "killed")


def _trial(fault: Fault, recording: Recording) -> Trial:
    path, mutant = _ROOT / fault.file, fault.mutant
    found = [] if mutant.at_import else recording.covering(fault.file, mutant.lines)
    # What no test runs may be run by an import, as what declares the fields of a class.
    tests = found or recording.after_import(fault.file)
    so_far = accumulate(recording.seconds[test] for test in tests)
    chosen = {
        test: recording.seconds[test]
        for test, seconds in zip(tests, so_far, strict=True)
        if seconds <= _MOST_S
    }
    tree = mutated(path.read_text(), mutant.number)
    return Trial(path, tree, chosen, at_import=not found)


def _report(counts: dict[str, Counter[str]]) -> float:
    """Print a table; return the share that was noticed."""
    print(f"\n{'folder':20} {'made':>6} {'killed':>7} {'endless':>8} {'alive':>6}")
    total: Counter[str] = Counter()
    for folder, found in [*counts.items(), ("all", total)]:
        made, noticed = found.total(), found["killed"] + found["endless"]
        share = noticed / made if made else 1.0
        print(
            f"{folder:20} {made:6} {found['killed']:7} {found['endless']:8}"
            f" {found['alive']:6} {share:6.1%}"
        )
        if folder != "all":
            total.update(found)
    return share


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
