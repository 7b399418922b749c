import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.base.events import RunFinished, WeightsSeen
from core.nn.layers.dense import Dense
from core.nn.layers.scaling import Scaling
from core.nn.network import Network
from gui.features.weights.model import MAX_TILES, WeightsModel, steady_limit
from tests.support.small_networks import NAMES, SHAPE, hidden_network, template_network

PEAKS = arrays(np.float32, st.integers(1, 40), elements=st.floats(0, 1e6, width=32))


@pytest.fixture
def model():
    return WeightsModel()


def show(model, units=8, **more):
    network, params = hidden_network(units)
    model.show_network(network, params, SHAPE, NAMES, **more)
    return network, params


def test_without_a_network_there_is_nothing_to_show(model):
    assert model.count == 0
    assert model.captions == []
    assert model.summary == ""
    assert model.tiles(dark=False).shape[0] == 0


def test_each_unit_is_one_tile_in_colour(model):
    show(model)
    tiles = model.tiles(dark=False)
    assert tiles.shape == (8, 28, 28, 3)
    assert tiles.dtype == np.uint8
    assert model.captions == ["1", "2", "3", "4", "5", "6", "7", "8"]


def test_positive_weights_are_orange_and_negative_ones_blue(model):
    network, params = hidden_network(2)
    weights = network.views(params, 0)["weights"]
    weights[:, 0], weights[:, 1] = 1.0, -1.0
    model.show_network(network, params, SHAPE)
    up, down = model.tiles(dark=False)[:, 0, 0].astype(int)
    assert up[0] > up[2]
    assert down[2] > down[0]


def test_dark_and_light_grounds_have_other_colours(model):
    show(model)
    assert model.tiles(dark=True).mean() < model.tiles(dark=False).mean()


def test_the_weights_given_are_copied(model):
    _, params = show(model)
    before = model.tiles(dark=False)
    params[:] = 0
    model.set_order("number")
    np.testing.assert_array_equal(model.tiles(dark=False), before)


def test_the_newest_weights_are_shown(model, qtbot):
    network, params = show(model)
    before = model.tiles(dark=False)
    with qtbot.waitSignal(model.changed):
        model.accept([WeightsSeen(5, params), WeightsSeen(1200, -params)])
    assert model.summary == "8 units · iteration 1,200"
    assert (model.tiles(dark=False) != before).any()


def test_weights_of_another_network_are_left_alone(model, qtbot):
    show(model)
    with qtbot.assertNotEmitted(model.changed):
        model.accept([WeightsSeen(5, np.ones(3, np.float32))])
    assert model.summary == "8 units · iteration 0"


def test_clear_shows_nothing_any_more(model):
    show(model)
    model.clear()
    assert model.count == 0
    model.accept([WeightsSeen(5, np.ones(3, np.float32))])
    assert model.count == 0


def test_a_wide_layer_shows_its_first_512_units(model):
    show(model, MAX_TILES + 100, step=7)
    assert model.tiles(dark=False).shape[0] == MAX_TILES
    assert model.summary == "First 512 of 612 units · iteration 7"


def test_by_strength_a_wide_layer_shows_its_strongest_units(model):
    network, params = hidden_network(MAX_TILES + 100)
    network.views(params, 0)["weights"][:, -1] = 1.0
    model.show_network(network, params, SHAPE)
    model.set_order("strength")
    assert model.captions[0] == str(MAX_TILES + 100)
    assert model.summary == "Strongest 512 of 612 units · iteration 0"


def test_by_strength_no_tile_is_weaker_than_the_next(model):
    network, params = show(model, 20)
    model.set_order("strength")
    norms = np.linalg.norm(network.views(params, 0)["weights"], axis=0)
    found = [norms[int(caption) - 1] for caption in model.captions]
    assert found == sorted(found, reverse=True)


