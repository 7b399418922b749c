import csv

import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer

from core.base.errors import SaveError
from gui.features.reliability.figure import export
from tests.support.calibrations import calibration


def test_a_picture(qapp, tmp_path):
    export(calibration(), tmp_path / "figure.png")
    image = QImage(str(tmp_path / "figure.png"))
    assert (image.width(), image.height()) == (1280, 1440)


def test_a_drawing(qapp, tmp_path):
    export(calibration(), tmp_path / "figure.svg")
    assert QSvgRenderer(str(tmp_path / "figure.svg")).isValid()


def test_a_table(qapp, tmp_path):
    export(calibration(), tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as stream:
        heading, *rows = csv.reader(stream)
    assert heading == ["curve", "answers", "mean certainty", "share right"]
    assert len(rows) == 22  # eleven bins of each curve are not empty
    assert rows[0] == ["as trained", "30", "0.300000", "0.180000"]


def test_another_ending_is_refused(qapp, tmp_path):
    with pytest.raises(SaveError):
        export(calibration(), tmp_path / "figure.docx")
    assert list(tmp_path.iterdir()) == []
