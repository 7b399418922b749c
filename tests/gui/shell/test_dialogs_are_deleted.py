"""Every dialog and every menu is gone when it is closed: widgets, threads and files.

`OPENERS` has one entry for each function of the window's program that makes a dialog or a
menu while it runs. A new one that is not there fails the first test.
"""

import ast
import gc
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QMainWindow,
    QMenu,
    QMessageBox,
    QWidget,
)

import gui
from core.data.drawings.drawings import new_drawing
from gui.toolkit.dialogs import Dialogs
from gui.toolkit.forms.sliders import LabelledSlider
from tests.support.program import Driver, recipe, write_digits

_FOREIGN = Path(__file__).parents[2] / "data" / "foreign" / "torch_plain.pt"
_FILE_DIALOG = "gui.toolkit.file_dialog"  # whose functions make dialogs, too
_FOR_GOOD = frozenset(
    {  # made once with the widget that holds them
        "gui.shell.window.Window.__init__",
        "gui.features.reliability.panel.ReliabilityPanel._head",
        "gui.features.my_digits.panel.MyDigitsPanel.__init__",
        "gui.features.curves.tools.CurveTools._export_menu",
        "gui.toolkit.file_dialog.file_dialog",  # what the others call
    }
)


def _draw_and_learn(program: Driver) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[8] = 255
    teaching = program.feature("my_digits").controller
    drawing = new_drawing((), 10.0, 2, "2", image=image)
    teaching.fine_tuning.learn([drawing], [drawing])


def _context_menu(program: Driver) -> None:
    program.window.show_panel("handwriting")
    row = program.window.findChild(LabelledSlider)
    where = QPoint(5, 5)
    QCoreApplication.sendEvent(
        row, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, row.mapToGlobal(where))
    )


def _keep_work(program: Driver) -> None:
    Dialogs(program.window).keep_work("Save?", "", lambda: None, lambda: None)


def _browse(program: Driver) -> None:
    program.click("file.export")
    program.feature("export").controller.dialog.browse.click()


OPENERS: dict[str, Callable[[Driver], object]] = {
    "gui.toolkit.dialogs.Dialogs.open_model": lambda p: p.click("file.open"),
    "gui.toolkit.dialogs.Dialogs.save_model": lambda p: p.click("file.save_as"),
    "gui.toolkit.dialogs.Dialogs.open_digit_file": lambda p: p.all.commands.do("data.open_file"),
    "gui.toolkit.dialogs.Dialogs.open_digit_folder": lambda p: p.all.commands.do(
        "data.open_folder"
    ),
    "gui.toolkit.dialogs.Dialogs.keep_work": _keep_work,
    "gui.toolkit.dialogs.Dialogs.tell": lambda p: p.click("help.about"),
    "gui.features.my_digits.digit_export.DigitExport._ask": lambda p: p.feature(
        "my_digits"
    ).controller._export.as_idx([]),
    "gui.features.downloads.controller.DownloadCentre._make_dialog": lambda p: p.click(
        "data.download"
    ),
    "gui.features.export.controller.Exporting._make_dialog": lambda p: p.click("file.export"),
    "gui.features.export.controller.Exporting._browse": _browse,
    "gui.toolkit.file_dialog.ask_figure": lambda p: p.feature("curves").tab.panel._ask("png"),
    "gui.features.handwriting.controller.HandwritingController._dialog": lambda p: p.feature(
        "handwriting"
    ).controller._ask_open(),
    "gui.features.data_import.controller.Importing._show": lambda p: p.feature(
        "data_import"
    ).controller.open(p.all.settings.folder / "own"),
    "gui.features.network_import.controller.ModelImporting._show": lambda p: p.feature(
        "network_import"
    ).controller.open(_FOREIGN),
    "gui.features.picture.controller.Pictures.ask_open": lambda p: p.click("file.picture"),
    "gui.features.my_digits.fine_tuning.FineTuningController._show": _draw_and_learn,
    "gui.toolkit.forms.sliders.LabelledSlider.menu": _context_menu,
}


