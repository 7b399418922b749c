"""The strip of the time line: dragging, keys and buttons."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base.events import RunStarted, WeightsSeen
from gui.features.timeline.model import TimelineModel
from gui.features.timeline.panel import TimelinePanel
from tests.support.fresh_runs import fresh_run

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def strip(qtbot, themes):
    """A strip over 21 moments, and where the user went."""
    run, model = fresh_run(), TimelineModel()
    panel, host = TimelinePanel(model, themes), QWidget()
    column = QVBoxLayout(host)
    column.addStretch(1)  # the tabs
    column.addWidget(panel)
    qtbot.addWidget(host)
    host.resize(640, 400)
    host.show()
    model.show_run(run)
    steps = range(10, 210, 10)
    model.accept([RunStarted(0, 500, 50, 32)])
    model.accept([WeightsSeen(s, np.full_like(run.stored_params, s)) for s in steps])
    panel.went = []
    panel.moved.connect(panel.went.append)
    panel.moved.connect(model.hold)
    panel.model, panel.host = model, host  # else Python lets go of the host
    return panel


def spot(slider, share):
    return QPoint(12 + round(share * (slider.width() - 24)), slider.height() // 2)


def test_it_stands_at_the_present_and_hides_what_concerns_the_past(strip):
    assert strip.slider.at_present
    assert not strip.back.isVisible()


def test_dragging_goes_through_the_moments(strip, qtbot):
    slider = strip.slider
    qtbot.mousePress(slider, _LEFT, pos=spot(slider, 1.0))
    for share in (0.75, 0.5, 0.25):
        qtbot.mouseMove(slider, spot(slider, share))
    qtbot.mouseRelease(slider, _LEFT, pos=spot(slider, 0.25))
    qtbot.mouseMove(slider, spot(slider, 0.9))  # nothing is held any more
    assert strip.went == [15, 10, 5]
    assert strip.back.isVisible()
    assert strip.slider.accessibleDescription() == "Iteration 50, epoch 1.00"


def test_the_slider_stays_under_the_mouse_when_the_buttons_come(strip, qtbot):
    slider = strip.slider
    host = strip.host
    before = slider.mapTo(host, QPoint(0, 0))
    qtbot.mouseClick(slider, _LEFT, pos=spot(slider, 0.5))
    qtbot.waitUntil(strip.back.isVisible)
    assert slider.mapTo(host, QPoint(0, 0)) == before


def test_keys_go_from_moment_to_moment(strip, qtbot):
    slider = strip.slider
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(slider, key)
    assert strip.went == [19, 18, 0, 20]
    assert not strip.back.isVisible()


@pytest.mark.parametrize(
    ("button", "signal"),
    [("back", "back_wanted"), ("export", "export_wanted"), ("train", "train_wanted")],
)
def test_buttons_say_what_is_wanted(strip, qtbot, button, signal):
    strip.model.hold(3)
    with qtbot.waitSignal(getattr(strip, signal)):
        qtbot.mouseClick(getattr(strip, button), _LEFT)


def test_new_moments_do_not_count_as_the_users_choice(strip):
    strip.model.accept([WeightsSeen(300, np.zeros_like(strip.model.moments[0].params))])
    assert strip.went == []
    assert strip.slider.at_present


def test_with_one_moment_there_is_nothing_to_drag(qtbot, themes):
    panel = TimelinePanel(TimelineModel(), themes)
    qtbot.addWidget(panel)
    assert not panel.slider.isEnabled()


def test_it_fits_a_narrow_window(strip):
    strip.model.hold(3)
    assert strip.minimumSizeHint().width() <= 520


def test_it_paints_in_both_themes_with_many_and_with_few_marks(strip, themes):
    strip.model.hold(3)
    strip.slider.setFocus()
    pictures = []
    for theme in ("light", "dark"):
        themes.choose(theme)
        pictures.append(strip.grab().toImage())
    assert pictures[0] != pictures[1]
    before = strip.slider.grab().toImage()
    strip.slider.show_moments(2000, 3, range(0, 2000, 2))
    assert strip.slider.grab().toImage() != before


def test_from_right_to_left_time_runs_the_other_way(strip, qtbot):
    strip.slider.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.mouseClick(strip.slider, _LEFT, pos=spot(strip.slider, 0.25))
    assert strip.went == [15]
