"""The workloads of the comparison: the same numbers for every contestant.

Read in every contestant's own environment, so it stands on NumPy only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.bench.peers.data import Digits

Weights = list[tuple[NDArray[np.float32], NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Workload:
    """What is to be done, apart from the data.

    Attributes:
        key, title: its name, and what stands above its table.
        kind: "train", "full batch" or "predict".
        sizes: units of the input and of each layer.
        hidden: "relu" or "sigmoid".
        loss: "softmax", "quadratic" or "logistic".
        batch: images per update; for predictions, images per call.
        optimizer, rate: "sgd" or "adam" (0.9, 0.999, 1e-7), and its learning rate.
        dropout: share of hidden units switched off.
        start: first weights; see `first_weights`.
        updates: how many come before the test accuracy is measured.
        epochs: of the whole recipe from process start; 0 where it is not run.
    """

    key: str
    title: str
    sizes: tuple[int, ...]
    batch: int
    kind: str = "train"
    hidden: str = "relu"
    loss: str = "softmax"
    optimizer: str = "adam"
    rate: float = 0.001
    dropout: float = 0.0
    start: str = "glorot"
    updates: int = 0
    epochs: int = 0

    @property
    def flops(self) -> int:
        """Floating point operations of the matrix products of one update or prediction."""
        pairs = [a * b for a, b in zip(self.sizes, self.sizes[1:], strict=False)]
        if self.kind == "predict":
            return 2 * self.batch * sum(pairs)
        return 2 * self.batch * (3 * sum(pairs) - pairs[0])


L2 = 1.0  # Coursera's lambda
ITERATIONS = 100  # of the full-batch optimizers

WORKLOADS = {
    work.key: work
    for work in (
        Workload(
            "W1", "784-50-10 sigmoid, softmax cross-entropy, batch 100, SGD", (784, 50, 10), 100,
            hidden="sigmoid", optimizer="sgd", rate=0.1, start="small", updates=3000, epochs=17,
        ),
        Workload(
            "W2", "784-128-10 ReLU, softmax cross-entropy, batch 32, Adam", (784, 128, 10), 32,
            updates=1875, epochs=10,
        ),
        Workload(
            "W3", "784-30-10 sigmoid, quadratic cost, batch 10, SGD", (784, 30, 10), 10,
            hidden="sigmoid", loss="quadratic", optimizer="sgd", rate=3.0, start="normal",
            updates=6000, epochs=30,
        ),
        Workload(
            "W4", "400-25-10 sigmoid, logistic cost + L2 (λ = 1), all 5000 at once, 100 iterations",
            (400, 25, 10), 5000, kind="full batch", hidden="sigmoid", loss="logistic",
        ),
        Workload(
            "W5", "784-512-512-10 ReLU, dropout 0.2, batch 128, Adam", (784, 512, 512, 10), 128,
            dropout=0.2, updates=468, epochs=5,
        ),
        Workload(
            "W6", "784-2048-2048-10 ReLU, batch 1024, Adam", (784, 2048, 2048, 10), 1024,
            updates=29,
        ),
        Workload(
            "W7", "prediction by 784-128-10 ReLU: 10,000 images", (784, 128, 10), 10_000,
            kind="predict",
        ),
        Workload(
            "W7-one", "prediction by 784-128-10 ReLU: one image", (784, 128, 10), 1,
            kind="predict",
        ),
    )
}  # fmt: skip


def first_weights(work: Workload, digits: Digits) -> Weights:
    """Return weights (in, out) and biases (out,) of each layer, float32, always the same.

    "small" is N(0, 0.01²), "normal" N(0, 1) for the biases too, "glorot" uniform within
    ±√(6/(in+out)), for full batches within ±0.12 as in the course. Nets that only predict
    get a last layer fitted by least squares, so that their answers can be compared.
    """
    rng = np.random.default_rng(0)
    found = []
    for fan_in, fan_out in zip(work.sizes, work.sizes[1:], strict=False):
        biases = np.zeros(fan_out)
        if work.start == "small":
            weights = 0.01 * rng.standard_normal((fan_in, fan_out))
        elif work.start == "normal":
            weights = rng.standard_normal((fan_in, fan_out))
            biases = rng.standard_normal(fan_out)
        else:
            edge = 0.12 if work.kind == "full batch" else (6 / (fan_in + fan_out)) ** 0.5
            weights = rng.uniform(-edge, edge, (fan_in, fan_out))
        found.append((weights.astype(np.float32), biases.astype(np.float32)))
    if work.kind == "predict":
        seen = np.maximum(digits.images[:10_000] @ (found[0][0] / 255), 0)
        target = np.eye(10)[digits.labels[:10_000]] - 0.1
        found[1] = np.linalg.lstsq(seen, target)[0].astype(np.float32), np.full(10, 0.1, np.float32)
    return found
