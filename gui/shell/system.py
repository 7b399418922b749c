"""What the system must offer before Qt may be loaded: its libraries, and a display.

Qt reports a missing library as an ImportError or by aborting the process, so both
are looked for beforehand. This module imports no Qt and nothing outside the standard
library: the Makefile runs it before anything is installed,

    python3 -m gui.shell.system PLATFORM              print one sentence if libraries are missing
    python3 -m gui.shell.system --packages PLATFORM   print the Debian packages that are missing

and the exit status is 1 if any is missing. Only Linux leaves these libraries to the
system; everywhere else nothing is ever missing.
"""

import ctypes
import os
import platform as machine
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Library(NamedTuple):
    """A shared library Qt loads, and the Debian package that brings it."""

    soname: str
    package: str


# Found by taking each package away from a bare Debian 12 until PySide6 6.11 failed;
# libraries that only come along as dependencies of these are left out.
_EVERY_PLATFORM = (
    Library("libGL.so.1", "libgl1"),
    Library("libEGL.so.1", "libegl1"),
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
)
_ONE_PLATFORM = {
    "xcb": (
        Library("libxcb-cursor.so.0", "libxcb-cursor0"),
        Library("libxcb-icccm.so.4", "libxcb-icccm4"),
        Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
        Library("libxcb-shape.so.0", "libxcb-shape0"),
        Library("libxcb-xkb.so.1", "libxcb-xkb1"),
        Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ),
    "wayland": (
        Library("libwayland-client.so.0", "libwayland-client0"),
        Library("libwayland-cursor.so.0", "libwayland-cursor0"),
        Library("libwayland-egl.so.1", "libwayland-egl1"),
    ),
}


def qt_platform(
    environ: Mapping[str, str] = os.environ, can_load: Callable[[str], bool] | None = None
) -> str:
    """Name the platform plugin Qt will open: "xcb", "wayland", "offscreen", ...

    `QT_QPA_PLATFORM` decides where it is set (its first entry, without options). Else
    the displays that are there decide; where both are, Qt falls back from one plugin
    to the other, so the one whose libraries are complete is named.
    """
    wanted = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if wanted:
        return wanted.removesuffix("-egl")
    x11, wayland = environ.get("DISPLAY"), environ.get("WAYLAND_DISPLAY")
    if wayland and not (x11 and missing_libraries("wayland", can_load)):
        return "wayland"
    return "xcb" if x11 else "offscreen"


def missing_libraries(
    platform: str, can_load: Callable[[str], bool] | None = None
) -> list[Library]:
    """List what the Qt platform plugin `platform` needs and this system does not have.

    Args:
        platform: a plugin's name as in `QT_QPA_PLATFORM`; one we know nothing special
            about needs what every platform needs.
        can_load: answers whether a soname can be loaded; by default the dynamic
            loader is asked on Linux, and everything is taken to be there elsewhere.
    """
    found = can_load or _loads
    needed = (*_EVERY_PLATFORM, *_ONE_PLATFORM.get(platform, ()))
    return [library for library in needed if not found(library.soname)]


def explain_missing(
    missing: Sequence[Library], *, debian: bool | None = None, root: bool | None = None
) -> str | None:
    """Say in one sentence which libraries are missing and how they are installed.

    Args:
        missing: what `missing_libraries` found.
        debian: whether to speak of Debian's packages; None finds out.
        root: whether the reader may install without sudo; None finds out.

    Returns:
        The sentence, or None if nothing is missing.
    """
    if not missing:
        return None
    if is_debian() if debian is None else debian:
        sudo = "" if (_is_root() if root is None else root) else "sudo "
        packages = " ".join(library.package for library in missing)
        return (
            "Qt needs system libraries that are missing; install them with:"
            f" {sudo}apt install {packages}"
        )
    sonames = ", ".join(library.soname for library in missing)
    return (
        "Qt needs system libraries that are missing; install the packages that hold"
        f" them with this system's package manager: {sonames}"
    )


def no_display_sentence(
    environ: Mapping[str, str] = os.environ, system: str = sys.platform
) -> str | None:
    """Say in one sentence that no window can be opened, and what works without one.

    Returns:
        The sentence, or None where a window can be opened: there is a display, a
        plugin that needs none was asked for, or this is not Linux.
    """
    has_display = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    if system != "linux" or has_display:
        return None
    if environ.get("QT_QPA_PLATFORM") and qt_platform(environ) not in _ONE_PLATFORM:
        return None
    program = _program()
    return (
        "Inkling cannot open its window because there is no display here; instead,"
        f" `{program} tour OUTDIR` saves pictures of the program at work,"
        f" and `{program} train` trains a network in this terminal."
    )


def is_debian() -> bool:
    """Tell whether this is Debian or one of its children (Ubuntu, Mint, ...)."""
    try:
        release = machine.freedesktop_os_release()
    except OSError:
        return False
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return bool(family & {"debian", "ubuntu"}) and shutil.which("apt-get") is not None


def main(arguments: Sequence[str]) -> int:
    """Print what is missing for the platform named last; 1 if anything is, else 0."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    missing = missing_libraries(names[-1] if names else qt_platform())
    if "--packages" in arguments:
        text = " ".join(library.package for library in missing)
    else:
        text = explain_missing(missing) or ""
    if text:
        print(text)  # noqa: T201 - the Makefile reads this
    return 1 if missing else 0


def _loads(soname: str) -> bool:
    """Ask the dynamic loader, which knows every path Qt's own loading will look in."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _program() -> str:
    """Spell out how the reader starts this program from where they are."""
    script = Path(sys.executable).with_name("inkling")
    if not script.exists():
        return "python -m gui"
    if shutil.which("inkling") == str(script):
        return "inkling"
    here = Path.cwd()
    return str(script.relative_to(here) if script.is_relative_to(here) else script)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
