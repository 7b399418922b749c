"""The map of answers: what is painted, and how cells are looked at."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.features.lens.answer_map import AnswerMapView, MapView
from gui.features.lens.class_colours import class_colour
from gui.features.lens.class_legend import ClassLegend
from gui.style.theme import LIGHT

NAMES = tuple("0123456789")


def view(answers=None, shares=None, names=NAMES):
    answers = np.array([[1, 1, 7], [1, 7, 7], [7, 7, 7]]) if answers is None else answers
    shares = np.ones(answers.shape) if shares is None else shares
    rows, columns = answers.shape
    return MapView(
        answers,
        shares,
        (rows // 2, columns // 2),
        names,
        "Across",
        "Down",
        [str(column) for column in range(columns)],
        [str(row) for row in range(rows)],
    )


@pytest.fixture
def widget(qtbot, themes):
    made = AnswerMapView(themes)
    qtbot.addWidget(made)
    made.resize(400, 360)
    made.show()
    qtbot.waitExposed(made)
    made.show_map(view())
    return made


def colour(widget, cell):
    """The colour beside the middle of a cell, where no mark and no name is."""
    place = widget.grid().rect(cell)
    spot = place.topLeft() + QPointF(place.width() * 0.15, place.height() * 0.2)
    return widget.grab().toImage().pixelColor(spot.toPoint())


def point_at(widget, cell):
    QTest.mouseMove(widget, widget.grid().rect(cell).center().toPoint())


def saturation(shade):
    return shade.hsvSaturation()


def test_cells_have_the_colour_of_their_class(widget):
    for cell, answer in (((0, 0), 1), ((2, 2), 7)):
        hue = class_colour(LIGHT, answer).hsvHue()
        assert abs(colour(widget, cell).hsvHue() - hue) <= 2


def test_the_surer_the_stronger(widget):
    widget.show_map(view(np.full((1, 3), 7), np.array([[0.2, 0.6, 1.0]])))
    strengths = [saturation(colour(widget, (0, column))) for column in range(3)]
    assert strengths[0] < strengths[1] < strengths[2]


def test_there_is_a_line_between_different_answers(widget):
    image = widget.grab().toImage()
    border = widget.grid().rect((0, 1))
    spot = QPointF(border.right(), border.top() + border.height() * 0.2).toPoint()
    shades = [image.pixelColor(spot.x() + off, spot.y()).lightness() for off in (-1, 0, 1)]
    assert min(shades) < 90


def test_the_present_place_is_marked(widget):
    middle = widget.grid().rect((1, 1)).center().toPoint()
    image, around = widget.grab().toImage(), (-1, 0, 1)
    shades = [
        image.pixelColor(middle.x() + x, middle.y() + y).lightness() for x in around for y in around
    ]
    assert min(shades) < 90


def test_the_mouse_looks_at_a_cell_and_away(widget, qtbot):
    heard = []
    widget.pointed.connect(heard.append)
    QTest.mouseMove(widget, widget.rect().bottomRight())
    point_at(widget, (0, 2))
    point_at(widget, (2, 0))
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
    assert heard == [(0, 2), (2, 0), None]


def test_the_cell_looked_at_is_outlined(widget):
    before = widget.grab().toImage()
    widget.set_cell((0, 2))
    assert widget.grab().toImage() != before


def test_the_arrow_keys_look_at_cells_and_stay_on_the_map(widget):
    heard = []
    widget.pointed.connect(heard.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        QTest.keyClick(widget, key)
    QTest.keyClick(widget, Qt.Key.Key_Escape)
    assert heard == [(1, 2), (0, 2), (0, 1), None]


def test_without_a_map_nothing_is_painted_and_nothing_happens(widget):
    widget.show_map(None)
    image = widget.grab().toImage()
    ground = image.pixelColor(1, 1)
    assert all(image.pixelColor(x, 100) == ground for x in range(0, 400, 5))
    QTest.mouseMove(widget, widget.rect().center())
    QTest.keyClick(widget, Qt.Key.Key_Left)


@pytest.mark.parametrize("size", [(240, 200), (900, 300), (300, 900)])
@pytest.mark.parametrize("shape", [(13, 13), (21, 21), (14, 21)])
def test_all_cells_lie_within_the_widget(widget, qtbot, size, shape):
    widget.resize(*size)
    qtbot.waitUntil(lambda: widget.width() == size[0])
    widget.show_map(view(np.zeros(shape, int)))
    grid = widget.grid()
    assert QPointF(grid.place.bottomRight()).x() <= size[0]
    assert grid.place.bottom() <= size[1] - 20  # room for the words below
    assert grid.at(grid.rect((shape[0] - 1, 2)).center()) == (shape[0] - 1, 2)
    assert grid.at(QPointF(-1, -1)) is None


def test_answers_that_are_no_numbers_do_no_harm(widget):
    widget.show_map(view(shares=np.full((3, 3), np.nan)))
    assert not widget.grab().isNull()


def test_another_theme_repaints(widget, themes):
    before = widget.grab().toImage()
    themes.choose("dark")
    assert widget.grab().toImage() != before


def test_many_classes_have_different_colours():
    shades = {class_colour(LIGHT, index).name() for index in range(47)}
    assert len(shades) == 47


def test_the_legend_shows_colours_and_says_the_names(qtbot, themes):
    legend = ClassLegend(themes)
    qtbot.addWidget(legend)
    legend.resize(200, 20)
    blank = legend.grab().toImage()
    legend.show_entries([(1, "1"), (7, "7")])
    assert legend.accessibleDescription() == "1, 7"
    shown = legend.grab().toImage()
    assert shown != blank
    assert shown.pixelColor(5, 10) == class_colour(LIGHT, 1)


def test_a_legend_that_does_not_fit_ends_with_dots(qtbot, themes):
    legend = ClassLegend(themes)
    qtbot.addWidget(legend)
    legend.resize(60, 20)
    legend.show_entries([(1, "a long name that does not fit")])
    assert shown_width(legend) > 0


def shown_width(widget):
    image = widget.grab().toImage()
    ground = image.pixelColor(image.width() - 1, 0)
    return sum(
        any(image.pixelColor(x, y) != ground for y in range(image.height()))
        for x in range(image.width())
    )
