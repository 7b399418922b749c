from dataclasses import replace

import numpy as np
import pytest

from core.base.events import WeightsSeen
from core.imaging.synthesis import Hand
from core.imaging.synthesis.own import OwnTemplate
from gui.features.handwriting.model import SAMPLES, HandwritingModel, grouped
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor

BAR = OwnTemplate(7, (((0.0, 4.5), (9.0, 4.5)),))


@pytest.fixture
def model():
    return HandwritingModel()


def with_hand(model, **habits):
    return replace(model.style, hand=replace(model.style.hand, **habits))


def test_all_ten_digits_stand_in_columns_of_ten(model):
    np.testing.assert_array_equal(model.labels.reshape(10, 10)[:, 4], 4)
    assert model.images.shape == (SAMPLES, 28, 28)


def test_one_digit_fills_the_grid(model):
    model.choose(7)
    assert (model.labels == 7).all()


def test_a_moved_slider_changes_the_same_digits(model):
    before = model.images.copy()
    model.set_style(with_hand(model, pen=model.style.hand.pen * 1.01))
    after = model.images.astype(int)
    assert not np.array_equal(after, before)
    # Other digits would differ nearly everywhere there is ink.
    assert np.abs(after - before).mean() < 3
    model.set_style(with_hand(model, pen=model.style.hand.pen / 1.01))
    assert np.abs(model.images.astype(int) - before).mean() < 0.5


def test_shuffling_draws_others_and_says_so(qtbot, model):
    before = model.images
    with qtbot.waitSignal(model.changed):
        model.shuffle()
    assert not np.array_equal(model.images, before)


def test_the_network_reads_and_the_wrong_ones_are_marked(model):
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    assert model.rating == "The network reads 10 of 100."
    assert [k for k, mark in enumerate(model.marks) if mark is None] == list(range(3, 100, 10))
    assert set(model.marks) == {None, "wrong"}
    model.choose(3)
    assert model.rating == "The network reads 100 of 100."
    assert model.tooltip(0).startswith("A 3, read as a 3 (")
    assert model.tooltip(100) == ""


def test_new_weights_are_read_with_at_once(qtbot, model):
    network, params = blind_network()
    reader = predictor(network, params)
    model.set_predictor(reader, NAMES, SHAPE)
    assert model.marks[3] is None
    reader.set_params(np.zeros_like(params))  # now everything is a 0
    with qtbot.waitSignal(model.changed):
        model.accept([WeightsSeen(1, params)])
    assert model.marks[0] is None
    assert model.marks[3] == "wrong"


def test_without_a_network_nothing_is_marked(model):
    assert set(model.marks) == {None}
    assert model.rating.startswith("Train a network")
    assert model.tooltip(3) == "A 3"


def test_a_network_for_other_things_does_not_read_digits(model):
    model.set_predictor(predictor(*blind_network()), tuple("ABCDEFGHIJ"), SHAPE)
    assert set(model.marks) == {None}
    assert "no digits" in model.rating


def test_own_ways_come_first_and_say_which_they_are(model):
    shipped = len(model.ways)
    model.set_style(replace(model.style, templates=(OwnTemplate(2, BAR.strokes), BAR)))
    assert [way.own for way in model.ways[:3]] == [0, 1, None]
    assert len(model.ways) == shipped + 2
    model.choose(7)
    first = model.ways[0]
    assert (first.own, first.digit, len(first.points)) == (1, 7, 2)
    np.testing.assert_allclose(first.strokes[0][:, 1], 0, atol=1e-6)
    assert model.ways_counts.startswith("1 of yours, ")


@pytest.mark.parametrize(
    ("ways", "own", "builtin"), [("both", True, True), ("own", True, False),
                                 ("builtin", False, True)],
)  # fmt: skip
def test_ways_out_of_use_are_known(model, ways, own, builtin):
    model.choose(7)
    model.set_style(replace(model.style, templates=(BAR,), ways=ways))
    assert (model.ways[0].used, model.ways[1].used) == (own, builtin)


def test_every_habit_has_a_heading():
    names = list(Hand.__dataclass_fields__)
    groups = grouped([*names, "something_new"])
    assert list(groups) == ["Slope", "Pen", "Shape"]
    assert sorted(sum(groups.values(), [])) == sorted([*names, "something_new"])
    assert "slant" in groups["Slope"]
    assert "pressure" in groups["Pen"]
