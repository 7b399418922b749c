"""Arrays out of a pickle, without running it.

A pickle is a list of commands to a small stack machine, some of which call any function by
its name. Here those commands are acted out on plain values: numbers, text, bytes, lists,
tuples, dicts. Of calls only those are known that put together a NumPy array; they are
carried out by `core.untrusted.parsing.picklecalls`, and no name of a pickle is ever looked up.

Source: the comments in Python's own `pickletools`.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

from core.base.errors import DatasetError
from core.untrusted.parsing.picklecalls import (
    CALLS,
    KNOWN,
    ArrayInMaking,
    Name,
    TypeInMaking,
    UnsafePickleError,
    fill,
    with_order,
)
from core.untrusted.parsing.picklecommands import LITERALS, next_command
from core.untrusted.parsing.safe_read import SafeStream, damaged

MOST_COMMANDS = 3_000_000  # some 600 MB in the worst case, 3 seconds
_MARK = object()
_Stack: TypeAlias = list[Any]


def unpickle(stream: SafeStream, machine: "type[PickleMachine] | None" = None) -> Any:
    """Act out a pickle.

    Args:
        stream: the pickle.
        machine: one that knows more than NumPy's arrays, if need be.

    Returns:
        Dicts, lists, tuples, numbers, text, bytes and NumPy arrays.

    Raises:
        DatasetError: it is damaged, too large, or asks for anything else.
    """
    try:
        return _plain((machine or PickleMachine)(stream).run(), {})
    except DatasetError:
        raise
    except UnsafePickleError as error:
        raise DatasetError(
            stream.path,
            f"{stream.path.name} is a pickle that holds more than arrays ({error}), which could"
            " run any program; it was not run.",
            "Only open pickles of NumPy arrays, such as mnist.pkl.gz.",
        ) from error
    except (MemoryError, OverflowError) as error:
        raise damaged(stream.path, "it asks for more memory than there is") from error
    except Exception as error:  # noqa: BLE001 - whatever commands in disorder lead to
        raise damaged(stream.path, "its commands make no sense") from error


def _plain(value: Any, seen: dict[int, Any]) -> Any:
    """Replace what was in the making by what it became; each container is visited once."""
    if isinstance(value, ArrayInMaking):
        return value.value
    if not isinstance(value, (dict, list, tuple)):
        return value
    if id(value) in seen:
        return seen[id(value)]
    seen[id(value)] = None  # what contains itself is no data
    items = value.values() if isinstance(value, dict) else value
    made: Any = value
    if isinstance(value, dict):
        keys = [key if isinstance(key, (str, bytes, int)) else None for key in value]
        made = {key: _plain(item, seen) for key, item in zip(keys, items, strict=True)}
    elif any(isinstance(item, (ArrayInMaking, dict, list, tuple)) for item in items):
        made = type(value)(_plain(item, seen) for item in items)
    seen[id(value)] = made
    return made


class PickleMachine:
    """The stack machine. Each command is a method; those that are missing are refused.

    Attributes:
        known: what names stand for.
        calls: what is done instead of calling them.
        commands: the methods.
    """

    known: ClassVar[dict[tuple[str, str], str]] = KNOWN
    calls: ClassVar[dict[str, Callable[[tuple[Any, ...]], Any]]] = CALLS
    commands: ClassVar[dict[str, Callable[[Any, Any], None]]]

    def __init__(self, stream: SafeStream) -> None:
        self._stream = stream
        self._stack: _Stack = []
        self._memo: dict[int, Any] = {}
        self._copied = 0  # bytes

    def run(self) -> Any:
        """Carry out the commands until the last; return what it leaves."""
        for _ in range(MOST_COMMANDS):
            name, argument = next_command(self._stream)
            if name == "STOP":
                result = self._stack.pop()
                self._stream.read()  # to the end: gzip checks its sum
                return result
            self._do(name, argument)
        raise UnsafePickleError(f"more than {MOST_COMMANDS:,} commands")

    def _do(self, name: str, argument: Any) -> None:
        if name in LITERALS:
            self._stack.append(argument)
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name]())
        elif name in self.commands:
            self.commands[name](self, argument)
        elif name not in _IDLE:
            raise UnsafePickleError(name)

    # Commands -----------------------------------------------------------------------------

    def mark(self, _: Any) -> None:
        """Put a mark on the stack."""
        self._stack.append(_MARK)

    def _to_mark(self) -> _Stack:
        place = len(self._stack) - 1
        while self._stack[place] is not _MARK:
            place -= 1
            if place < 0:
                raise IndexError("no mark")
        items = self._stack[place + 1 :]
        del self._stack[place:]
        return items

    def pop(self, _: Any) -> None:
        """Drop the top."""
        self._stack.pop()

    def pop_mark(self, _: Any) -> None:
        """Drop all down to the last mark."""
        self._to_mark()

    def duplicate(self, _: Any) -> None:
        """Put the top there once more."""
        self._stack.append(self._stack[-1])

    def put(self, index: Any) -> None:
        """Remember the top under a number."""
        self._memo[int(index)] = self._stack[-1]

    def memoize(self, _: Any) -> None:
        """Remember the top under the next number."""
        self._memo[len(self._memo)] = self._stack[-1]

    def get(self, index: Any) -> None:
        """Bring back what was remembered."""
        self._stack.append(self._memo[int(index)])

    def make_tuple(self, _: Any) -> None:
        """Make a tuple of all down to the mark."""
        self._stack.append(tuple(self._to_mark()))

    def make_list(self, _: Any) -> None:
        """Make a list of all down to the mark."""
        self._stack.append(self._to_mark())

    def make_dict(self, _: Any) -> None:
        """Make a dict of all down to the mark."""
        items = self._to_mark()
        self._stack.append(dict(zip(items[::2], items[1::2], strict=True)))

    def short_tuple(self, count: int) -> None:
        """Make a tuple of the topmost `count`."""
        items = tuple(self._stack[-count:])
        if len(items) != count or any(item is _MARK for item in items):
            raise IndexError("too few for a tuple")
        del self._stack[-count:]
        self._stack.append(items)

    def append(self, _: Any) -> None:
        """Add the top to a list."""
        item = self._stack.pop()
        self._last(list).append(item)

    def appends(self, _: Any) -> None:
        """Add all down to the mark to a list."""
        items = self._to_mark()
        self._last(list).extend(items)

    def set_item(self, _: Any) -> None:
        """Add one pair to a dict."""
        value, key = self._stack.pop(), self._stack.pop()
        self._last(dict)[key] = value

    def set_items(self, _: Any) -> None:
        """Add all pairs down to the mark to a dict."""
        items = self._to_mark()
        self._last(dict).update(zip(items[::2], items[1::2], strict=True))

    def _last(self, kind: type[Any]) -> Any:
        if type(self._stack[-1]) is not kind:
            raise TypeError("not a container")
        return self._stack[-1]

    def name(self, text: Any) -> None:
        """Put what stands for a name."""
        module, _, name = str(text).partition(" ")
        self._named(module, name)

    def stack_name(self, _: Any) -> None:
        """Put what stands for a name that lies on the stack."""
        name, module = self._stack.pop(), self._stack.pop()
        self._named(str(module), str(name))

    def _named(self, module: str, name: str) -> None:
        key = self.known.get((module, name))
        if key is None:
            raise UnsafePickleError(f"{module}.{name}"[:100])
        self._stack.append(Name(key))

    def call(self, _: Any) -> None:
        """Do what stands for a call, if it is known."""
        arguments, function = self._stack.pop(), self._stack.pop()
        if type(function) is not Name or type(arguments) is not tuple:
            raise UnsafePickleError("a call of something unnamed")
        self._copied += sum(len(item) for item in arguments if isinstance(item, _COPIED))
        if self._copied > self._stream.limit:
            raise UnsafePickleError("the same bytes again and again")
        made = self.calls.get(function.key)
        if made is None:
            raise UnsafePickleError(f"a call of {function.key}")
        self._stack.append(made(arguments))

    def build(self, _: Any) -> None:
        """Give the state on top to what is being made."""
        state = self._stack.pop()
        target = self._stack[-1]
        if type(target) is TypeInMaking:
            target.dtype = with_order(target.dtype, state)
        elif type(target) is ArrayInMaking:
            fill(target, state)
        else:
            raise UnsafePickleError("a state for something that is no array")


_CONSTANTS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None,
    "NEWTRUE": lambda: True,
    "NEWFALSE": lambda: False,
    "EMPTY_TUPLE": tuple,
    "EMPTY_LIST": list,
    "EMPTY_DICT": dict,
}
_COPIED = (str, bytes, bytearray)
_IDLE = frozenset(("PROTO", "FRAME", "READONLY_BUFFER"))
PickleMachine.commands = {
    "MARK": PickleMachine.mark,
    "POP": PickleMachine.pop,
    "POP_MARK": PickleMachine.pop_mark,
    "DUP": PickleMachine.duplicate,
    "PUT": PickleMachine.put,
    "BINPUT": PickleMachine.put,
    "LONG_BINPUT": PickleMachine.put,
    "MEMOIZE": PickleMachine.memoize,
    "GET": PickleMachine.get,
    "BINGET": PickleMachine.get,
    "LONG_BINGET": PickleMachine.get,
    "TUPLE": PickleMachine.make_tuple,
    "LIST": PickleMachine.make_list,
    "DICT": PickleMachine.make_dict,
    "TUPLE1": lambda machine, _: machine.short_tuple(1),
    "TUPLE2": lambda machine, _: machine.short_tuple(2),
    "TUPLE3": lambda machine, _: machine.short_tuple(3),
    "APPEND": PickleMachine.append,
    "APPENDS": PickleMachine.appends,
    "SETITEM": PickleMachine.set_item,
    "SETITEMS": PickleMachine.set_items,
    "GLOBAL": PickleMachine.name,
    "STACK_GLOBAL": PickleMachine.stack_name,
    "REDUCE": PickleMachine.call,
    "BUILD": PickleMachine.build,
}
