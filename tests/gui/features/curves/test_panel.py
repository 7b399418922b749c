import csv
import errno
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from core.base.errors import SaveError
from core.base.events import RunStarted
from gui.features.curves.model import METRICS, Curves
from gui.features.curves.panel import TrainingPanel
from gui.style.theme import LIGHT
from gui.toolkit.empty import EmptyState
from gui.toolkit.legend_row import SWATCH
from tests.support.plot_hands import colour_in, hover, leave, wheel
from tests.support.training_runs import evaluated, progress, run_events

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def curves():
    return Curves()


@pytest.fixture
def panel(qtbot, curves, themes):
    panel = TrainingPanel(curves, themes)
    qtbot.addWidget(panel)
    panel.resize(800, 600)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def trained(panel, curves):
    curves.accept(list(run_events(1000, total=1000)))
    return panel


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _grey(image):
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), -1)
    return flat[:, : grey.width()].astype(float)


def test_before_training_a_sentence_says_what_to_do(panel):
    empty = panel.findChild(EmptyState)
    assert empty.isVisible()
    assert "Train (F5)" in empty.accessibleDescription()
    assert not panel.plots["loss"].isVisible()


def test_with_the_first_values_the_plots_appear_and_the_tools_stay_in_place(panel, curves):
    before = panel.tools.geometry()
    curves.accept(list(run_events(100)))
    assert panel.plots["loss"].isVisible()
    assert panel.plots["accuracy"].isVisible()
    assert not panel.findChild(EmptyState).isVisible()
    assert panel.tools.geometry() == before


def test_it_fits_a_small_window(trained):
    trained.resize(640, 420)
    assert trained.size().toTuple() == (640, 420)
    assert trained.minimumSizeHint().width() <= 640


def test_the_legend_shows_the_newest_values(trained, curves):
    raw, smooth, train, held_out = trained.legends["loss"].values()
    assert raw == f"{curves.raw('loss')[-1]:.4f}"
    assert smooth == f"{curves.smooth('loss')[-1]:.4f}"
    assert (train, held_out) == (
        f"{curves.reading('loss', 1000).train:.4f}", f"{curves.reading('loss', 1000).held_out:.4f}",
    )  # fmt: skip
    assert trained.legends["accuracy"].values()[3] == "95.00 %"


def test_the_legend_shows_the_values_under_the_mouse(trained, curves, qtbot):
    hover(trained.plots["loss"], qtbot, 300, 0.5)
    words = trained.tools.place()
    step = int(words.split()[1])
    assert abs(step - 300) <= 2
    assert words == f"Iteration {step} · epoch {step / 100:.2f}"
    for metric, template in (("loss", "{:.4f}"), ("accuracy", "{:.2f} %")):
        value = curves.raw(metric)[step - 1] * (1 if metric == "loss" else 100)
        assert trained.legends[metric].values()[0] == template.format(value)


def test_with_the_mouse_beside_the_curves_the_newest_values_are_back(trained, qtbot):
    newest = trained.legends["loss"].values()
    hover(trained.plots["loss"], qtbot, 300, 0.5)
    assert trained.legends["loss"].values() != newest
    leave(trained.plots["loss"])
    assert trained.legends["loss"].values() == newest
    assert trained.tools.place() == ""


@pytest.mark.parametrize("metric", METRICS)
def test_zooming_one_plot_stops_following_in_both_and_is_kept(trained, curves, metric):
    wheel(trained.plots[metric])
    assert not trained.tools.follow.isChecked()
    zoomed = {name: plot.view() for name, plot in trained.plots.items()}
    assert zoomed["loss"][0] == zoomed["accuracy"][0]
    curves.accept([RunStarted(1000, 9000, 100, 64), progress(1001, np.full(5000, 9.0))])
    assert {name: plot.view() for name, plot in trained.plots.items()} == zoomed


def test_the_follow_button_brings_everything_back(trained):
    before = {name: plot.view() for name, plot in trained.plots.items()}
    wheel(trained.plots["loss"])
    click(trained.tools.follow)
    assert trained.tools.follow.isChecked()
    assert {name: plot.view() for name, plot in trained.plots.items()} == before


def test_zoomed_in_every_iteration_is_drawn(panel, curves):
    curves.accept(list(run_events(200_000, per_epoch=1000)))
    plot = panel.plots["loss"]
    plot.set_follow(False)
    plot.set_view(((1000.0, 1100.0), (0.0, 1.0)))
    assert plot.x_range() == panel.plots["accuracy"].x_range()
    series = curves.series("loss", *plot.x_range())
    assert np.isin(np.arange(1000, 1101), series.raw_x).all()


