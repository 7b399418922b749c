"""The strip at the window's foot."""

import pytest
from PySide6.QtWidgets import QLabel

from gui.features.status.strip import StatusStrip
from gui.toolkit.progress_line import ProgressLine
from gui.toolkit.value_label import ValueLabel


@pytest.fixture
def strip(qtbot, themes):
    made = StatusStrip((("Epoch", "888 of 888", "tip"), ("Speed", "8,888 k/s", "tip")), themes)
    qtbot.addWidget(made)
    made.show()
    return made


def test_state_and_share_are_shown(strip):
    strip.show_state("Training", 0.5)
    bar = strip.findChild(ProgressLine)
    assert bar.share == 0.5
    assert bar.accessibleDescription() == "50%"
    assert any(label.text() == "Training" for label in strip.findChildren(QLabel))


def test_figures_are_shown_in_their_order_and_told_to_screen_readers(strip):
    strip.show_values(("1 of 10", "9 k/s"))
    labels = strip.findChildren(ValueLabel)
    assert [label.text for label in labels] == ["1 of 10", "9 k/s"]
    assert [label.accessibleName() for label in labels] == ["Epoch", "Speed"]
    assert labels[0].accessibleDescription() == "1 of 10"


def test_longer_figures_move_nothing(strip):
    labels = strip.findChildren(ValueLabel)
    places = [label.geometry() for label in labels]
    strip.show_values(("888 of 888", "8,888 k/s"))
    assert [label.geometry() for label in labels] == places


def test_a_figure_too_few_is_a_fault(strip):
    with pytest.raises(ValueError, match="zip"):
        strip.show_values(("1",))
