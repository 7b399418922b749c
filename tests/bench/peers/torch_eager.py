"""PyTorch as its users write it for data that fit into memory: eager, one `step` per batch."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tests.bench.peers.data import Digits
from tests.bench.peers.full_batch import Trace
from tests.bench.peers.worker import Contestant, serve
from tests.bench.peers.workloads import ITERATIONS, L2, Workload, first_weights


class TorchEager(Contestant):
    """Images as one tensor, batches by indexing with a permutation, fused optimizers."""

    version = f"torch {torch.__version__}"

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        torch.set_num_threads(threads)
        self._work = work
        self._x, self._y, self._test, _ = (torch.from_numpy(part) for part in digits.floats())
        if work.loss != "softmax":
            self._y = nn.functional.one_hot(self._y, 10).float()
        self.model = _model(work, digits)
        self._one_to_ask = self._test[: work.batch]
        if work.optimizer == "adam":
            self._optimizer: Any = torch.optim.Adam(
                self.model.parameters(), work.rate, eps=1e-7, fused=True
            )
        else:
            self._optimizer = torch.optim.SGD(self.model.parameters(), work.rate, fused=True)
        self.loss = self._loss
        self._batches: Iterator[Any] = iter(())

    def run(self, count: int) -> tuple[int, int]:
        if self._work.kind == "predict":
            return self._predict(count)
        loss, optimizer = self.loss, self._optimizer
        for _ in range(count):
            batch = next(self._batches, None)
            if batch is None:
                self._batches = self.epoch()
                batch = next(self._batches)
            optimizer.zero_grad()
            loss(*batch).backward()
            optimizer.step()
        return count, count * self._work.batch

    def epoch(self) -> Iterator[Any]:
        """Yield the batches of one shuffled epoch."""
        order, size = torch.randperm(len(self._y)), self._work.batch
        for at in range(0, len(order), size):
            rows = order[at : at + size]
            yield self._x[rows], self._y[rows]

    def answers(self, images: NDArray[np.uint8]) -> NDArray[np.intp]:
        self.model.eval()
        with torch.inference_mode():
            return np.asarray(self.model(self._test).argmax(dim=1))

    def _predict(self, count: int) -> tuple[int, int]:
        self.model.eval()
        with torch.inference_mode():
            for _ in range(count):
                self.model(self._one_to_ask).argmax(dim=1)
        return count, count * self._work.batch

    def _loss(self, x: Any, y: Any) -> Any:
        z = self.model(x)
        if self._work.loss == "softmax":
            return nn.functional.cross_entropy(z, y)
        if self._work.loss == "quadratic":
            return 0.5 / self._work.batch * (torch.sigmoid(z) - y).square().sum()
        weights = [layer.weight for layer in self.model if isinstance(layer, nn.Linear)]
        cost = nn.functional.binary_cross_entropy_with_logits(z, y, reduction="sum")
        return (cost + L2 / 2 * sum(w.square().sum() for w in weights)) / len(x)

    def full_batch(self) -> list[dict[str, Any]]:
        begin = {name: value.clone() for name, value in self.model.state_dict().items()}
        self._loss(self._x, self._y).backward()  # warm-up
        self.model.load_state_dict(begin)
        optimizer = torch.optim.LBFGS(
            self.model.parameters(), max_iter=ITERATIONS, max_eval=10_000, tolerance_grad=0,
            tolerance_change=0, line_search_fn="strong_wolfe",
        )  # fmt: skip
        trace = Trace()

        def closure() -> Any:
            optimizer.zero_grad()
            cost = self._loss(self._x, self._y)
            cost.backward()
            trace.note(cost.item())
            return cost

        optimizer.step(closure)
        seconds = trace.seconds()
        with torch.inference_mode():
            right = self.model(self._x).argmax(dim=1) == self._y.argmax(dim=1)
        state = optimizer.state[next(iter(self.model.parameters()))]
        return [
            {
                "name": "PyTorch LBFGS",
                "seconds": seconds,
                "iterations": state["n_iter"],
                "evaluations": trace.evaluations,
                "trace": trace.rows,
                "accuracy": right.float().mean().item(),
            }
        ]


def _model(work: Workload, digits: Digits) -> nn.Sequential:
    layers: list[nn.Module] = []
    for i, (weights, biases) in enumerate(first_weights(work, digits)):
        linear = nn.Linear(*weights.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weights.T))
            linear.bias.copy_(torch.from_numpy(biases))
        layers.append(linear)
        if i < len(work.sizes) - 2:
            layers.append(nn.ReLU() if work.hidden == "relu" else nn.Sigmoid())
            if work.dropout:
                layers.append(nn.Dropout(work.dropout))
    return nn.Sequential(*layers)


if __name__ == "__main__":
    serve(TorchEager())
