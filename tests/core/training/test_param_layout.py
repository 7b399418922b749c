"""The vectors of a run come back to it, once for each change."""

import numpy as np
import pytest

from core.nn.layers.scaling import Scaling
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.training.augmented import AugmentedRows
from core.training.param_layout import PackedLayout, PlainLayout, make_param_layout
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(60)
DATA.train.images[:, :, 0] = 0  # a column that is always dark


def _made(optimizer=None, **changes):
    changes.setdefault("hidden", (HiddenLayer(5),))
    recipe = small_recipe(optimizer=optimizer or OPTIMIZERS["adam"](), **changes)
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    layout = make_param_layout(run, parts)
    run.live_params = layout
    return run, layout


@pytest.mark.parametrize(
    ("changes", "kind"),
    [({}, PackedLayout), ({"scaling": Scaling("mean")}, PlainLayout)],
)
def test_what_can_be_packed_is(changes, kind):
    _, layout = _made(**changes)
    assert type(layout) is kind


def test_changed_vectors_reach_the_run_when_it_has_moved_on():
    run, layout = _made()
    before = run.params.copy()
    layout.params += 1
    np.testing.assert_array_equal(run.params, before)  # no iteration was done
    run.step += 1
    for slot in layout.slots.values():
        slot += 2
    lit = run.params != before
    assert lit.any()
    np.testing.assert_allclose(run.params[lit], before[lit] + 1, rtol=1e-6)
    for slot in run.slots.values():
        assert (slot == 2).any()
    layout.params += 1
    layout.mark_changed()
    np.testing.assert_allclose(run.params[lit], before[lit] + 2, rtol=1e-6)


def test_both_stores_are_independent():
    run, layout = _made()
    run.step += 1
    layout.store_params()
    for slot in layout.slots.values():
        slot += 2
    layout.store_slots()
    for slot in run.stored_slots.values():
        assert (slot == 2).any()


@pytest.mark.parametrize("scaling", [Scaling("unit"), Scaling("mean")])
def test_other_weights_can_be_loaded(scaling):
    run, layout = _made(scaling=scaling)
    other = np.random.default_rng(1).normal(size=len(run.params)).astype(np.float32)
    layout.load(other)
    run.step += 1
    lit = np.ones(len(other), bool)
    if scaling.kind == "unit":  # weights of dark pixels stay what they are
        dark = ~DATA.train.images.reshape(60, -1).any(axis=0)
        run.network.views(lit, 1)["weights"][dark] = False
    np.testing.assert_array_equal(run.params[lit], other[lit])


@pytest.mark.parametrize(
    ("changes", "all_pixels"),
    [
        ({}, False),
        ({"penalty": Penalty(l1=0.01)}, True),
        ({"optimizer": OPTIMIZERS["adamw"](weight_decay=0.01)}, True),
        ({"optimizer": OPTIMIZERS["adamw"](weight_decay=0.0)}, False),
        ({"augmentation": Augmentation(shift=1)}, True),
    ],
)
def test_weights_of_dark_pixels_are_kept_where_something_reaches_them(changes, all_pixels):
    run, layout = _made(**changes)
    try:
        packed = layout._packing
        assert (len(packed._order) == 64) is all_pixels
        assert len(packed._order) in (56, 64)
    finally:
        layout.close()


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({}, False),
        ({"augmentation": Augmentation(noise=0.1)}, True),
        ({"augmentation": Augmentation(images="fresh")}, False),  # these cannot be written anew
        ({"augmentation": Augmentation(noise=0.1), "optimizer": OPTIMIZERS["l-bfgs"]()}, False),
    ],
)
def test_images_are_made_where_the_recipe_wants_it_and_the_method_allows_it(changes, made):
    for scaling in (Scaling("unit"), Scaling("mean")):
        _, layout = _made(scaling=scaling, **changes)
        layout.close()
        assert isinstance(layout._pixels, AugmentedRows) is made
        if made:  # closing has ended the threads
            with pytest.raises(RuntimeError):
                layout._pixels.take(0, 0, np.arange(5))


def test_a_batch_reaches_the_weights_of_its_columns():
    run, layout = _made(hidden=(HiddenLayer(700), HiddenLayer(3)), training=small_recipe().training)
    table = layout._packing.table(np.arange(layout.network.trained_count))
    for width in (16, 48):
        reached = layout.reachable(width)
        assert table[:width].max() == reached - 1
        assert reached <= layout.network.trained_count
    assert layout.reachable(layout.network.input_size) == layout.network.trained_count
