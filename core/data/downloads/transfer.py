"""One file from one server into a partial file that can be gone on with later.

The server is waited for in a thread of its own, because neither looking up its name nor
connecting nor reading can be interrupted; whoever waits looks up twenty times a second.

No `If-Range` is sent: it would tell whether the file changed at that server, but partial
files are gone on with at any mirror, and the checksum of the whole decides anyway.
"""

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

PATIENCE_S = 20.0  # without 32 KiB of news, until a server is given up
_CONNECT_S = 10.0
_LOOK_UP_S = 0.05
_PIECE = 1 << 15  # bytes
_AHEAD = 32  # pieces read but not yet written
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

_STATUS = {
    403: "refuses to give the file (403)",
    404: "does not have the file (404)",
    410: "does not have the file any more (410)",
    429: "has too many visitors (429)",
}

# Told how many bytes of the file are here, at least every 50 ms; may raise to give up.
Tick: TypeAlias = Callable[[int], None]


class MirrorError(Exception):
    """One server could not give the file; the message goes on after the server's name."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]


class _LeftError(Exception):
    """Nobody waits for this server any more."""


def bring(url: str, part: Path, size: int, tick: Tick, patience: float = PATIENCE_S) -> None:
    """Complete `part` to `size` bytes from `url`, going on where it ends.

    Never writes more than `size` bytes. Whatever goes wrong, what has arrived stays in
    `part`, unless the server sent too much: then it was something else, and is deleted.

    Args:
        url: of the file.
        part: need not exist.
        size: bytes of the whole file.
        tick: see `Tick`.
        patience: seconds to wait for the next piece.

    Raises:
        MirrorError: it could not be had from there.
        OSError: `part` could not be written.
    """
    have = part.stat().st_size if part.exists() else 0
    if have > size:
        part.unlink()
        have = 0
    if have == size:
        return
    source = _Source(url, have, patience)
    try:
        _take(source, part, have, size, tick)
    finally:
        source.leave()


def _take(source: "_Source", part: Path, have: int, size: int, tick: Tick) -> None:
    while (answer := source.answer()) is None:
        tick(have)
    begin = _begin(answer, have, size)
    done = begin
    with part.open("r+b" if have else "wb") as stream:
        stream.truncate(begin)
        stream.seek(begin)
        for piece in source.pieces():
            done += len(piece)
            if done > size:
                break
            stream.write(piece)
            tick(done)
    if done > size:
        part.unlink()
        raise MirrorError("sends more than the file has")
    if done < size:
        raise MirrorError(f"broke off after {done:,} of {size:,} bytes")


def _begin(answer: _Answer, have: int, size: int) -> int:
    """Return from which byte on the server sends the file.

    Raises:
        MirrorError: it sends something else.
    """
    if answer.status == 206:
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if not found or int(found[1]) != have or found[2] not in ("*", str(size)):
            raise MirrorError("sent another piece than was asked for")
        return have
    if answer.status != 200:
        status = answer.status
        trouble = f"is in trouble ({status})" if status >= 500 else f"answered {status}"
        raise MirrorError(_STATUS.get(status, trouble))
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        raise MirrorError("sent a web page instead")
    length = answer.headers.get("Content-Length", str(size))
    if length != str(size):
        raise MirrorError("sent something else (a file of another size)")
    return 0  # also where a piece was asked for: not every server can begin in the middle


class _Source:
    """A server's answer, read in a thread of its own."""

    def __init__(self, url: str, have: int, patience: float) -> None:
        self._url, self._have, self._patience = url, have, patience
        self._news: queue.Queue[_Answer | bytes | MirrorError | None] = queue.Queue(_AHEAD)
        self._left = threading.Event()
        self._until = time.monotonic() + patience
        self._response: Any = None
        threading.Thread(target=self._run, name="download", daemon=True).start()

    def answer(self) -> _Answer | None:
        """Wait a moment for the head of the answer. Raises MirrorError if none comes."""
        news = self._next()
        return news if isinstance(news, _Answer) else None

    def pieces(self) -> Iterator[bytes]:
        """Wait for the body: b"" is nothing yet. Raises MirrorError if it breaks off."""
        while isinstance(news := self._next(), bytes):
            yield news

    def leave(self) -> None:
        """Let go of the server. Its thread ends at once, or when the server next stirs."""
        self._left.set()
        shut = getattr(getattr(self._response, "raw", None), "shutdown", None)
        if shut is not None:  # urllib3 has it since 2.3
            with suppress(OSError, RuntimeError, ValueError):  # it had ended by itself
                shut()

    def _next(self) -> _Answer | bytes | None:
        try:
            news = self._news.get(timeout=_LOOK_UP_S)
        except queue.Empty:
            if time.monotonic() > self._until:
                raise MirrorError("does not answer") from None
            return b""
        if isinstance(news, MirrorError):
            raise news
        self._until = time.monotonic() + self._patience
        return news

    # -- in the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        with suppress(_LeftError):
            try:
                self._read()
            except _LeftError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, this mirror has failed
                self._tell(MirrorError(_words(error)))

    def _read(self) -> None:
        import requests  # noqa: PLC0415 - 0.1 s that only a download should cost

        # Packing on the way would hide the size, and unpack files that end in .gz.
        headers = {"Accept-Encoding": "identity"}
        if self._have:
            headers["Range"] = f"bytes={self._have}-"
        limits = (_CONNECT_S, self._patience)
        with requests.get(self._url, headers=headers, stream=True, timeout=limits) as response:
            self._response = response
            self._tell(_Answer(response.status_code, response.headers))
            for piece in response.raw.stream(_PIECE, decode_content=False):
                self._tell(piece)
        self._tell(None)

    def _tell(self, news: _Answer | bytes | MirrorError | None) -> None:
        while not self._left.is_set():
            try:
                self._news.put(news, timeout=_LOOK_UP_S)
            except queue.Full:
                continue
            return
        raise _LeftError


def _words(error: Exception) -> str:
    """Say in a few words what kept the server from answering."""
    import requests  # noqa: PLC0415 - see above

    causes = " ".join(type(each).__name__ for each in _chain(error))
    for name, words in (
        ("NameResolution", "was not found (is this computer online?)"),
        ("ProxyError", "is behind a proxy that refuses"),
        ("SSL", "could not prove that it is what it says"),
        ("TooManyRedirects", "sends us in circles"),
        ("Timeout", "does not answer"),
        ("NewConnectionError", "cannot be reached"),
    ):
        if name in causes:
            return words
    known = isinstance(error, (requests.RequestException, OSError)) or "urllib3" in causes
    return "broke off" if known or "Protocol" in causes else f"failed ({error!r:.80})"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Go through an error, what it wraps, and what it came from."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.append(each)
        yield each
        inner = (*each.args, getattr(each, "reason", None), each.__cause__, each.__context__)
        waiting += [item for item in inner if isinstance(item, BaseException)]
