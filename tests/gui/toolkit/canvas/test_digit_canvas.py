"""Drawing with mouse, finger, pen and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAction,
    QInputDevice,
    QKeySequence,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from gui.toolkit.canvas.digit_canvas import DigitCanvas

LEFT = Qt.MouseButton.LeftButton
SEVEN = ((80, 80), (120, 76), (190, 80), (160, 150), (130, 230))


@pytest.fixture
def canvas(qtbot) -> DigitCanvas:
    made = DigitCanvas()
    qtbot.addWidget(made)
    made.resize(280, 280)  # one logical pixel per unit
    made.show()
    qtbot.waitExposed(made)
    return made


def drag(canvas: DigitCanvas, *places: tuple[int, int], release: bool = True) -> None:
    spots = [QPoint(*place) for place in places]
    QTest.mousePress(canvas, LEFT, pos=spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(canvas, spot)
    if release:
        QTest.mouseRelease(canvas, LEFT, pos=spots[-1])


def brightness(canvas: DigitCanvas, x: int, y: int) -> int:
    return canvas.grab().toImage().pixelColor(x, y).lightness()


def test_a_drag_makes_one_smooth_stroke_from_press_to_release(canvas):
    drag(canvas, *SEVEN)
    (stroke,) = canvas.strokes()
    assert stroke.dtype == np.float32
    np.testing.assert_array_equal(stroke[[0, -1]], [[80, 80, 1], [130, 230, 1]])
    steps = np.hypot(*np.diff(stroke[:, :2], axis=0).T)
    assert steps.max() < 5
    assert brightness(canvas, 110, 77) > 200
    assert brightness(canvas, 40, 200) < 40


def test_a_click_makes_a_dot(canvas):
    QTest.mouseClick(canvas, LEFT, pos=QPoint(140, 140))
    (stroke,) = canvas.strokes()
    assert stroke.shape == (1, 3)
    assert brightness(canvas, 140, 140) > 200


def test_the_right_button_does_not_draw(canvas):
    QTest.mouseClick(canvas, Qt.MouseButton.RightButton, pos=QPoint(140, 140))
    assert canvas.empty


def test_each_move_is_told_while_drawing_and_the_step_only_at_the_end(canvas, qtbot):
    heard = []
    canvas.changed.connect(lambda: heard.append("changed"))
    canvas.history_changed.connect(lambda: heard.append("history"))
    drag(canvas, *SEVEN, release=False)
    assert heard.count("changed") == len(SEVEN)
    assert heard.count("history") == 0
    assert len(canvas.strokes()) == 1
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(*SEVEN[-1]))
    assert heard.count("history") == 1


def test_a_line_that_leaves_the_paper_stays_within_it(canvas):
    drag(canvas, (140, 140), (400, 140), (400, -50))
    (stroke,) = canvas.strokes()
    assert stroke[:, :2].min() >= 0
    assert stroke[:, :2].max() <= 280


def test_units_do_not_depend_on_the_size_of_the_widget(canvas, qtbot):
    canvas.resize(560, 700)  # the square lies in the middle: 70 above, 70 below
    qtbot.waitUntil(lambda: canvas.height() == 700)
    drag(canvas, (160, 230), (400, 230))
    (stroke,) = canvas.strokes()
    np.testing.assert_allclose(stroke[[0, -1], :2], [[80, 80], [200, 80]])


def test_resizing_keeps_the_drawing_and_shows_it_larger(canvas, qtbot):
    drag(canvas, *SEVEN)
    before = canvas.strokes()
    canvas.resize(560, 560)
    qtbot.waitUntil(lambda: canvas.height() == 560)
    np.testing.assert_array_equal(canvas.strokes()[0], before[0])
    assert brightness(canvas, 220, 154) > 200


def test_every_kind_of_step_can_be_undone_and_redone(canvas):
    drag(canvas, *SEVEN)
    canvas.set_tool("eraser")
    drag(canvas, (150, 40), (150, 120))
    assert len(canvas.strokes()) == 2
    canvas.clear()
    assert canvas.empty
    canvas.undo()
    assert len(canvas.strokes()) == 2
    canvas.undo()
    assert len(canvas.strokes()) == 1
    canvas.undo()
    assert canvas.empty
    assert not canvas.can_undo
    for count in (1, 2, 0):
        canvas.redo()
        assert len(canvas.strokes()) == count
    assert not canvas.can_redo


def test_the_eraser_removes_ink_where_it_passes_and_nowhere_else(canvas):
    drag(canvas, (40, 140), (240, 140))
    canvas.set_tool("eraser")
    drag(canvas, (140, 110), (140, 170))
    canvas.set_tool("pen")
    assert brightness(canvas, 140, 140) < 40
    assert brightness(canvas, 80, 140) > 200
    assert brightness(canvas, 200, 140) > 200


def test_a_rub_that_touches_nothing_is_no_step(canvas):
    drag(canvas, (40, 40), (240, 40))
    canvas.set_tool("eraser")
    drag(canvas, (40, 240), (240, 240))
    canvas.undo()
    assert canvas.empty


def test_what_is_painted_piece_by_piece_is_what_a_full_redraw_paints(canvas):
    drag(canvas, *SEVEN)
    canvas.set_tool("eraser")
    drag(canvas, (150, 40), (150, 120), (120, 130))
    canvas.set_tool("pen")
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    pieces = canvas.grab().toImage()
    canvas.set_pen_width(30)
    canvas.set_pen_width(18)
    whole = canvas.grab().toImage()
    spots = [(x, y) for x in range(0, 280, 3) for y in range(0, 280, 3)]
    gaps = [
        abs(pieces.pixelColor(x, y).lightness() - whole.pixelColor(x, y).lightness())
        for x, y in spots
    ]
    assert max(gaps) < 90  # soft edges are painted twice where pieces meet
    assert np.mean(gaps) < 0.5


def test_the_pen_width_changes_what_is_drawn_already(canvas, qtbot):
    drag(canvas, (40, 140), (240, 140))
    assert brightness(canvas, 140, 155) < 40
    with qtbot.waitSignal(canvas.changed):
        canvas.set_pen_width(40)
    assert brightness(canvas, 140, 155) > 200


@pytest.mark.parametrize(("asked", "given"), [(1, 5), (100, 40), (12.5, 12.5)])
def test_the_pen_width_is_held_within_its_limits(canvas, asked, given):
    canvas.set_pen_width(asked)
    assert canvas.pen_width == given


def test_an_unknown_tool_is_refused(canvas):
    with pytest.raises(KeyError):
        canvas.set_tool("spray")
    assert canvas.tool == "pen"


def test_strokes_can_be_set_and_taken_back(canvas):
    canvas.set_strokes([np.array([[10, 20, 1], [30, 40, 0.5]])])
    np.testing.assert_array_equal(canvas.strokes()[0], [[10, 20, 1], [30, 40, 0.5]])
    canvas.undo()
    assert canvas.empty


def test_changing_a_returned_stroke_does_not_change_the_drawing(canvas):
    drag(canvas, *SEVEN)
    canvas.strokes()[0][:] = 0
    assert canvas.strokes()[0].max() > 0


# -- keys ------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_clears(canvas, key):
    drag(canvas, *SEVEN)
    QTest.keyClick(canvas, key)
    assert canvas.empty
    assert canvas.can_undo


def test_arrow_keys_push_the_drawing_as_one_step(canvas):
    drag(canvas, *SEVEN)
    start = canvas.strokes()[0]
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    np.testing.assert_allclose(canvas.strokes()[0] - start, [[10, 1, 0]] * len(start), atol=1e-4)
    canvas.undo()
    np.testing.assert_array_equal(canvas.strokes()[0], start)


def test_escape_takes_back_the_line_being_drawn(canvas):
    drag(canvas, *SEVEN, release=False)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.empty
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(130, 230))
    assert canvas.empty
    assert not canvas.can_undo


def test_undo_is_the_canvas_s_with_its_focus_and_the_window_s_without(qtbot):
    window, undone = QMainWindow(), []
    qtbot.addWidget(window)
    canvas = DigitCanvas()
    window.setCentralWidget(canvas)
    action = QAction("Undo", window)
    action.setShortcut(QKeySequence(QKeySequence.StandardKey.Undo))
    action.triggered.connect(lambda: undone.append(True))
    window.menuBar().addMenu("Edit").addAction(action)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    drag(canvas, *SEVEN)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier

    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Z, control)
    assert canvas.empty
    QTest.keyClick(canvas, Qt.Key.Key_Z, control | shift)
    assert not canvas.empty
    QTest.keyClick(canvas, Qt.Key.Key_Z, control)
    QTest.keyClick(canvas, Qt.Key.Key_Y, control)
    assert not canvas.empty
    assert undone == []

    canvas.clearFocus()
    QTest.keyClick(window, Qt.Key.Key_Z, control)
    assert not canvas.empty
    assert undone == [True]


@pytest.mark.parametrize(("key", "change"), [("+", 2), ("=", 2), ("]", 2), ("-", -2), ("[", -2)])
def test_keys_change_the_pen(canvas, qtbot, key, change):
    with qtbot.waitSignal(canvas.pen_width_changed) as told:
        QTest.keyClick(canvas, key)
    assert told.args == [18 + change]
    assert canvas.pen_width == 18 + change


def turn_wheel(canvas, eighths):
    place = QPointF(140, 140)
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        place, canvas.mapToGlobal(place), QPoint(), QPoint(0, eighths), *none, False
    )
    QApplication.sendEvent(canvas, event)


def test_the_wheel_changes_the_pen_by_whole_notches(canvas):
    turn_wheel(canvas, 120)
    assert canvas.pen_width == 20
    for _ in range(4):  # a touch pad sends small parts of a notch
        turn_wheel(canvas, -30)
    assert canvas.pen_width == 18
    turn_wheel(canvas, -100 * 120)
    assert canvas.pen_width == 5


def test_the_grid_shows_the_pixels_and_leaves_the_ink_alone(canvas):
    drag(canvas, *SEVEN)
    before = canvas.grab().toImage()
    canvas.set_grid(True)
    after = canvas.grab().toImage()
    # A line every 10 units; between them nothing, and the ink covers them.
    lines = [after.pixelColor(x, 13) != before.pixelColor(x, 13) for x in range(8, 33)]
    assert lines.count(True) == 3
    assert after.pixelColor(150, 77) == before.pixelColor(150, 77)
    canvas.set_grid(False)
    assert canvas.grab().toImage() == before


# -- finger and pen --------------------------------------------------------------------


@pytest.fixture(scope="module")
def touch_screen(qapp) -> QPointingDevice:
    return QTest.createTouchDevice()


def test_a_finger_draws_one_stroke(canvas, touch_screen):
    QTest.touchEvent(canvas, touch_screen).press(0, QPoint(80, 80), canvas).commit()
    for place in SEVEN[1:]:
        QTest.touchEvent(canvas, touch_screen).move(0, QPoint(*place), canvas).commit()
    QTest.touchEvent(canvas, touch_screen).release(0, QPoint(130, 230), canvas).commit()
    (stroke,) = canvas.strokes()
    np.testing.assert_allclose(stroke[[0, -1], :2], [[80, 80], [130, 230]])
    canvas.undo()
    assert canvas.empty


def test_a_resting_palm_does_not_draw(canvas, touch_screen):
    QTest.touchEvent(canvas, touch_screen).press(0, QPoint(80, 80), canvas).commit()
    both = QTest.touchEvent(canvas, touch_screen)
    both.move(0, QPoint(120, 80), canvas).press(1, QPoint(200, 250), canvas).commit()
    both = QTest.touchEvent(canvas, touch_screen)
    both.release(0, QPoint(120, 80), canvas).release(1, QPoint(200, 250), canvas).commit()
    (stroke,) = canvas.strokes()
    assert stroke[:, 1].max() == pytest.approx(80)


def send_mouse(canvas: DigitCanvas, kind: QEvent.Type, place: QPointF, *, made_up: bool) -> None:
    origin = Qt.MouseEventSource
    source = origin.MouseEventSynthesizedBySystem if made_up else origin.MouseEventNotSynthesized
    everywhere = canvas.mapToGlobal(place)
    none = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, place, place, everywhere, LEFT, LEFT, none, source)
    QApplication.sendEvent(canvas, event)


def test_mouse_events_made_up_from_touches_do_not_draw_twice(canvas, touch_screen):
    QTest.touchEvent(canvas, touch_screen).press(0, QPoint(80, 80), canvas).commit()
    QTest.touchEvent(canvas, touch_screen).release(0, QPoint(80, 80), canvas).commit()
    send_mouse(canvas, QEvent.Type.MouseButtonPress, QPointF(80, 80), made_up=True)
    send_mouse(canvas, QEvent.Type.MouseButtonRelease, QPointF(80, 80), made_up=True)
    assert len(canvas.strokes()) == 1


def test_where_only_made_up_mouse_events_arrive_they_draw(canvas):
    send_mouse(canvas, QEvent.Type.MouseButtonPress, QPointF(80, 80), made_up=True)
    send_mouse(canvas, QEvent.Type.MouseButtonRelease, QPointF(80, 80), made_up=True)
    assert len(canvas.strokes()) == 1


def send_pen(canvas: DigitCanvas, kind: str, x: float, pressure: float, tip: str = "Pen") -> bool:
    pointer = QPointingDevice.PointerType[tip]
    device = QPointingDevice(
        "stylus",
        1,
        QInputDevice.DeviceType.Stylus,
        pointer,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
        1,
        2,
    )
    place = QPointF(x, 140)
    button = Qt.MouseButton.NoButton if kind == "Move" else LEFT
    event = QTabletEvent(
        QEvent.Type[f"Tablet{kind}"],
        device,
        place,
        canvas.mapToGlobal(place),
        pressure,
        0,
        0,
        0,
        0,
        0,
        Qt.KeyboardModifier.NoModifier,
        button,
        LEFT,
    )
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()


def test_a_pen_draws_with_its_pressure(canvas):
    assert send_pen(canvas, "Press", 40, 0.1)
    for x in range(60, 240, 20):
        send_pen(canvas, "Move", x, x / 240)
    send_pen(canvas, "Release", 240, 0.0)
    (stroke,) = canvas.strokes()
    assert stroke[0, 2] == pytest.approx(0.1)
    assert stroke[-1, 2] > 0.8
    assert (np.diff(stroke[:, 2]) >= 0).all()
    light = sum(brightness(canvas, 60, y) > 100 for y in range(120, 160))
    heavy = sum(brightness(canvas, 210, y) > 100 for y in range(120, 160))
    assert heavy > light > 0


def test_the_other_end_of_the_pen_rubs_out(canvas):
    drag(canvas, (40, 140), (240, 140))
    send_pen(canvas, "Press", 140, 1.0, "Eraser")
    send_pen(canvas, "Release", 140, 0.0, "Eraser")
    assert len(canvas.strokes()) == 2


def test_a_hovering_pen_does_not_draw(canvas):
    send_pen(canvas, "Move", 100, 0.0)
    assert canvas.empty


# -- looks and words -------------------------------------------------------------------


def test_paper_is_dark_and_says_what_to_do_until_something_is_drawn(canvas):
    hinted = canvas.grab().toImage()
    light = [hinted.pixelColor(x, 140).lightness() for x in range(60, 220)]
    assert max(light) > 100
    assert hinted.pixelColor(20, 20).lightness() < 40
    drag(canvas, (20, 20), (20, 30))
    after = canvas.grab().toImage()
    assert max(after.pixelColor(x, 140).lightness() for x in range(60, 220)) < 60


def test_a_screen_reader_hears_how_many_strokes_there_are(canvas):
    assert canvas.accessibleDescription().startswith("No strokes")
    drag(canvas, *SEVEN)
    assert canvas.accessibleDescription().startswith("1 stroke.")
