"""What a layer is: a frozen value that knows its shapes and can be bound to arrays.

A layer holds hyper-parameters only. Its weights are views into the network's one flat
vector, its intermediate results live in a `Workspace`; `bind` ties the three together
once, so that a training step is nothing but calls on arrays that are already there.
Two workspaces share nothing but the weights: the drawing pad may predict while
training runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Protocol

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.base.registry import Registry

NOTHING: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """The arrays one layer works on, in one workspace.

    Attributes:
        x: (N, D) the layer's input.
        y: (N, H) its output, to be written by `forward`. It may be `x` itself where the
            layer allows that (`in_place`). The last layer's is Fortran-ordered.
        d_y: (N, H) d loss / d y, read by `backward`; the layer may use it up.
        d_x: (N, D) d loss / d x, to be written by `backward`; None for the first
            layer, whose input nobody differentiates by. It is `d_y` where `y` is `x`.
        params: views of the layer's own weights and state, by name.
        grads: views of the same shapes for the weights, to be written by `backward`.
        noise: source of randomness for layers that need one in training.
    """

    x: FloatArray
    y: FloatArray
    d_y: FloatArray
    d_x: FloatArray | None
    params: dict[str, FloatArray]
    grads: dict[str, FloatArray]
    noise: np.random.Generator = field(default_factory=np.random.default_rng)


class BoundLayer(Protocol):
    """A layer tied to its arrays."""

    def forward(self, training: bool) -> None:
        """Write y from x. `training` switches dropout and its like on."""

    def backward(self) -> None:
        """Write the gradients and d_x from d_y, for the last `forward`."""


class Layer(Protocol):
    """Hyper-parameters of one layer.

    Attributes:
        label: the layer's name in menus.
        activation: True if it is offered as an activation function.
        in_place: True if its output may be written over its input: neither pass needs
            the input again.
        needs_output: True if `backward` reads the output: no other layer may write over it.
        initial: the value that an array starts with everywhere, by its name; arrays that
            are not named here are drawn by the initializer.
    """

    label: ClassVar[str]
    activation: ClassVar[bool]
    in_place: ClassVar[bool]
    needs_output: ClassVar[bool]
    initial: ClassVar[Mapping[str, float]]

    def output_size(self, inputs: int) -> int:
        """Return H for D = `inputs`."""

    def param_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return the shape of each array that training moves, by name."""

    def state_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return the shape of each array that belongs to the layer but has no gradient."""

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to the arrays of one workspace."""


class Elementwise:
    """What layers share that keep their input's shape and have no weights."""

    __slots__ = ()

    activation: ClassVar[bool] = True
    in_place: ClassVar[bool] = True
    needs_output: ClassVar[bool] = True
    initial: ClassVar[Mapping[str, float]] = NOTHING

    def output_size(self, inputs: int) -> int:
        """Return D: the shape stays."""
        return inputs

    def param_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return nothing: there are no weights."""
        return {}

    def state_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return nothing: there is no state."""
        return {}


LAYERS: Registry[type[Layer]] = Registry("layer")


def activation_choices() -> tuple[tuple[str, str], ...]:
    """Return key and label of every layer that can serve as an activation function."""
    return tuple((key, LAYERS[key].label) for key in LAYERS if LAYERS[key].activation)
