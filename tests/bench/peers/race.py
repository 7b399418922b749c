"""Time to accuracy: the recipe that reads 98 % of MNIST after half a second of training.

784-256-10 ReLU, batch 128, Nesterov momentum 0.9 (the prototype: plain), two epochs of a
one-cycle rate up to 0.35, label smoothing 0.1. Inkling runs its own preset, Quick start; the
others the recipe as it stands here. `python -m tests.bench.peers.race torch FOLDER` prints
seconds and accuracy.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.bench.peers.data import Digits, load
from tests.bench.peers.worker import Order
from tests.bench.peers.workloads import Workload, first_weights

_WORK = Workload("race", "", (784, 256, 10), 128, epochs=2)
_PEAK, _RISE, _MOMENTUM, _SMOOTHING = 0.35, 0.2, 0.9, 0.1


def _rates(count: int) -> Iterator[float]:
    """Yield Quick start's one-cycle rates: a fifth of the way up from a tenth, then to 0."""
    for step in range(count):
        done = step / count
        rising = done < _RISE
        share = 0.1 + 0.9 * done / _RISE if rising else 1 - (done - _RISE) / (1 - _RISE)
        yield _PEAK * share


def _inkling(digits: Digits, folder: str) -> tuple[float, float]:
    from core.data.readers import open_dataset
    from core.nn.predictor import Predictor
    from core.recipe.recipe import presets
    from core.training.run import new_run, split_data
    from core.training.train import train

    recipe, dataset = presets()["quick-start"], open_dataset(folder)
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    for _ in train(run, parts):
        pass
    found = Predictor(run.network, run.loss, run.params).logits(digits.test_images)
    return run.seconds, float((found.argmax(axis=1) == digits.test_labels).mean())


def _prototype(digits: Digits, folder: str) -> tuple[float, float]:
    from tests.bench.peers.prototype import fast_numpy

    fast = fast_numpy()
    packed = fast.Packed(digits.images)
    net = fast.Net(
        packed, digits.labels.astype(np.int64), list(_WORK.sizes), "relu", opt="mom",
        batch=_WORK.batch, mu=_MOMENTUM, smooth=_SMOOTHING,
    )  # fmt: skip
    updates = _WORK.epochs * (len(digits.labels) // _WORK.batch)
    order, rates = Order(len(digits.labels), _WORK.batch), _rates(updates)
    began = time.perf_counter()
    done = 0
    while done < updates:
        rows = order.rows(net.per)  # the rate changes with each gathered chunk
        steps = len(rows) // _WORK.batch
        net.lr = [next(rates) for _ in range(steps)][-1]
        net.train(rows)
        done += steps
    seconds = time.perf_counter() - began
    found = net.predict(fast.Packed(digits.test_images, packed.cols))
    return seconds, float((found == digits.test_labels).mean())


def _torch(digits: Digits, folder: str) -> tuple[float, float]:
    import torch
    from torch import nn

    x, y, test, test_y = (torch.from_numpy(part) for part in digits.floats())
    model = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    for layer, (weights, _) in zip((model[0], model[2]), first_weights(_WORK, digits), strict=True):
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights.T))
            layer.bias.zero_()
    optimizer: Any = torch.optim.SGD(
        model.parameters(), _PEAK, momentum=_MOMENTUM, nesterov=True, fused=True
    )
    loss = nn.CrossEntropyLoss(label_smoothing=_SMOOTHING)
    rates = _rates(_WORK.epochs * (len(y) // _WORK.batch))
    began = time.perf_counter()
    for _ in range(_WORK.epochs):
        order = torch.randperm(len(y))
        for at in range(0, len(order), _WORK.batch):
            rows = order[at : at + _WORK.batch]
            optimizer.param_groups[0]["lr"] = next(rates)
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
    seconds = time.perf_counter() - began
    with torch.inference_mode():
        return seconds, (model(test).argmax(dim=1) == test_y).float().mean().item()


if __name__ == "__main__":
    runner = {"inkling": _inkling, "prototype": _prototype, "torch": _torch}[sys.argv[1]]
    data = load(sys.argv[2]).whole_batches(_WORK.batch)
    seconds, accuracy = runner(data, sys.argv[2])
    print(json.dumps({"seconds": seconds, "accuracy": accuracy}))
