"""A child process of `core.untrusted.sandbox`: started, listened to, and ended whatever happens.

Nothing that the child says is believed: it was fed with a file that may be meant to harm.
Its output is a line of JSON, and then bytes.
"""

import contextlib
import io
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, cast

import core
from core.base.errors import DatasetError
from core.base.regular_file import open_regular
from core.untrusted.parsing.safe_read import AGAIN, MOST_BYTES, damaged, too_large
from core.untrusted.reading import ReadProgress

_LONGEST_HEAD = 1 << 16  # bytes of the first line
_SLICE = 1 << 20
_TURN = 0.05  # seconds between two looks at whether the user gave up
_PATIENCE = 30.0  # seconds without a byte, and more for large files
_BYTES_PER_SECOND = 4 << 20  # that the slowest of these formats is unpacked at


class ChildProcess:
    """The process, and a thread that waits for its bytes so that we need not.

    Args:
        kind: what `core.untrusted.sandbox` is to read.
        path: the file.
        progress: is told the share done; may raise to give up.
        longest_head: bytes that the first line may have.
        patience: seconds without a byte after which the child is given up; large files
            get more.
    """

    def __init__(
        self,
        kind: str,
        path: Path,
        progress: ReadProgress | None,
        *,
        longest_head: int = _LONGEST_HEAD,
        patience: float = _PATIENCE,
    ) -> None:
        self._path = path
        self._progress = progress
        self._longest_head = longest_head
        with open_regular(path) as stream:  # the child would wait for a pipe
            size = os.fstat(stream.fileno()).st_size
        self._patience = patience + size / _BYTES_PER_SECOND
        self._chunks: queue.Queue[bytes] = queue.Queue(maxsize=8)
        self._held = bytearray()
        self._total = 0
        self._done = 0
        self._closed = threading.Event()
        self._process = self._started(kind, path)
        self._output = cast(io.BufferedReader, self._process.stdout)
        self._thread = threading.Thread(target=self._pump, name="child's output", daemon=True)
        self._thread.start()

    def _started(self, kind: str, path: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "core.untrusted.sandbox", kind, str(path.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def head(self) -> dict[str, Any]:
        """Return the first line that the child says."""
        while b"\n" not in self._held:
            if len(self._held) > self._longest_head:
                raise damaged(self._path, "it was cut off or changed")
            self._held += self._next()
        line, _, rest = bytes(self._held).partition(b"\n")
        self._held = bytearray(rest)
        try:
            said = json.loads(line)
        except (ValueError, RecursionError) as error:
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