def test_log_loss_with_zeros_and_nan_does_not_break(panel, curves):
    curves.accept([RunStarted(0, 90, 30, 4), progress(1, [2, 0, np.nan, np.inf, 0.5])])
    click(panel.tools.log)
    curves.accept([progress(6, [np.nan] * 5), evaluated(10, 30, float("nan"))])
    panel.grab()
    assert panel.legends["loss"].values()[0] == "nan"
    click(panel.tools.log)
    panel.grab()


def test_a_loss_that_explodes_fits_its_place_in_the_legend(panel, curves):
    curves.accept([RunStarted(0, 90, 30, 4), progress(1, [2, 1e30])])
    panel.grab()
    assert panel.legends["loss"].values()[0] == "1.00e+30"


def test_the_smoothing_slider_smooths(trained, curves):
    trained.tools.smoothing.setFocus()
    QTest.keyClick(trained.tools.smoothing, Qt.Key.Key_Home)
    assert curves.smoothing == 0.0
    assert trained.legends["loss"].values()[0] == trained.legends["loss"].values()[1]


def test_held_out_images_and_the_unit_are_called_by_their_names(trained, curves):
    curves.validation_name, curves.unit = "Test", "mean square"
    curves.load(curves.history, 1000)
    assert trained.legends["loss"].names()[3] == "Test"
    axis = trained.plots["loss"].view_widget().getPlotItem().getAxis("left")
    assert axis.labelText == "Loss (mean square)"


def test_hidden_it_draws_nothing_and_catches_up_when_shown(trained, curves):
    before = trained.legends["loss"].values()
    trained.hide()
    curves.accept([RunStarted(1000, 2000, 100, 64), progress(1001, [7.0])])
    assert trained.legends["loss"].values() == before
    trained.show()
    assert trained.legends["loss"].values()[0] == "7.0000"


def test_another_theme_repaints_everything(trained, themes):
    before = trained.grab().toImage()
    themes.choose("dark")
    after = trained.grab().toImage()
    assert after != before
    assert after.pixelColor(300, 150).lightness() < 128


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("metric", METRICS)
def test_the_legend_has_the_colours_of_the_curves(trained, themes, metric, name):
    themes.choose(name)
    row = trained.legends[metric]
    pieces = [each for each in row.findChildren(QWidget) if each.size().toTuple() == SWATCH]
    pieces.sort(key=lambda piece: piece.x())
    found = [colour_in(piece.grab().toImage(), themes.current) for piece in pieces]
    assert found == ["training", "training", "training", "validation"]


def test_when_the_run_is_gone_it_is_empty_again(trained, curves):
    curves.clear()
    assert trained.findChild(EmptyState).isVisible()


# Export -----------------------------------------------------------------------------------


def test_a_picture_has_both_plots_at_twice_the_size(trained, tmp_path, qtbot):
    with qtbot.waitSignal(trained.exported) as told:
        trained.export_to(tmp_path / "run.png")
    assert told.args == ["run.png"]
    image = QImage(str(tmp_path / "run.png"))
    assert image.size().toTuple() == (2000, 1440)
    assert image.pixelColor(5, 5).name() == "#ffffff"
    blue = QColor(LIGHT.training).name()
    for top in (0, 720):  # the curves reach across each half: the run is at its end
        seen = {
            image.pixelColor(x, y).name()
            for x in range(1700, 1960)
            for y in range(top + 100, top + 640)
        }
        assert blue in seen


@pytest.mark.parametrize("top", [0, 720])
def test_the_legend_of_a_picture_has_the_colours_of_its_curves(trained, tmp_path, top):
    trained.export_to(tmp_path / "run.png")
    image = QImage(str(tmp_path / "run.png"))
    pieces = [image.copy(left, top, 40, 72) for left in (800, 1100, 1400, 1700)]
    found = [colour_in(piece, LIGHT) for piece in pieces]
    assert found == ["training", "training", "training", "validation"]


def test_the_picture_is_light_in_a_dark_program(trained, themes, tmp_path):
    themes.choose("dark")
    trained.export_to(tmp_path / "run.png")
    assert QImage(str(tmp_path / "run.png")).pixelColor(5, 5).name() == "#ffffff"


def test_a_drawing_is_made_of_lines_and_words(trained, tmp_path):
    trained.export_to(tmp_path / "run.svg")
    root = ET.parse(tmp_path / "run.svg").getroot()
    assert root.tag == f"{SVG}svg"
    words = {text.text.strip() for text in root.iter(f"{SVG}text") if text.text}
    assert {"Loss", "Accuracy", "Smoothed", "Validation", "Accuracy (%)"} <= words
    assert "Training iteration" in words
    assert "epoch 1" in words
    assert not list(root.iter(f"{SVG}image"))
    lines = [len(each.get("points", "").split()) for each in root.iter(f"{SVG}polyline")]
    paths = [len(each.get("d", "").split()) for each in root.iter(f"{SVG}path")]
    assert max(lines + paths) > 500