def _makers() -> set[str]:
    """Return every function of the window's program that makes a dialog or a menu."""
    folder = Path(gui.__file__).parent
    trees = {
        ".".join(("gui", *path.relative_to(folder).with_suffix("").parts)): ast.parse(
            path.read_text(encoding="utf-8")
        )
        for path in folder.rglob("*.py")
        if "tour" not in path.parts
    }
    kinds = {"QDialog", "QFileDialog", "QMessageBox", "QMenu", "QInputDialog", "file_dialog"}
    for _ in range(3):  # classes that are made from them, and from those
        for tree in trees.values():
            kinds |= {
                node.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ClassDef)
                and any(isinstance(base, ast.Name) and base.id in kinds for base in node.bases)
            }
    return {place for module, tree in trees.items() for place in _calls(tree, module, kinds)}


def _calls(node: ast.AST, place: str, kinds: set[str]):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            called = child.func
            name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
            if name in kinds:
                yield place
        named = isinstance(child, ast.ClassDef | ast.FunctionDef)
        yield from _calls(child, f"{place}.{child.name}" if named else place, kinds)


def test_every_dialog_and_menu_is_looked_at_here():
    assert _makers() == OPENERS.keys() | _FOR_GOOD


@pytest.fixture
def ready(program, tmp_path) -> Driver:
    """The program with a trained network, and with digits to import beside it."""
    write_digits(tmp_path / "own", 40)
    program.train_to_end(recipe(iterations=20))
    return program


def _boxes() -> list[QWidget]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QDialog | QMenu) and widget.isVisible()
    ]


def _settle(program: Driver) -> None:
    program.wait(lambda: not program.all.jobs._jobs)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _counts() -> dict[str, int]:
    gc.collect()
    found = {
        "widgets": len(QApplication.allWidgets()),
        "threads of Python": threading.active_count(),
    }
    for name, folder in (("threads", "/proc/self/task"), ("files", "/proc/self/fd")):
        if Path(folder).is_dir():
            found[name] = len(list(Path(folder).iterdir()))
    return found


def _open_and_close(program: Driver, opener: Callable[[Driver], object]) -> None:
    opener(program)
    program.wait(lambda: bool(_boxes()))
    for box in _boxes():
        box.close()
    program.wait(lambda: not _boxes())
    _settle(program)


def _some_openers():
    """Return all openers with 20 times, and those that are not of one make with 3."""
    quick = [name for name in OPENERS if name.endswith(("Importing._show", ".menu", "tell"))]
    slow = [pytest.param(name, 20, marks=pytest.mark.slow) for name in OPENERS]
    return [*(pytest.param(name, 3) for name in quick), *slow]


@pytest.mark.parametrize(("name", "times"), _some_openers())
def test_however_often_it_is_opened_and_closed_nothing_is_left(ready, name, times):
    for _ in range(2):  # what is made once, and kept, is made now
        _open_and_close(ready, OPENERS[name])
    before = _counts()
    for _ in range(times):
        _open_and_close(ready, OPENERS[name])
    ready.wait(lambda: all(_counts()[what] <= before[what] + 2 for what in before))
    assert _counts()["widgets"] == before["widgets"]


def _count_of(window):
    """Return how many dialogs and menus there are; those of programs before it not counted."""
    kinds = QFileDialog | QMessageBox | QMenu

    def root(widget):
        parent = widget.parentWidget()
        return widget if parent is None else root(parent)

    found = [widget for widget in QApplication.allWidgets() if isinstance(widget, kinds)]
    return sum(root(widget) is window or isinstance(root(widget), kinds) for widget in found)


@pytest.mark.slow
def test_every_command_leaves_no_dialog_behind(ready):
    """All menus are walked over: a command that opens a dialog in a new way is seen here.

    They are walked over until as many are left as the time before: in the first rounds menus of
    earlier programs die, and what is left behind in every round never comes to rest.
    """
    window = ready.window
    assert isinstance(window, QMainWindow)
    commands = [key for key in window.actions_by_key if key not in _NOT_HERE]
    counts: list[int] = []
    while len(counts) < 2 or counts[-1] != counts[-2]:
        assert len(counts) < 6, f"dialogs and menus after each round: {counts}"
        for key in commands:
            _do_and_close(ready, key)
        gc.collect()
        counts.append(_count_of(window))


_NOT_HERE = frozenset({"file.quit", "run.train", "run.again", "run.reseed", "run.step"})


def _do_and_close(program: Driver, key: str) -> None:
    action = program.window.actions_by_key[key]
    if action.isEnabled():
        action.trigger()
    for box in _boxes():
        box.close()
    _settle(program)
