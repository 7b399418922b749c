"""The floor: the matrix products of each workload, into preallocated arrays, and nothing else."""

import time
from typing import Any

import numpy as np

from tests.bench.peers.data import Digits
from tests.bench.peers.worker import Contestant, best_blas_threads, serve
from tests.bench.peers.workloads import Workload, first_weights

_EVALUATIONS = 102  # of the cost: what L-BFGS needs for W4's hundred iterations


class Floor(Contestant):
    """Multiplies the same numbers again and again."""

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        self._batch, self._threads = work.batch, threads
        weights = [pair[0] for pair in first_weights(work, digits)]
        x = np.divide(digits.test_images[: work.batch], 255, dtype=np.float32)
        if work.kind == "full batch":
            x = np.divide(digits.images, 255, dtype=np.float32)
        values = [x, *(np.ones((work.batch, size), np.float32) for size in work.sizes[1:])]
        products = [(values[i].dot, weight, values[i + 1]) for i, weight in enumerate(weights)]
        if work.kind != "predict":
            deltas = [np.ones_like(value) for value in values]
            for i in reversed(range(len(weights))):
                products.append((values[i].T.dot, deltas[i + 1], np.empty_like(weights[i])))
                if i:
                    products.append((deltas[i + 1].dot, weights[i].T, deltas[i]))
        self._products = products

    def tune(self, threads: int) -> None:
        self.note = best_blas_threads(self.run, threads)

    def run(self, count: int) -> tuple[int, int]:
        products = self._products
        for _ in range(count):
            for multiply, by, into in products:
                multiply(by, into)
        return count, count * self._batch

    def full_batch(self) -> list[dict[str, Any]]:
        best_blas_threads(self.run, self._threads)
        began = time.perf_counter()
        self.run(_EVALUATIONS)
        return [
            {
                "name": f"floor: products of {_EVALUATIONS} evaluations",
                "seconds": time.perf_counter() - began,
                "iterations": 0,
                "evaluations": _EVALUATIONS,
                "trace": [],
                "accuracy": 0.0,
            }
        ]


if __name__ == "__main__":
    serve(Floor())
