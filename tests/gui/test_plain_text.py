"""Strangers' words in the whole window: nothing of them is obeyed, loaded, cut or hidden."""

import ast
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QToolTip,
    QWidget,
)

import gui
from core.data.drawings.drawings import new_drawing
from core.data.drawings.userset import default_path, write_userset
from gui.features.my_digits.report_dialog import ReportDialog
from gui.features.setup.sample_strip import SampleStrip
from gui.toolkit.class_bars import ClassBars
from gui.toolkit.class_buttons import ClassButtons
from gui.toolkit.dialogs import Dialogs
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.probability_bars import ProbabilityBars
from tests.support.hostile import Watch, class_names, faults, foreign_html, mnemonic
from tests.support.program import Driver, recipe

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="watches a file as Linux does")

LEFT = Qt.MouseButton.LeftButton
MODEL = "<b>x<i>&amp;[*]%s\x1b[31m\u202e\n.h5"
DATA = "<i>d<b>&y[*]\x07\u2067.npz"


@pytest.fixture
def picture() -> Iterator[Path]:
    """A picture whose reading is noticed; its path is short enough for a class's name."""
    with tempfile.TemporaryDirectory(prefix="q") as folder:
        path = Path(folder) / "s.png"
        Image.new("L", (300, 300), 90).save(path)
        yield path


class Stranger:
    """The real program with a stranger's digits, network, drawings and file names."""

    def __init__(self, program: Driver, folder: Path, picture: Path) -> None:
        self.program, self.folder, self.picture = program, folder, picture
        self.names = class_names(picture)
        rng = np.random.default_rng(0)
        labels = np.arange(300) % 10
        images = rng.integers(0, 60, (300, 28, 28), np.uint8)
        images[np.arange(300), 2 * labels + 4] = 255
        self.data = folder / DATA
        np.savez(self.data, x_train=images, y_train=np.array(self.names)[labels])

    def load(self) -> None:
        """Open the digits, through the dialog that shows what a file holds."""
        program = self.program
        program.all.opening.open(self.data)
        program.wait(lambda: program.feature("data_import").controller.dialog is not None)
        assert not faults()
        QTest.mouseClick(program.feature("data_import").controller.dialog.use, LEFT)
        program.wait(lambda: program.session.parts is not None)
        assert set(program.session.parts.class_names) == set(self.names)

    def train_save_and_open(self) -> None:
        """Train on them by a recipe of the stranger's, save it, and open the file."""
        program = self.program
        html = f'<img src="file://{self.picture}"> <b>&x</b> \x1b[1m\u202e ' + "long " * 60
        chosen = recipe(iterations=40)
        program.train_to_end(replace(chosen, label=html[:200], description=html))
        path = self.folder / MODEL
        program.all.documents.save(path)
        program.wait(lambda: program.all.documents.path == path)
        program.all.documents.new()
        program.all.opening.open(path)
        program.wait(lambda: program.session.run is not None)
        program.wait(lambda: not program.all.jobs.busy("calibrate"))

    def visit_all(self, look: Callable[[], None]) -> None:
        """Show each tab, with a digit drawn."""
        program, canvas = self.program, self.program.feature("drawing").panel.canvas
        middle = canvas.rect().center()
        QTest.mousePress(canvas, LEFT, pos=middle - QPoint(30, 40))
        QTest.mouseMove(canvas, middle)
        QTest.mouseRelease(canvas, LEFT, pos=middle + QPoint(30, 40))
        tabs = program.window.tabs
        for index in range(tabs.count()):
            tabs.setCurrentIndex(index)
            self.program.window.grab()  # lays out and paints
            look()


@pytest.fixture
def drawings(tmp_path: Path, picture: Path) -> None:
    """Drawings of one's own that bear the stranger's names, as another program's file may."""
    stroke = np.array([[90, 60, 0.0], [140, 140, 0.1], [180, 220, 0.2]], np.float32)
    kept = [
        new_drawing([stroke + label], 10.0, label, name=name, answer=name, confidence=0.5)
        for label, name in enumerate(class_names(picture))
    ]
    path = default_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_userset(path, kept)


@pytest.fixture
def stranger(
    drawings: None, make_driver: Callable[[], Driver], tmp_path: Path, picture: Path
) -> Stranger:
    made = Stranger(make_driver(), tmp_path, picture)
    made.load()
    made.train_save_and_open()
    return made


