"""The books' recipes on digits of MNIST, by dropping the folder and clicking Train."""

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from core.recipe.recipe import presets
from core.training.run import new_run
from core.training.train import train
from gui.session.phase import Phase
from gui.session.settings import Settings
from gui.shell.app import Inkling
from gui.tour import hands
from tests.support.program import end_program

_LEAST = {"two-layer-sigmoid": 0.8, "relu-adam": 0.9, "quadratic-sigmoid": 0.8}  # of 500 digits


@pytest.fixture(scope="module")
def inkling(tmp_path_factory, mnist_small, qapp):
    store = QSettings(
        str(tmp_path_factory.mktemp("settings") / "e2e.ini"), QSettings.Format.IniFormat
    )
    program = Inkling(qapp, Settings(store))
    try:
        program.start()
        program.datasets.cancel()
        _drop(program, mnist_small)
        hands.wait_until(
            lambda: program.features["data_import"].parts.controller.dialog is not None,
            "what the folder holds",
        )
        hands.click(program.features["data_import"].parts.controller.dialog.use)
        hands.wait_until(lambda: program.session.parts is not None, "the digits")
        yield program
    finally:
        program.session.stop()
        end_program(program)


def _drop(program, path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, how = QPoint(200, 200), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    # Qt delivers a drop only where a drag has entered.
    QApplication.sendEvent(program.window, QDragEnterEvent(place, how, data, left, none))
    QApplication.sendEvent(program.window, QDropEvent(QPointF(place), how, data, left, none))


def _choose_preset(program, key: str) -> None:
    boxes = program.features["setup"].parts.panel.findChildren(QComboBox)
    label = presets()[key].label
    box = next(box for box in boxes if box.findText("ReLU + Adam") >= 0)
    box.setFocus()
    QTest.keyClicks(box, label[:7])
    hands.wait_until(lambda: program.session.recipe.key == key, f"the preset {label}")


@pytest.mark.parametrize("key", list(_LEAST))
def test_a_recipe_trains_in_the_window_exactly_as_without_it(key, inkling):
    assert inkling.features["setup"].parts.model.data is not None
    assert inkling.features["setup"].parts.model.data.name == "mnist-small"
    _choose_preset(inkling, key)
    hands.click_tool(inkling.window, "run.train")
    session = inkling.session
    hands.wait_until(lambda: session.phase is Phase.RUNNING, "the start")
    hands.wait_until(lambda: session.phase is Phase.IDLE, "the end", seconds=200)
    seen = session.run
    assert seen is not None
    assert seen.finished
    alone = new_run(presets()[key], session.dataset, session.parts)
    for _ in train(alone, session.parts):
        pass
    np.testing.assert_array_equal(seen.params, alone.params)
    assert session.predictor is not None
    test = session.dataset.test
    found = session.predictor.logits(test.images).argmax(axis=1)
    assert (found == test.labels).mean() >= _LEAST[key]
