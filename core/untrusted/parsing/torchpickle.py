"""The pickle in a PyTorch file: names of tensors and where their numbers lie.

It is acted out as `core.untrusted.parsing.unpickling` does;
PyTorch is not needed, and no name is looked up.

Source: PyTorch's documentation, "Serialization semantics".
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from core.untrusted.parsing.picklecalls import CALLS, KNOWN, Name, UnsafePickleError
from core.untrusted.parsing.unpickling import PickleMachine

# Names of typed storages and of what one number of each is; "bf" is bfloat16.
_STORAGES = {
    "FloatStorage": "<f4",
    "DoubleStorage": "<f8",
    "HalfStorage": "<f2",
    "BFloat16Storage": "bf",
    "LongStorage": "<i8",
    "IntStorage": "<i4",
    "ShortStorage": "<i2",
    "CharStorage": "|i1",
    "ByteStorage": "|u1",
    "BoolStorage": "|b1",
}
_PREFIX = "storage:"
_MOST_AXES = 8
_TENSOR_ARGUMENTS = 4  # storage, offset, shape, strides; what follows tells of training


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor's numbers are.

    Attributes:
        storage: the name of the part of the archive, after "data/".
        dtype: NumPy's name of the numbers, or "bf" for bfloat16.
        held: how many numbers the storage has.
        offset: the first number.
        shape, strides: counted in numbers.
    """

    storage: str
    dtype: str
    held: int
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: str
    count: int


def _tensor(arguments: tuple[Any, ...]) -> Tensor:
    storage, offset, shape, strides = arguments[:_TENSOR_ARGUMENTS]
    if type(storage) is not _Storage:
        raise UnsafePickleError("a tensor of something else")
    sides, steps = _whole(shape), _whole(strides)
    if len(sides) != len(steps) or len(sides) > _MOST_AXES or min((*sides, *steps), default=0) < 0:
        raise ValueError("a shape that cannot be")
    return Tensor(storage.key, storage.dtype, storage.count, _whole((offset,))[0], sides, steps)


def _whole(numbers: Any) -> tuple[int, ...]:
    if not isinstance(numbers, tuple) or any(type(number) is not int for number in numbers):
        raise ValueError("a shape that cannot be")
    return numbers


def _parameter(arguments: tuple[Any, ...]) -> Any:
    if type(arguments[0]) is not Tensor:
        raise UnsafePickleError("a parameter that is no tensor")
    return arguments[0]


class TorchPickleMachine(PickleMachine):
    """Knows tensors besides NumPy's arrays."""

    known: ClassVar[dict[tuple[str, str], str]] = {
        **KNOWN,
        **{("torch", name): _PREFIX + dtype for name, dtype in _STORAGES.items()},
        ("torch._utils", "_rebuild_tensor_v2"): "tensor",
        ("torch._utils", "_rebuild_parameter"): "parameter",
    }
    calls: ClassVar[dict[str, Callable[[tuple[Any, ...]], Any]]] = {
        **CALLS,
        "tensor": _tensor,
        "parameter": _parameter,
    }

    def refer(self, _: Any) -> None:
        """Take (“storage”, type, key, place, count) for the storage it names."""
        word, kind, key, _place, count = self._stack.pop()
        named = type(kind) is Name and kind.key.startswith(_PREFIX)
        if word != "storage" or not named or type(key) is not str or type(count) is not int:
            raise UnsafePickleError("a reference to something else")
        self._stack.append(_Storage(key, kind.key.removeprefix(_PREFIX), count))

    def build(self, argument: Any) -> None:
        """Pass over what an ordered dict remembers besides its items."""
        if len(self._stack) > 1 and type(self._stack[-2]) is dict:
            self._stack.pop()
        else:
            super().build(argument)


TorchPickleMachine.commands = {
    **PickleMachine.commands,
    "BINPERSID": TorchPickleMachine.refer,
    "BUILD": TorchPickleMachine.build,
}
