"""The memory that a training takes is counted right, and counted without taking any."""

import math
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from core.base.events import Progress
from core.data.dataset import Dataset, ImageSet
from core.nn.layer import LAYERS
from core.nn.network import Network
from core.nn.optimizer import OPTIMIZERS
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.override import with_setting
from core.recipe.recipe import Recipe, presets
from core.training.footprint import Footprint, footprint
from core.training.layer_memory import kept_by_layer, kept_by_rule
from core.training.packing import Packing
from core.training.run import new_run, split_data
from core.training.train import train

_IMAGES = 6_000
_SLACK = 3e6  # bytes: events, scores, small temporary arrays
_BASE = presets()["relu-adam"]


def _with(**settings) -> Recipe:
    recipe = _BASE
    for name, value in settings.items():
        recipe = with_setting(recipe, name.replace("__", "."), value)
    return recipe


_CASES = {
    **presets(),
    **{key: _with(hidden="800,800", optimizer=key) for key in OPTIMIZERS},
    **{
        key: replace(_BASE, hidden=(HiddenLayer(600, key, 0.2, "batch"),) * 2)
        for key in LAYERS
        if LAYERS[key].activation
    },
    "large batches": _with(hidden="300,300", batch_size=5000),
    "with replacement": _with(batch_size=2000, sampling="replacement"),
    "standardized and shrinking": _with(scaling__kind="standardize", l2=0.001, hidden="400"),
    "distorted": _with(rotation=10.0, hidden="400"),
    "numerical": replace(_with(gradient="numerical"), hidden=(HiddenLayer(300),) * 2),
    "normalized at once": replace(
        presets()["conjugate-gradient"], hidden=(HiddenLayer(100, "sigmoid", 0.0, "batch"),)
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def data() -> Dataset:
    rng = np.random.default_rng(0)
    images = rng.integers(1, 256, (_IMAGES, 28, 28), np.uint8)
    images *= (rng.random(images.shape) < 0.2).astype(np.uint8)
    labels = (np.arange(_IMAGES) % 10).astype(np.uint8)
    names = tuple("0123456789")
    return Dataset("idx", "", "", ImageSet(images, labels), None, None, names)


_LONG = {"l-bfgs", "conjugate-gradient"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in _LONG else []) for name in _CASES],
)
def test_what_is_counted_is_what_is_taken(data, name):
    recipe = _CASES[name]
    parts = split_data(recipe, data)
    held_out = 0 if parts.held_out is None else len(parts.held_out)
    counted = footprint(recipe, 784, 10, len(parts.images), held_out)  # imports what it needs
    tracemalloc.start()
    try:
        counted = footprint(recipe, 784, 10, len(parts.images), held_out)
        assert tracemalloc.get_traced_memory()[1] < 1e6, "counting took memory"
        tracemalloc.reset_peak()
        run, seen = new_run(recipe, data, parts), 0
        for event in train(run, parts):
            seen += isinstance(event, Progress) or event.__class__.__name__ == "Working"
            if seen == 3:
                break
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 0.8 * taken - _SLACK < counted.needed < 1.35 * taken + _SLACK


def test_a_network_that_fills_a_computer_is_counted_in_no_time_and_no_memory():
    huge = replace(_BASE, hidden=(HiddenLayer(4096),) * 16)
    weights = 784 * 4096 + 15 * 4096**2 + 4096 * 10
    counted = footprint(huge, 784, 10, 60_000, 10_000)
    assert counted.network > 3 * 4 * weights  # itself and Adam's two vectors
    assert 12 * 4 * weights < counted.needed < 20 * 4 * weights
    assert counted.comfortable > counted.needed + 9 * 4 * weights


# One small training of each sort, counted with pencil and paper: 64 pixels, 12 units, 10 classes.
_WEIGHTS = 64 * 12 + 12 + 12 * 10 + 10
_PACKED = 16 + 128 + 80 * 12  # on cache lines: biases, weights, and the table of 64 + 1 rows


def _small(**settings) -> Recipe:
    chosen = {"hidden": "12", "batch_size": 32, "optimizer": "adam"} | settings
    return _with(**chosen)


