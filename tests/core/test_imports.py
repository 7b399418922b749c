"""Which packages an import brings along; asked of a fresh Python, for ours has Qt loaded."""

import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import core
import gui.features
import gui.session

_QT = ("PySide6", "shiboken6", "pyqtgraph")
# What a feature is and is given: its panels are widgets, and so is the window.
_OF_FEATURES = ("gui.session.feature", "gui.session.services")
_WITHOUT_QT = ("gui", "gui.shell.system", "gui.__main__")


def run_alone(script: str) -> str:
    """Run `script` in a new interpreter; what it printed."""
    command = [sys.executable, "-c", f"import sys\n{script}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def brought_along(statement: str) -> set[str]:
    """Run `statement` alone; the top-level packages it loaded."""
    loaded = run_alone(f"{statement}\nprint(*{{m.partition('.')[0] for m in sys.modules}})")
    return set(loaded.split())


def modules_of(package: ModuleType) -> list[str]:
    found = pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}.")
    return [package.__name__, *(module.name for module in found)]


def test_no_core_module_brings_qt():
    modules = modules_of(core)
    assert len(modules) > 10
    assert brought_along("import " + ", ".join(modules)).isdisjoint(_QT)


def test_no_core_module_brings_the_window():
    assert "gui" not in brought_along("import " + ", ".join(modules_of(core)))


@pytest.mark.parametrize("name", _WITHOUT_QT)
def test_the_ways_in_bring_no_qt(name):
    """So that a terminal command starts fast, and missing libraries are explained."""
    assert brought_along(f"import {name}").isdisjoint(_QT)


def test_models_and_the_session_hold_no_widgets():
    """import-linter sees PySide6 only as a whole, so the rule about a part of it is here."""
    names = [name for name in modules_of(gui.features) if name.endswith(("model", "words"))]
    assert len(names) > 10
    names += [name for name in modules_of(gui.session) if name not in _OF_FEATURES]
    loaded = run_alone(f"import {', '.join(names)}\nprint('PySide6.QtWidgets' in sys.modules)")
    assert loaded == "False"
