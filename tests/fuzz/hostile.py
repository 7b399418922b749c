"""Hostile files of all kinds, opened by the front doors: a sentence or success, nothing else.

`python -m tests.fuzz.hostile 500 --seed 3` makes so many files for each door: the command line
("command"), the window that has work in it, the first file at its start ("window"), and a
start in a home where our own files are damaged ("home"). `--only 17` makes file 17 alone.

A door is walked in a forked child, with bounds for memory and time. No traceback may be
written or logged, no call may end otherwise than with a status for bad input, nothing may
hang, and what was open before must still be there.
"""

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.modelfile import save_model
from tests.fuzz import doors
from tests.fuzz.crafted import hostile
from tests.fuzz.doors import DOORS, Opened
from tests.fuzz.homefiles import damage, missing
from tests.fuzz.homes import environment
from tests.fuzz.samples import write_samples
from tests.support.program import write_digits
from tests.support.trained import small_run

HANG_S = 150.0  # without a word; the machine may be busy
MOST_DATA = 3 << 30  # bytes a child may ask for
MOST_MEMORY = 3 << 29  # bytes it may have held at most
_BATCH = {"command": 3, "window": 5, "home": 1}  # files a child opens
_POLL_S = 0.05


@dataclass
class Tally:
    """What came of the files of one door.

    Attributes:
        door, count: which, and how many files.
        faults: what must not be, in words, each with the numbers of the files.
        slowest: seconds of the slowest child.
        memory: bytes the largest child held.
    """

    door: str
    count: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: int = 0


