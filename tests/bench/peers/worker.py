"""What every contestant is: a process that answers JSON lines.

    first line, unasked                          {"version": "torch 2.13.0", "blas": [...]}
    {"prepare": "W1", "data": "...", "threads": 1}   {"note": ""}
    {"run": 600}                                 {"seconds": 0.4, "updates": 600, "images": 60000}
    {"accuracy": 3000}                           {"accuracy": 0.93}
    {"full_batch": true}                         {"rows": [{"name": ..., "trace": ...}]}

What cannot be done is answered by {"missing": "why"}. Numbers of threads are in the
environment already when the process starts, for libraries read them when imported.
`--recipe W1 FOLDER` trains a whole recipe instead and prints its test accuracy.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.peers import data, workloads
from tests.bench.peers.data import Digits
from tests.bench.peers.workloads import Workload


class NotOffered(Exception):
    """This library cannot do that; the text says why."""


class Contestant:
    """One library; a subclass fills in the rest.

    Attributes:
        version: of the library, with its name.
        note: a remark on the workload last prepared, such as what is done differently.
    """

    version = f"NumPy {np.__version__}"
    note = ""

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        """Get ready to train (or predict) from fresh weights; not timed."""
        raise NotOffered("not written")

    def tune(self, threads: int) -> None:
        """Find the best setting for these threads by trying; may train while it does."""

    def run(self, count: int) -> tuple[int, int]:
        """Do at least `count` updates or predictions; return how many, and of how many images."""
        raise NotOffered("not offered")

    def run_exactly(self, count: int) -> None:
        """Do `count` updates, not one more; not timed."""
        self.run(count)

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        """Return the digit (N,) read in each of the test images."""
        raise NotOffered("not offered")

    def full_batch(self) -> list[dict[str, Any]]:
        """Train with each full-batch optimizer.

        Returns:
            For each a name, iterations, evaluations and a trace of (seconds, cost), the
            cost that was reached and the training accuracy.
        """
        raise NotOffered("no full-batch optimizer")


class Order:
    """Shuffled epochs, drawn batch after batch."""

    def __init__(self, image_count: int, batch: int) -> None:
        self._rng, self._batch = np.random.default_rng(1), batch
        self._order = self._rng.permutation(image_count)
        self._at = 0

    def rows(self, batches: int) -> NDArray[np.intp]:
        """Return the rows of up to `batches` whole batches, all of the same epoch."""
        if self._at == len(self._order):
            self._order, self._at = self._rng.permutation(len(self._order)), 0
        found = self._order[self._at : self._at + batches * self._batch]
        self._at += len(found)
        return found


def serve(contestant: Contestant) -> None:
    """Answer until the other side closes, or train one recipe and print how it went."""
    if sys.argv[1:2] == ["--recipe"]:
        _recipe(contestant, *sys.argv[2:4])
        return
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print does not get in between
    print(json.dumps({"version": contestant.version, "blas": _blas()}), file=answers)
    talk = _Talk(contestant)
    for line in sys.stdin:
        try:
            answer = talk.answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 - a peer that cannot is reported, never a failure
            answer = {"missing": str(error).strip().split("\n")[0][:150] or repr(error)}
        print(json.dumps(answer), file=answers)


class _Talk:
    def __init__(self, contestant: Contestant) -> None:
        self._contestant = contestant
        self._prepared: tuple[Workload, Digits, int] | None = None

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        contestant = self._contestant
        if "prepare" in asked:
            contestant.note = ""
            work = workloads.WORKLOADS[asked["prepare"]]
            digits = data.load(asked["data"]).whole_batches(
                work.batch if work.kind == "train" else 1
            )
            self._prepared = work, digits, asked["threads"]
            contestant.prepare(*self._prepared)
            contestant.tune(asked["threads"])
            return {"note": contestant.note}
        if "run" in asked:
            began = time.perf_counter()
            updates, images = contestant.run(asked["run"])
            seconds = time.perf_counter() - began
            return {"seconds": seconds, "updates": updates, "images": images}
        if "accuracy" in asked:
            return {"accuracy": self._accuracy(asked["accuracy"])}
        return {"rows": contestant.full_batch()}

    def _accuracy(self, updates: int) -> float:
        assert self._prepared is not None
        contestant, (work, digits, threads) = self._contestant, self._prepared
        contestant.prepare(work, digits, threads)
        if updates:
            contestant.run_exactly(updates)
        return float((contestant.answers(digits.test_images) == digits.test_labels).mean())


def _recipe(contestant: Contestant, key: str, source: str) -> None:
    work = workloads.WORKLOADS[key]
    digits = data.load(source).whole_batches(work.batch)
    contestant.prepare(work, digits, os.cpu_count() or 1)
    contestant.run_exactly(work.epochs * len(digits.labels) // work.batch)
    found = contestant.answers(digits.test_images)
    print(json.dumps({"test_accuracy": float((found == digits.test_labels).mean())}))


def _blas() -> list[str]:
    """Describe the BLAS libraries in use, such as "openblas 0.3.31 SkylakeX"."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return []
    return [
        f"{pool['internal_api']} {pool.get('version')} {pool.get('architecture', '')}".strip()
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    ]


def best_blas_threads(run: Callable[[int], Any], threads: int) -> str:
    """Try one, two and all threads for the matrix products, and keep what is fastest."""
    if threads == 1:
        return ""
    from threadpoolctl import threadpool_limits

    seconds = {}
    for number in sorted({1, 2, threads}):
        threadpool_limits(number, "blas")
        run(1)
        began, done = time.perf_counter(), 0
        while (took := time.perf_counter() - began) < 0.1:
            done += run(1)[0]
        seconds[number] = took / done
    best = min(seconds, key=lambda number: seconds[number])
    threadpool_limits(best, "blas")
    return f"{best} BLAS threads were fastest" if best > 1 else "one BLAS thread was fastest"
