"""SciPy's minimisers on a contestant's cost, with a record of how the cost went down."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.bench.peers.workloads import ITERATIONS

Cost = Callable[[Any], tuple[float, Any]]


class Trace:
    """Cost against time: one row per evaluation, only where the cost fell."""

    def __init__(self) -> None:
        self.rows: list[tuple[float, float]] = []
        self.evaluations = 0
        self._began = time.perf_counter()

    def seconds(self) -> float:
        """Return how long it is since the beginning."""
        return time.perf_counter() - self._began

    def note(self, cost: float) -> None:
        """Write down what was found now."""
        self.evaluations += 1
        if not self.rows or cost < self.rows[-1][1]:
            self.rows.append((self.seconds(), cost))


def minimise(
    name: str, method: str, cost: Cost, start: Any, read: Callable[[Any], float]
) -> dict[str, Any]:
    """Run `method` ("CG", "L-BFGS-B") for 100 iterations from `start`, after a warm-up."""
    from scipy.optimize import minimize

    tight = {"gtol": 0.0} if method == "CG" else {"gtol": 0.0, "ftol": 0.0, "maxfun": 10_000}
    start = start.astype(np.float64)
    for _ in range(3):
        cost(start)
    trace = Trace()

    def noted(theta: Any) -> tuple[float, Any]:
        value, gradient = cost(theta)
        trace.note(value)
        return value, gradient

    found = minimize(
        noted, start, jac=True, method=method, options={"maxiter": ITERATIONS, **tight}
    )
    seconds = trace.seconds()
    return {
        "name": name,
        "seconds": seconds,
        "iterations": int(found.nit),
        "evaluations": trace.evaluations,
        "trace": trace.rows,
        "accuracy": read(found.x),
    }
