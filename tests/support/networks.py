"""Networks with random weights, as exports get them."""

import numpy as np

from core.exchange.portable import Portable, Stage

HOSTILE = (
    "</script><script>alert(1)</script>", 'a"b', "it's", "back\\slash", "two\nlines", "字", "??/",
    "*/ /*", "<b>&amp;", "@@WEIGHTS@@",
)  # fmt: skip
_SETTINGS = {"leaky-relu": {"slope": 0.01}, "elu": {"alpha": 0.7}}


def network(
    activation="relu", sizes=(20, 15), *, batch=False, standardized=False, output="softmax",
    shape=(28, 28), names=tuple("0123456789"), seed=0,
) -> Portable:  # fmt: skip
    """Return a network with hidden layers of these sizes; its answers differ between images."""
    rng = np.random.default_rng(seed)
    width = shape[0] * shape[1]
    stages = [_scale(rng, width, standardized)]
    for units in sizes:
        stages.append(_dense(rng, width, units))
        if batch:
            stages.append(_normalization(rng, units))
        stages += [Stage("activation", activation, settings=_SETTINGS.get(activation, {}))]
        stages += [Stage("dropout", settings={"rate": 0.2})]
        width = units
    stages.append(_dense(rng, width, len(names)))
    facts = {"trained on": '</script>*/ """ \\', "字": "two\nlines"}
    return Portable(tuple(stages), output, shape, names, 'A "name" </title> */ \\', facts)


def pictures(count=20, shape=(28, 28), seed=1) -> np.ndarray:
    """Return images, half of them blank in places, as digits are."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (count, *shape), np.uint8)
    images[rng.random(images.shape) < 0.7] = 0
    return images


def _scale(rng, width, standardized) -> Stage:
    offset, factor = np.zeros((), np.float32), np.array(1 / 255, np.float32)
    if standardized:
        offset = rng.uniform(0, 100, width).astype(np.float32)
        factor = rng.uniform(0.005, 0.02, width).astype(np.float32)
    return Stage("scale", arrays={"offset": offset, "factor": factor})


def _dense(rng, inputs, units) -> Stage:
    weights = rng.normal(0, 2 / np.sqrt(inputs), (inputs, units)).astype(np.float32)
    return Stage(
        "dense",
        arrays={"weights": weights, "biases": rng.normal(0, 0.5, units).astype(np.float32)},
    )


def _normalization(rng, units) -> Stage:
    draw = {
        name: rng.uniform(low, high, units).astype(np.float32)
        for name, low, high in (
            ("gamma", 0.5, 2), ("beta", -1, 1), ("mean", -1, 1), ("variance", 0.2, 2)
        )
    }  # fmt: skip
    return Stage("batch-normalization", arrays=draw, settings={"epsilon": 1e-3})
