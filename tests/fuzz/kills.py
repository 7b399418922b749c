"""The real program is killed at random moments, over and over, and nothing may be lost.

`python -m tests.fuzz.kills 60 --seed 3` kills sixty times: by kill -9, by SIGTERM and SIGHUP,
and, where there is one, by ending the X server under it. Each start finds what the life
before had said was safe.
"""

import argparse
import json
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from core.base.errors import InklingError
from core.modelfile import load_model
from tests.fuzz.display import Display, has_display
from tests.fuzz.homes import ROOT, environment, program
from tests.fuzz.promises import Promises
from tests.support.program import write_digits

WAYS = ("SIGKILL", "SIGTERM", "SIGHUP", "display")
_WEIGHTS = (6, 2, 1, 2)
_START_S = 120.0  # the machine may be busy
_END_S = 60.0
_LIFE_S = 4.0  # the longest, once it is ready
_LAST = 20  # words that a report shows
_FATEFUL = ("naming", "saving", "adding", "theme", "owed")  # something is being written then


class Killer:
    """Starts the program, lets it live for a while, and ends it from outside."""

    def __init__(self, folder: Path, seed: int, ways: tuple[str, ...] = WAYS) -> None:
        self._folder, self._rng = folder, random.Random(seed)
        self._ways = tuple(way for way in ways if way != "display" or has_display())
        self._digits = write_digits(folder / "digits", 300)
        self._work = folder / "work"
        self._work.mkdir(exist_ok=True)
        self._memory = Promises()
        self.done: list[str] = []  # how each life ended

    @property
    def last_words(self) -> list[str]:
        """What the program said last."""
        return self._memory.heard[-_LAST:]

    def kill(self) -> list[str]:
        """Live and die once; return what was wrong at the start or at the end."""
        weights = [_WEIGHTS[WAYS.index(way)] for way in self._ways]
        (way,) = self._rng.choices(self._ways, weights)
        with Display(way == "display") as display:
            life = self._born(display)
            wrong = self._live(life)
            if life.poll() is None:
                self._end(life, way, display)
            wrong += self._leave(life, way)
        self.done.append(way)
        return wrong + self._look_at_files()

    def _born(self, display: Display) -> "subprocess.Popen[bytes]":
        platform = "xcb" if display.name else "offscreen"
        seed = self._rng.randrange(1 << 30)
        with (self._folder / "stderr.txt").open("wb") as errors:
            return subprocess.Popen(
                program("tests.fuzz.victim", self._work, seed, self._digits),
                cwd=ROOT, stdout=subprocess.PIPE, stderr=errors,
                env={**environment(self._folder / "home", platform=platform), **display.words},
            )  # fmt: skip

    def _live(self, life: "subprocess.Popen[bytes]") -> list[str]:
        """Listen until it is time to die."""
        self._lines = _listen(life)
        wrong: list[str] = []
        try:
            while (said := self._lines.get(timeout=_START_S)) != ["ready"]:
                if said is None:
                    return ["it ended before it was ready"]
                if said[0] == "found":
                    wrong = self._memory.lacks(said[1])
                    self._memory = Promises(theme=self._memory.theme)
                self._memory.hear(said[0], said[1:])
        except queue.Empty:
            return ["it did not come to be ready"]
        self._listen_until_its_time()
        return wrong

    def _listen_until_its_time(self) -> None:
        """Wait for a random while, or until something begins to be written."""
        fateful = self._rng.randint(1, 8) if self._rng.random() < 0.6 else 0
        left_s = self._rng.uniform(0, _LIFE_S) if not fateful else _START_S
        timer = threading.Timer(left_s, lambda: self._lines.put(["time"]))
        timer.start()
        while (said := self._lines.get()) is not None and said != ["time"]:
            self._memory.hear(said[0], said[1:])
            fateful -= said[0] in _FATEFUL
            if fateful == 0 and said[0] in _FATEFUL:
                break
        timer.cancel()

    def _end(self, life: "subprocess.Popen[bytes]", way: str, display: Display) -> None:
        if way == "display":
            display.kill()
        else:
            life.send_signal(getattr(signal, way))

    def _leave(self, life: "subprocess.Popen[bytes]", way: str) -> list[str]:
        """Wait for the end, hear the last words, and read what it complained of."""
        wrong = []
        try:
            life.wait(_END_S)
        except subprocess.TimeoutExpired:
            wrong.append(f"it lives on after {way}")
            life.kill()
            life.wait()
        while (said := self._lines.get()) is not None:
            if said != ["time"]:
                self._memory.hear(said[0], said[1:])
        errors = (self._folder / "stderr.txt").read_text("utf-8", "replace")
        if "Traceback" in errors or "Fatal Python error" in errors:
            wrong.append(errors)
        return wrong

    def _look_at_files(self) -> list[str]:
        """Read the model files of this life: each must be whole, and as new as was said."""
        wrong = []
        for path in sorted(self._work.glob("*.h5")):
            try:
                step = load_model(path).step
            except InklingError as error:
                wrong.append(error.sentence)
                continue
            said = self._memory.saved.pop(path.name, 0)
            if step < said:
                wrong.append(f"{path.name} was saved at iteration {said}, and is of {step}")
            path.unlink()
        wrong += [f"{name} is gone" for name in self._memory.saved]
        self._memory.saved.clear()
        return wrong


def _listen(life: "subprocess.Popen[bytes]") -> "queue.Queue[list[Any] | None]":
    """Return the lines it says as they come; None at the end."""
    lines: queue.Queue[list[Any] | None] = queue.Queue()

    def read() -> None:
        assert life.stdout is not None
        with life.stdout as stream:
            for line in stream:
                if line.endswith(b"\n"):  # else it died in the middle of a word
                    lines.put(json.loads(line))
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def main(arguments: list[str]) -> int:
    """Kill as often as asked; return 1 if anything was lost."""
    parser = argparse.ArgumentParser(prog="kills", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="inkling-kills-") as name:
        killer = Killer(Path(name), chosen.seed, tuple(chosen.ways))
        bad = 0
        for number in range(1, chosen.count + 1):
            wrong = killer.kill()
            bad += bool(wrong)
            print(f"{number}: {killer.done[-1]}: {'; '.join(wrong) or 'ok'}", flush=True)
            if wrong:
                print(*(f"    {line}" for line in killer.last_words), sep="\n", flush=True)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
