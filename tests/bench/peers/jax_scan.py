"""JAX: `jit` around a `lax.scan` over many updates, the whole data set inside."""

import time
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from numpy.typing import NDArray

from tests.bench.peers.data import Digits
from tests.bench.peers.full_batch import minimise
from tests.bench.peers.worker import Contestant, Order, serve
from tests.bench.peers.workloads import L2, Workload, first_weights

_SECONDS = 0.3  # of one scan, about: an epoch, where it is shorter


def _logits(work: Workload, params: Any, x: Any, key: Any = None) -> Any:
    for i, (weights, biases) in enumerate(params):
        x = x @ weights + biases
        if i < len(params) - 1:
            x = jax.nn.relu(x) if work.hidden == "relu" else jax.nn.sigmoid(x)
            if work.dropout and key is not None:
                key, now = jax.random.split(key)
                drawn = jax.random.bits(now, x.shape, jnp.uint8)
                kept = drawn >= round(256 * work.dropout)
                x = jnp.where(kept, x / (1 - work.dropout), 0)
    return x


def _loss(work: Workload, params: Any, x: Any, y: Any, key: Any = None) -> Any:
    z = _logits(work, params, x, key)
    target = jax.nn.one_hot(y, 10)
    if work.loss == "softmax":
        return -(target * jax.nn.log_softmax(z)).sum() / len(x)
    if work.loss == "quadratic":
        return 0.5 * jnp.square(jax.nn.sigmoid(z) - target).sum() / len(x)
    cost = (jnp.maximum(z, 0) - z * target + jnp.log1p(jnp.exp(-jnp.abs(z)))).sum()
    return (cost + L2 / 2 * sum(jnp.square(w).sum() for w, _ in params)) / len(x)


def _adam(params: Any, grads: Any, state: Any, rate: float) -> Any:
    m, v, t = state
    t = t + 1
    m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
    v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
    root = jnp.sqrt(1 - 0.999**t)
    step, small = rate * root / (1 - 0.9**t), 1e-7 * root
    params = jax.tree.map(lambda p, m, v: p - step * m / (jnp.sqrt(v) + small), params, m, v)
    return params, (m, v, t)


@partial(jax.jit, static_argnums=0, donate_argnums=1)
def _scan(work: Workload, state: Any, x: Any, y: Any, rows: Any) -> Any:
    """Do one update for each row of `rows` (updates, batch)."""

    def update(state: Any, rows: Any) -> Any:
        params, slots, key = state
        now = None
        if work.dropout:
            key, now = jax.random.split(key)
        grads = jax.grad(partial(_loss, work))(params, x[rows], y[rows], now)
        if work.optimizer == "adam":
            params, slots = _adam(params, grads, slots, work.rate)
        else:
            params = jax.tree.map(lambda p, g: p - work.rate * g, params, grads)
        return (params, slots, key), None

    return lax.scan(update, state, rows)[0]


@partial(jax.jit, static_argnums=0)
def _read(work: Workload, params: Any, x: Any) -> Any:
    return _logits(work, params, x).argmax(axis=1)


class JaxScan(Contestant):
    """Plain JAX, no further library."""

    version = f"jax {jax.__version__}"

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        self._work = work
        self._x, self._y, self._test, _ = (jnp.asarray(part) for part in digits.floats())
        self._order = Order(len(digits.labels), work.batch)
        params = [(jnp.asarray(w), jnp.asarray(b)) for w, b in first_weights(work, digits)]
        self._begin(params)
        if work.kind == "train":
            self._length = self._find_length(len(digits.labels) // work.batch)
            self._begin([(jnp.asarray(w), jnp.asarray(b)) for w, b in first_weights(work, digits)])
        self._asked = self._test[: work.batch]

    def _begin(self, params: Any) -> None:
        zeros = jax.tree.map(jnp.zeros_like, params)
        slots = (zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0))
        self._state = (params, slots if self._work.optimizer == "adam" else (), jax.random.key(0))

    def _find_length(self, epoch: int) -> int:
        """Choose how many updates one scan does, and compile it."""
        for length in (4, 4):
            began = time.perf_counter()
            self._advance(length)
        length = int(min(epoch, max(1, _SECONDS * 4 / (time.perf_counter() - began))))
        while epoch % length:
            length -= 1
        self._advance(length)
        return length

    def _advance(self, updates: int) -> None:
        rows = self._order.rows(updates)
        blocks = jnp.asarray(rows.reshape(-1, self._work.batch).astype(np.int32))
        self._state = _scan(self._work, self._state, self._x, self._y, blocks)
        jax.block_until_ready(self._state)

    def run(self, count: int) -> tuple[int, int]:
        if self._work.kind == "predict":
            for _ in range(count):
                _read(self._work, self._state[0], self._asked).block_until_ready()
            return count, count * self._work.batch
        done = 0
        while done < count:
            self._advance(self._length)
            done += self._length
        return done, done * self._work.batch

    def run_exactly(self, count: int) -> None:
        while count:
            length = min(count, self._length)
            self._advance(length)
            count -= length

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        return np.asarray(_read(self._work, self._state[0], self._test))

    def full_batch(self) -> list[dict[str, Any]]:
        leaves, tree = jax.tree.flatten(self._state[0])
        sizes = np.cumsum([leaf.size for leaf in leaves])[:-1]

        def unpack(theta: Any) -> Any:
            parts = zip(jnp.split(theta, sizes), leaves, strict=True)
            return jax.tree.unflatten(tree, [part.reshape(leaf.shape) for part, leaf in parts])

        @jax.jit
        def both(theta: Any, x: Any, y: Any) -> Any:
            return jax.value_and_grad(lambda flat: _loss(self._work, unpack(flat), x, y))(theta)

        def cost(theta: Any) -> tuple[float, Any]:
            value, gradient = both(theta.astype(np.float32), self._x, self._y)
            return float(value), np.asarray(gradient, np.float64)

        def read(theta: Any) -> float:
            found = _read(self._work, unpack(jnp.asarray(theta, jnp.float32)), self._x)
            return float((found == self._y).mean())

        start = np.concatenate([np.asarray(leaf).ravel() for leaf in leaves])
        return [
            minimise(f"JAX + SciPy {name}", method, cost, start, read)
            for name, method in (("L-BFGS", "L-BFGS-B"), ("CG", "CG"))
        ]


if __name__ == "__main__":
    serve(JaxScan())
