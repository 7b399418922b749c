"""The user's own ways to write digits, beside the built-in ones."""

from dataclasses import replace

import numpy as np
import pytest

from core.base.errors import ConfigError, ShapeError
from core.imaging.synthesis import Hand, write_digits
from core.imaging.synthesis.fitting import deviation, spline
from core.imaging.synthesis.own import (
    DEFAULT_STYLE,
    MOST_TEMPLATES,
    OwnTemplate,
    Style,
    drawn_template,
    handwriting_of,
    own_templates,
)
from core.imaging.synthesis.templates import load_templates

BAR = OwnTemplate(7, (((0.0, 4.5), (9.0, 4.5)),))  # a level line, which no built-in 7 is
STILL = Hand(**{name: 0.0 for name in Hand.__dataclass_fields__ if name not in ("pen",)}, pen=0.135)


def written(style, digit, count=100):
    labels = np.full(count, digit, np.uint8)
    return write_digits(labels, np.random.default_rng(3), handwriting_of(style))


def is_level(images):
    """Tell which images (n,) are wider than high."""
    rows, columns = (images.max(axis=axis) > 60 for axis in (2, 1))
    return columns.sum(axis=1) > 2 * rows.sum(axis=1)


def test_the_default_style_writes_the_built_in_digits():
    digits = np.arange(100, dtype=np.uint8) % 10
    ours = write_digits(digits, np.random.default_rng(1), handwriting_of(DEFAULT_STYLE))
    np.testing.assert_array_equal(ours, write_digits(digits, np.random.default_rng(1)))


def test_an_own_way_is_as_common_as_all_built_in_ones():
    share = is_level(written(Style(hand=STILL, templates=(BAR,)), 7, 1000)).mean()
    assert 0.4 < share < 0.6


def test_two_own_ways_share_the_half():
    style = Style(hand=STILL, templates=(BAR, OwnTemplate(7, (((4.5, 0.0), (4.5, 9.0)),))))
    assert 0.2 < is_level(written(style, 7, 1000)).mean() < 0.3


def test_only_own_ways_are_used_if_so_chosen():
    style = Style(hand=STILL, templates=(BAR,), ways="own")
    assert is_level(written(style, 7)).all()


def test_a_digit_without_an_own_way_is_written_all_the_same():
    style = Style(hand=STILL, templates=(BAR,), ways="own")
    plain = Style(hand=STILL)
    assert np.abs(written(style, 3).mean() - written(plain, 3).mean()) < 5
    assert not is_level(written(style, 3)).any()


def test_built_in_ways_alone_leave_the_own_ones_out():
    assert not is_level(written(Style(hand=STILL, templates=(BAR,), ways="builtin"), 7)).any()


def test_own_ways_come_first_in_their_order():
    other = OwnTemplate(7, (((1.0, 0.0), (1.0, 9.0)),))
    templates = own_templates((BAR, OwnTemplate(2, BAR.strokes), other))
    first = templates.bounds[7]
    np.testing.assert_allclose(templates.points[first, 0], (-4.5 / 5.5, 0), atol=1e-6)
    np.testing.assert_allclose(templates.points[first + 1, 0], (-3.5 / 5.5, -1), atol=1e-6)
    assert templates.bounds[-1] == load_templates().bounds[-1] + 3


def test_every_digit_is_chosen_among_its_own_templates():
    templates = own_templates((BAR,), builtin=False)
    labels = np.repeat(np.arange(10, dtype=np.uint8), 200)
    chosen = templates.choose(labels, np.random.default_rng(0))
    assert (templates.bounds[labels] <= chosen).all()
    assert (chosen < templates.bounds[labels.astype(int) + 1]).all()


def test_weights_of_the_built_in_ways_are_kept():
    shipped, joined = load_templates(), own_templates((BAR,))
    first, last = shipped.bounds[3], shipped.bounds[4]
    np.testing.assert_allclose(
        joined.places[joined.bounds[3] : joined.bounds[4]], shipped.places[first:last], atol=1e-12
    )


def test_a_drawn_template_is_written_as_it_was_drawn():
    along = np.linspace(0, 1, 60)
    drawing = np.stack([60 + 100 * np.sin(3 * along), 20 + 240 * along], axis=1)
    template = drawn_template(5, [drawing])
    templates = own_templates((template,), builtin=False)
    row = templates.bounds[5]
    curve = templates.curves[row] @ templates.points[row]
    (line,) = template.strokes
    expected = spline((np.array(line) - 4.5) / (5.5, 4.5))
    assert deviation(curve, expected) < 0.02
    assert curve[:, 1].min() == pytest.approx(-1, abs=0.05)
    assert curve[:, 1].max() == pytest.approx(1, abs=0.05)


def test_nothing_drawn_makes_no_template():
    with pytest.raises(ShapeError):
        drawn_template(5, [])


@pytest.mark.parametrize(
    ("digit", "strokes", "words"),
    [
        (10, BAR.strokes, "no digit"),
        (-1, BAR.strokes, "no digit"),
        (1, (), "1 to 6 strokes"),
        (1, BAR.strokes * 7, "1 to 6 strokes"),
        (1, (((0.0, 0.0),),), "2 points"),
        (1, (((0.0, 0.0), (0.0, 0.0)),), "long"),
        (1, (((0.0, 0.0), (0.0, 13.0)),), "between"),
        (1, (((0.0, 0.0), (0.0, float("nan"))),), "between"),
        (1, (tuple((float(k % 9), 1.0 + k % 2) for k in range(17)),), "16 points"),
    ],
)
def test_what_cannot_be_written_is_refused_in_words(digit, strokes, words):
    with pytest.raises(ConfigError, match=words):
        OwnTemplate(digit, strokes)


def test_a_style_is_checked():
    for change in ({"count": 10}, {"seed": -1}, {"ways": "none"}):
        with pytest.raises(ConfigError):
            replace(DEFAULT_STYLE, **change)
    with pytest.raises(ConfigError, match="the most"):
        Style(templates=(BAR,) * (MOST_TEMPLATES + 1))
