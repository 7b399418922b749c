"""scikit-learn's MLPClassifier, by `partial_fit`: one pass over what it is given."""

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.neural_network import MLPClassifier

from tests.bench.peers.data import Digits
from tests.bench.peers.worker import Contestant, NotOffered, serve
from tests.bench.peers.workloads import Workload, first_weights


class SklearnMlp(Contestant):
    """It has one loss and no dropout; where that matters a note says so."""

    version = f"scikit-learn {sklearn.__version__}"

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        if work.kind == "full batch":
            raise NotOffered("its cost is not the exercise's (softmax)")
        rate = work.rate
        if work.loss == "quadratic":
            rate, self.note = 0.5, "softmax cross-entropy at rate 0.5: it has no quadratic cost"
        if work.dropout:
            self.note = "without dropout: it has none"
        self._work, self._at = work, 0
        self._x, self._y, self._test, _ = digits.floats()
        order = np.random.default_rng(1).permutation(len(self._y))
        self._x, self._y = self._x[order], self._y[order]
        self._net = MLPClassifier(
            work.sizes[1:-1], activation={"sigmoid": "logistic"}.get(work.hidden, work.hidden),
            solver=work.optimizer, alpha=0.0, batch_size=max(work.batch, 2),
            learning_rate_init=rate, momentum=0.0, nesterovs_momentum=False, epsilon=1e-7,
        )  # fmt: skip
        first = slice(0, max(work.batch, 2))
        self._net.partial_fit(self._x[first], self._y[first], classes=np.arange(10))
        for i, (weights, biases) in enumerate(first_weights(work, digits)):
            self._net.coefs_[i][...] = weights
            self._net.intercepts_[i][...] = biases

    def run(self, count: int) -> tuple[int, int]:
        work = self._work
        if work.kind == "predict":
            for _ in range(count):
                self._net.predict(self._test[: work.batch])
            return count, count * work.batch
        left = count * work.batch
        while left:
            stop = min(self._at + left, len(self._y))
            self._net.partial_fit(self._x[self._at : stop], self._y[self._at : stop])
            left -= stop - self._at
            self._at = stop % len(self._y)
        return count, count * work.batch

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        return np.asarray(self._net.predict(self._test))


if __name__ == "__main__":
    serve(SklearnMlp())
