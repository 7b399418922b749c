"""Time to accuracy: Quick start on MNIST against the same recipe elsewhere."""

import json
import subprocess
from pathlib import Path
from statistics import median

from tests.bench.contestants import CORES, KINDS, Kind, environment
from tests.bench.machine import Sources
from tests.bench.rounds import Say
from tests.bench.tables import markdown

_RUNNERS = {"inkling": "inkling", "prototype": "prototype", "torch": "torch_eager"}


def table(digits: Sources, tree: Path, rounds: int, say: Say) -> str:
    """Train in turns, each time in a fresh process; only the training is timed."""
    title = "**Time to accuracy on MNIST: training only, median (fastest–slowest)**"
    if not digits.mnist:
        return f"{title}\n\nneeds ../shared/data/mnist, which is not here.\n"
    rows = [("contestant", "threads", "s of training", "test accuracy")]
    for threads in (1, len(CORES)):
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in _RUNNERS}
        for number in range(rounds):
            for name in _RUNNERS:
                say(f"time to accuracy · {threads} threads · round {number + 1}: {name}")
                found[name] += _once(name, KINDS[_RUNNERS[name]], digits.mnist, threads, tree)
        rows += [_row(name, threads, times) for name, times in found.items()]
    explained = (
        "Inkling trains its preset Quick start (and keeps a tenth of the images aside), the"
        " others the same recipe on all images: 784-256-10 ReLU, batch 128, Nesterov momentum"
        " 0.9 (the prototype: plain), one-cycle rate up to 0.35, label smoothing 0.1, 2 epochs."
        " The recipe was chosen by"
        " watching test accuracy: it shows speed, not generalization."
    )
    return "\n".join([title, "", markdown(rows), "", f"- {explained}", ""])


def _row(name: str, threads: int, times: list[tuple[float, float]]) -> tuple[str, str, str, str]:
    label = KINDS[_RUNNERS[name]].label
    if not times:
        return label, str(threads), "missing", "–"
    seconds, accuracies = zip(*times, strict=True)
    spread = f"{median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f})"
    return label, str(threads), spread, f"{median(accuracies):.4f}"


def _once(name: str, kind: Kind, mnist: str, threads: int, tree: Path) -> list[tuple[float, float]]:
    """Return seconds and test accuracy of one training; nothing if it is not possible here."""
    if not kind.python.exists():
        return []
    done = subprocess.run(
        [kind.python, "-P", "-m", "tests.bench.peers.race", name, mnist],
        env=environment(threads, tree), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        return []
    answer = json.loads(done.stdout.splitlines()[-1])
    return [(answer["seconds"], answer["accuracy"])]
