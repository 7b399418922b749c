"""Whole recipes, each in a fresh process: from its start to the accuracy of the trained net."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.contestants import CORES, KINDS, Kind, environment
from tests.bench.machine import Sources
from tests.bench.peers.inkling_recipe import recipe
from tests.bench.peers.workloads import WORKLOADS, Workload
from tests.bench.rounds import Say
from tests.bench.tables import markdown

_LARGE = 100e6  # operations of an update from which on every library gains by more threads
_TAKING_PART = ("inkling", "prototype", "torch_eager", "jax_scan", "keras_jax", "sklearn_mlp")


def table(digits: Sources, contestants: Sequence[str], tree: Path, say: Say) -> str:
    """Train every recipe by every contestant that is there, one after the other."""
    title = "**Whole recipes from process start: seconds / test accuracy / peak MB**"
    if not digits.mnist:
        return f"{title}\n\nneed ../shared/data/mnist, which is not here.\n"
    works = [work for work in WORKLOADS.values() if work.epochs]
    rows = [("contestant", *(f"{work.key}, {work.epochs} epochs" for work in works))]
    for name in _TAKING_PART:
        if name in contestants:
            cells = []
            for work in works:
                say(f"whole recipe {work.key}: {name}")
                cells.append(_train(KINDS[name], work, digits.mnist, tree))
            rows.append((KINDS[name].label, *cells))
    explained = (
        "Everything counts: starting Python, importing, reading MNIST's four gzip files,"
        " compiling, training, testing; W5 with all cores, the others with one thread, which for"
        " nets so small is the better choice for all or costs them little. Inkling is"
        " `inkling train`, which also measures itself after each epoch."
    )
    return "\n".join([title, "", markdown(rows), "", f"- {explained}", ""])


def _train(kind: Kind, work: Workload, mnist: str, tree: Path) -> str:
    if not kind.python.exists():
        return "missing"
    threads = len(CORES) if work.flops > _LARGE else 1
    if kind.module != "inkling":
        module = f"tests.bench.peers.{kind.module}"
        command: list[str | Path] = [kind.python, "-P", "-m", module]
        return _run([*command, "--recipe", work.key, mnist], environment(threads, tree))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recipe.toml"
        path.write_text(_toml(work), encoding="utf-8")
        starter = "import sys; from gui.__main__ import main; sys.exit(main())"
        command = [kind.python, "-P", "-c", starter, "train", "--recipe", path, "--data", mnist]
        return _run([*command, "--json"], environment(threads, tree))


def _run(command: Sequence[str | Path], variables: dict[str, str]) -> str:
    """Run one process to its end; its last line holds the test accuracy."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(
            [str(word) for word in command], env=variables, stdout=out,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        out.seek(0)
        lines = out.read().strip().splitlines()
    if process.returncode != 0 or not lines:
        return "missing"
    accuracy = json.loads(lines[-1])["test_accuracy"]
    return f"{seconds:.1f} / {accuracy:.4f} / {usage.ru_maxrss / 1024:,.0f}"


def _toml(work: Workload) -> str:
    import tomli_w

    return tomli_w.dumps(recipe(work))