class Fuzzer:
    """Makes hostile files and opens them."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._seed = folder, seed
        self._samples = write_samples(folder / "samples")
        self._digits, self._model = write_digits(folder / "digits", 120), folder / "good.h5"
        save_model(self._model, small_run())
        self._picture = folder / "samples" / "picture" / "page.png"

    def fuzz(self, door: str, numbers: Sequence[int]) -> Tally:
        """Open the files of these numbers by one door, some at a time."""
        tally, batch = Tally(door), _BATCH[door]
        for start in range(0, len(numbers), batch):
            self._walk(door, numbers[start : start + batch], tally)
        return tally

    def _walk(self, door: str, numbers: Sequence[int], tally: Tally) -> None:
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            place = Path(name)
            home = place / "home"
            sums = damage(home, self._rng(door, numbers[0])) if door == "home" else []
            opened = [self._made(door, number, place) for number in numbers]
            child = Child(door, opened, home, self._folder / "cache", place)
            faults = child.run()
            if lost := missing(home, sums):
                faults.append(f"{len(lost)} files of the user's are gone")
            tally.faults += [f"{door} {list(numbers)} seed {self._seed}: {one}" for one in faults]
            tally.slowest = max(tally.slowest, child.seconds)
            tally.memory = max(tally.memory, child.memory)
            tally.count += len(numbers)

    def _rng(self, door: str, number: int) -> random.Random:
        return random.Random(f"{door} {self._seed} {number}")

    def _made(self, door: str, number: int, place: Path) -> Opened:
        rng = self._rng(door, number)
        kind = rng.choice(list(self._samples))
        one = Opened(number, kind, self._digits, self._digits, self._model, self._picture)
        if door == "home":
            return replace(one, kind="home")
        folder = place / str(number)
        folder.mkdir()
        return replace(one, path=hostile(rng.choice(self._samples[kind]), folder, rng))


class Child:
    """A forked child that walks through a door, and what came of it.

    Attributes:
        seconds: how long it lived.
        memory: bytes it held at most.
    """

    def __init__(
        self, door: str, opened: Sequence[Opened], home: Path, cache: Path, place: Path
    ) -> None:
        self._door, self._opened, self._home, self._cache = door, opened, home, cache
        self._said, self._errors = place / "said.txt", place / "errors.txt"
        self.seconds, self.memory = 0.0, 0

    def run(self) -> list[str]:
        """Live and die; return the faults, in words."""
        began = time.monotonic()
        child = os.fork()
        if not child:
            self._live()
        status, usage, hung = self._watch(child)
        self.seconds, self.memory = time.monotonic() - began, usage.ru_maxrss * 1024
        faults = [f"it hangs after: {self._last()}"] if hung else []
        if os.WIFSIGNALED(status) and not hung:
            faults.append(f"it died of {signal.Signals(os.WTERMSIG(status)).name}: {self._last()}")
        elif not hung and os.waitstatus_to_exitcode(status):
            faults.append(f"it broke off: {self._last()}")
        if self.memory > MOST_MEMORY and not any(map(_is_vast, self._opened)):
            faults.append(f"it held {self.memory >> 20:,} MB: {self._last()}")
        return faults + self._complaints()

    def _live(self) -> None:
        """Be the child; never return."""
        status = 1
        try:
            os.setsid()  # its own children end with it
            for number, path, mode in (
                (0, Path(os.devnull), os.O_RDONLY),
                (1, self._said, os.O_WRONLY | os.O_CREAT),
                (2, self._errors, os.O_WRONLY | os.O_CREAT),
            ):
                os.dup2(os.open(path, mode, 0o600), number)
            os.environ.clear()
            os.environ.update(environment(self._home, self._cache))
            resource.setrlimit(resource.RLIMIT_DATA, (MOST_DATA, MOST_DATA))
            os.chdir(self._home)
            if self._door == "home":
                doors.by_window(self._opened, home=True)
            else:
                DOORS[self._door](self._opened)
            status = 0
        except BaseException:  # noqa: BLE001 - also an exit: it is told of like all others
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _watch(self, child: int) -> tuple[int, resource.struct_rusage, bool]:
        """Wait for its end; end it when it has said nothing for too long."""
        size, since = -1, time.monotonic()
        while True:
            found, status, usage = os.wait4(child, os.WNOHANG)
            if found:
                return status, usage, False
            now = self._said.stat().st_size if self._said.exists() else 0
            if now != size:
                size, since = now, time.monotonic()
            elif time.monotonic() - since > HANG_S:
                os.killpg(child, signal.SIGKILL)
                _, status, usage = os.wait4(child, 0)
                return status, usage, True
            time.sleep(_POLL_S)

    def _last(self) -> str:
        lines = self._said.read_text("utf-8", "replace").splitlines() if self._said.exists() else []
        about = ", ".join(f"{one.number}: {one.kind} {one.path.name!r}" for one in self._opened)
        return f"{lines[-1][:300] if lines else 'nothing was said'} ({about})"

    def _complaints(self) -> list[str]:
        """Return what must not stand in its output, its errors and its log."""
        faults = []
        said = self._said.read_text("utf-8", "replace") if self._said.exists() else ""
        faults += [line[:500] for line in said.splitlines() if "FAULT" in line]
        for number, line in enumerate(said.splitlines()):
            status = line.rpartition(" ended with ")[2].strip("'")
            if " ended with " in line and status not in ("0", "1", "2"):
                faults.append(f"line {number}: {line[:300]}")
        logs = [path for path in self._home.rglob("*.log") if path.is_file()]
        for path in (self._errors, *logs):
            words = path.read_text("utf-8", "replace") if path.exists() else ""
            if "Traceback" in words or "Fatal Python error" in words:
                faults.append(f"{self._last()}\n{words[-3000:]}")
        return faults


def _is_vast(one: Opened) -> bool:
    """Tell whether a file is so large that the pages the system keeps of it count for nothing."""
    return one.path.is_file() and one.path.stat().st_size > MOST_MEMORY


def main(arguments: list[str]) -> int:
    """Open hostile files by the doors chosen; return how many doors are faulty."""
    parser = argparse.ArgumentParser(prog="hostile", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=500, help="files for each door")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="make only the file of this number")
    parser.add_argument("--doors", nargs="+", choices=list(_BATCH), default=list(_BATCH))
    chosen = parser.parse_args(arguments)
    numbers = range(chosen.count) if chosen.only is None else [chosen.only]
    bad = 0
    with tempfile.TemporaryDirectory(prefix="inkling-hostile-") as name:
        fuzzer = Fuzzer(Path(name), chosen.seed)
        for door in chosen.doors:
            tally = fuzzer.fuzz(door, numbers)
            bad += bool(tally.faults)
            print(
                f"{'FAULT' if tally.faults else 'ok   '} {door:<8} {tally.count:,} files, slowest"
                f" child {tally.slowest:.1f} s, largest {tally.memory >> 20:,} MB",
                *tally.faults, sep="\n  ", flush=True,
            )  # fmt: skip
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
