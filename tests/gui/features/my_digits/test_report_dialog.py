import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.features.my_digits.report_dialog import ReportDialog
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.probability_bars import ProbabilityBars
from tests.support.teaching_reports import answers, model

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot, themes):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def make(window, themes, qtbot):
    def build(**changes):
        made = ReportDialog(model(**changes), themes, window)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        made.show()
        qtbot.waitExposed(made)
        return made

    return build


def words(dialog):
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible()]


def named(dialog, kind, name):
    return next(one for one in dialog.findChildren(kind) if one.accessibleName() == name)


def test_it_does_not_block_the_window(make):
    assert not make().isModal()


def test_it_shows_all_sentences(make):
    shown = words(make())
    for sentence in (
        "Now it reads 2 of your 2 drawings right; before, 1",
        "Validation accuracy 97.31 % → 97.28 %",
        "3 digits flipped: 2 got worse, 1 better.",
        "Your handwriting 84.0 % → 90.0 %",
    ):
        assert sentence in shown


def test_the_flipped_digits_are_pictures_with_both_answers(make):
    grid = named(make(), ImageGrid, "Flipped digits: old answer and new")
    assert grid.count == 3
    assert grid.isVisible()


def test_the_bars_are_of_the_drawing_that_was_clicked(make):
    dialog = make()
    before = named(dialog, ProbabilityBars, "Before the lesson")
    assert before.accessibleDescription() == "The answer is 1, 91.0 %."
    drawings = named(dialog, ImageGrid, "Your drawings: answer before and now")
    place = drawings.tile_rect(1).center().toPoint()
    QTest.mouseClick(drawings.viewport(), LEFT, pos=place)
    assert before.accessibleDescription() == "The answer is 7, 91.0 %."


def test_one_drawing_is_shown_large_in_place_of_the_grid(make):
    import numpy as np

    dialog = make(labels=np.array([7], np.uint8), before=answers(1), after=answers(7))
    assert not named(dialog, ImageGrid, "Your drawings: answer before and now").isVisible()
    assert "Now it reads your drawing as a 7" in words(dialog)


@pytest.mark.parametrize("by_key", [True, False])
def test_keep_is_told_once_and_closes(make, by_key):
    dialog, told = make(), []
    dialog.kept.connect(lambda: told.append(True))
    if by_key:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    else:
        keep = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Keep")
        QTest.mouseClick(keep, LEFT)
    assert told == [True]
    assert not dialog.isVisible()


@pytest.mark.parametrize("by_key", [True, False])
def test_undo_and_escape_close_without_keeping(make, by_key):
    dialog, told = make(), []
    dialog.kept.connect(lambda: told.append(True))
    if by_key:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        undo = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Undo")
        QTest.mouseClick(undo, LEFT)
    assert told == []
    assert not dialog.isVisible()