def _kept(network, kind=4, backward=True) -> float:
    """Return what the layers of a network keep for one image."""
    sizes = network.sizes[1:]
    return sum(
        size * kept_by_layer(layer, backward) * kind / 4
        for layer, size in zip(network.layers, sizes, strict=True)
    )


def _plain(recipe):
    return recipe.network(64, 10)


def test_a_small_training_in_batches_is_counted_to_the_byte():
    recipe = _small()
    counted = footprint(recipe, 64, 10, 450, 50)
    network, plain = Packing(_plain(recipe), np.arange(64), 32).network, _plain(recipe)
    assert network.param_count == _PACKED
    rule = math.ceil(_PACKED * kept_by_rule(recipe.optimizer))
    assert counted.network == 4 * 3 * _WEIGHTS
    assert counted.starting == 2 * 8 * 64 * 12
    assert counted.training == 3 * 4 * 3 * _PACKED + 4 * _PACKED + 2 * 4 * _WEIGHTS + rule
    # Batches of 32 and 2; inputs once, sums and logits with their gradients, four scores.
    each = math.ceil(4 * 80 + 8 * 12 + 8 * 10 + _kept(network)) + 4 * 4 * 10
    folded = Network(plain.layers[1:], 64)
    look = math.ceil(4 * (64 + 12 + 10) + _kept(folded, backward=False)) + 4 * 4 * 10
    measuring = 4 * _WEIGHTS + (450 + 50) * look
    assert counted.workspace == 34 * each + 4 * 512 * 10 * 4 + measuring
    assert counted.images == 450 * (80 + 8) + 450 * 80 * 5 + 2 * 450 * 8
    assert counted.saving == 3 * counted.network + 2 * 4 * _WEIGHTS
    parts = counted.training + counted.workspace + counted.images
    assert counted.needed == counted.network + max(counted.starting, parts)
    assert counted.comfortable == counted.needed + counted.saving


def test_starting_may_take_more_than_training():
    assert Footprint(5, 100, 10, 20, 30, 7).needed == 105
    assert Footprint(5, 50, 10, 20, 30, 7).needed == 65
    assert Footprint(5, 100, 10, 20, 30, 7).comfortable == 112


def test_drawing_with_replacement_and_distorting_are_counted_to_the_byte(monkeypatch):
    monkeypatch.setattr("core.training.augmented.available_cores", lambda: 3)
    plain = footprint(_small(), 64, 10, 450, 50)
    drawn = footprint(_small(sampling="replacement"), 64, 10, 450, 50)
    network = Packing(_plain(_small()), np.arange(64), 32).network
    each = math.ceil(4 * 80 + 8 * 12 + 8 * 10 + _kept(network)) + 4 * 4 * 10
    assert plain.workspace - drawn.workspace == 2 * each  # no smaller batch at the end
    distorted = footprint(_small(rotation=10.0), 64, 10, 450, 50)
    assert distorted.images - plain.images == (6 + 1 + 2 * 8) * 1024 * 64
    assert footprint(_small(batch_size=1000), 64, 10, 450, 50).workspace == (
        450 * each + 4 * 512 * 10 * 4 + plain.workspace - 34 * each - 4 * 512 * 10 * 4
    )


def test_a_penalty_takes_copies_of_the_largest_matrix_and_fitting_some_images():
    plain = footprint(_small(), 64, 10, 450, 0)
    shrinking = footprint(_small(l2=0.01), 64, 10, 450, 0)
    assert shrinking.training - plain.training == 8 * 64 * 12
    for count, fitted in ((450, 450), (8192, 8192), (20_000, 8192)):
        standard = _small(scaling__kind="standardize")
        assert footprint(standard, 64, 10, count, 0).starting == fitted * 64 * 8


