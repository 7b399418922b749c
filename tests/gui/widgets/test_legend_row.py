"""The legend that is also the read-out."""

import pytest
from PySide6.QtGui import QColor

from gui.widgets.legend_row import LegendRow


@pytest.fixture
def row(qtbot):
    entries = (("line", "Smoothed", "tip"), ("dot", "Validation", "tip"))
    made = LegendRow("Loss", entries, "99.99 %")
    qtbot.addWidget(made)
    made.set_colours(("#ff0000", "#0000ff"))
    made.show()
    return made


def test_values_stand_behind_their_names(row):
    assert row.values() == ["–", "–"]
    row.show_values(["0.5", "12.34 %"])
    assert row.values() == ["0.5", "12.34 %"]


def test_a_longer_value_moves_nothing(row):
    row.show_values(["–", "–"])
    places = [child.geometry() for child in row.children() if child.isWidgetType()]
    row.show_values(["99.99 %", "99.99 %"])
    assert [c.geometry() for c in row.children() if c.isWidgetType()] == places


def test_an_entry_can_be_renamed(row):
    row.set_name(1, "Test")
    assert row.names() == ["Smoothed", "Test"]


def test_swatches_have_the_curves_colours(row):
    image = row.grab().toImage()
    seen = {image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())}
    assert {QColor("#ff0000"), QColor("#0000ff")} <= seen


def test_one_value_too_few_is_a_fault(row):
    with pytest.raises(ValueError, match="zip"):
        row.show_values(["1"])
