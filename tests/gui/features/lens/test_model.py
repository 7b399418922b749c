import numpy as np
import pytest

from core.base.events import WeightsSeen
from core.imaging.lens.lens import ALL, LensStages, look
from core.imaging.lens.lens_map import BEFORE
from core.nn.layers.dense import Dense
from core.nn.network import Network
from gui.features.lens.model import LensModel
from gui.session.jobs import Jobs
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor, template_network

PAPER = 280.0
LINE = np.array([[40, 140, 1], [240, 140, 1]], np.float32)  # level: row 14 in its frame
DOT = np.array([[140, 140, 1]], np.float32)


@pytest.fixture
def jobs(qtbot):
    made = Jobs()
    yield made
    made.shut_down()


@pytest.fixture
def model(jobs):
    made = LensModel(jobs)
    made.set_visible(True)
    return made


@pytest.fixture
def reading(model, qtbot):
    """A model with a network that knows rows, and its map of a level line."""
    model.set_predictor(predictor(*template_network()), NAMES, SHAPE)
    model.set_strokes([LINE], 9.0, PAPER)
    qtbot.waitUntil(lambda: model.map is not None)
    return model


def drawn(model, qtbot, strokes=(LINE,)):
    model.set_strokes(strokes, 9.0, PAPER)
    qtbot.waitUntil(lambda: not model.empty)


def another_map(model, qtbot, change):
    before = model.map
    change()
    qtbot.waitUntil(lambda: model.map is not None and model.map is not before)
    return model.map


def test_at_first_nothing_is_there(model):
    assert model.empty
    assert model.map is None
    assert model.shown.probabilities is None


def test_strokes_are_followed_step_by_step(model, qtbot):
    drawn(model, qtbot)
    np.testing.assert_array_equal(model.lens.image, look([LINE], 9.0, ALL, PAPER).image)
    assert model.shown.words == "As it is"


def test_many_strokes_in_a_row_are_looked_at_once(model, qtbot):
    heard = []
    model.changed.connect(lambda: heard.append(True))
    for _ in range(50):
        model.set_strokes([LINE], 9.0, PAPER)
    qtbot.waitUntil(lambda: not model.empty)
    assert len(heard) == 1


def test_without_a_network_it_says_what_to_do(model, qtbot):
    drawn(model, qtbot)
    assert model.note == "Train a network first: then this map shows how its answer changes."
    assert model.shown.answer == ""


def test_the_map_tells_how_far_the_answer_holds(reading):
    # The template network reads ink in row 14 as class 7.
    assert reading.shown.answer.startswith("It is a 7")
    assert reading.note.startswith("It stays a 7 for any shift to left or right shown here, and ")
    assert (7, "7") in reading.legend


def test_a_cell_of_the_map_can_be_looked_at(reading):
    row, column = reading.map.present
    reading.point_at((row + 2, column))
    assert reading.shown.words == "2 pixels down"
    np.testing.assert_array_equal(reading.shown.image, reading.map.images[row + 2, column])
    assert reading.shown.probabilities.argmax() == 8
    reading.point_at(None)
    assert reading.shown.words == "As it is"


def test_each_kind_of_map_can_be_chosen(reading, qtbot):
    found = another_map(reading, qtbot, lambda: reading.set_kind("turn"))
    assert found.across.key == "turn"
    assert "for turns from" in reading.note
    found = another_map(reading, qtbot, lambda: reading.set_kind("pen"))
    assert found.down.key == "pen"


def test_changes_before_the_steps_are_undone_by_them(reading, qtbot):
    another_map(reading, qtbot, lambda: reading.set_where(BEFORE))
    assert reading.note.endswith("The box undoes every shift.")
    assert len(reading.legend) == 1


def test_a_step_can_be_left_out(reading, qtbot):
    with qtbot.waitSignal(reading.stages_changed) as told:
        another_map(reading, qtbot, lambda: reading.set_step("box", False))
    assert told.args == [LensStages(box=False)]
    assert not reading.lens.steps[1].taken
    assert reading.map.images.shape[2:] == SHAPE


def test_new_weights_make_a_new_map(model, qtbot):
    reader = predictor(*blind_network())
    model.set_predictor(reader, NAMES, SHAPE)
    model.set_strokes([LINE], 9.0, PAPER)
    qtbot.waitUntil(lambda: model.map is not None)
    assert (model.map.answers == 3).all()
    reader.set_params(template_network()[1])
    found = another_map(model, qtbot, lambda: model.accept([WeightsSeen(5, reader.params)]))
    assert found.answers[found.present] == 7


def test_a_stroke_drawn_while_a_map_is_made_has_its_own(reading, qtbot):
    reading.set_strokes([DOT], 9.0, PAPER)
    reading.set_strokes([LINE, DOT], 9.0, PAPER)
    other = look([LINE, DOT], 9.0, ALL, PAPER).image.astype(int)

    def newest():
        found = reading.map
        return found is not None and np.abs(found.images[found.present] - other).max() <= 6

    qtbot.waitUntil(newest)


def test_an_erased_drawing_has_no_map(reading, qtbot):
    reading.set_strokes([], 9.0, PAPER)
    qtbot.waitUntil(lambda: reading.empty)
    assert reading.map is None
    assert reading.cell is None


def test_without_the_network_its_map_is_gone(reading):
    reading.set_predictor(None)
    assert reading.map is None
    assert reading.legend == []


def test_unseen_nothing_is_computed_until_it_is_shown(model, qtbot):
    model.set_visible(False)
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    with qtbot.assertNotEmitted(model.changed, wait=150):
        model.set_strokes([LINE], 9.0, PAPER)
    assert model.empty
    model.set_visible(True)
    assert not model.empty
    qtbot.waitUntil(lambda: model.map is not None)


def test_the_average_digit_of_the_answer_is_told(reading):
    assert reading.mean is None
    means = np.arange(10, dtype=np.float64)[:, None, None] + np.zeros((10, *SHAPE))
    reading.set_means(means)
    name, image = reading.mean
    assert name == "7"
    assert (image == 7).all()
    row, column = reading.map.present
    reading.point_at((row + 2, column))
    assert reading.mean[0] == "8"
    reading.set_means(None)
    assert reading.mean is None


def test_a_network_for_small_images_gets_small_images(model, qtbot):
    network = Network((Dense(10),), 64)
    params = np.zeros(network.param_count, np.float32)
    model.set_predictor(predictor(network, params), NAMES, (8, 8))
    model.set_strokes([LINE], 9.0, PAPER)
    qtbot.waitUntil(lambda: model.map is not None)
    assert model.shown.image.shape == (8, 8)
    model.point_at((0, 0))
    assert model.shown.image.shape == (8, 8)


def test_another_network_has_a_map_of_its_own(reading, qtbot):
    reading.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    assert reading.map is None
    qtbot.waitUntil(lambda: reading.map is not None)
    assert (reading.map.answers == 3).all()
