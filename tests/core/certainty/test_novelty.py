import numpy as np
import pytest

from core.certainty.describing import Describer
from core.certainty.novelty import FEWEST, fit_novelty
from core.certainty.scribbles import scribbles
from tests.support.trained import sigmoid_outputs, usual


def describer_of(run):
    return Describer(run.network, run.loss, run.params, run.image_shape)


@pytest.mark.parametrize("make", [usual, sigmoid_outputs])
def test_few_known_images_are_strange_and_many_scribbles(make):
    run, parts = make()
    describer = describer_of(run)
    known = parts.images.reshape(-1, 8, 8)
    novelty = fit_novelty(describer, known[:600], parts.labels[:600])
    fresh = novelty.strangeness(describer.describe(known[600:])[0])
    strange = novelty.strangeness(
        describer.describe(scribbles(np.random.default_rng(8), 300, (8, 8)))[0]
    )
    assert (fresh > 1).mean() < 0.06
    assert (strange > 1).mean() > 0.8
    assert novelty.strange_share > 0.8
    assert abs(np.median(fresh)) < 0.3


def test_hardly_any_image_it_was_made_from_is_strange():
    run, parts = usual()
    describer, images = describer_of(run), parts.images.reshape(-1, 8, 8)
    novelty = fit_novelty(describer, images, parts.labels)
    scores = novelty.strangeness(describer.describe(images)[0])
    assert (scores > 1).mean() < 0.02


def test_too_few_images_make_nothing_strange():
    run, parts = usual()
    describer = describer_of(run)
    images = parts.held_out.images[: FEWEST - 1]
    novelty = fit_novelty(describer, images, parts.held_out.labels[: FEWEST - 1])
    assert not novelty.strangeness(describer.describe(images)[0]).any()
    assert np.isnan(novelty.strange_share)


def test_few_images_are_enough():
    run, parts = usual()
    describer = describer_of(run)
    novelty = fit_novelty(describer, parts.held_out.images[:FEWEST], parts.held_out.labels[:FEWEST])
    others = parts.held_out.images[FEWEST:]
    assert np.isfinite(novelty.weights).all()
    assert (novelty.strangeness(describer.describe(others)[0]) > 1).mean() < 0.15


def test_images_that_are_all_alike_do_no_harm():
    run, _ = usual()
    describer = describer_of(run)
    images = np.full((80, 8, 8), 7, np.uint8)
    novelty = fit_novelty(describer, images, np.zeros(80, np.uint8))
    assert np.isfinite(novelty.weights).all()


def test_the_same_images_give_the_same_measure():
    run, parts = usual()
    one, other = (
        fit_novelty(describer_of(run), parts.held_out.images, parts.held_out.labels)
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.weights, other.weights)
    assert one.offset == other.offset


def test_progress_grows_and_may_give_up():
    run, parts = usual()
    told = []
    fit_novelty(describer_of(run), parts.held_out.images, parts.held_out.labels, told.append)
    assert told == sorted(told)

    def give_up(_share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_novelty(describer_of(run), parts.held_out.images, parts.held_out.labels, give_up)
