"""NumPy as the tutorials write it, in float32: clear, and every step makes new arrays.

After "Deep Learning from Scratch" (layers over whole batches, a dict of parameters), for
W3 after Nielsen's book (image by image), for W4 after the Coursera exercise, minimised
by SciPy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.bench.peers.data import Digits
from tests.bench.peers.full_batch import minimise
from tests.bench.peers.worker import Contestant, Order, serve
from tests.bench.peers.workloads import L2, Workload, first_weights


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _softmax(z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


class NaiveNumpy(Contestant):
    """A dict of parameters, and a gradient for each."""

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        self._work, self._t = work, 0
        self._x, self._y, self._test, _ = digits.floats()
        self._one_hot = np.eye(10, dtype=np.float32)[self._y]
        self._order = Order(len(self._y), work.batch)
        self._rng = np.random.default_rng(2)
        self._p: dict[str, Any] = {}
        for i, (weights, biases) in enumerate(first_weights(work, digits)):
            self._p[f"W{i}"], self._p[f"b{i}"] = weights, biases
        self._layers = len(work.sizes) - 1
        self._m = {name: np.zeros_like(value) for name, value in self._p.items()}
        self._v = {name: np.zeros_like(value) for name, value in self._p.items()}

    def run(self, count: int) -> tuple[int, int]:
        batch = self._work.batch
        for _ in range(count):
            if self._work.kind == "predict":
                self._forward(self._test[:batch])[-1].argmax(axis=1)
                continue
            mask = self._order.rows(1)
            if self._work.loss == "quadratic":
                self._nielsen(mask)
            else:
                self._update(self._gradient(self._x[mask], self._one_hot[mask]))
        return count, count * batch

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        found: NDArray[np.intp] = self._forward(self._test)[-1].argmax(axis=1)
        return found

    def _forward(self, x: Any, training: bool = False) -> list[Any]:
        values, self._masks = [x], []
        for i in range(self._layers):
            z = values[-1] @ self._p[f"W{i}"] + self._p[f"b{i}"]
            if i < self._layers - 1:
                z = np.maximum(0, z) if self._work.hidden == "relu" else _sigmoid(z)
                if training and self._work.dropout:
                    self._masks.append(self._rng.random(z.shape, np.float32) > self._work.dropout)
                    z = z * self._masks[-1] / np.float32(1 - self._work.dropout)
            values.append(z)
        return values

    def _gradient(self, x: Any, one_hot: Any) -> dict[str, Any]:
        values = self._forward(x, training=True)
        delta, grads = (_softmax(values[-1]) - one_hot) / np.float32(len(x)), {}
        for i in reversed(range(self._layers)):
            grads[f"W{i}"] = values[i].T @ delta
            grads[f"b{i}"] = delta.sum(axis=0)
            if i == 0:
                break
            delta = delta @ self._p[f"W{i}"].T
            if self._masks:
                delta = delta * self._masks[i - 1] / np.float32(1 - self._work.dropout)
            if self._work.hidden == "relu":
                delta[values[i] <= 0] = 0
            else:
                delta = delta * values[i] * (1 - values[i])
        return grads

    def _update(self, grads: dict[str, Any]) -> None:
        rate = self._work.rate
        if self._work.optimizer == "sgd":
            for name in self._p:
                self._p[name] -= rate * grads[name]
            return
        self._t += 1
        rate *= (1 - 0.999**self._t) ** 0.5 / (1 - 0.9**self._t)
        for name, g in grads.items():
            self._m[name] += 0.1 * (g - self._m[name])
            self._v[name] += 0.001 * (g**2 - self._v[name])
            self._p[name] -= rate * self._m[name] / (np.sqrt(self._v[name]) + 1e-7)

    def _nielsen(self, mask: Any) -> None:
        sums = {name: np.zeros_like(value) for name, value in self._p.items()}
        for row in mask:
            x, y = self._x[row], self._one_hot[row]
            a = _sigmoid(x @ self._p["W0"] + self._p["b0"])
            out = _sigmoid(a @ self._p["W1"] + self._p["b1"])
            delta = (out - y) * out * (1 - out)
            sums["W1"] += np.outer(a, delta)
            sums["b1"] += delta
            delta = (self._p["W1"] @ delta) * a * (1 - a)
            sums["W0"] += np.outer(x, delta)
            sums["b0"] += delta
        for name in self._p:
            self._p[name] -= np.float32(self._work.rate / len(mask)) * sums[name]

    def full_batch(self) -> list[dict[str, Any]]:
        start = np.concatenate([value.ravel() for value in self._p.values()])
        rows = []
        for name, method in (("L-BFGS", "L-BFGS-B"), ("CG", "CG")):
            rows.append(
                minimise(f"naive NumPy + SciPy {name}", method, self._cost, start, self._read)
            )
        return rows

    def _set(self, theta: Any) -> None:
        at = 0
        for name, value in self._p.items():
            self._p[name] = theta[at : at + value.size].reshape(value.shape).astype(np.float32)
            at += value.size

    def _cost(self, theta: Any) -> tuple[float, Any]:
        self._set(theta)
        x, y, p, m = self._x, self._one_hot, self._p, len(self._x)
        a = _sigmoid(x @ p["W0"] + p["b0"])
        h = _sigmoid(a @ p["W1"] + p["b1"])
        cost = -np.sum(y * np.log(h) + (1 - y) * np.log(1 - h)) / m
        cost += L2 / (2 * m) * (np.sum(p["W0"] ** 2) + np.sum(p["W1"] ** 2))
        delta = (h - y) / np.float32(m)
        hidden = delta @ p["W1"].T * a * (1 - a)
        grads = [
            x.T @ hidden + np.float32(L2 / m) * p["W0"], hidden.sum(axis=0),
            a.T @ delta + np.float32(L2 / m) * p["W1"], delta.sum(axis=0),
        ]  # fmt: skip
        return float(cost), np.concatenate([g.ravel() for g in grads]).astype(np.float64)

    def _read(self, theta: Any) -> float:
        self._set(theta)
        a = _sigmoid(self._x @ self._p["W0"] + self._p["b0"])
        return float(((a @ self._p["W1"] + self._p["b1"]).argmax(axis=1) == self._y).mean())


if __name__ == "__main__":
    serve(NaiveNumpy())
