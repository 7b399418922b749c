"""Keras 3 on JAX, by `compile` and `fit`, as in its guides."""

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"  # read when Keras is imported

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from tests.bench.peers.data import Digits
from tests.bench.peers.worker import Contestant, NotOffered, serve
from tests.bench.peers.workloads import Workload, first_weights

_TOGETHER = 8  # batches in one call of compiled code: its `steps_per_execution`


def _quadratic(y: Any, outputs: Any) -> Any:
    return 0.5 * ops.sum(ops.square(outputs - y), axis=-1)


class KerasJax(Contestant):
    """A Sequential model; `fit` over slices of the data, each shuffled."""

    version = f"keras {keras.__version__}"

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        if work.kind == "full batch":
            raise NotOffered("no full-batch optimizer")
        self._work, self._at = work, 0
        self._x, self._y, self._test, _ = digits.floats()
        if work.loss == "quadratic":
            self._y = np.eye(10, dtype=np.float32)[self._y]
        order = np.random.default_rng(1).permutation(len(self._y))
        self._x, self._y = self._x[order], self._y[order]
        self._model = _model(work)
        self._model.set_weights(sum((list(pair) for pair in first_weights(work, digits)), []))

    def run(self, count: int) -> tuple[int, int]:
        work = self._work
        if work.kind == "predict":
            for _ in range(count):
                self._model.predict_on_batch(self._test[: work.batch]).argmax(axis=1)
            return count, count * work.batch
        whole = -(-count // _TOGETHER) * _TOGETHER
        self.run_exactly(whole)
        return whole, whole * work.batch

    def run_exactly(self, count: int) -> None:
        size = self._work.batch
        usable = len(self._y) // (size * _TOGETHER) * size * _TOGETHER
        left = count * size
        while left:
            stop = min(self._at + left, usable)
            part = slice(self._at, stop)
            self._model.fit(self._x[part], self._y[part], batch_size=size, verbose=0)
            left -= stop - self._at
            self._at = stop % usable

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        found: NDArray[np.intp] = self._model.predict_on_batch(self._test).argmax(axis=1)
        return found


def _model(work: Workload) -> Any:
    layers: list[Any] = [keras.Input((work.sizes[0],))]
    for units in work.sizes[1:-1]:
        layers.append(keras.layers.Dense(units, activation=work.hidden))
        if work.dropout:
            layers.append(keras.layers.Dropout(work.dropout))
    quadratic = work.loss == "quadratic"
    layers.append(keras.layers.Dense(work.sizes[-1], activation="sigmoid" if quadratic else None))
    model = keras.Sequential(layers)
    model.compile(
        optimizer=keras.optimizers.Adam(work.rate, epsilon=1e-7)
        if work.optimizer == "adam"
        else keras.optimizers.SGD(work.rate),
        loss=_quadratic
        if quadratic
        else keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        steps_per_execution=_TOGETHER,
    )
    return model


if __name__ == "__main__":
    serve(KerasJax())
