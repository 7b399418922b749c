import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.features.curves.tools import SMOOTHINGS, CurveTools


@pytest.fixture
def tools(qtbot, themes):
    tools = CurveTools(0.95)
    tools.set_theme(themes.current)
    qtbot.addWidget(tools)
    tools.show()
    return tools


def test_the_slider_starts_at_the_smoothing_in_force(tools):
    assert SMOOTHINGS[tools.smoothing.value()] == 0.95


def test_a_smoothing_between_two_stops_shows_the_nearer(qtbot, themes):
    tools = CurveTools(0.96)
    qtbot.addWidget(tools)
    assert SMOOTHINGS[tools.smoothing.value()] == 0.95


def test_the_arrow_keys_smooth_more_and_less(tools, qtbot):
    tools.smoothing.setFocus()
    with qtbot.waitSignal(tools.smoothing_chosen) as told:
        QTest.keyClick(tools.smoothing, Qt.Key.Key_Right)
    assert told.args == [0.98]


@pytest.mark.parametrize("kind", ["png", "svg", "csv"])
def test_each_kind_of_file_can_be_asked_for(tools, qtbot, kind):
    action = next(
        a for a in tools.export.menu().actions() if kind.upper() in a.text().replace("&", "")
    )
    with qtbot.waitSignal(tools.export_requested) as told:
        action.trigger()
    assert told.args == [kind]


def test_clicks_are_told(tools, qtbot):
    for button, signal, state in (
        (tools.log, tools.log_toggled, True), (tools.follow, tools.follow_clicked, False),
    ):  # fmt: skip
        with qtbot.waitSignal(signal) as told:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert told.args == [state]


def test_it_says_which_iteration_is_pointed_at_without_growing(tools):
    before = tools.minimumSizeHint()
    tools.show_place("Iteration 3,000,000 · epoch 1234.56")
    assert tools.place() == "Iteration 3,000,000 · epoch 1234.56"
    assert tools.minimumSizeHint() == before
