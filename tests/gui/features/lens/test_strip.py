"""The strip of steps: pictures, switches and sentences."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from core.imaging.lens.lens import ALL, LensStages, look
from gui.features.lens.step_picture import StepPicture
from gui.features.lens.strip import LensStrip

SEVEN = [np.array([[60, 60, 1], [160, 66, 1], [110, 200, 1]], np.float32)]
TITLES = ["Drawn", "Painted", "Box", "Size", "Pen", "Centre", "Contrast"]


@pytest.fixture
def strip(qtbot, themes):
    made = LensStrip(themes)
    qtbot.addWidget(made)
    made.resize(616, 140)
    made.show()
    qtbot.waitExposed(made)
    show(made)
    return made


def show(strip, strokes=SEVEN, stages=ALL):
    strip.show_steps(strokes, 18.0, 280.0, look(strokes, 9.0, stages, 280.0).steps)


def picture(strip, title):
    return next(
        each for each in strip.findChildren(StepPicture) if each.accessibleName() == f"Step {title}"
    )


def switch(strip, title):
    return next(each for each in strip.findChildren(QCheckBox) if each.text() == title)


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def lightest(widget):
    image = widget.grab().toImage()
    return max(
        image.pixelColor(x, y).lightness()
        for x in range(4, image.width() - 4)
        for y in range(4, image.height() - 4)
    )


def test_each_step_has_its_picture_from_left_to_right(strip):
    places = [picture(strip, title).mapTo(strip, picture(strip, title).rect().center()).x()
              for title in TITLES]  # fmt: skip
    assert places == sorted(places)
    assert all(lightest(picture(strip, title)) > 200 for title in TITLES)


def test_the_last_picture_is_the_current_one_and_the_largest(strip):
    assert strip.current == "contrast"
    assert picture(strip, "Contrast").width() == 2 * picture(strip, "Box").width()
    assert strip.sentence == "The darkest ink is 255 already."


def test_another_picture_can_be_made_the_current_one(strip, qtbot):
    with qtbot.waitSignal(strip.current_changed) as told:
        click(picture(strip, "Size"))
    assert told.args == ["scale"]
    assert picture(strip, "Size").width() == 2 * picture(strip, "Contrast").width()
    assert "its longer side becomes 20 pixels" in strip.sentence
    click(picture(strip, "Drawn"))
    assert strip.sentence.startswith("Your strokes, as you drew them.")


def test_keys_choose_pictures(strip, qtbot):
    last = picture(strip, "Contrast")
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Left)
    assert strip.current == "centre"


def test_a_switch_tells_which_step_is_left_out(strip, qtbot):
    with qtbot.waitSignal(strip.switched) as told:
        click(switch(strip, "Box"))
    assert told.args == ["box", False]


def test_a_step_left_out_is_faint_and_its_switch_is_off(strip):
    before = lightest(picture(strip, "Centre"))
    show(strip, stages=LensStages(centre=False))
    assert not switch(strip, "Centre").isChecked()
    assert lightest(picture(strip, "Centre")) < 0.6 * before


def test_the_steps_explain_themselves_to_screen_readers(strip):
    assert "moves to the middle" in picture(strip, "Box").accessibleDescription()
    assert switch(strip, "Pen").accessibleDescription().startswith("Widen a pen")


def test_other_strokes_are_other_pictures(strip):
    before = picture(strip, "Drawn").grab().toImage()
    show(strip, [np.array([[200, 60, 1], [210, 240, 1]], np.float32)])
    assert picture(strip, "Drawn").grab().toImage() != before


@pytest.mark.parametrize("width", [540, 616, 800, 1200])
def test_everything_fits_the_width(strip, qtbot, width):
    strip.resize(width, strip.height())
    qtbot.waitUntil(lambda: strip.width() == width)
    for key in ("contrast", "drawn", "box"):
        strip.set_current(key)
        right = max(each.mapTo(strip, each.rect().topRight()).x()
                    for each in strip.findChildren(StepPicture))  # fmt: skip
        assert right < width


def test_an_unknown_step_is_refused(strip):
    with pytest.raises(KeyError):
        strip.set_current("sepia")
