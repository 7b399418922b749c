"""Inkling's core against its peers: `make bench-core`, `make bench-core ARGS="W1 W2"`.

Measures the chosen workloads, each with one thread and with all cores, and prints a
table for each. Takes a quarter of an hour for everything; `--help` lists the choices.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench import full_batch, race, recipes
from tests.bench.contestants import CORES, KINDS, ROOT, Contestant
from tests.bench.machine import describe, find_digits
from tests.bench.peers.workloads import WORKLOADS
from tests.bench.rounds import Plan, measure
from tests.bench.tables import EXPLANATION, speed_table

_EXTRA = ("recipes", "race")


def main() -> None:
    """Measure what the command line asks for."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # contestants are ended then too
    report = _Report(options.markdown)
    with tempfile.TemporaryDirectory() as folder:
        digits = find_digits(Path(folder), options.tree)
        plan = Plan(digits.source, digits.coursera, options.rounds, options.seconds)
        report.add(describe(digits))
        for threads in options.threads:
            _workloads(options, plan, threads, report)
        if "recipes" in options.what:
            report.add(recipes.table(digits, options.contestants, options.tree, _say))
        if "race" in options.what:
            report.add(race.table(digits, options.tree, options.rounds, _say))
    report.add(EXPLANATION)


def _workloads(options: argparse.Namespace, plan: Plan, threads: int, report: "_Report") -> None:
    keys = [key for key in WORKLOADS if key in options.what]
    if not keys:
        return
    contestants = [Contestant(KINDS[name], threads, options.tree) for name in options.contestants]
    try:
        for contestant in contestants:
            contestant.start()
        for key in keys:
            work = WORKLOADS[key]
            if work.kind == "full batch":
                report.add(full_batch.table(work, contestants, plan, _say))
                continue
            measure(work, contestants, plan, _say)
            report.add(speed_table(work, contestants))
    finally:
        for contestant in contestants:
            contestant.close()


class _Report:
    """Prints what is added, and keeps it in a file at once: long runs may be cut short."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        if path is not None:
            path.write_text("", encoding="utf-8")

    def add(self, text: str) -> None:
        _say("")
        print(text, flush=True)
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text + "\n")


def _say(text: str) -> None:
    """Show on the terminal what is being done, on one line that is written over."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("make bench-core ARGS=...", description=__doc__)
    everything = (*WORKLOADS, *_EXTRA)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(everything)}; default all")
    parser.add_argument(
        "--threads", type=_threads, default=[1, len(CORES)], metavar="single|all|both"
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each contestant (5)")
    parser.add_argument("--seconds", type=float, default=0.3, help="length of a turn (0.3)")
    parser.add_argument(
        "--contestants", type=_names, default=list(KINDS), metavar="A,B,...",
        help=f"of {','.join(KINDS)}; default all",
    )  # fmt: skip
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write it there as well")
    parser.add_argument(
        "--tree", type=Path, default=ROOT, help="measure the core/ in another working tree"
    )
    options = parser.parse_args()
    if unknown := set(options.what) - set(everything):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose of {', '.join(everything)}")
    options.what = options.what or list(everything)
    return options


def _threads(text: str) -> list[int]:
    found = {"single": [1], "all": [len(CORES)], "both": [1, len(CORES)]}
    if text not in found:
        raise argparse.ArgumentTypeError(f"choose single, all or both, not {text!r}")
    return found[text]


def _names(text: str) -> Sequence[str]:
    names = text.split(",")
    if unknown := set(names) - set(KINDS):
        raise argparse.ArgumentTypeError(f"there is no contestant {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    main()
