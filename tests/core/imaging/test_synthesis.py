"""The built-in digits: always the same, of all ten kinds, framed as MNIST's."""

from importlib import resources

import numpy as np
import pytest

from core.imaging.synthesis import (
    BLOCK,
    DEFAULT_HAND,
    Hand,
    Handwriting,
    generate,
    generate_chunks,
    write_digits,
)
from core.imaging.synthesis.pen import write
from core.imaging.synthesis.templates import (
    CONTROL_POINTS,
    POSITIONS,
    breadth,
    load_templates,
    parse,
)

TEMPLATE_COUNT = 622


def test_one_seed_gives_the_same_bytes():
    first, second = generate(300, 7), generate(300, 7)
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1], second[1])


def test_another_seed_gives_other_digits():
    assert not np.array_equal(generate(100, 7)[0], generate(100, 8)[0])


@pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1])
def test_fewer_digits_are_the_first_of_more(count):
    images, labels = generate(count, 3)
    more_images, more_labels = generate(3 * BLOCK, 3)
    np.testing.assert_array_equal(images, more_images[:count])
    np.testing.assert_array_equal(labels, more_labels[:count])


def test_chunks_in_a_row_are_the_whole():
    chunks = list(generate_chunks(300, 5))
    images, labels = generate(300, 5)
    np.testing.assert_array_equal(np.concatenate([part for part, _ in chunks]), images)
    np.testing.assert_array_equal(np.concatenate([part for _, part in chunks]), labels)


def test_no_two_blocks_are_alike():
    images, _ = generate(2 * BLOCK, 1)
    assert not np.array_equal(images[:BLOCK], images[BLOCK:])


def test_images_and_labels_have_the_form_of_mnist():
    images, labels = generate(50, 0)
    assert (images.shape, images.dtype) == ((50, 28, 28), np.uint8)
    assert (labels.shape, labels.dtype) == ((50,), np.uint8)


def test_all_ten_digits_come_about_equally_often():
    _, labels = generate(5000, 11)
    counts = np.bincount(labels, minlength=10)
    # Six standard deviations of a binomial count around its mean of 500.
    assert np.abs(counts - 500).max() < 6 * np.sqrt(5000 * 0.1 * 0.9)


def test_progress_rises_to_one():
    shares: list[float] = []
    generate(3 * BLOCK, 0, shares.append)
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])


