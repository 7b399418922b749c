"""The throwaway prototype in pure NumPy, where ../shared/prototypes is there (see its README)."""

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.peers.data import Digits
from tests.bench.peers.worker import Contestant, NotOffered, Order, best_blas_threads, serve
from tests.bench.peers.workloads import Workload, first_weights

_FILE = Path(__file__).parents[4] / "shared/prototypes/training-step/fast_numpy.py"


def fast_numpy() -> Any:
    """Return the prototype's module."""
    if not _FILE.exists():
        raise NotOffered("the prototype is not in ../shared/prototypes")
    spec = importlib.util.spec_from_file_location("fast_numpy", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Prototype(Contestant):
    """`Net` and `Packed` of fast_numpy.py, softmax without the subtraction of the maximum."""

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        if work.kind == "full batch":
            raise NotOffered("its L-BFGS was not kept")
        fast, self._work = fast_numpy(), work
        self._batch = work.batch if work.kind == "train" else 100
        self._packed = fast.Packed(digits.images)
        self._net = fast.Net(
            self._packed, digits.labels.astype(np.int64), list(work.sizes), work.hidden,
            work.loss, work.optimizer, work.rate, self._batch,
            std={"small": 0.01}.get(work.start), dropout=work.dropout,
            init="nielsen" if work.start == "normal" else None,
        )  # fmt: skip
        self._order = Order(len(digits.labels), work.batch)
        self._pack = lambda images: fast.Packed(images, self._packed.cols)
        if work.kind == "predict":
            self._take_weights(work, digits)
            self._asked = self._pack(digits.test_images[: work.batch])

    def tune(self, threads: int) -> None:
        self.note = best_blas_threads(self.run, threads)

    def run(self, count: int) -> tuple[int, int]:
        if self._work.kind == "predict":
            for _ in range(count):
                self._net.predict(self._asked)
            return count, count * self._work.batch
        left = count
        while left:
            rows = self._order.rows(left)
            self._net.train(rows)
            left -= len(rows) // self._work.batch
            if self._work.optimizer == "adam":  # as its own `epoch` does: no denormal moments
                np.putmask(self._net.m, np.abs(self._net.m) < 1e-30, 0)
        return count, count * self._work.batch

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        return np.asarray(self._net.predict(self._pack(images)))

    def _take_weights(self, work: Workload, digits: Digits) -> None:
        (first_layer, first), (exit_, last) = first_weights(work, digits)
        net, columns = self._net, self._packed.cols
        net.P[0][...] = 0
        net.P[0][0], net.P[0][1 : 1 + len(columns)] = first, first_layer[columns]
        net.P[-2][...], net.P[-1][...] = exit_.T, last


if __name__ == "__main__":
    serve(Prototype())
