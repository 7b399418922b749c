"""What the system must offer before Qt may be loaded: its libraries, and a display.

Qt reports a missing library as an ImportError or by aborting the process, so both
are looked for beforehand. This module imports no Qt and nothing outside the standard
library: the Makefile runs it before anything is installed,

    python3 -m gui.system PLATFORM              print one sentence if libraries are missing
    python3 -m gui.system --packages PLATFORM   print the Debian packages that are missing

and the exit status is 1 if any is missing. Only Linux leaves these libraries to the
system; everywhere else nothing is ever missing.
"""

import ctypes
import os
import platform as machine
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
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
_NEED_NO_DISPLAY = frozenset({"offscreen", "minimal", "minimalegl", "vnc", "eglfs", "linuxfb"})


def qt_platform(environ: Mapping[str, str] = os.environ) -> str:
    """Name the platform plugin Qt will open: "xcb", "wayland", "offscreen", ...

    `QT_QPA_PLATFORM` decides where it is set (its first entry, without options);
    otherwise an X display, a Wayland display and no display, in this order.
    """
    wanted = environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if wanted:
        return wanted.removesuffix("-egl")
    if environ.get("DISPLAY"):
        return "xcb"
    return "wayland" if environ.get("WAYLAND_DISPLAY") else "offscreen"


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
    if can_load is None:
        can_load = _loads
    needed = (*_EVERY_PLATFORM, *_ONE_PLATFORM.get(platform, ()))
    return [library for library in needed if not can_load(library.soname)]


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
        return f"Qt needs system libraries that are missing; install them with: {sudo}apt install {packages}"
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
    if environ.get("QT_QPA_PLATFORM") and qt_platform(environ) in _NEED_NO_DISPLAY:
        return None
    program = _program()
    return (
        "There is no display here to open a window on (neither DISPLAY nor WAYLAND_DISPLAY"
        f" is set); `{program} tour OUTDIR` saves pictures of the program at work,"
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
    """How the reader can call this program: the installed script, as short as it goes."""
    beside = os.path.join(os.path.dirname(sys.executable), "inkling")
    return beside


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