def test_the_drawing_looks_like_the_picture(trained, tmp_path):
    for ending in ("png", "svg"):
        trained.export_to(tmp_path / f"run.{ending}")
    picture = QImage(str(tmp_path / "run.png")).scaled(
        1000, 720, mode=Qt.TransformationMode.SmoothTransformation
    )
    drawing = QImage(picture.size(), picture.format())
    drawing.fill(Qt.GlobalColor.white)
    painter = QPainter(drawing)
    QSvgRenderer(str(tmp_path / "run.svg")).render(painter)
    painter.end()
    # Blurred, for the two smooth their edges differently.
    small = [_grey(image.scaled(100, 72, mode=Qt.TransformationMode.SmoothTransformation))
             for image in (picture, drawing)]  # fmt: skip
    assert np.abs(small[0] - small[1]).max() < 20  # 7 when alike, 73 with axes of another size


def test_a_drawing_of_a_part_is_clipped(trained, tmp_path):
    wheel(trained.plots["loss"], 600)
    trained.export_to(tmp_path / "run.svg")
    root = ET.parse(tmp_path / "run.svg").getroot()
    assert list(root.iter(f"{SVG}clipPath"))
    assert any("clip-path" in each.attrib for each in root.iter())


def test_a_table_holds_every_iteration(trained, curves, tmp_path):
    trained.export_to(tmp_path / "run.csv")
    with (tmp_path / "run.csv").open(newline="", encoding="utf-8") as stream:
        body = list(csv.DictReader(stream))
    assert [int(row["iteration"]) for row in body] == list(range(1, 1001))
    np.testing.assert_array_equal(
        np.array([row["loss"] for row in body], np.float32), curves.raw("loss")
    )
    assert sum(row["validation_loss"] != "" for row in body) == 10


@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_losses_that_are_not_finite_can_be_exported(panel, curves, tmp_path, ending):
    curves.accept([RunStarted(0, 90, 30, 4), progress(1, [2, np.nan, np.inf, 0])])
    click(panel.tools.log)
    panel.export_to(tmp_path / f"run.{ending}")
    assert (tmp_path / f"run.{ending}").stat().st_size > 100


@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_what_cannot_be_written_is_said_in_words(trained, tmp_path, qtbot, ending):
    with qtbot.waitSignal(trained.failed) as told:
        trained.export_to(tmp_path / "nowhere" / f"run.{ending}")
    (error,) = told.args
    assert isinstance(error, SaveError)
    assert "does not exist" in error.message
    assert error.hint


@pytest.mark.parametrize("ending", ["png", "svg", "csv"])
def test_a_full_disk_leaves_the_older_file_alone(trained, tmp_path, qtbot, monkeypatch, ending):
    path = tmp_path / f"run.{ending}"
    path.write_text("older")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with qtbot.waitSignal(trained.failed) as told:
        trained.export_to(path)
    assert "disk is full" in told.args[0].message
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "older"


def test_an_unknown_ending_is_refused_with_advice(trained, tmp_path, qtbot):
    with qtbot.waitSignal(trained.failed) as told:
        trained.export_to(tmp_path / "run.xyz")
    assert ".png" in told.args[0].hint
    assert list(tmp_path.iterdir()) == []


def test_exporting_shows_nothing_on_the_screen_and_keeps_the_view(trained, tmp_path):
    before = trained.grab().toImage()
    trained.export_to(tmp_path / "run.png")
    assert trained.grab().toImage() == before


def test_the_menu_asks_for_a_place_and_writes_there(qtbot, curves, themes, tmp_path):
    asked = []

    def answer(parent, kind, name, chosen):
        asked.append(kind)
        chosen(tmp_path / f"run.{kind}")

    panel = TrainingPanel(curves, themes, answer)
    qtbot.addWidget(panel)
    curves.accept(list(run_events(100)))
    for action in panel.tools.export.menu().actions():
        with qtbot.waitSignals([panel.export_requested, panel.exported]):
            action.trigger()
    assert asked == ["png", "svg", "csv"]
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".svg", ".csv"}


def test_the_dialog_asks_for_a_file_of_the_kind_chosen(trained, tmp_path, qtbot):
    trained.tools.export.menu().actions()[2].trigger()
    dialog = trained.findChild(QFileDialog)
    assert dialog.defaultSuffix() == "csv"
    with qtbot.waitSignal(trained.exported) as told:
        dialog.fileSelected.emit(str(tmp_path / "run.csv"))
    assert told.args == ["run.csv"]
    assert Path(tmp_path / "run.csv").exists()
    dialog.reject()