def test_the_order_by_strength_waits_until_the_iterations_have_doubled(model):
    network, params = hidden_network(3)
    weights = network.views(params, 0)["weights"]
    weights[:] = np.float32([3, 2, 1])
    model.show_network(network, params, SHAPE, step=100)
    model.set_order("strength")
    weights[:] = np.float32([1, 2, 3])
    model.accept([WeightsSeen(150, params.copy())])
    assert model.captions == ["1", "2", "3"]
    model.accept([WeightsSeen(200, params.copy())])
    assert model.captions == ["3", "2", "1"]


def test_the_order_by_strength_is_renewed_at_the_end(model):
    network, params = hidden_network(3)
    weights = network.views(params, 0)["weights"]
    weights[:] = np.float32([3, 2, 1])
    model.show_network(network, params, SHAPE, step=100)
    model.set_order("strength")
    weights[:] = np.float32([1, 2, 3])
    model.accept([WeightsSeen(150, params.copy())])
    model.accept([RunFinished(150, stopped_early=True)])
    assert model.captions == ["3", "2", "1"]


def test_with_own_scales_a_weak_unit_has_full_contrast(model):
    network, params = hidden_network(3)
    weights = network.views(params, 0)["weights"]
    weights[:, 0] *= 0.01
    model.show_network(network, params, SHAPE)
    pale = np.ptp(model.tiles(dark=False)[0].astype(int))
    model.set_scale("own")
    assert model.limit is None
    assert np.ptp(model.tiles(dark=False)[0].astype(int)) > 2 * pale


def test_a_unit_without_weights_is_blank(model):
    network, params = hidden_network(2)
    params[:] = 0
    model.show_network(network, params, SHAPE)
    for scale in ("common", "own"):
        model.set_scale(scale)
        assert (model.tiles(dark=False) == 255).all()


def test_hovering_tells_the_figures_of_a_unit(model):
    network, params = hidden_network(20)
    layer = network.views(params, 0)
    layer["weights"][:, 16] = 0.0
    layer["weights"][:2, 16] = -0.31, 0.42
    layer["biases"][16] = 0.05
    model.show_network(network, params, SHAPE)
    assert model.hover_text(16) == "Unit 17: weights −0.31 … 0.42, mean 0.00, bias 0.05"


@pytest.mark.parametrize("tile", [-1, 8])
def test_there_is_nothing_to_say_beside_the_tiles(model, tile):
    show(model)
    assert model.hover_text(tile) == ""


def test_without_a_hidden_layer_the_tiles_are_the_classes(model):
    network, params = template_network()
    names = tuple("ABCDEFGHIJ")
    model.show_network(network, params, SHAPE, names)
    assert model.captions == list(names)
    assert model.hover_text(1).startswith("Class B: weights 0.00 … 1.00")
    assert model.summary == "10 classes · iteration 0"


def test_input_scaling_before_them_does_not_hide_that_tiles_are_classes(model):
    network = Network((Scaling(), Dense(10)), SHAPE[0] * SHAPE[1])
    model.show_network(
        network, np.zeros(network.param_count, np.float32), SHAPE, tuple("ABCDEFGHIJ")
    )
    assert model.captions == list("ABCDEFGHIJ")


@given(peaks=PEAKS, limit=st.floats(0, 1e6, width=32))
def test_a_common_limit_stays_once_it_is_found(peaks, limit):
    found = steady_limit(limit, peaks)
    assert found > 0
    assert steady_limit(found, peaks) == found


@given(peaks=PEAKS)
def test_a_common_limit_fits_half_the_units_without_making_them_pale(peaks):
    limit, middle = steady_limit(0.0, peaks), np.median(peaks)
    assert limit >= middle
    if middle > 0:
        assert limit < 2.01 * middle


def test_a_common_limit_does_not_follow_small_changes():
    limit = steady_limit(0.0, np.float32([0.4]))
    assert steady_limit(limit, np.float32([0.37])) == limit
    assert steady_limit(limit, np.float32([0.1])) < limit
    assert steady_limit(limit, np.float32([0.9])) > limit
