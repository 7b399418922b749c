"""Drives headless Chromium by its DevTools protocol, over a pipe: no package needed."""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path

CHROMIUM = shutil.which("chromium")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-pipe",
)
_SECONDS = 120  # for one answer; on a busy machine the first takes several


class Browser:
    """One page of a browser of its own, with what it asked for and complained about."""

    def __init__(self, home: Path) -> None:
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        # The browser reads commands at descriptor 3 and answers at 4. (A plain shell knows
        # no other way for descriptors above 9.)
        line = f'exec "$@" 3</dev/fd/{theirs_in} 4>/dev/fd/{theirs_out}'
        command = ["sh", "-c", line, "sh", CHROMIUM, *_FLAGS, f"--user-data-dir={home}"]
        self._log = (home.parent / "browser.log").open("wb")
        self._process = subprocess.Popen(
            command,
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env={**os.environ, "HOME": str(home.parent)},
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session = ""
        self.events: list[dict] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params):
        """Give a command; return its result."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            self.events.append(answer)

    def _receive(self) -> dict:
        end = time.monotonic() + _SECONDS
        while b"\0" not in self._rest:
            ready = select.select([self._from], [], [], max(0, end - time.monotonic()))[0]
            piece = os.read(self._from, 1 << 20) if ready else b""
            assert piece, "the browser does not answer"
            self._rest += piece
        line, self._rest = self._rest.split(b"\0", 1)
        return json.loads(line)

    def open(self, address: str) -> None:
        """Go to a page, and wait until it has loaded."""
        self.events.clear()
        self.send("Page.navigate", url=address)
        while not self._happened("Page.loadEventFired"):
            self.events.append(self._receive())

    def _happened(self, method: str) -> bool:
        return any(event.get("method") == method for event in self.events)

    def run(self, script: str):
        """Return the value of a JavaScript expression in the page; promises are awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def draw(self, points, pointer: str = "mouse") -> None:
        """Draw one line through points (x, y) of the window with mouse or pen."""
        for k, (x, y) in enumerate(points):
            kind = "mouseMoved" if k else "mousePressed"
            self._mouse(kind, x, y, pointer)
        self._mouse("mouseReleased", x, y, pointer)

    def _mouse(self, kind: str, x: float, y: float, pointer: str) -> None:
        held = 0 if kind == "mouseReleased" else 1
        self.send(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=held,
            clickCount=1, pointerType=pointer, force=0.5 if held else 0,
        )  # fmt: skip

    def touch(self, points) -> None:
        """Draw one line through points (x, y) of the window with a finger."""
        for k, (x, y) in enumerate(points):
            kind = "touchMove" if k else "touchStart"
            self.send("Input.dispatchTouchEvent", type=kind, touchPoints=[{"x": x, "y": y}])
        self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    @property
    def requests(self) -> list[str]:
        """Addresses that the page has asked for, its own among them."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    @property
    def complaints(self) -> list[str]:
        """Errors of scripts and of the content policy."""
        found = []
        for event in self.events:
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(event["params"]["exceptionDetails"]))
            if event.get("method") in ("Log.entryAdded", "Runtime.consoleAPICalled"):
                found.append(str(event["params"]))
        return found

    def picture(self) -> bytes:
        """Return the window as a PNG."""
        return base64.b64decode(self.send("Page.captureScreenshot")["data"])

    def close(self) -> None:
        self._session = ""
        try:
            os.write(self._to, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
            self._process.wait(20)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        for handle in (self._to, self._from):
            os.close(handle)
        self._log.close()
