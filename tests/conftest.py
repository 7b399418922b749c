"""What every test stands on: no display, one BLAS thread, a home of its own.

The environment is set while this file is imported, before any test module can load
NumPy or Qt, which both read it only once. `INKLING_TEST_PLATFORM=xcb` runs the window
tests on a real display instead.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from core.base.gc_policy import collect_due

_SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"
_MNIST_SMALL = Path(__file__).parent / "data" / "mnist-small"
_HOME = Path(tempfile.mkdtemp(prefix="inkling-tests-"))


def _set_up_environment() -> None:
    os.environ["QT_QPA_PLATFORM"] = os.environ.get("INKLING_TEST_PLATFORM", "offscreen")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # more threads than free cores spin
    for name in ("QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME"):
        os.environ.pop(name, None)
    os.environ["HOME"] = str(_HOME)
    # Made digits may be kept between tests; settings and saved work may not (see below).
    os.environ["XDG_CACHE_HOME"] = str(_HOME / "cache")


def _hear_signals() -> None:
    """Let what tests start hear the signals that this process was started to ignore.

    `nohup` and a shell's background pass that on to every child. A handler does not: a child
    begins with the defaults, and this process still outlives its terminal.
    """
    for name in ("SIGHUP", "SIGINT", "SIGTERM"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


_set_up_environment()
_hear_signals()
gc.disable()  # as the program does: it may run in any thread, and widgets die where it runs
_IN_CI = bool(os.environ.get("CI"))
settings.register_profile(
    "thorough",
    derandomize=_IN_CI,
    print_blob=_IN_CI,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],  # it is the machine that may be busy
)
settings.register_profile("quick", settings.get_profile("thorough"), max_examples=20)
settings.load_profile("quick")  # `make test-slow` names the other one: 100 examples


def pytest_unconfigure() -> None:
    """Leave nothing behind in the system's folder for temporary files."""
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test settings and data folders that nobody used before.

    They are not in `tmp_path`, which a test may want to find empty.
    """
    folder = Path(tempfile.mkdtemp(dir=_HOME))
    for kind in ("config", "data", "state"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(folder / kind))


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """Look for garbage between tests, in the thread of the window."""
    yield
    collect_due()


def _windows() -> set[Any]:
    """Return the windows that are to be seen; none where Qt has not been loaded."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return set()
    return {each for each in widgets.QApplication.topLevelWidgets() if each.isVisible()}


def _refuse_windows(left: set[Any]) -> None:
    """Fail if a window was left: it would take the mouse from those of the tests that follow."""
    for window in left:
        window.hide()  # so that only the test that is to blame fails
    assert not left, f"left open: {[window.objectName() or type(window) for window in left]}"


@pytest.fixture(scope="module", autouse=True)
def _no_windows_left_by_a_module() -> Iterator[None]:
    """See that fixtures for a whole module close what they open, skipped or not."""
    yield
    _refuse_windows(_windows())


@pytest.fixture(autouse=True)
def _no_windows_left_by_a_test() -> Iterator[None]:
    """See that every test closes what it opens."""
    before = _windows()
    yield
    _refuse_windows(_windows() - before)


@pytest.fixture(scope="session")
def mnist_small() -> Path:
    """A folder of real digits: the first 2,000 training and 500 test images of MNIST."""
    return _MNIST_SMALL


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Find real digit files by name; a test that needs one that is absent is skipped."""

    def find(name: str) -> Path:
        path = _SHARED_DATA / name
        if not path.exists():
            pytest.skip(f"needs {name} in the folder {_SHARED_DATA}, which is not there")
        return path

    return find
