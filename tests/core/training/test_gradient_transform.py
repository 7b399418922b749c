"""Penalties and clipping act on the gradient itself, whatever factor it carries."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.nn.penalty import Penalty
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.gradient_transform import GradientTransform, clip
from core.training.param_layout import PlainLayout
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(50)


def _made(clip_norm=0.0, penalty=None):
    """Return a transform of a small run, the run, and the vector it works on."""
    training = replace(TrainingConfig(), clip_norm=clip_norm)
    recipe = small_recipe(hidden=(HiddenLayer(4),), training=training, penalty=penalty or Penalty())
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    grads = np.random.default_rng(3).normal(size=run.network.trained_count).astype(np.float32)
    return GradientTransform(run, PlainLayout(run, parts), grads), run, grads


@pytest.mark.parametrize("scale", [0.003, 0.5, 7.0])
def test_a_gradient_is_clipped_alike_whatever_factor_it_carries(scale):
    """Plain descent carries its learning rate: what is cut must not depend on it."""
    clipped, _, grads = _made(clip_norm=0.3)
    pure = grads.copy()
    grads *= np.float32(scale)
    assert clipped.gradient(len(grads), scale) == len(grads)
    wanted = pure * (0.3 / np.linalg.norm(pure))
    np.testing.assert_allclose(grads / scale, wanted, rtol=1e-5)


@pytest.mark.parametrize("scale", [0.003, 7.0])
def test_a_short_gradient_is_left_as_it_is(scale):
    clipped, _, grads = _made(clip_norm=0.3)
    grads *= np.float32(0.29 * scale / np.linalg.norm(grads))
    before = grads.copy()
    clipped.gradient(len(grads), scale)
    np.testing.assert_array_equal(grads, before)


def test_only_what_was_written_is_clipped_and_counts():
    clipped, _, grads = _made(clip_norm=0.3)
    grads[100:] = 1e6  # of an earlier batch
    before = grads.copy()
    assert clipped.gradient(100, 1.0) == 100
    assert np.linalg.norm(grads[:100]) == pytest.approx(0.3, rel=1e-5)
    np.testing.assert_array_equal(grads[100:], before[100:])


@pytest.mark.parametrize("scale", [0.01, 3.0])
def test_a_penalty_reaches_all_weights_and_carries_the_factor(scale):
    penalty = Penalty(l2=0.2, l1=0.03)
    shrinking, run, grads = _made(penalty=penalty)
    reachable = 150
    wanted = np.where(np.arange(len(grads)) < reachable, grads, 0)
    for spec in run.network.specs:
        if spec.name == "weights":
            weights = run.params[spec.start : spec.stop]
            wanted[spec.start : spec.stop] += scale * (0.2 * weights + 0.03 * np.sign(weights))
    assert shrinking.gradient(reachable, scale) == len(grads)
    np.testing.assert_allclose(grads, wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "active"),
    [({}, False), ({"clip_norm": 0.1}, True), ({"penalty": Penalty(l2=0.1)}, True)],
)
def test_it_is_active_where_it_changes_anything(settings, active):
    made, _, grads = _made(**settings)
    assert made.active is active
    if not active:
        before = grads.copy()
        assert made.gradient(40, 0.5) == 40
        np.testing.assert_array_equal(grads, before)


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=20), st.floats(0.01, 100))
def test_clipping_keeps_the_direction_and_never_lengthens(values, longest):
    grads = np.array(values, np.float64)
    before = grads.copy()
    clip(grads, longest)
    size = np.linalg.norm(before)
    np.testing.assert_allclose(grads, before * (longest / size if size > longest else 1))
