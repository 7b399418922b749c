"""A network: layers over one flat parameter vector, and the arrays of a pass.

`Network` is a value: which layers, for how many inputs. `Workspace` holds every
intermediate array of a pass, allocated once for one batch size and one thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.arrays import FloatArray, Shape, aligned
from core.errors import ShapeError
from core.initializer import Initializer
from core.layer import BoundLayer, Layer, Site


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """Where one weight array lies in the flat vector."""

    layer: int  # index in `Network.layers`
    name: str  # "weights", "biases"
    shape: Shape
    start: int
    stop: int


@dataclass(frozen=True)
class Network:
    """Layers in order, from `input_size` inputs to the logits.

    Attributes:
        layers: the chain of layers; the last one writes the logits.
        input_size: D of the first layer.
        specs: where each weight array lies in the flat vector.
        param_count: P, the length of the flat vector.
    """

    layers: tuple[Layer, ...]
    input_size: int
    specs: tuple[ParamSpec, ...] = field(init=False)
    param_count: int = field(init=False)

    def __post_init__(self) -> None:
        specs = tuple(_place(self.layers, self.input_size))
        object.__setattr__(self, "specs", specs)
        object.__setattr__(self, "param_count", specs[-1].stop if specs else 0)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Values per image at the input and after each layer."""
        sizes = [self.input_size]
        for layer in self.layers:
            sizes.append(layer.output_size(sizes[-1]))
        return tuple(sizes)

    @property
    def class_count(self) -> int:
        """K, the number of logits."""
        return self.sizes[-1]

    def views(self, vector: FloatArray, layer: int) -> dict[str, FloatArray]:
        """Return one layer's weight arrays as views of the flat vector (P,)."""
        return {
            spec.name: vector[spec.start : spec.stop].reshape(spec.shape)
            for spec in self.specs
            if spec.layer == layer
        }

    def init_params(
        self, initializer: Initializer, rng: np.random.Generator, dtype: Any = np.float32
    ) -> FloatArray:
        """Draw the weights to start from, as a flat vector (P,)."""
        params: FloatArray = aligned((self.param_count,), dtype)
        for spec in self.specs:
            target = params[spec.start : spec.stop].reshape(spec.shape)
            if len(spec.shape) == 2:
                fan_in, fan_out = spec.shape
                target[...] = initializer.weights(rng, fan_in, fan_out, spec.shape)
            else:
                target[...] = initializer.biases(rng, spec.shape)
        return params


def _place(layers: Sequence[Layer], inputs: int) -> Iterator[ParamSpec]:
    start = 0
    for index, layer in enumerate(layers):
        for name, shape in layer.param_shapes(inputs).items():
            stop = start + int(np.prod(shape))
            yield ParamSpec(index, name, shape, start, stop)
            start = stop
        inputs = layer.output_size(inputs)


class Workspace:
    """Every array of a pass for one batch size; never shared between threads.

    Attributes:
        x: (N, D) the input, to be filled by the caller.
        logits: (N, K) the last layer's output.
        d_logits: (N, K) to be filled before `backward`.
        outputs: the output array of each layer, in order.
    """

    def __init__(
        self,
        network: Network,
        params: FloatArray,
        batch_size: int,
        grads: FloatArray | None = None,
        noise: np.random.Generator | None = None,
    ) -> None:
        """Allocate for `batch_size` images; without `grads` it can only go forward.

        Raises:
            ShapeError: `params` or `grads` is not the network's flat vector.
        """
        for vector in (params, grads):
            if vector is not None and vector.shape != (network.param_count,):
                raise ShapeError(
                    f"The network has {network.param_count:,} parameters,"
                    f" the vector {vector.size:,}."
                )
        kind = params.dtype
        sizes = network.sizes
        values = [aligned((batch_size, size), kind) for size in sizes]
        deltas = [aligned((batch_size, size) if grads is not None else (0, size), kind)
                  for size in sizes[1:]]  # fmt: skip
        self.x, self.logits, self.d_logits = values[0], values[-1], deltas[-1]
        self.outputs = values[1:]
        self._bound: list[BoundLayer] = []
        for index, layer in enumerate(network.layers):
            site = Site(
                x=values[index],
                y=values[index + 1],
                d_y=deltas[index],
                d_x=deltas[index - 1] if index else None,
                params=network.views(params, index),
                grads=network.views(grads, index) if grads is not None else {},
                noise=noise or np.random.default_rng(0),
            )
            self._bound.append(layer.bind(site))
        self._reversed = self._bound[::-1]

    def forward(self, training: bool = False) -> FloatArray:
        """Carry `x` through all layers and return the logits (N, K)."""
        for layer in self._bound:
            layer.forward(training)
        return self.logits

    def backward(self) -> None:
        """Carry `d_logits` back through all layers and write every gradient."""
        for layer in self._reversed:
            layer.backward()
