"""Reading in a child process: a crash, a hang or a hunger for memory stays there.

The child writes what `core.foreign.sending` says. Nothing of it is believed: it was fed
with a file that may be meant to harm.
"""

import contextlib
import io
import json
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import core
from core.datasets.common import FoundPiece, assembled
from core.errors import DatasetError
from core.rawimages import rows_at_a_time
from core.reader import RawData, ReadProgress
from core.safe_read import AGAIN, MOST_BYTES, damaged, too_large

_LONGEST_HEAD = 1 << 16  # bytes of the first line
_SLICE = 1 << 20
_TURN = 0.05  # seconds between two looks at whether the user gave up
_PATIENCE = 30.0  # seconds without a byte, and more for large files
_BYTES_PER_SECOND = 4 << 20  # that the slowest of these formats is unpacked at
_SETTINGS = {
    "transpose": ("yes", "no"),
    "labels": ("as-is", "minus-one", "ten-is-zero"),
}


def read_in_child(key: str, kind: str, path: Path, progress: ReadProgress | None) -> RawData:
    """Let a child process read a file of a `kind` that `core.foreign` knows.

    Raises:
        DatasetError: what the child said, or that it crashed or took too long.
    """
    with contextlib.closing(_Child(kind, path, progress)) as child:
        said = child.head()
        if "error" in said:
            message, hint = (str(text) for text in said["error"])
            raise DatasetError(path, message.replace("{name}", path.name), hint)
        try:
            heads = [_Head(item) for item in said["pieces"]]
            hints = {
                name: value
                for name, value in said["suggestion"].items()
                if value in _SETTINGS.get(name, ())
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise damaged(path, "it was cut off or changed") from error
        child.expect(sum(head.bytes for head in heads))
        return assembled(key, path, (head.piece(child) for head in heads), hints)


class _Head:
    """What the child says about one piece, checked."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.part = str(said["part"])
        self.count = int(said["count"])
        self.row = tuple(int(side) for side in said["row"])
        self.dtype = np.dtype(str(said["dtype"]))
        self.label_shape = tuple(int(side) for side in said["labels"]["shape"])
        self.label_dtype = np.dtype(str(said["labels"]["dtype"]))
        sides = (self.count, *self.row, *self.label_shape)
        kinds = self.dtype.kind in "biuf" and self.label_dtype.kind in "biufSU"
        if min(sides) < 1 or not kinds or self.label_dtype.itemsize > 4096:
            raise ValueError("not an array")
        self.row_bytes = math.prod(self.row) * self.dtype.itemsize
        self.label_bytes = math.prod(self.label_shape) * self.label_dtype.itemsize

    @property
    def bytes(self) -> int:
        """How many bytes images and labels have."""
        return self.count * self.row_bytes + self.label_bytes

    def piece(self, child: "_Child") -> FoundPiece:
        """Return what is to be read; the labels are read at once."""
        labels = np.frombuffer(child.take(self.label_bytes), self.label_dtype)
        return FoundPiece(
            self.part, labels.reshape(self.label_shape), self.count, self.row, self._blocks(child)
        )

    def _blocks(self, child: "_Child") -> Iterator[NDArray[Any]]:
        step = rows_at_a_time(self.row_bytes)
        for start in range(0, self.count, step):
            taken = min(step, self.count - start)
            block = np.frombuffer(child.take(taken * self.row_bytes), self.dtype)
            yield block.reshape(taken, *self.row)


class _Child:
    """The process, and a thread that waits for its bytes so that we need not."""

    def __init__(self, kind: str, path: Path, progress: ReadProgress | None) -> None:
        self._path = path
        self._progress = progress
        self._patience = _PATIENCE + path.stat().st_size / _BYTES_PER_SECOND
        self._chunks: queue.Queue[bytes] = queue.Queue(maxsize=8)
        self._held = bytearray()
        self._total = 0
        self._done = 0
        self._closed = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "core.foreign", kind, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._output = cast(io.BufferedReader, self._process.stdout)
        self._thread = threading.Thread(target=self._pump, name="child's output", daemon=True)
        self._thread.start()

    def head(self) -> dict[str, Any]:
        """Return the first line that the child says."""
        while b"\n" not in self._held:
            if len(self._held) > _LONGEST_HEAD:
                raise damaged(self._path, "it was cut off or changed")
            self._held += self._next()
        line, _, rest = bytes(self._held).partition(b"\n")
        self._held = bytearray(rest)
        try:
            said = json.loads(line)
        except ValueError as error:
            raise damaged(self._path, "it was cut off or changed") from error
        return said if isinstance(said, dict) else {}

    def expect(self, total: int) -> None:
        """Say how many bytes there will be. Raises DatasetError if that is too many."""
        if total > MOST_BYTES:
            raise too_large(self._path, f"{total:,} bytes")
        self._total = total

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        while len(self._held) < count:
            self._held += self._next()
        taken = bytes(self._held[:count])
        del self._held[:count]
        self._done += count
        self._tell()
        return taken

    def close(self) -> None:
        """End the child, whether it is done or not."""
        self._closed.set()
        self._process.kill()
        with contextlib.suppress(queue.Empty):
            while True:  # a full queue would keep the thread waiting
                self._chunks.get_nowait()
        self._thread.join()
        self._output.close()
        self._process.wait()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(min(1.0, self._done / self._total) if self._total else 0.0)

    def _next(self) -> bytes:
        """Return some bytes; end with an error when no more come."""
        deadline = time.monotonic() + self._patience
        while time.monotonic() < deadline:
            try:
                chunk = self._chunks.get(timeout=_TURN)
            except queue.Empty:
                self._tell()
                continue
            if not chunk:
                raise damaged(self._path, "reading it failed half-way")
            return chunk
        raise DatasetError(
            self._path,
            f"{self._path.name} was given up: reading it took too long.",
            f"Most likely the file is damaged. {AGAIN}",
        )

    def _pump(self) -> None:
        """Pass on what the child writes, and b"" at its end."""
        chunk = b"?"
        while chunk and not self._closed.is_set():
            try:
                chunk = self._output.read1(_SLICE)
            except (OSError, ValueError):
                chunk = b""
            while not self._closed.is_set():
                with contextlib.suppress(queue.Full):
                    self._chunks.put(chunk, timeout=_TURN)
                    break


def _environment() -> dict[str, str]:
    """Let the child find this very program, and start few threads."""
    root = str(Path(core.__file__).parents[1])
    others = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (root, others))),
        "OPENBLAS_NUM_THREADS": "1",
        "HDF5_USE_FILE_LOCKING": "FALSE",
    }
