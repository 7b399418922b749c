"""A network: layers over one flat parameter vector, and the arrays of a pass.

`Network` is a value: which layers, for how many inputs. `Workspace` holds every
intermediate array of a pass, allocated once for one batch size and one thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.base.arrays import FloatArray, Shape, aligned
from core.base.errors import ShapeError
from core.nn.initializer import Initializer
from core.nn.layer import BoundLayer, Layer, Site


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """Where one array of a layer lies in the flat vector."""

    layer: int  # index in `Network.layers`
    name: str  # "weights", "biases", "running_mean"
    shape: Shape
    start: int
    stop: int
    trained: bool  # False for state, which has no gradient


@dataclass(frozen=True)
class Network:
    """Layers in order, from `input_size` inputs to the logits.

    The flat vector holds the trained arrays first, then the layers' state.

    Attributes:
        layers: the chain of layers; the last one writes the logits.
        input_size: D of the first layer.
        first_layer_last: place the trained arrays from the last layer to the first, each on
            a cache line: the weights of the input end the trained part.
        specs: where each array lies in the flat vector, in the order of the layers.
        trained_count: T, the length of the part that training moves.
        param_count: P, the length of the whole flat vector.
    """

    layers: tuple[Layer, ...]
    input_size: int
    first_layer_last: bool = False
    specs: tuple[ParamSpec, ...] = field(init=False)
    trained_count: int = field(init=False)
    param_count: int = field(init=False)

    def __post_init__(self) -> None:
        trained = list(_arrays(self, trained=True))
        if self.first_layer_last:
            placed = _place(trained[::-1], 0, pad=16)[::-1]
        else:
            placed = _place(trained, 0)
        count = max((spec.stop for spec in placed), default=0)
        state = _place(list(_arrays(self, trained=False)), count)
        specs = sorted([*placed, *state], key=lambda spec: spec.layer)  # a stable sort
        object.__setattr__(self, "specs", tuple(specs))
        object.__setattr__(self, "trained_count", count)
        object.__setattr__(self, "param_count", max((s.stop for s in specs), default=0))

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

    @property
    def first_layer(self) -> int:
        """Index of the first layer that has weights: the one that looks at the image."""
        return next(spec.layer for spec in self.specs if spec.name == "weights")

    @property
    def weight_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(int(np.prod(spec.shape)) for spec in self.specs if spec.trained)

    def views(self, vector: FloatArray, layer: int) -> dict[str, FloatArray]:
        """Return one layer's arrays as views of the flat vector (P,), or (T,) for gradients."""
        return {
            spec.name: vector[spec.start : spec.stop].reshape(spec.shape)
            for spec in self.specs
            if spec.layer == layer and spec.stop <= len(vector)
        }

    def weight_views(self, vector: FloatArray) -> list[FloatArray]:
        """Return the weight matrices as views of the flat vector: what penalties act on.

        Biases and the scales and shifts of normalization are left out.
        """
        return [
            vector[spec.start : spec.stop].reshape(spec.shape)
            for spec in self.specs
            if spec.name == "weights"
        ]

    def init_params(
        self, initializer: Initializer, rng: np.random.Generator, dtype: Any = np.float32
    ) -> FloatArray:
        """Draw the weights to start from, as a flat vector (P,)."""
        params: FloatArray = aligned((self.param_count,), dtype)
        for spec in self.specs:
            target = params[spec.start : spec.stop].reshape(spec.shape)
            initial = self.layers[spec.layer].initial
            if spec.name in initial:
                target[...] = initial[spec.name]
            elif len(spec.shape) == 2:
                fan_in, fan_out = spec.shape
                target[...] = initializer.weights(rng, fan_in, fan_out, spec.shape)
            else:
                target[...] = initializer.biases(rng, spec.shape)
        return params


