"""How much a layer or an optimizer keeps beside the arrays it is given.

It is found out by tying a small one to small arrays and looking at what it holds. So a new
layer or optimizer needs no entry in a table, and what is counted is what is there.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray
from core.nn.layer import Layer, Site
from core.nn.optimizer import BatchOptimizer, Vectors

_UNITS = 64  # units and images of the small layer
_LENGTH = 4096  # of the small optimizer's vectors


def kept_by_layer(layer: Layer, backward: bool) -> float:
    """Return the bytes a layer keeps in float32 for each value of its output, in one workspace.

    Args:
        layer: the layer.
        backward: whether the workspace is made for gradients, too.
    """
    kept: float = _found_of_layer(cast(Any, layer), backward)
    return kept


def kept_by_rule(optimizer: BatchOptimizer) -> float:
    """Return the bytes an optimizer keeps in float32 for each trained number, beside its slots."""
    kept: float = _found_of_rule(cast(Any, optimizer))
    return kept


@cache
def _found_of_layer(layer: Any, backward: bool) -> float:
    units = layer.output_size(_UNITS)
    rows = _UNITS if backward else 0
    shapes = layer.param_shapes(_UNITS)
    site = Site(
        x=_zeros(_UNITS, _UNITS),
        y=_zeros(_UNITS, units),
        d_y=_zeros(rows, units),
        d_x=_zeros(rows, _UNITS),
        params={n: _zeros(*s) for n, s in (shapes | layer.state_shapes(_UNITS)).items()},
        grads={n: _zeros(*s) for n, s in shapes.items() if backward},
    )
    return float(_own_bytes(layer.bind(site), site) / (_UNITS * units))


@cache
def _found_of_rule(optimizer: Any) -> float:
    slots = {name: _zeros(_LENGTH) for name in optimizer.slot_names}
    vectors = Vectors(_zeros(_LENGTH), _zeros(_LENGTH), slots)
    bound = optimizer.bind(vectors)
    bound.prepare(1e-9, 1)
    bound.move(_LENGTH)
    return _own_bytes(bound, vectors) / _LENGTH


def _zeros(*shape: int) -> FloatArray:
    return np.zeros(shape, np.float32)


def _own_bytes(bound: object, given: object) -> int:
    """Return the bytes of the arrays that an object holds and was not given."""
    known = {id(_root(array)) for array in _arrays(given)}
    own = {
        id(root): root.nbytes for array in _arrays(bound) if id(root := _root(array)) not in known
    }
    return sum(own.values())


def _root(array: NDArray[Any]) -> NDArray[Any]:
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def _arrays(thing: object) -> Iterator[NDArray[Any]]:
    """Yield the arrays in an object's attributes, and in lists and tables there."""
    if isinstance(thing, np.ndarray):
        yield thing
        return
    inner: list[object] = []
    if isinstance(thing, dict):
        inner = list(thing.values())
    elif isinstance(thing, list | tuple):
        inner = list(thing)
    elif type(thing).__module__.startswith("core."):
        inner = [getattr(thing, name, None) for name in _names(thing)]
    for value in inner:
        yield from _arrays(value)


def _names(thing: object) -> set[str]:
    slots = {name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())}
    return slots | set(getattr(thing, "__dict__", ()))
