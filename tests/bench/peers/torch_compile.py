"""PyTorch with `torch.compile` around the net and its loss; it needs a C++ compiler."""

import torch

from tests.bench.peers.data import Digits
from tests.bench.peers.torch_eager import TorchEager
from tests.bench.peers.worker import NotOffered, serve
from tests.bench.peers.workloads import Workload


class TorchCompile(TorchEager):
    """Net, loss and their gradients are compiled; the fused optimizer is compiled already."""

    def prepare(self, work: Workload, digits: Digits, threads: int) -> None:
        if work.kind == "full batch":
            raise NotOffered("see PyTorch LBFGS")
        super().prepare(work, digits, threads)
        torch.compiler.reset()
        if work.kind == "predict":
            self.model.eval()
            self.model = torch.compile(self.model)
        else:
            self.loss = torch.compile(self.loss)
        self.run(3)  # compiles, or says that it cannot


if __name__ == "__main__":
    serve(TorchCompile())