def test_a_plain_training_has_no_packed_copies():
    recipe = _small(scaling__kind="standardize")
    counted = footprint(recipe, 64, 10, 450, 0)
    count, state = _WEIGHTS, 2 * 64
    rule = math.ceil(count * kept_by_rule(recipe.optimizer))
    assert counted.network == 4 * (count + state + 2 * count)
    assert counted.training == (
        2 * 4 * (count + state + 2 * count) + 4 * count + 2 * 4 * (count + state) + rule
    )
    assert counted.images == 450 * 64 * 5 + 2 * 450 * 8
    # The scaled image is written beside the image, and has a gradient.
    each = math.ceil(4 * 64 + 8 * (64 + 12 + 10) + _kept(_plain(recipe))) + 4 * 4 * 10
    folded = Network(_plain(recipe).layers[1:], 64)
    look = math.ceil(4 * (64 + 12 + 10) + _kept(folded, backward=False)) + 4 * 4 * 10
    assert counted.workspace == (34 * each + 4 * 512 * 10 * 4 + 4 * count + 450 * look)


def test_numerical_gradients_are_counted_in_double_precision():
    recipe = _small(gradient="numerical")
    counted = footprint(recipe, 64, 10, 450, 0)
    rule = math.ceil(_WEIGHTS * kept_by_rule(recipe.optimizer))
    assert counted.training == (
        2 * 4 * 3 * _WEIGHTS + 4 * _WEIGHTS + 2 * 4 * _WEIGHTS
        + rule + 8 * (2 * _WEIGHTS + 2 * _WEIGHTS)
    )  # fmt: skip
    each = math.ceil(8 * (64 + 64 + 12 + 10) + _kept(_plain(recipe), 8, False)) + 4 * 8 * 10
    folded = Network(_plain(recipe).layers[1:], 64)
    look = math.ceil(4 * (64 + 12 + 10) + _kept(folded, backward=False)) + 4 * 4 * 10
    assert counted.workspace == 34 * each + 4 * 512 * 10 * 8 + 4 * _WEIGHTS + 450 * look
    assert counted.images == 450 * 64 * 5 + 2 * 450 * 8


@pytest.mark.parametrize("key", ["l-bfgs", "conjugate-gradient"])
def test_methods_for_all_images_are_counted_to_the_byte(key):
    recipe = _small(optimizer=key)
    count, optimizer = 1250, recipe.optimizer
    counted = footprint(recipe, 64, 10, count, 0)
    network = Packing(_plain(recipe), np.arange(64), count).network
    length = network.param_count
    assert counted.network == 4 * _WEIGHTS
    assert counted.training == (
        3 * 4 * length + 4 * length + 2 * 4 * _WEIGHTS + 8 * optimizer.vectors * length
        + 3 * 4 * length
    )  # fmt: skip
    each = math.ceil(4 * 80 + 8 * 12 + 8 * 10 + _kept(network)) + 4 * 4 * 10
    folded = Network(_plain(recipe).layers[1:], 64)
    look = math.ceil(4 * (64 + 12 + 10) + _kept(folded, backward=False)) + 4 * 4 * 10
    measuring = 4 * _WEIGHTS + (500 + 250) * look  # in slices of 500, and the rest
    assert counted.workspace == count * each + 4 * count * 10 * 4 + measuring
    assert counted.images == (count * (80 + 8) + 500 * 80 * 5 + count * 80 * 4 + 2 * count * 8)


def test_images_that_do_not_fit_are_carried_through_slice_by_slice(monkeypatch):
    monkeypatch.setattr("core.training.full_batch._KEEP_BYTES", 1250 * 64 * 4 - 1)
    recipe = _small(optimizer="l-bfgs")
    counted = footprint(recipe, 64, 10, 1250, 0)
    monkeypatch.setattr("core.training.full_batch._KEEP_BYTES", 1250 * 64 * 4)
    kept = footprint(recipe, 64, 10, 1250, 0)
    network = Packing(_plain(recipe), np.arange(64), 500).network
    each = math.ceil(4 * 80 + 8 * 12 + 8 * 10 + _kept(network)) + 4 * 4 * 10
    assert kept.workspace - counted.workspace == 500 * each  # arrays for 500 and for 250
    assert kept.images - counted.images == 1250 * 80 * 4
