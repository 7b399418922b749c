import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from gui.features.reliability.model import ReliabilityModel, Strangest
from gui.features.reliability.panel import ReliabilityPanel
from gui.features.reliability.plot import ReliabilityPlot
from gui.toolkit.images.image_grid import ImageGrid
from tests.support.calibrations import calibration


@pytest.fixture
def model():
    return ReliabilityModel()


@pytest.fixture
def panel(qtbot, model, themes):
    panel = ReliabilityPanel(model, themes, ask_path=lambda *_asked: None)
    qtbot.addWidget(panel)
    panel.resize(640, 640)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def words(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_without_a_calibration_it_says_what_to_do(panel):
    assert "Nothing trained yet" in words(panel)
    assert not panel.findChild(ReliabilityPlot).isVisible()


def test_the_error_stands_in_large_type_with_a_sentence(panel, model):
    model.set_calibration(calibration())
    assert "0.0 %" in words(panel)
    assert any("right in 90 of 100 cases" in text for text in words(panel))
    assert panel.findChild(ReliabilityPlot).isVisible()


def test_the_strangest_images_are_shown(panel, model):
    model.set_calibration(calibration())
    assert panel.findChild(ImageGrid).count == 0
    model.set_strangest(
        Strangest(
            np.zeros((5, 28, 28), np.uint8), np.zeros(5, np.uint8), np.zeros(5, np.uint8),
            np.linspace(2, 1, 5, dtype=np.float32),
        )
    )  # fmt: skip
    assert panel.findChild(ImageGrid).count == 5


def test_it_goes_back_to_empty_when_training_begins(panel, model):
    model.set_calibration(calibration())
    model.set_calibration(None)
    assert "Nothing trained yet" in words(panel)


@pytest.mark.parametrize("size", [(480, 420), (640, 640), (1200, 800)])
def test_everything_fits(panel, model, qtbot, size):
    model.set_calibration(calibration())
    panel.resize(*size)
    qtbot.waitUntil(lambda: panel.width() == size[0])
    for kind in (ReliabilityPlot, ImageGrid):
        part = panel.findChild(kind)
        assert panel.rect().contains(part.mapTo(panel, part.rect().bottomRight()))
        assert part.height() >= 150


def test_a_figure_is_written(panel, model, qtbot, tmp_path):
    model.set_calibration(calibration())
    with qtbot.waitSignal(panel.exported) as told:
        panel.export_to(tmp_path / "curve.svg")
    assert told.args == ["curve.svg"]
    with qtbot.waitSignal(panel.failed):
        panel.export_to(tmp_path / "missing" / "curve.svg")
