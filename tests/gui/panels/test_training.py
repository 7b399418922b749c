"""The training panel: zooming, following, reading off and exporting."""

import csv
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.events import Evaluated, Evaluation, Progress, RunStarted
from gui.panels.training import TrainingPanel
from gui.viewmodels.curves import Curves

NONE = Qt.KeyboardModifier.NoModifier


def chunk(first, count):
    steps = np.arange(first, first + count, dtype=np.float32)
    return Progress(first, 2 / steps, 1 - 1 / (steps + 1), 0.0, 0.1)


@pytest.fixture
def curves(qapp):
    made = Curves()
    row = Evaluation(100, 1.0, 0.3, 0.9, 0.4, 0.8, 1.0, 0.1)
    made.accept([RunStarted(0, 1000, 100, 10), chunk(1, 500)])
    made.accept([Evaluated(row, np.empty(0, np.uint8))])
    return made


@pytest.fixture
def asked():
    return []


@pytest.fixture
def panel(qtbot, themes, curves, asked):
    made = TrainingPanel(curves, themes, lambda _parent, kind, chosen: asked.append((kind, chosen)))
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def place_of(panel, name, step, value):
    """Return where a point of a plot is, in pixels of its viewport."""
    view = panel.plots[name].view_widget()
    return view.mapFromScene(view.getViewBox().mapViewToScene(QPointF(step, value)))


def wheel(panel, name="loss"):
    viewport = panel.plots[name].view_widget().viewport()
    place = QPointF(viewport.rect().center())
    event = QWheelEvent(
        place,
        QPointF(viewport.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def test_both_plots_show_all_iterations_at_first(panel):
    for plot in panel.plots.values():
        low, high = plot.x_range()
        assert low <= 1
        assert high >= 500


@pytest.mark.parametrize("name", ["loss", "accuracy"])
def test_zooming_by_wheel_keeps_the_view_while_data_comes(panel, curves, name):
    before = panel.plots[name].view()
    wheel(panel, name)
    zoomed = panel.plots[name].view()
    assert zoomed[0][1] - zoomed[0][0] < before[0][1] - before[0][0]
    assert not panel.tools.follow.isChecked()
    curves.accept([chunk(501, 499)])
    assert panel.plots[name].view() == zoomed
    assert panel.plots["loss"].x_range() == pytest.approx(panel.plots["accuracy"].x_range(), abs=20)


def test_the_follow_button_shows_all_again(panel, curves, qtbot):
    wheel(panel)
    curves.accept([chunk(501, 499)])
    qtbot.mouseClick(panel.tools.follow, Qt.MouseButton.LeftButton)
    assert panel.tools.follow.isChecked()
    assert all(plot.follow for plot in panel.plots.values())
    assert panel.plots["loss"].x_range()[1] >= 999


def test_pointing_at_an_iteration_shows_its_values(panel, curves):
    viewport = panel.plots["loss"].view_widget().viewport()
    QTest.mouseMove(viewport, place_of(panel, "loss", 240, 0.5))
    QTest.mouseMove(viewport, place_of(panel, "loss", 250, 0.5))
    step = int(panel.tools.place().split()[1])
    assert abs(step - 250) <= 3
    assert panel.legends["loss"].values()[0] == f"{2 / step:.4f}"
    assert panel.legends["accuracy"].values()[3] == "80.00 %"


def test_without_a_mouse_the_newest_values_are_shown(panel, curves):
    curves.accept([chunk(501, 99)])
    assert panel.tools.place() == ""
    assert panel.legends["loss"].values()[:1] == [f"{2 / 599:.4f}"]
    assert panel.legends["loss"].values()[2:] == ["0.3000", "0.4000"]


def test_a_logarithmic_axis_bears_a_loss_of_zero(panel, curves, qtbot):
    zeros = np.zeros(50, np.float32)
    curves.accept([Progress(501, zeros, zeros, 0.0, 0.1)])
    qtbot.mouseClick(panel.tools.log, Qt.MouseButton.LeftButton)
    low, high = panel.plots["loss"].view()[1]
    assert np.isfinite([low, high]).all()
    assert -10 < low < np.log10(2 / 500)
    assert high >= np.log10(2)
    panel.grab()
    qtbot.mouseClick(panel.tools.log, Qt.MouseButton.LeftButton)
    assert panel.plots["loss"].view()[1][1] >= 2


def test_a_key_on_the_slider_smooths_more(panel, curves, qtbot):
    before = curves.smoothing
    qtbot.keyClick(panel.tools.smoothing, Qt.Key.Key_Right)
    assert curves.smoothing > before


def test_without_data_it_says_how_to_begin(panel, curves):
    curves.clear()
    assert not panel.plots["loss"].isVisible()
    curves.accept([RunStarted(0, 10, 5, 1), chunk(1, 1)])
    assert panel.plots["loss"].isVisible()


def test_a_hidden_panel_catches_up_when_it_is_shown(panel, curves):
    panel.hide()
    curves.accept([chunk(501, 499)])
    panel.show()
    assert panel.legends["loss"].values()[0] == f"{2 / 999:.4f}"


def test_the_export_menu_asks_for_a_file_of_its_kind(panel, asked, tmp_path, qtbot):
    for action in panel.tools.export.menu().actions():
        action.trigger()
    assert [kind for kind, _ in asked] == ["png", "svg", "csv"]
    with qtbot.waitSignal(panel.exported) as told:
        asked[2][1](tmp_path / "table.csv")
    assert told.args == ["table.csv"]


def test_an_exported_png_is_a_picture_with_curves(panel, tmp_path):
    panel.export_to(tmp_path / "curves.png")
    image = QImage(str(tmp_path / "curves.png"))
    assert (image.width(), image.height()) == (2000, 1440)
    colours = {
        image.pixelColor(x, y).name() for x in range(0, 2000, 3) for y in range(0, 1440, 3)
    }
    assert len(colours) > 5


def test_an_exported_svg_is_xml_with_paths(panel, tmp_path):
    panel.export_to(tmp_path / "curves.svg")
    root = ElementTree.parse(tmp_path / "curves.svg").getroot()
    assert root.tag.endswith("svg")
    assert sum(1 for item in root.iter() if item.tag.rpartition("}")[2] in ("path", "polyline")) > 5


def test_an_exported_csv_holds_the_figures(panel, curves, tmp_path):
    panel.export_to(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open(newline="", encoding="utf-8") as stream:
        table = list(csv.DictReader(stream))
    losses = np.array([row["loss"] for row in table], np.float32)
    np.testing.assert_array_equal(losses, curves.history.losses)
    assert table[99]["validation_accuracy"] == "0.8"


@pytest.mark.parametrize("name", ["a file/curves.csv", "a file/curves.png", "curves.doc"])
def test_an_export_that_fails_says_why_and_leaves_nothing(panel, tmp_path, qtbot, name):
    (tmp_path / "a file").touch()
    with qtbot.waitSignal(panel.failed) as told:
        panel.export_to(tmp_path / name)
    assert told.args[0].message.endswith(".")
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]
