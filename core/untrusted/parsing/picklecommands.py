"""The commands of a pickle, one after the other, with arguments of bounded size.

Source: the tables of Python's own `pickletools`, which say how each command is spelled.
"""

import codecs
import pickletools
import re
import struct
from typing import IO, Any, cast

import numpy as np

from core.base.errors import DatasetError
from core.untrusted.parsing.picklecalls import UnsafePickleError
from core.untrusted.parsing.safe_read import AGAIN, SafeStream

_LARGEST_NUMBER = 256  # bytes of a whole number
_LONGEST_TEXT = 256 << 20  # bytes; some pickles keep arrays as text
_SHORT = 1 << 16  # bytes of a text; a character of it may take four times its bytes
_FIRST_BEYOND_LATIN_1 = 0xC4  # the first byte of such characters in UTF-8
_BEYOND_LATIN_1 = re.compile(rb"\\u(?!00)|\\U")
_STRING_KEPT = 256  # bytes; what is longer is an array's content and need not be hashable
_CODES = {command.code.encode("latin-1"): command for command in pickletools.opcodes}
# Bytes of the length that stands before the content; pickletools would make text of it.
_BYTES_LENGTH = {
    "BINSTRING": 4,
    "SHORT_BINSTRING": 1,
    "BINBYTES": 4,
    "SHORT_BINBYTES": 1,
    "BINBYTES8": 8,
    "BYTEARRAY8": 8,
    "BINUNICODE": 4,
    "SHORT_BINUNICODE": 1,
    "BINUNICODE8": 8,
}
# Commands that put their argument on the stack.
LITERALS = frozenset(
    ("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT")
    + ("STRING", "UNICODE", *_BYTES_LENGTH)
)


def looks_like_pickle(start: bytes, *, named: bool) -> bool:
    """Tell whether a file that begins so is a pickle; `named` if its name says so."""
    if len(start) > 1 and start[0] == 0x80 and 2 <= start[1] <= 5:
        return True
    # The older protocols begin with any command; a name must back that up.
    return named and (not start or start[:1] in b"(]}cd\x80l")


def next_command(stream: SafeStream) -> tuple[str, Any]:
    """Read one command: its name and its argument, None if it has none.

    Raises:
        DatasetError: the pickle ends here, or claims more than can be there.
        UnsafePickleError: the argument is too large for what holds arrays.
        KeyError, ValueError, struct.error: there is no such command or argument.
    """
    code = stream.read(1)
    if not code:
        raise DatasetError(
            stream.path, f"{stream.path.name} is incomplete: it breaks off early.", AGAIN
        )
    command = _CODES[code]
    if command.name in _BYTES_LENGTH:
        return command.name, _content(command.name, stream)
    if command.arg is None:
        return command.name, None
    return command.name, _argument(command, stream)


def _argument(command: pickletools.OpcodeInfo, stream: SafeStream) -> Any:
    if command.name == "STRING":  # text with escapes, in quotes; of Python 2
        return codecs.escape_decode(stream.readline().strip()[1:-1])[0]
    if command.name == "UNICODE":
        return _text_line(stream)
    if command.name == "LONG4":
        (length,) = struct.unpack("<i", stream.read(4))
        if not 0 <= length <= _LARGEST_NUMBER:
            raise UnsafePickleError("a number of very many digits")
        return int.from_bytes(stream.read(length), "little", signed=True)
    reader = cast(pickletools.ArgumentDescriptor, command.arg).reader
    return reader(cast(IO[bytes], stream))


def _content(name: str, stream: SafeStream) -> str | bytes | bytearray:
    """Read text or bytes whose length stands before them."""
    length = int.from_bytes(stream.read(_BYTES_LENGTH[name]), "little")
    stream.require(length)
    if "UNICODE" in name:
        return _text(length, stream)
    content = bytearray(length)
    stream.fill(memoryview(content))
    return content if length > _STRING_KEPT else bytes(content)


def _text(length: int, stream: SafeStream) -> str:
    """Read text; long text only if it is bytes in disguise, one for a character."""
    if length > _LONGEST_TEXT:
        raise UnsafePickleError("a very long text")
    text = stream.read(length)
    if len(text) < length:
        raise EOFError
    if length > _SHORT and np.frombuffer(text, np.uint8).max() >= _FIRST_BEYOND_LATIN_1:
        raise UnsafePickleError("a long text")
    return text.decode("utf-8", "surrogatepass")


def _text_line(stream: SafeStream) -> str:
    """Read text with escapes up to the end of the line, as protocol 0 has it."""
    line = stream.readline()
    if len(line) > _SHORT and _BEYOND_LATIN_1.search(line):
        raise UnsafePickleError("a long text")
    return line.removesuffix(b"\n").decode("raw-unicode-escape")
