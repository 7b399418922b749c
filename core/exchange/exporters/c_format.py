"""A header for programs in C and C++: the weights, and one function that reads a digit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray
from core.base.errors import ExportError
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.formats.c_compiler import compiled_answers
from core.exchange.formats.c_source import commented, function, identifier, quoted
from core.exchange.formats.packed import pack, silent, stored, unpack
from core.exchange.portable import Portable, Stage, outputs

_PER_LINE = 8  # numbers
_AT_ONCE = 1 << 16  # numbers turned into text; a multiple of _PER_LINE
_MOST_COMPILED = 1_000_000  # numbers; more would keep a compiler busy for tens of seconds
_TYPES = {"float32": "float", "int8": "signed char"}
_ARRAY = re.compile(r"static const (float|signed char) inkling_\w+\[\] = \{([^}]*)\};")


class CHeader:
    """A `.h` file for C99 and C++11: no memory asked for, nothing but <math.h> needed."""

    label: ClassVar[str] = "C header"
    help: ClassVar[str] = (
        "The weights and a function that reads an image, for programs in C or C++ and for"
        " small devices."
    )
    suffix: ClassVar[str] = ".h"
    precisions: ClassVar[tuple[str, ...]] = ("float32", "int8")
    tolerance: ClassVar[float] = 1e-5

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the header, ASCII but for letters in its opening comment."""
        source = _Source(portable.input_size)
        for stage in portable.stages:
            if not silent(stage):
                source.add(stage, precision)
        source.finish(portable.output)
        facts = [portable.name, *(f"{name}: {fact}" for name, fact in portable.facts.items())]
        height, width = portable.image_shape
        values = {
            "COMMENT": "\n".join(f" * {commented(fact)}".rstrip() for fact in facts),
            "HEIGHT": str(height),
            "WIDTH": str(width),
            "PIXELS": str(portable.input_size),
            "CLASSES": str(len(portable.class_names)),
            "WIDEST": str(source.widest),
            "NAMES": _names(portable.class_names),
            "ARRAYS": "\n\n".join(source.arrays),
            "FUNCTIONS": "\n\n".join(function(name) for name in source.functions),
            "STEPS": "\n".join(f"    {step}" for step in source.steps),
        }
        template = files("resources").joinpath("exports/digits.h.in").read_text("utf-8")
        filled = re.sub("@@([A-Z_]+)@@", lambda match: values[match[1]], template)
        return filled.encode("utf-8", "replace")

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Compile the header and run it; without a compiler, read its numbers back."""
        classes = len(portable.class_names)
        if sum(stage.arrays["weights"].size for stage in portable.dense) <= _MOST_COMPILED:
            ran = compiled_answers(path, images, classes)
            if ran is not None:
                return Checked(*ran)
        try:
            read = _read_back(path.read_text("utf-8"), portable)
        except (ValueError, KeyError) as error:
            raise ExportError(path, "The C header cannot be read back.") from error
        return Checked(outputs(read, images), "the numbers read back from the header")


@dataclass
class _Source:
    """Collects the parts of a header, step by step.

    Attributes:
        width: numbers that come out of the last step.
        widest: the most numbers between two steps.
        arrays: definitions of arrays.
        functions: names of the functions needed, each once, in order.
        steps: calls, in order.
    """

    width: int
    widest: int = 0
    arrays: list[str] = field(default_factory=list)
    functions: dict[str, None] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    _places: tuple[str, str] = ("first", "second")

    def add(self, stage: Stage, precision: str) -> None:
        """Add one step of the network."""
        self.widest = max(self.widest, self.width)
        arrays = [self._array(*array) for array in stored(stage, precision)]
        settings = [f"(inkling_real){value!r}" for value in stage.settings.values()]
        if stage.kind == "dense":
            self._add_dense(stage.arrays["biases"].size, precision, arrays)
        elif stage.kind == "scale":
            stride = "0" if stage.arrays["offset"].ndim == 0 else "1"
            self._call("scale", *arrays, stride)
        else:
            self._call(stage.name or stage.kind, *arrays, *settings)

    def finish(self, output: str) -> None:
        """Add what turns logits into outputs."""
        self.widest = max(self.widest, self.width)
        self._call(output)
        self.steps.append("for (k = 0; k < INKLING_CLASSES; k++)")
        self.steps.append(f"    outputs[k] = {self._places[0]}[k];")

    def _add_dense(self, units: int, precision: str, arrays: list[str]) -> None:
        here, there = self._places
        kind = "dense-int8" if precision == "int8" else "dense"
        self.functions[kind] = None
        sizes = f"{here}, {self.width}, {there}, {units}"
        self.steps.append(f"inkling_{identifier(kind)}({sizes}, {', '.join(arrays)});")
        self._places, self.width = (there, here), units

    def _call(self, name: str, *arguments: str) -> None:
        self.functions[name] = None
        values = ", ".join([self._places[0], str(self.width), *arguments])
        self.steps.append(f"inkling_{identifier(name)}({values});")

    def _array(self, name: str, kind: str, values: NDArray[Any]) -> str:
        """Define an array; return its name."""
        full = f"inkling_{name}_{len(self.arrays) + 1}"
        body = ",\n    ".join(_lines(values, "f" if kind == "float32" else ""))
        self.arrays.append(f"static const {_TYPES[kind]} {full}[] = {{\n    {body}}};")
        return full


def _lines(values: NDArray[Any], ending: str) -> Iterator[str]:
    """Yield numbers, some in a line, with the digits that give back the same float32."""
    flat = values.ravel()
    for start in range(0, flat.size, _AT_ONCE):  # as text, a number takes 128 bytes at first
        texts = flat[start : start + _AT_ONCE].astype(str).tolist()
        for first in range(0, len(texts), _PER_LINE):
            yield ", ".join(text + ending for text in texts[first : first + _PER_LINE])


def _names(class_names: tuple[str, ...]) -> str:
    listed = ",\n        ".join(quoted(name) for name in class_names)
    return (
        "/* The name of class k, in UTF-8. */\n"
        "static inline const char *inkling_class_name(int k)\n{\n"
        f"    static const char *const names[] = {{\n        {listed}}};\n"
        "    return names[k];\n}"
    )


def _read_back(content: str, portable: Portable) -> Portable:
    """Return `portable` with the numbers that a header has."""
    parts, precision = [], "float32"
    for kind, body in _ARRAY.findall(content):
        texts = body.replace("f", "").split(",")
        if kind == _TYPES["int8"]:
            precision = "int8"
            parts.append(np.array(texts, np.int8).tobytes())
        else:
            parts.append(np.array(texts, "<f4").tobytes())
    return unpack(portable, pack(portable, precision)[0], b"".join(parts))


EXPORTERS.add("c", CHeader())
