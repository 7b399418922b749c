"""Inkling itself, driven as its window and its command line drive it."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

import core
from core.base.events import Progress
from core.data.dataset import Dataset, ImageSet
from core.nn.predictor import Predictor
from core.recipe.recipe import describe_fields, from_dict
from core.recipe.training_config import TrainingConfig
from core.training.run import Run, new_run, split_data
from core.training.train import train
from tests.bench.peers import inkling_recipe
from tests.bench.peers.data import Digits
from tests.bench.peers.worker import Contestant, serve
from tests.bench.peers.workloads import L2, Workload, first_weights


class Inkling(Contestant):
    """One endless run, stopped between two of its events; all its bookkeeping included."""

    version = f"Inkling {core.__version__}, NumPy {np.__version__}"

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        self._work, self._digits, self._threads = work, digits, threads
        if work.kind != "full batch":
            self._run, self._events = self._start(inkling_recipe.endless(work))
        if work.kind == "predict":
            self._predictor = Predictor(self._run.network, self._run.loss, self._run.params)
            side = int(work.sizes[0] ** 0.5)
            self._asked = digits.test_images[: work.batch].reshape(-1, side, side)
        elif work.kind == "train":
            self._advance()  # the first measurement, and a first iteration

    def _start(self, plain: dict[str, Any]) -> tuple[Run, Any]:
        if self._threads == 1 and "threads" in describe_fields(TrainingConfig):
            plain["training"]["threads"] = 1  # else it chooses, as it does for its users
        recipe, dataset = from_dict(plain), _dataset(self._digits)
        parts = split_data(recipe, dataset)
        run = new_run(recipe, dataset, parts)
        _set_weights(run, first_weights(self._work, self._digits))
        return run, train(run, parts)

    def _advance(self) -> None:
        while not isinstance(next(self._events), Progress):
            pass

    def run(self, count: int) -> tuple[int, int]:
        if self._work.kind == "predict":
            for _ in range(count):
                self._predictor.logits(self._asked).argmax(axis=1)
            return count, count * self._work.batch
        first = self._run.step
        while self._run.step < first + count:
            self._advance()
        done = self._run.step - first
        return done, done * self._work.batch

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        return _answers(self._run, images)

    def run_exactly(self, count: int) -> None:
        plain = inkling_recipe.endless(self._work)
        plain["training"]["duration"] = count
        self._run, self._events = self._start(plain)
        for _ in self._events:
            pass

    def full_batch(self) -> list[dict[str, Any]]:
        return [
            self._descend("Inkling L-BFGS", "l-bfgs"),
            self._descend("Inkling CG", "conjugate-gradient"),
        ]

    def _descend(self, name: str, optimizer: str) -> dict[str, Any]:
        run, events = self._start(inkling_recipe.full_batch(self._work, optimizer))
        seen: list[tuple[float, Any]] = []
        seconds, began = 0.0, time.perf_counter()
        for event in events:
            if isinstance(event, Progress):
                seconds += time.perf_counter() - began
                seen.append((seconds, run.params.copy()))  # its cost is found out afterwards
                began = time.perf_counter()
            elif not seen:
                began = time.perf_counter()  # the measurement before the first iteration
        trace = [(at, self._cost(run, params)) for at, params in seen]
        found = _answers(run, self._digits.images)
        return {
            "name": name,
            "seconds": seconds,
            "iterations": run.step,
            "evaluations": getattr(run, "evaluations", 0),
            "trace": trace,
            "accuracy": float((found == self._digits.labels).mean()),
        }

    def _cost(self, run: Run, params: Any) -> float:
        """Return the exercise's cost in float64, penalty included."""
        z = Predictor(run.network, run.loss, params).logits(self._digits.images).astype(float)
        target = np.eye(10)[self._digits.labels]
        data = np.sum(np.maximum(z, 0) - z * target + np.log1p(np.exp(-np.abs(z))))
        squares = sum(float(np.square(w).sum()) for w in run.network.weight_views(params))
        return float(data + L2 / 2 * squares) / len(z)


def _answers(run: Run, images: NDArray[np.uint8]) -> NDArray[np.intp]:
    found: NDArray[np.intp] = (
        Predictor(run.network, run.loss, run.params).logits(images).argmax(axis=1)
    )
    return found


def _dataset(digits: Digits) -> Dataset:
    side = int(digits.images.shape[1] ** 0.5)
    train_part, test_part = (
        ImageSet(images.reshape(-1, side, side), labels)
        for images, labels in (
            (digits.images, digits.labels),
            (digits.test_images[:1000], digits.test_labels[:1000]),
        )
    )
    return Dataset(
        "bench", "Digits of the benchmark", "", train_part, None, test_part, tuple("0123456789")
    )


def _set_weights(run: Run, weights: Any) -> None:
    left = list(weights)
    for index in range(len(run.network.layers)):
        views = run.network.views(run.params, index)
        if "weights" in views:
            matrix, biases = left.pop(0)
            fits = views["weights"].shape == matrix.shape
            views["weights"][...] = matrix if fits else matrix.T
            views["biases"][...] = biases


if __name__ == "__main__":
    serve(Inkling())
