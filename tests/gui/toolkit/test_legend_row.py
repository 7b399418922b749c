import pytest

from gui.toolkit.legend_row import LegendRow

ENTRIES = (("line", "Smoothed", "The average"), ("dot", "Validation", "Held out"))


@pytest.fixture
def row(qtbot, themes):
    row = LegendRow("Loss", ENTRIES, "99.99 %")
    qtbot.addWidget(row)
    row.resize(500, 30)
    row.show()
    return row


def test_it_shows_names_and_values(row):
    row.show_values(["0.5", "0.6"])
    assert row.names() == ["Smoothed", "Validation"]
    assert row.values() == ["0.5", "0.6"]


def test_nothing_moves_when_values_change(row, qtbot):
    def places():
        return [child.geometry() for child in row.children() if child.isWidgetType()]

    row.show_values(["–", "–"])
    before = places()
    row.show_values(["99.99 %", "0.0001"])
    row.layout().activate()
    assert places() == before


def test_another_name_reaches_those_who_listen(row):
    row.set_name(1, "Test")
    assert row.names()[1] == "Test"
    assert "Loss, Test" in [
        child.accessibleName() for child in row.children() if child.isWidgetType()
    ]


def test_the_swatches_take_the_colours_of_the_curves(row):
    before = row.grab().toImage()
    row.set_colours(("#ff0000", "#00ff00"))
    assert row.grab().toImage() != before
