"""What a pickle of arrays may ask for, done by hand: the parts that NumPy's arrays are made of.

No name of a pickle is looked up; those in `KNOWN` are answered by functions of this file.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

_MOST_AXES = 8

_MODULES = ("numpy.core.multiarray", "numpy._core.multiarray")
_NUMERIC = ("numpy.core.numeric", "numpy._core.numeric")
_ARRAY = "array"
# What a name of a pickle stands for here: an own function of this file, by its key.
KNOWN = {
    **{(module, "_reconstruct"): "reconstruct" for module in _MODULES},
    **{(module, "scalar"): "scalar" for module in _MODULES},
    **{(module, "_frombuffer"): "frombuffer" for module in _NUMERIC},
    ("numpy", "ndarray"): _ARRAY,
    ("numpy", "dtype"): "dtype",
    ("_codecs", "encode"): "encode",
    ("__builtin__", "bytes"): "bytes",
    ("builtins", "bytes"): "bytes",
    ("__builtin__", "bytearray"): "bytes",
    ("builtins", "bytearray"): "bytes",
    ("collections", "OrderedDict"): "dict",
}


class UnsafePickleError(Exception):
    """The pickle asks for something that is not done here; says what."""


class Name:
    """What stands in for a function or class that a pickle names."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key


class TypeInMaking:
    """A dtype in the making: BUILD tells its byte order."""

    __slots__ = ("dtype",)

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.dtype = dtype


class ArrayInMaking:
    """An array in the making: BUILD brings its shape, type and bytes."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: np.ndarray[Any, Any] | None = None


def _dtype(text: Any) -> np.dtype[Any]:
    """Return a plain numeric or text dtype; Python objects and records are refused."""
    if isinstance(text, (bytes, bytearray)):
        text = text.decode("ascii")
    dtype = np.dtype(text) if isinstance(text, str) and len(text) < 10 else None
    if dtype is None or dtype.kind not in "biufSU" or not 0 < dtype.itemsize <= 1024:
        raise UnsafePickleError("values that are no numbers")
    return dtype


def with_order(dtype: np.dtype[Any], state: Any) -> np.dtype[Any]:
    """Return a dtype in the byte order that (version, order, None, ...) says."""
    order = state[1]
    if isinstance(order, (bytes, bytearray)):
        order = order.decode("ascii")
    if order not in ("<", ">", "|", "=") or any(item is not None for item in state[2:5]):
        raise UnsafePickleError("records")
    return dtype.newbyteorder(order) if order in "<>" else dtype


def fill(array: ArrayInMaking, state: Any) -> None:
    """Make an array from (version, shape, dtype, column-major, bytes)."""
    _, shape, kind, column_major, content = state
    array.value = _shaped(content, kind, shape, bool(column_major))


def _shaped(content: Any, kind: Any, shape: Any, column_major: bool) -> np.ndarray[Any, Any]:
    if type(kind) is not TypeInMaking or not isinstance(content, (bytes, bytearray)):
        raise UnsafePickleError("an array of objects")
    sides = (shape,) if isinstance(shape, int) else tuple(int(side) for side in shape)
    if len(sides) > _MOST_AXES or any(side < 0 for side in sides):
        raise ValueError("a shape that cannot be")
    if math.prod(sides) * kind.dtype.itemsize != len(content):
        raise ValueError("another number of bytes than the shape needs")
    flat = np.frombuffer(content, kind.dtype) if content else np.empty(0, kind.dtype)
    return flat.reshape(sides, order="F" if column_major else "C")


def _made_array(arguments: tuple[Any, ...]) -> ArrayInMaking:
    if type(arguments[0]) is not Name or arguments[0].key != _ARRAY:
        raise UnsafePickleError("an array of another class")
    return ArrayInMaking()


def _from_buffer(arguments: tuple[Any, ...]) -> ArrayInMaking:
    content, kind, shape, order = arguments
    array = ArrayInMaking()
    array.value = _shaped(content, kind, shape, order == "F")
    return array


def _scalar(arguments: tuple[Any, ...]) -> Any:
    kind, content = arguments
    return _shaped(content, kind, (1,), False)[0].item()


def _encoded(arguments: tuple[Any, ...]) -> bytes:
    text, how = arguments
    if type(text) is not str or how not in ("latin1", "latin-1"):
        raise UnsafePickleError("another encoding")
    return text.encode("latin-1")


def _as_bytes(arguments: tuple[Any, ...]) -> bytes:
    if not arguments:
        return b""
    if len(arguments) == 2:
        return _encoded(arguments)
    if len(arguments) != 1 or not isinstance(arguments[0], (bytes, bytearray)):
        raise UnsafePickleError("another way to make bytes")  # a number would ask for so many zeros
    return bytes(arguments[0])


def _empty_dict(arguments: tuple[Any, ...]) -> dict[Any, Any]:
    if arguments:
        raise UnsafePickleError("a dict with contents")
    return {}


CALLS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "reconstruct": _made_array,
    "frombuffer": _from_buffer,
    "scalar": _scalar,
    "dtype": lambda arguments: TypeInMaking(_dtype(arguments[0])),
    "encode": _encoded,
    "bytes": _as_bytes,
    "dict": _empty_dict,
}