def ask_all(widgets: list[QWidget]) -> list[str]:
    """Return the tooltips that painted parts of these widgets show, all over them."""
    found = []
    for widget in widgets:
        target = widget.viewport() if isinstance(widget, ImageGrid) else widget
        for left in range(4, target.width(), 12):
            for top in range(4, target.height(), 12):
                place = QPoint(left, top)
                event = QHelpEvent(QHelpEvent.Type.ToolTip, place, target.mapToGlobal(place))
                QApplication.sendEvent(target, event)
                found.append(QToolTip.text())
        QToolTip.hideText()
    return [text for text in dict.fromkeys(found) if text]


def test_no_widget_of_the_window_obeys_a_strangers_words(stranger: Stranger) -> None:
    watch, window = Watch(stranger.picture), stranger.program.window
    seen: list[str] = []

    def look() -> None:
        assert not faults()
        painted = (ImageGrid, ProbabilityBars, ClassBars, SampleStrip)
        widgets = [each for kind in painted for each in window.findChildren(kind)]
        seen.extend(ask_all([each for each in widgets if each.isVisible()]))

    stranger.visit_all(look)
    assert len([text for text in seen if "bold" in text]) > 3
    assert not [text for text in seen if foreign_html(text)]
    assert not [text for text in seen if "\x1b" in text or "\u202e" in text]
    assert not watch.opened
    watch.close()


def test_names_are_no_keys_no_marks_and_no_wider_than_their_panels(stranger: Stranger) -> None:
    window, width = stranger.program.window, stranger.program.window.width()
    stranger.visit_all(lambda: None)
    for row in window.findChildren(ClassButtons):
        assert [mnemonic(button) for button in row.buttons] == [""] * len(row.buttons)
        for button in row.buttons:
            shown = button.fontMetrics().horizontalAdvance(button.text().replace("&&", "&"))
            assert shown <= button.width()
    assert window.width() == width
    assert window.minimumSizeHint().width() <= width
    assert window.isWindowModified() is False
    assert window.windowTitle() == "<b>x<i>&amp;[*][*]%s\\x1b[31m\\u202e\\n.h5[*] – Inkling"
    (recent, *_) = window.recent_menu.actions()
    assert recent.text() == "&1  <b>x<i>&&amp;[*]%s\\x1b[31m\\u202e\\n.h5"
    assert mnemonic(recent) == "Alt+1"


def test_no_dialog_obeys_them_either(stranger: Stranger, qtbot) -> None:
    watch, program, window = Watch(stranger.picture), stranger.program, stranger.program.window
    for key in ("file.export", "data.download"):
        program.window.actions_by_key[key].trigger()
        assert not faults(), key
    for key in ("file.open", "file.save_as", "data.open_file", "data.open_folder"):
        program.all.commands.do(key)
        assert not faults(), key
        next(box for box in window.findChildren(QFileDialog) if box.isVisible()).reject()
    Dialogs(program.window).keep_work(stranger.names[0], stranger.names[1], print, print)
    assert not faults()
    window.findChild(QMessageBox, "keep-work").reject()
    teaching = program.feature("my_digits").controller
    teaching.fine_tuning.learn(teaching.keeper.drawings, teaching.keeper.drawings)
    program.wait(lambda: any(box.isVisible() for box in window.findChildren(ReportDialog)))
    assert not faults()
    next(box for box in window.findChildren(ReportDialog) if box.isVisible()).reject()
    assert not watch.opened
    watch.close()


def test_our_own_words_are_the_only_ones_with_letters_in_bold(stranger: Stranger) -> None:
    window = stranger.program.window
    for key in ("help.first", "help.about"):
        stranger.program.all.commands.do(key)
        (box,) = [one for one in window.findChildren(QMessageBox) if one.isVisible()]
        assert not faults({box})
        box.reject()
        stranger.program.wait(lambda: not window.findChildren(QMessageBox))


def test_the_question_whether_to_replace_a_file_is_plain_text(
    stranger: Stranger, qtbot, tmp_path: Path
) -> None:
    stranger.program.all.commands.do("file.save_as")
    window = stranger.program.window
    dialog = next(box for box in window.findChildren(QFileDialog) if box.isVisible())
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    field.clear()
    qtbot.keyClicks(field, str(tmp_path / "<b>x"))  # the dialog completes it
    asked: list[str] = []

    def answer() -> bool:
        boxes = [box for box in dialog.findChildren(QMessageBox) if box.isVisible()]
        if boxes:
            asked.extend(faults())
            asked.append(boxes[0].text())
            boxes[0].button(QMessageBox.StandardButton.No).click()
        return bool(boxes)

    timer = QTimer(interval=20)
    timer.timeout.connect(lambda: answer() and timer.stop())
    timer.start()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert len(asked) == 1
    assert asked[0].startswith("<b>x<i>")
    assert "already exists" in asked[0]
    dialog.reject()


