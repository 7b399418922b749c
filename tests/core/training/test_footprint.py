"""The memory that a training takes is counted right, and counted without taking any."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from core.base.events import Progress
from core.data.dataset import Dataset, ImageSet
from core.nn.layer import LAYERS
from core.nn.optimizer import OPTIMIZERS
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.override import with_setting
from core.recipe.recipe import Recipe, presets
from core.training.footprint import footprint
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