def test_progress_may_give_up():
    def refuse(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(10 * BLOCK, 0, refuse)


def test_digits_of_one_kind_look_more_alike_than_those_of_two():
    images, labels = generate(2000, 4)
    flat = images.reshape(2000, -1) / 255.0
    means = np.stack([flat[labels == digit].mean(axis=0) for digit in range(10)])
    nearest = ((flat[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == labels).mean() > 0.5  # chance is 0.1


def test_all_templates_are_there():
    templates = load_templates()
    assert templates.points.shape == (TEMPLATE_COUNT, CONTROL_POINTS, 2)
    assert templates.curves.shape == (TEMPLATE_COUNT, POSITIONS, CONTROL_POINTS)
    assert templates.bounds.tolist() == sorted(templates.bounds.tolist())
    assert (templates.bounds[0], templates.bounds[10]) == (0, TEMPLATE_COUNT)


def test_the_curves_weights_add_up_to_one():
    np.testing.assert_allclose(load_templates().curves.sum(axis=2), 1, atol=1e-6)


def test_a_curve_starts_and_ends_at_the_ends_of_its_stroke():
    templates = parse("\n".join(f"{digit}: 00 50 99" for digit in range(10)))
    path = templates.curves[0] @ templates.points[0]
    np.testing.assert_allclose(path[0], [-4.5 / 5.5, -1], atol=1e-6)
    np.testing.assert_allclose(path[-1], [4.5 / 5.5, 1], atol=1e-6)


def test_the_pen_is_lifted_once_between_two_strokes():
    templates = parse("\n".join(f"{digit}: 00 90 | 09 99" for digit in range(10)))
    assert np.flatnonzero(templates.down[0] == 0).tolist() == [POSITIONS // 2 - 1]


def test_templates_that_leave_out_a_digit_are_refused():
    with pytest.raises(ValueError, match="leave no digit out"):
        parse("0: 00 99\n2: 00 99")


def test_the_resource_has_one_template_per_line():
    file = resources.files("resources") / "templates" / "strokes.txt"
    lines = file.read_text(encoding="utf-8").splitlines()
    assert sum(line[:1].isdigit() for line in lines) == TEMPLATE_COUNT


def test_every_digit_has_many_ways_to_be_written():
    assert np.diff(load_templates().bounds).min() >= 30


def _one_each(*sevens: str) -> str:
    """Return templates with one way to write each digit, but these ways for a 7."""
    lines = [f"{digit}: 50 59" for digit in range(10)]
    return "\n".join([*lines[:7], *sevens, *lines[8:]])


def test_a_way_that_is_three_times_as_common_is_written_three_times_as_often():
    templates = parse(_one_each("7 ×3: 10 90 49", "7: 00 90 39"))
    chosen = templates.choose(np.full(8000, 7, np.uint8), np.random.default_rng(1))
    assert set(chosen) == {7, 8}
    # Six standard deviations of a binomial count around its mean of 6000.
    assert abs(np.count_nonzero(chosen == 7) - 6000) < 6 * np.sqrt(8000 * 0.75 * 0.25)


def test_each_digit_is_written_after_a_template_of_its_own():
    templates = load_templates()
    labels = np.arange(5000).astype(np.uint8) % 10
    chosen = templates.choose(labels, np.random.default_rng(2))
    assert (chosen >= templates.bounds[labels]).all()
    assert (chosen < templates.bounds[labels.astype(int) + 1]).all()


class _Highest(np.random.Generator):
    """Draws the largest numbers below 1."""

    def random(self, size):
        return np.full(size, np.nextafter(1.0, 0.0))


def test_the_largest_random_numbers_still_choose_the_same_digit():
    templates = load_templates()
    labels = np.arange(10, dtype=np.uint8)
    chosen = templates.choose(labels, _Highest(np.random.PCG64(0)))
    assert chosen.tolist() == (templates.bounds[1:] - 1).tolist()


@pytest.mark.parametrize("weight", ["0", "-1", "nan", "inf", "often"])
def test_a_weight_that_makes_no_sense_is_refused(weight):
    with pytest.raises(ValueError, match=r"weight|could not convert"):
        parse(_one_each(f"7 ×{weight}: 10 90 49"))


def test_rounding_cuts_corners_and_keeps_the_ends():
    templates = parse(_one_each("7: 10 90 49 | 25 75"))
    moved = templates.points[7] + templates.rounding[7] @ templates.points[7]
    ends = [0, 2, 3, 4]
    np.testing.assert_array_equal(moved[ends], templates.points[7][ends])
    corner, neighbours = templates.points[7][1], templates.points[7][[0, 2]]
    np.testing.assert_allclose(moved[1], (corner + neighbours.mean(axis=0)) / 2, atol=1e-6)


def test_breadth_is_the_spread_across_a_line_however_it_lies():
    along, across = np.meshgrid(np.linspace(-1, 1, 21), [-0.1, 0.1])
    for angle in (0.0, 0.7, 2.0):
        x = (np.cos(angle) * along - np.sin(angle) * across).reshape(1, -1)
        y = (np.sin(angle) * along + np.cos(angle) * across).reshape(1, -1)
        np.testing.assert_allclose(breadth(x, y), [[0.1]], rtol=1e-9)


def test_a_thick_pen_does_not_fill_narrow_eights():
    templates = load_templates()
    eights = np.full(2000, 8, np.uint8)
    hand = Hand(width_spread=0.6, slant_spread=0.6)
    rng = np.random.default_rng(0)
    writing = write(templates, templates.choose(eights, rng), hand, rng)
    narrow = breadth(writing.x, writing.y) < 0.2
    assert narrow.mean() > 0.02
    assert writing.radius[narrow].mean() < 0.75 * writing.radius[~narrow].mean()


def test_ones_are_written_with_the_thickest_pens():
    templates, rng = load_templates(), np.random.default_rng(0)
    ones, eights = (
        write(templates, templates.choose(np.full(2000, digit, np.uint8), rng), DEFAULT_HAND, rng)
        for digit in (1, 8)
    )
    assert np.quantile(ones.radius, 0.95) > 1.3 * np.quantile(eights.radius, 0.95)


def test_every_digit_is_dark_somewhere_even_if_its_ink_fades_much():
    labels = np.arange(500).astype(np.uint8) % 10
    handwriting = Handwriting(Hand(pressure=1.5))
    images = write_digits(labels, np.random.default_rng(0), handwriting)
    assert images.max(axis=(1, 2)).min() > 128


def test_the_whole_pipeline_is_float32():
    """One float64 scalar in it would double the work: NumPy 2 widens all that it meets."""
    writing = write(load_templates(), np.arange(20), DEFAULT_HAND, np.random.default_rng(0))
    assert {part.dtype for part in writing} == {np.dtype(np.float32)}
