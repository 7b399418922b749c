"""One Python file that anybody can run: the code, the weights, and a reader of PNG files."""

import base64
import pprint
import re
import runpy
import subprocess
import sys
import textwrap
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.base.errors import ExportError
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.formats.packed import TYPES, PackedStage, pack
from core.exchange.portable import Portable

_LINE = 80  # bytes of weights in a line of 100 characters
_SECONDS = 120  # for a check; a usual one takes a third of one
# Runs as somebody's own program would, but answers in bytes.
_DRIVER = """
import runpy, sys
import numpy as np
found = runpy.run_path(sys.argv[1])
height, width = found["SHAPE"]
images = np.frombuffer(sys.stdin.buffer.read(), np.uint8).reshape(-1, height, width)
sys.stdout.buffer.write(found["outputs"](images).astype("<f8").tobytes())
"""


class PythonFile:
    """A `.py` file that needs only NumPy."""

    label: ClassVar[str] = "Python file"
    help: ClassVar[str] = (
        "One file that reads pictures of digits with nothing but NumPy: run it, or import"
        " `predict` from it."
    )
    suffix: ClassVar[str] = ".py"
    precisions: ClassVar[tuple[str, ...]] = ("float32", "float16", "int8")
    tolerance: ClassVar[float] = 1e-6

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the source text: ASCII, whatever the classes are called."""
        stages, numbers = pack(portable, precision)
        values = {
            # `ascii` of strings and tuples of them is Python that gives them back.
            "NAME": ascii(portable.name),
            "FACTS": ascii({str(key): str(value) for key, value in portable.facts.items()}),
            "CLASS_NAMES": ascii(list(portable.class_names)),
            "SHAPE": ascii(portable.image_shape),
            "OUTPUT": ascii(portable.output),
            "PRECISION": ascii(precision),
            "STAGES": textwrap.indent("\n".join(_literal(stage) for stage in stages), "    "),
            # Base 85 has neither quotes nor backslashes.
            "WEIGHTS": "\n".join(_lines(numbers)),
        }
        template = files("resources").joinpath("exports/digits.py.in").read_text("utf-8")
        return re.sub("@@([A-Z_]+)@@", lambda match: values[match[1]], template).encode("ascii")

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Run the file in a process of its own, with nothing but Python's own settings."""
        version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
        if getattr(sys, "frozen", False):  # a packaged program has no Python to start
            return Checked(runpy.run_path(str(path))["outputs"](images), version)
        return Checked(_run(path, portable, images), f"{version} in a process of its own")


def _lines(numbers: bytes) -> list[str]:
    """Return bytes in base 85, each line by itself: in one go it takes 70 bytes for each 4."""
    starts = range(0, len(numbers), _LINE)
    return [base64.b85encode(numbers[at : at + _LINE]).decode("ascii") for at in starts]


def _literal(stage: PackedStage) -> str:
    """Return one step as Python writes it, its types as NumPy spells them."""
    arrays = [(name, TYPES[kind], tuple(shape)) for name, kind, shape in stage["arrays"]]
    return pprint.pformat({**stage, "arrays": arrays}, width=92, sort_dicts=False) + ","


def _run(path: Path, portable: Portable, images: ByteArray) -> FloatArray:
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _DRIVER, str(path)],
            input=np.ascontiguousarray(images).tobytes(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ExportError(path, f"The Python file does not run: {' '.join(last)}.") from error
    except (subprocess.TimeoutExpired, OSError) as error:
        raise ExportError(path, "The Python file could not be tried.", "Try again.") from error
    return np.frombuffer(done.stdout, "<f8").reshape(-1, len(portable.class_names))


EXPORTERS.add("python", PythonFile())
