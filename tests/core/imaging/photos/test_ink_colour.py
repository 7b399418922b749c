"""Coloured ink stands out, also from paper that is just as bright."""

import numpy as np
import pytest

from core.imaging.photos.ink_colour import telling_gray


def page(ink, paper):
    """Return colours (80, 120, 3) with an upright bar of ink, in light that falls off."""
    colours = np.ones((80, 120, 3), np.float32) * np.float32(paper)
    colours[15:65, 50:60] = ink
    return colours * np.linspace(1, 0.85, 120, dtype=np.float32)[:, None]


def contrast(gray):
    paper = np.concatenate([gray[20:60, 35:45], gray[20:60, 65:75]])
    return abs(float(gray[20:60, 52:58].mean() - paper.mean())) / float(paper.std() + 1e-3)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [((0.9, 0.25, 0.25), (0.2, 0.55, 0.3)), ((0.2, 0.45, 0.95), (0.75, 0.4, 0.1))],
)
def test_ink_as_bright_as_its_paper_is_seen_by_its_colour(ink, paper):
    assert contrast(telling_gray(page(ink, paper))) > 10


def test_dark_ink_is_seen_by_its_brightness():
    colours = page((0.1, 0.1, 0.3), (0.95, 0.93, 0.9))
    expected = colours @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(telling_gray(colours), expected, atol=1e-5)


def test_a_gray_picture_stays_as_it_is():
    colours = page((0.2, 0.2, 0.2), (0.7, 0.7, 0.7))
    np.testing.assert_allclose(telling_gray(colours), colours[..., 0], atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (7, 7), (200, 3)])
def test_any_size_stays_within_black_and_white(shape):
    colours = np.random.default_rng(0).random((*shape, 3), dtype=np.float32)
    gray = telling_gray(colours)
    assert gray.shape == shape
    assert 0 <= gray.min() <= gray.max() <= 1
