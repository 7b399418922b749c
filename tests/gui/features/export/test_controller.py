"""Export by mouse and keys: every kind of file, at rest and while training runs."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from core.exchange.exporter import EXPORTERS, REPORTS
from tests.support.program import endless, recipe

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def trained(program):
    program.train_to_end(recipe(iterations=30))
    return program


def opened(program):
    program.click("file.export")
    dialog = program.feature("export").controller.dialog
    assert dialog.isVisible()
    return dialog, program.feature("export").controller.model


def choose(qtbot, dialog, key):
    """Walk to a kind of file by the arrow keys."""
    keys = [one.key for one in dialog._model.formats]
    qtbot.keyClick(dialog.list, Qt.Key.Key_Home)
    for _ in range(keys.index(key)):
        qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog._model.format.key == key


def type_path(qtbot, dialog, path):
    dialog.path.selectAll()
    qtbot.keyClicks(dialog.path, str(path))


def test_there_is_nothing_to_export_without_a_network(program):
    assert not program.window.actions_by_key["file.export"].isEnabled()


@pytest.mark.parametrize("key", ["npz", "onnx", "history"])
def test_a_file_is_written_where_it_says_and_found_right(key, trained, qtbot, tmp_path):
    dialog, model = opened(trained)
    key = key if key in EXPORTERS or key in REPORTS else next(iter(REPORTS))
    choose(qtbot, dialog, key)
    type_path(qtbot, dialog, tmp_path / "mine")
    qtbot.mouseClick(dialog.export, LEFT)
    trained.wait(lambda: bool(model.result or model.problem))
    assert not model.problem
    assert model.written == tmp_path / f"mine{model.format.suffix}"
    assert model.written.stat().st_size > 100
    assert dialog.show_file.isVisible()


def test_what_fewer_bits_cost_is_measured_before_anything_is_written(trained, tmp_path):
    _, model = opened(trained)
    trained.wait(lambda: "Measured on" in model.note)
    assert [words.partition(" · reads ")[0] for _, words, _ in model.precision_choices] == [
        "float32", "float16", "int8",
    ]  # fmt: skip
    assert all("%" in words for _, words, _ in model.precision_choices)
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".onnx"]


def test_the_precision_chosen_is_the_one_written(trained, qtbot, tmp_path):
    dialog, model = opened(trained)
    choose(qtbot, dialog, "npz")
    qtbot.keyClick(dialog.precision, Qt.Key.Key_End)
    assert model.precision == "int8"
    type_path(qtbot, dialog, tmp_path / "small.npz")
    qtbot.keyClick(dialog.path, Qt.Key.Key_Return)
    trained.wait(lambda: model.written is not None)
    with np.load(model.written) as stored:
        assert stored["1.dense.weights"].dtype == np.int8


def test_a_format_that_has_not_this_precision_takes_its_own(trained, qtbot):
    dialog, model = opened(trained)
    choose(qtbot, dialog, "onnx")
    qtbot.keyClick(dialog.precision, Qt.Key.Key_End)
    choose(qtbot, dialog, "keras")
    assert model.precision == "float32"
    assert model.path.suffix == ".keras"


def test_a_place_that_cannot_be_written_is_told_and_the_dialog_stays(trained, qtbot, tmp_path):
    dialog, model = opened(trained)
    type_path(qtbot, dialog, tmp_path / "no such folder" / "net.onnx")
    qtbot.mouseClick(dialog.export, LEFT)
    trained.wait(lambda: bool(model.problem))
    assert "could not be saved" in dialog._problem.text()
    assert dialog.export.isEnabled()


def test_export_takes_the_network_of_the_moment_while_training_runs(program, qtbot, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(1)
    dialog, model = opened(program)
    choose(qtbot, dialog, "npz")
    type_path(qtbot, dialog, tmp_path / "live.npz")
    qtbot.mouseClick(dialog.export, LEFT)
    program.wait(lambda: model.written is not None)
    assert program.session.phase.value == "running"


def test_the_file_can_be_browsed_for(trained, qtbot, tmp_path):
    dialog, model = opened(trained)
    qtbot.mouseClick(dialog.browse, LEFT)
    chooser = dialog.findChild(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "elsewhere.onnx"))
    chooser.reject()
    assert model.path == tmp_path / "elsewhere.onnx"
    assert dialog.path.text() == str(tmp_path / "elsewhere.onnx")
