"""A hundred steps of a real network equal PyTorch's, on the same data from the same start.

Needs the separate environment of the benchmarks' peers: `make peers`.
"""

import subprocess
from pathlib import Path

import numpy as np
import pytest

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.nn.initializers.glorot import GlorotUniform
from core.nn.layer import LAYERS
from core.nn.layers.dense import Dense
from core.nn.loss import LOSSES, one_hot
from core.nn.network import Network, Workspace
from core.nn.optimizer import OPTIMIZERS, Vectors

_PEERS = Path(__file__).parents[3] / ".peers" / "bin" / "python"
_STEPS = 100

_OURS = {
    "sgd": {"learning_rate": 0.1},
    "momentum": {"learning_rate": 0.05, "momentum": 0.9},
    "nesterov": {"learning_rate": 0.05, "momentum": 0.9},
    "adagrad": {"learning_rate": 0.01, "epsilon": 1e-7},
    "rmsprop": {"learning_rate": 0.001, "decay": 0.9, "epsilon": 1e-7},
    "adam": {"learning_rate": 0.001, "epsilon": 1e-7},
    "adamw": {"learning_rate": 0.001, "epsilon": 1e-7, "weight_decay": 0.01},
}

_THEIRS = """
import sys
import numpy as np, torch
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
data = np.load(sys.argv[1])
weights = [torch.tensor(data[k], requires_grad=True) for k in ("w1", "w2")]
biases = [torch.tensor(data[k], requires_grad=True) for k in ("b1", "b2")]
x, y = torch.tensor(data["x"]), torch.tensor(data["labels"])
every = [*weights, *biases]
groups = [{"params": weights}, {"params": biases, "weight_decay": 0.0}]
o = torch.optim
rule = {
    "sgd": lambda: o.SGD(every, 0.1),
    "momentum": lambda: o.SGD(every, 0.05, 0.9),
    "nesterov": lambda: o.SGD(every, 0.05, 0.9, nesterov=True),
    "adagrad": lambda: o.Adagrad(every, 0.01, eps=1e-7),
    "rmsprop": lambda: o.RMSprop(every, 0.001, alpha=0.9, eps=1e-7),
    "adam": lambda: o.Adam(every, 0.001, eps=1e-7),
    "adamw": lambda: o.AdamW(groups, 0.001, eps=1e-7, weight_decay=0.01),
}[sys.argv[2]]()
for step in range(int(data["steps"])):
    at = slice(20 * (step % 10), 20 * (step % 10) + 20)
    rule.zero_grad()
    logits = torch.relu(x[at] @ weights[0] + biases[0]) @ weights[1] + biases[1]
    torch.nn.functional.cross_entropy(logits, y[at]).backward()
    rule.step()
np.savez(sys.argv[3], **{k: v.detach().numpy() for k, v in
         zip(("w1", "w2", "b1", "b2"), every)})
"""


def _has_torch():
    if not _PEERS.exists():
        return False
    return subprocess.run([_PEERS, "-c", "import torch"], capture_output=True).returncode == 0


@pytest.mark.skipif(not _has_torch(), reason="PyTorch is not there; `make peers` installs it")
@pytest.mark.parametrize("key", list(_OURS))
def test_a_hundred_steps_equal_pytorchs(key, tmp_path):
    rng = np.random.default_rng(4)
    network = Network((Dense(16), LAYERS["relu"](), Dense(10)), 30)
    params = network.init_params(GlorotUniform(), rng, np.float64)
    first, last = network.views(params, 0), network.views(params, 2)
    x, labels = rng.standard_normal((200, 30)), rng.integers(0, 10, 200)
    np.savez(
        tmp_path / "start.npz", w1=first["weights"], b1=first["biases"], w2=last["weights"],
        b2=last["biases"], x=x, labels=labels, steps=_STEPS,
    )  # fmt: skip
    subprocess.run(
        [_PEERS, "-c", _THEIRS, tmp_path / "start.npz", key, tmp_path / "end.npz"], check=True
    )
    _walk(key, network, params, x, labels)
    theirs = np.load(tmp_path / "end.npz")
    for layer, number in ((0, "1"), (2, "2")):
        found = network.views(params, layer)
        np.testing.assert_allclose(found["weights"], theirs["w" + number], rtol=0, atol=1e-6)
        np.testing.assert_allclose(found["biases"], theirs["b" + number], rtol=0, atol=1e-6)


def _walk(key, network, params, x, labels):
    grads = np.zeros(network.trained_count)
    optimizer = OPTIMIZERS[key](**_OURS[key])
    slots = {name: np.zeros_like(grads) for name in optimizer.slot_names}
    weights = tuple(network.weight_views(params))
    bound = optimizer.bind(Vectors(params, grads, slots, weights))
    space = Workspace(network, params, 20, grads)
    loss = LOSSES["softmax-cross-entropy"]().bind(space.logits, space.d_logits)
    for step in range(_STEPS):
        at = slice(20 * (step % 10), 20 * (step % 10) + 20)
        space.x[...] = x[at]
        space.forward(True)
        loss.step(
            one_hot(labels[at], 10, grads.dtype), bound.prepare(optimizer.learning_rate, step + 1)
        )
        space.backward()
        bound.move(len(grads))
