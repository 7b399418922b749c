"""The packed layout of a network computes what the plain one does."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.dataset import Dataset, ImageSet
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.packing import PackedImages, Packing, packable, padded
from core.training.param_layout import PackedLayout, PlainLayout, make_param_layout
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import NAMES, images_and_labels, small_recipe


def _data(side=8, count=300):
    """Images with a dark frame and dark corners, as MNIST's are."""
    images, labels = images_and_labels(count, 1, side)
    images[images < 50] = 0
    images[:, 0, :] = images[:, :, -1] = 0
    return Dataset("idx", "small", "", ImageSet(images, labels), None, None, NAMES)


DATA = _data()
DARK = ~DATA.train.images.reshape(300, -1).any(axis=0)


def _trained(recipe, data=DATA):
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    before = run.params.copy()
    for _ in train(run, parts):
        pass
    return run, before


RECIPES = {
    "small product": small_recipe(hidden=(HiddenLayer(7, "sigmoid"),)),
    "large product": small_recipe(hidden=(HiddenLayer(400, "relu"),)),
    "no hidden layer": small_recipe(hidden=()),
    "two layers and dropout": small_recipe(
        hidden=(HiddenLayer(300, "tanh", 0.2), HiddenLayer(9, "relu")),
    ),
    "batch normalization": small_recipe(
        hidden=(HiddenLayer(300, "relu", 0.0, "batch"), HiddenLayer(9, "relu"))
    ),
    "penalties": small_recipe(penalty=Penalty(l2=0.01, l1=0.001)),
    "clipped": small_recipe(
        training=TrainingConfig(duration=3, batch_size=32, clip_norm=0.1), hidden=(HiddenLayer(9),)
    ),
    "quadratic": small_recipe(loss=LOSSES["quadratic"]()),
    "logistic": small_recipe(loss=LOSSES["logistic"]()),
}


@pytest.mark.parametrize("name", list(RECIPES))
@pytest.mark.parametrize("optimizer", [k for k in OPTIMIZERS if not OPTIMIZERS[k].full_batch])
def test_packed_and_plain_training_agree(monkeypatch, name, optimizer):
    recipe = replace(RECIPES[name], optimizer=OPTIMIZERS[optimizer]())
    packed, _ = _trained(recipe)
    monkeypatch.setattr("core.training.param_layout.packable", lambda network: False)
    plain, before = _trained(recipe)
    moved = np.abs(plain.params - before).max()
    assert moved > 1e-3
    np.testing.assert_allclose(packed.params, plain.params, atol=0.02 * moved)
    np.testing.assert_allclose(packed.history.losses, plain.history.losses, rtol=0.02, atol=1e-4)
    for slot, array in packed.slots.items():
        wanted = plain.slots[slot]
        np.testing.assert_allclose(array, wanted, atol=0.02 * np.abs(wanted).max())


def test_a_packed_network_answers_as_the_plain_one_and_has_its_gradients():
    recipe = RECIPES["large product"]
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    layout = make_param_layout(run, parts)
    assert isinstance(layout, PackedLayout)
    from core.nn.network import Workspace  # noqa: PLC0415 - only this test goes so deep

    rows, grads = np.arange(32), np.zeros(layout.network.trained_count, np.float32)
    space = Workspace(layout.network, layout.params, 32, grads)
    layout.feed.load(0, 0, rows, 32)
    layout.feed.put(0, space)
    plain_grads = np.zeros(run.network.trained_count, np.float32)
    plain = Workspace(run.network, run.params, 32, plain_grads)
    plain.x[...] = parts.images[rows]
    np.testing.assert_allclose(space.forward(), plain.forward(), rtol=1e-4, atol=1e-5)
    for each in (space, plain):
        each.d_logits[...] = np.linspace(-1, 1, 320).reshape(32, 10)
        each.backward()
    unpacked = np.zeros_like(plain_grads)
    layout._packing.unpack(grads, unpacked)
    np.testing.assert_allclose(unpacked, plain_grads, atol=1e-4 * np.abs(plain_grads).max())


@pytest.mark.parametrize("name", ["small product", "large product"])
def test_weights_of_dark_pixels_stay_unless_something_shrinks_them(name):
    assert DARK.sum() > 10
    run, before = _trained(RECIPES[name])
    now, then = run.network.weight_views(run.params)[0], run.network.weight_views(before)[0]
    np.testing.assert_array_equal(now[DARK], then[DARK])
    shrunk, _ = _trained(replace(RECIPES[name], penalty=Penalty(l2=0.1)))
    smaller = shrunk.network.weight_views(shrunk.params)[0]
    assert np.abs(smaller[DARK]).sum() < 0.999 * np.abs(then[DARK]).sum()