def _arrays(network: Network, trained: bool) -> Iterator[ParamSpec]:
    """Describe each layer's arrays of one sort, not yet placed."""
    inputs = network.input_size
    for index, layer in enumerate(network.layers):
        shapes = layer.param_shapes(inputs) if trained else layer.state_shapes(inputs)
        for name, shape in shapes.items():
            yield ParamSpec(index, name, shape, 0, int(np.prod(shape)), trained)
        inputs = layer.output_size(inputs)


def _place(specs: Sequence[ParamSpec], start: int, pad: int = 1) -> list[ParamSpec]:
    placed = []
    for spec in specs:
        start = -(-start // pad) * pad
        stop = start + spec.stop
        placed.append(ParamSpec(spec.layer, spec.name, spec.shape, start, stop, spec.trained))
        start = stop
    return placed


class Workspace:
    """Every array of a pass for one batch size; never shared between threads.

    Attributes:
        x: (N, D) the input, to be filled by the caller.
        logits: (N, K) the last layer's output, Fortran-ordered: losses work class by
            class, where NumPy sums whole rows at once.
        d_logits: (N, K) to be filled before `backward`, Fortran-ordered too.
        layers: the layers, tied to their arrays.
        forwards, backwards: their two passes, in the order in which they are called.
    """

    def __init__(
        self,
        network: Network,
        params: FloatArray,
        batch_size: int,
        grads: FloatArray | None = None,
        noise: np.random.Generator | None = None,
    ) -> None:
        """Allocate for `batch_size` images; without `grads` (T,) it can only go forward.

        Raises:
            ShapeError: `params` or `grads` is not the network's flat vector.
        """
        _check_length(params, network.param_count)
        if grads is not None:
            _check_length(grads, network.trained_count)
        values = _chain(network, batch_size, params.dtype)
        deltas = _chain(network, batch_size if grads is not None else 0, params.dtype)
        self.x, self.logits, self.d_logits = values[0], values[-1], deltas[-1]
        self.layers: list[BoundLayer] = []
        noise = noise or np.random.default_rng(0)
        for index, layer in enumerate(network.layers):
            site = Site(
                x=values[index],
                y=values[index + 1],
                d_y=deltas[index + 1],
                d_x=deltas[index] if index else None,
                params=network.views(params, index),
                grads=network.views(grads, index) if grads is not None else {},
                noise=noise,
            )
            self.layers.append(layer.bind(site))
        self.forwards = [layer.forward for layer in self.layers]
        self.backwards = [layer.backward for layer in self.layers[::-1]]

    def forward(self, training: bool = False) -> FloatArray:
        """Carry `x` through all layers and return the logits (N, K)."""
        for forward in self.forwards:
            forward(training)
        return self.logits

    def backward(self) -> None:
        """Carry `d_logits` back through all layers and write every gradient."""
        for backward in self.backwards:
            backward()


def _chain(network: Network, count: int, dtype: Any) -> list[FloatArray]:
    """Return the array before each layer and the one after the last.

    A layer that works in place gets the same array twice: less memory to pass through.
    """
    sizes = network.sizes
    arrays: list[FloatArray] = [aligned((count, sizes[0]), dtype)]
    last = len(network.layers) - 1
    while last > 0 and shares_array(network.layers, last):
        last -= 1  # the layer that first writes the array of the logits
    for index in range(len(network.layers)):
        if shares_array(network.layers, index):
            arrays.append(arrays[-1])
        elif index == last:
            arrays.append(aligned((sizes[index + 1], count), dtype).T)
        else:
            arrays.append(aligned((count, sizes[index + 1]), dtype))
    return arrays


def shares_array(layers: Sequence[Layer], index: int) -> bool:
    """Tell whether a layer may write its output over its input."""
    return index > 0 and layers[index].in_place and not layers[index - 1].needs_output


def _check_length(vector: FloatArray, count: int) -> None:
    if vector.shape != (count,):
        raise ShapeError(f"The network has {count:,} parameters, the vector {vector.size:,}.")