def test_errors_name_a_strangers_file_as_it_is(stranger: Stranger, tmp_path: Path) -> None:
    path = tmp_path / "<u>bad<i>\x1b]0;owned\x07\u202e.h5"
    path.write_bytes(b"no model")
    stranger.program.all.opening.open(path)
    stranger.program.wait(lambda: "bad" in stranger.program.message)
    assert r"<u>bad<i>\x1b]0;owned\x07\u202e.h5" in stranger.program.message
    assert not faults()


def test_a_file_whose_name_is_no_text_is_opened_named_and_saved(
    stranger: Stranger, tmp_path: Path
) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \xff.h5"))
    program = stranger.program
    program.all.documents.save(path)
    program.wait(lambda: program.all.documents.path == path)
    assert program.window.windowTitle() == r"caf\xe9 \xff.h5[*] – Inkling"
    assert path.stat().st_size > 1000
    program.all.documents.new()
    program.all.opening.open(path)
    program.wait(lambda: program.session.run is not None)
    assert program.window.windowTitle() == r"caf\xe9 \xff.h5[*] – Inkling"
    assert not faults()


def test_the_log_holds_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    code = (
        "import logging; from gui.shell.launch import keep_log; keep_log();"
        r" logging.getLogger('x').warning('a \x1b[31m\u202e\udcff name')"
    )
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    (log,) = tmp_path.rglob("inkling.log")
    assert log.read_text(encoding="utf-8").endswith("WARNING a \\x1b[31m\\u202e\\xff name\n")


# The source -------------------------------------------------------------------------------

_OWN = ("plain.py", "boxes.py")  # in gui/widgets: the only ones that may
_FORBIDDEN_CLASSES = {
    "QLabel": "TextLabel",
    "QMessageBox": "MessageBox",
    "QFileDialog": "FileDialog",
    "QErrorMessage": "the banner",
    "QTextEdit": "TextLabel",
    "QTextBrowser": "TextLabel",
    "QProgressDialog": "a panel of its own",
    "QInputDialog": "a form",
}
_FORBIDDEN_CALLS = {
    "setToolTip": "set_tooltip",
    "setWhatsThis": "set_help",
    "setTextFormat": "TextLabel",
    "setHtml": "TextLabel",
}


def complaints(source: str) -> list[str]:
    """Return what a file of the window does past `gui.toolkit.plain`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            names = [base.id for base in node.bases if isinstance(base, ast.Name)]
            found += [f"line {node.lineno}: {name}" for name in names if name in _FORBIDDEN_CLASSES]
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        of_class = isinstance(called, ast.Name) and name in _FORBIDDEN_CLASSES
        if of_class or name in _FORBIDDEN_CALLS:
            instead = _FORBIDDEN_CLASSES.get(name) or _FORBIDDEN_CALLS[name]
            found.append(f"line {node.lineno}: {name}, instead of {instead}")
        if name == "showText" and not _is_tip(node.args[1]):
            found.append(f"line {node.lineno}: a tooltip that is not made by tip_text")
        role = ast.unparse(node.args[2]) if name == "setItemData" else ""
        if "role" in role.lower() and not _is_tip(node.args[1]):
            found.append(f"line {node.lineno}: an entry's tooltip that is not from tip_text")
    return found


def _is_tip(node: ast.expr) -> bool:
    text = ast.unparse(node)
    return text.startswith("tip_text(") or text == "tip" or text.endswith(".toolTip()")


def test_all_words_of_the_window_go_through_the_helpers() -> None:
    folder = Path(gui.__file__).parent
    found = {
        str(path.relative_to(folder)): complaints(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.py"))
        if path.name not in _OWN
    }
    assert len(found) > 100
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "source",
    [
        "QLabel('x')",
        "class _Label(QLabel): pass",
        "self.button.setToolTip(name)",
        "QToolTip.showText(place, words, self)",
        "QMessageBox(self)",
        "box.setTextFormat(x)",
        "box.setItemData(0, name, Qt.ItemDataRole.ToolTipRole)",
    ],
)
def test_what_goes_past_the_helpers_is_noticed(source: str) -> None:
    assert complaints(source)