@settings(max_examples=30)
@given(
    units=st.sampled_from([1, 5, 700]),
    hidden=st.integers(0, 2),
    lit=st.integers(0, 64),
    seed=st.integers(0, 99),
)
def test_packing_there_and_back_changes_nothing(units, hidden, lit, seed):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (20, 64), np.uint8)
    images[:, rng.permutation(64)[lit:]] = 0
    recipe = small_recipe(hidden=(HiddenLayer(units),) * hidden)
    network = recipe.network(64, 10)
    packed = PackedImages(images)
    packing = Packing(network, packed.order, 32)
    for count in (network.param_count, network.trained_count):
        vector = rng.standard_normal(count).astype(np.float32)
        out = vector.copy()
        packing.unpack(packing.pack(vector), out)
        np.testing.assert_array_equal(out, vector)
    np.testing.assert_array_equal(packed.rows[:, 0], 255)
    np.testing.assert_array_equal(
        packed.rows[:, 1 : 1 + len(packed.order)], images[:, packed.order]
    )
    for row, end in zip(packed.rows, packed.ends, strict=True):
        assert row[end - 1] != 0
        assert not row[end:].any()


@pytest.mark.parametrize("keep_dark", [False, True])
def test_images_are_packed_alike_in_blocks_of_any_size(monkeypatch, keep_dark):
    images = DATA.train.images.reshape(300, -1)
    whole = PackedImages(images, keep_dark)
    monkeypatch.setattr("core.training.packing._BLOCK", 7)
    pieces = PackedImages(images, keep_dark)
    for name in ("order", "rows", "ends"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name))
    lit = np.count_nonzero(images, axis=0)[whole.order]
    assert (np.diff(lit) <= 0).all()  # most often lit first
    assert len(lit) == (64 if keep_dark else np.count_nonzero(images.any(axis=0)))


def test_each_row_ends_after_its_last_lit_column():
    images = np.zeros((4, 40), np.uint8)
    images[0, :40], images[1, 3], images[2, [5, 39]] = 9, 1, 200
    packed = PackedImages(images, keep_dark=True)
    wanted = [np.flatnonzero(row).max() + 1 for row in packed.rows]
    assert packed.ends.tolist() == wanted
    assert wanted[0] == 41
    assert wanted[3] == 1  # only the column of the biases
    whole = PackedImages(np.full((2, 31), 7, np.uint8))  # lit up to the last column
    assert whole.ends.tolist() == [32, 32] == [whole.width] * 2


@pytest.mark.parametrize(
    ("batch_size", "units", "hidden", "upright"),
    [(50, 99, 1, True), (50, 100, 1, False), (32, 156, 1, True), (32, 157, 1, False),
     (1, 10, 0, False)],
)  # fmt: skip
def test_small_products_have_their_table_upright(batch_size, units, hidden, upright):
    """Below 400,000 multiplications: batch size times 80 rows times units."""
    network = small_recipe(hidden=(HiddenLayer(units),) * hidden).network(64, 10)
    assert Packing(network, np.arange(64), batch_size).upright is upright


@pytest.mark.parametrize(("count", "lines"), [(1, 16), (15, 16), (16, 16), (17, 32), (33, 48)])
def test_rows_are_whole_cache_lines(count, lines):
    assert padded(count) == lines


def test_scaling_by_pixel_and_augmentation_choose_the_form_they_need():
    standard = small_recipe(scaling=Scaling("standardize"))
    parts = split_data(standard, DATA)
    run = new_run(standard, DATA, parts)
    assert not packable(run.network)
    assert isinstance(make_param_layout(run, parts), PlainLayout)
    moved = small_recipe(augmentation=Augmentation(shift=1))
    run = new_run(moved, DATA, parts)
    layout = make_param_layout(run, parts)
    try:
        assert layout.network.input_size >= 64 + 1  # no pixel is left out: any may be lit
    finally:
        layout.close()


@pytest.mark.parametrize("kind", ["unit", "standardize", "mean"])
def test_scaled_pixels_have_the_mean_and_width_they_should(kind):
    recipe = small_recipe(scaling=Scaling(kind))
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    state = run.network.views(run.params, 0)
    seen = (parts.images - state.get("offset", 0)) * state.get("factor", 1 / 255)
    varied = parts.images.std(axis=0) > 0
    assert varied.any()
    assert not varied.all()
    if kind == "unit":
        assert (seen.min(), seen.max()) == (0, pytest.approx(230 / 255))
        return
    np.testing.assert_allclose(seen.mean(axis=0), 0, atol=1e-4)
    width = seen.std(axis=0) if kind == "standardize" else np.ptp(seen, axis=0)
    np.testing.assert_allclose(width[varied], 1, rtol=1e-3)
    assert np.isfinite(seen).all()
