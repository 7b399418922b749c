"""An X server that can be ended under a program."""

import os
import shutil
import subprocess

from gui.shell.system import missing_libraries

_SCREEN = "1600x1000x24"


def has_display() -> bool:
    """Tell whether an X server can be started here, and Qt can use it."""
    return shutil.which("Xvfb") is not None and not missing_libraries("xcb")


class Display:
    """An X server of its own, if one is wanted.

    Attributes:
        name: what to set DISPLAY to; "" if there is no server.
    """

    def __init__(self, wanted: bool = True) -> None:
        self._server: subprocess.Popen[bytes] | None = None
        self.name = ""
        if wanted:
            read, write = os.pipe()
            self._server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", _SCREEN, "-nolisten", "tcp"],
                pass_fds=[write], stderr=subprocess.DEVNULL,
            )  # fmt: skip
            os.close(write)
            with os.fdopen(read) as pipe:
                number = pipe.readline().strip()
            assert number, "Xvfb names the display it has opened"
            self.name = f":{number}"

    @property
    def words(self) -> dict[str, str]:
        """The part of the environment that names it."""
        return {"DISPLAY": self.name} if self.name else {}

    def kill(self) -> None:
        """End it, as a lost connection does."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    def __enter__(self) -> "Display":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
