"""PyTorch with its DataLoader, as in its tutorials; the images are in memory all the same."""

from collections.abc import Iterator
from typing import Any

from torch.utils.data import DataLoader, TensorDataset

from tests.bench.peers.data import Digits
from tests.bench.peers.torch_eager import TorchEager
from tests.bench.peers.worker import NotOffered, serve
from tests.bench.peers.workloads import Workload


class TorchLoader(TorchEager):
    """One process, no workers: they cost more than they bring for digits in memory."""

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        if work.kind != "train":
            raise NotOffered("nothing to load batch by batch")
        super().prepare(work, digits, threads)
        self._loader = DataLoader(TensorDataset(self._x, self._y), work.batch, shuffle=True)

    def epoch(self) -> Iterator[Any]:
        return iter(self._loader)


if __name__ == "__main__":
    serve(TorchLoader())
