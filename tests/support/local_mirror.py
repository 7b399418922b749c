"""A mirror on this computer that behaves as well, or as badly, as a test wants."""

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PIECE = 1 << 14


class Mirror:
    """Serves files under http://127.0.0.1:port/, in one of several manners.

    Attributes:
        files: what it has, by name.
        manner: how it answers; one of the functions below.
        asked: name and Range header of each request, in order.
        go_on: a stalled or slow answer ends when this is set.
        held: set while an answer is being held back.
    """

    def __init__(self, files: dict[str, bytes], manner: "Manner") -> None:
        self.files, self.manner = files, manner
        self.asked: list[tuple[str, str | None]] = []
        self.go_on, self.held = threading.Event(), threading.Event()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                mirror.asked.append((self.path.rsplit("/", 1)[1], self.headers.get("Range")))
                try:
                    mirror.manner(mirror, self)
                except OSError:  # the asker has gone
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The address before the files' names."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def close(self) -> None:
        """Let go of whoever waits, and stop."""
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Manner = Callable[[Mirror, BaseHTTPRequestHandler], None]


def _head(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()


def _content(mirror: Mirror, handler: BaseHTTPRequestHandler) -> bytes:
    return mirror.files[handler.path.rsplit("/", 1)[1]]


def _begin(mirror: Mirror, handler: BaseHTTPRequestHandler) -> bytes:
    """Answer a Range as it should be, and return the bytes that are due."""
    content = _content(mirror, handler)
    found = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    if not found:
        _head(handler, 200, {"Content-Length": str(len(content))})
        return content
    first, last = int(found[1]), len(content) - 1
    size = {"Content-Length": str(len(content) - first)}
    _head(handler, 206, {"Content-Range": f"bytes {first}-{last}/{len(content)}"} | size)
    return content[first:]


def honest(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Send the file, or the rest of it that was asked for."""
    handler.wfile.write(_begin(mirror, handler))


def ignores_range(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Send the whole file whatever was asked for."""
    content = _content(mirror, handler)
    _head(handler, 200, {"Content-Length": str(len(content))})
    handler.wfile.write(content)


def without_length(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Send the file without telling its size, until the line closes."""
    _head(handler, 200, {"Connection": "close"})
    handler.wfile.write(_content(mirror, handler))


def wrong_piece(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Answer a Range with another piece."""
    content = _content(mirror, handler)
    _head(
        handler,
        206,
        {
            "Content-Range": f"bytes 1-{len(content) - 1}/{len(content)}",
            "Content-Length": str(len(content) - 1),
        },
    )
    handler.wfile.write(content[1:])


def web_page(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Send a page of unknown length, as if it were the file."""
    _head(handler, 200, {"Content-Type": "text/html; charset=utf-8", "Connection": "close"})
    handler.wfile.write(b"<html>We have moved</html>")


def answers(status: int, body: bytes = b"<html>Sorry</html>") -> Manner:
    """Answer each request with a status and a page."""

    def manner(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
        _head(handler, status, {"Content-Length": str(len(body))})
        handler.wfile.write(body)

    return manner


def breaks_off(after: int) -> Manner:
    """Send so many bytes of what is due, then close the line."""

    def manner(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
        due = _begin(mirror, handler)
        handler.wfile.write(due[:after])
        handler.wfile.flush()
        handler.close_connection = len(due) > after

    return manner


def stalls(after: int) -> Manner:
    """Send so many bytes of what is due, then nothing until `go_on`; then the rest."""

    def manner(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
        due = _begin(mirror, handler)
        handler.wfile.write(due[:after])
        handler.wfile.flush()
        if len(due) > after:
            mirror.held.set()
            mirror.go_on.wait()
            handler.wfile.write(due[after:])

    return manner


def silent(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Take the request and say nothing at all."""
    mirror.held.set()
    mirror.go_on.wait()
    handler.close_connection = True


def wrong_bytes(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Send as many bytes as there should be, others."""
    due = _begin(mirror, handler)
    handler.wfile.write(bytes(255 - byte for byte in due))


def endless(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
    """Send the file and go on sending for ever."""
    _head(handler, 200, {"Connection": "close"})
    handler.wfile.write(_content(mirror, handler))
    while not mirror.go_on.is_set():
        handler.wfile.write(b"x" * _PIECE)


def redirects_to(address: str) -> Manner:
    """Send the asker elsewhere."""

    def manner(mirror: Mirror, handler: BaseHTTPRequestHandler) -> None:
        _head(handler, 302, {"Location": address + handler.path[1:], "Content-Length": "0"})

    return manner
