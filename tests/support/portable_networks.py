"""Networks of random weights in the form that is exported, and images for them."""

import numpy as np

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.exchange.portable import Portable, Stage

IMAGES = np.random.default_rng(1).integers(0, 256, (9, 6, 5), np.uint8)


def network(
    activation="relu", output="softmax", scaling="unit", sides=(6, 5), hidden=(7, 6), **more
):
    """Return a network of random weights with this activation, batch normalization and dropout."""
    rng = np.random.default_rng(4)
    pixels, names = sides[0] * sides[1], more.pop("class_names", ("a", "b", "c"))

    def array(*shape, scale=1.0):
        return (scale * rng.standard_normal(shape)).astype(np.float32)

    if scaling == "unit":
        scale = {"offset": np.zeros((), np.float32), "factor": np.array(1 / 255, np.float32)}
    else:
        factor = rng.uniform(0.005, 0.02, pixels).astype(np.float32)
        scale = {"offset": rng.uniform(0, 90, pixels).astype(np.float32), "factor": factor}
    stages = [Stage("scale", arrays=scale)]
    settings = {"leaky-relu": {"slope": 0.1}, "elu": {"alpha": 0.7}}.get(activation, {})
    width = pixels
    for units in hidden:
        dense = {"weights": array(width, units, scale=width**-0.5), "biases": array(units)}
        norm = {name: array(units) for name in ("gamma", "beta", "mean")}
        norm["variance"] = rng.uniform(0.5, 2, units).astype(np.float32)
        stages += [
            Stage("dense", arrays=dense),
            Stage("batch-normalization", arrays=norm, settings={"epsilon": 1e-3}),
            Stage("activation", activation, settings=settings),
            Stage("dropout", settings={"rate": 0.25}),
        ]
        width = units
    last = {"weights": array(width, len(names), scale=width**-0.5), "biases": array(len(names))}
    stages.append(Stage("dense", arrays=last))
    return Portable(tuple(stages), output, sides, names, **more)
