"""Random clicks, keys, drops and drawings in the real window, with a seed.

`python -m tests.fuzz.clicks 20000 --seed 3` plays; `--until 711` plays again as far as move
711, to look at a fault. What is computed in the background takes its own time, so a replay is
the same hand, but not always the same moment.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.homes import ROOT, environment, program

_LAST = 25  # moves that a report shows
_PATIENCE_S = 3_600.0  # of all: the player itself notices a hang
EARLY = 2_000  # moves after which the program has its usual size
MOST_GROWTH = 60 << 20  # bytes, from then to the end of a long play


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a play.

    Attributes:
        seed, count: which it was, and how many moves long.
        wrong: what was found, in words; empty if all is well.
        moves: the last moves, the one that showed it at the end.
        memory: bytes the process held, by the number of the move.
        longest: seconds of the longest move, and which it was.
    """

    seed: int
    count: int
    wrong: list[str]
    moves: list[str]
    memory: dict[int, int]
    longest: tuple[float, str]

    @property
    def growth(self) -> int | None:
        """Bytes that the moves after the first `EARLY` have added, if it came so far."""
        if self.count <= EARLY or not {EARLY, self.count} <= self.memory.keys():
            return None  # too short, or ended early by a fault
        return self.memory[self.count] - self.memory[EARLY]

    def __str__(self) -> str:
        lines = [f"seed {self.seed}: {'FAULT' if self.wrong else 'ok'}, {self.count:,} moves"]
        for number, held in self.memory.items():
            lines.append(f"  {held / (1 << 20):.0f} MB after {number:,} moves")
        lines.append(f"  the longest took {self.longest[0]:.2f} s: {self.longest[1]}")
        if self.wrong:
            lines += ["  the last moves:", *(f"    {move}" for move in self.moves), *self.wrong]
        return "\n".join(lines)


def play(seed: int, count: int, folder: Path, cache: Path | None = None) -> Played:
    """Play in a process of its own; what it writes stays under `folder`."""
    done = subprocess.run(
        program("tests.fuzz.player", folder, count, seed),
        cwd=ROOT, env=environment(folder, cache), capture_output=True, text=True,
        timeout=_PATIENCE_S, check=False,
    )  # fmt: skip
    journal, told = folder / "moves.txt", folder / "report.json"
    moves = journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []
    if done.returncode or not told.exists():
        why = f"the program ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return Played(seed, count, [why], moves[-_LAST:], {}, (0.0, ""))
    found = json.loads(told.read_text(encoding="utf-8"))
    memory = {int(number): held for number, held in found["memory"].items()}
    played = Played(seed, count, found["wrong"], moves[-_LAST:], memory, tuple(found["longest"]))
    if played.growth is not None and played.growth > MOST_GROWTH:
        played.wrong.append(f"memory has grown by {played.growth >> 20} MB")
    return played


def main(arguments: list[str]) -> int:
    """Play as often as asked; return how many plays found something."""
    parser = argparse.ArgumentParser(prog="clicks", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=20_000, help="moves in a play")
    parser.add_argument("--seed", type=int, default=0, help="of the first play")
    parser.add_argument("--plays", type=int, default=1, help="how many, each with the next seed")
    parser.add_argument("--until", type=int, help="end after this move")
    chosen = parser.parse_args(arguments)
    bad = 0
    for seed in range(chosen.seed, chosen.seed + chosen.plays):
        with tempfile.TemporaryDirectory(prefix="inkling-clicks-") as name:
            played = play(seed, chosen.until or chosen.count, Path(name))
        bad += bool(played.wrong)
        print(played, flush=True)
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
