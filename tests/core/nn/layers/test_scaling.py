"""What is done to pixels first, against its definition."""

import numpy as np
import pytest

from core.nn.layer import Site
from core.nn.layers.scaling import Scaling


def _images(count=50):
    images = np.random.default_rng(0).integers(0, 256, (count, 6), np.uint8)
    images[:, 2] = 77  # never changes
    return images


@pytest.mark.parametrize("block", [4096, 50, 7])
def test_what_is_fitted_to_the_images_does_not_depend_on_blocks(monkeypatch, block):
    monkeypatch.setattr("core.nn.layers.scaling.FITTED", block)
    images = _images()
    values, varied = images.astype(float), np.arange(6) != 2
    for kind, width in (("standardize", values.std(axis=0)), ("mean", np.ptp(values, axis=0))):
        state = Scaling(kind).fit(images)
        np.testing.assert_allclose(state["offset"], values.mean(axis=0))
        np.testing.assert_allclose(state["factor"][varied], 1 / width[varied])
        assert state["factor"][2] == 1 / 255
    assert Scaling("unit").fit(images) == {}


def test_only_constants_are_kept_by_no_pixel():
    assert Scaling("unit").state_shapes(6) == {}
    assert Scaling("mean").state_shapes(6) == {"offset": (6,), "factor": (6,)}
    assert Scaling("mean").initial == {"offset": 0.0, "factor": 1 / 255}


@pytest.mark.parametrize("kind", ["unit", "mean"])
@pytest.mark.parametrize("first", [True, False])
def test_both_passes(kind, first):
    x, rng = _images().astype(float), np.random.default_rng(1)
    params = {"offset": rng.uniform(0, 9, 6), "factor": rng.uniform(1, 2, 6)}
    params = {} if kind == "unit" else params
    d_y = rng.normal(size=x.shape)
    d_x = None if first else np.empty_like(x)
    site = Site(x, np.empty_like(x), d_y, d_x, params, {})
    bound, before = Scaling(kind).bind(site), x.copy()
    bound.forward(True)
    factor = params.get("factor", 1 / 255)
    np.testing.assert_allclose(site.y, (x - params.get("offset", 0)) * factor)
    np.testing.assert_array_equal(x, before)
    bound.backward()
    if d_x is not None:
        np.testing.assert_allclose(d_x, d_y * factor)
