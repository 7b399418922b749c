"""The built-in digits: always the same, of all ten kinds, framed as MNIST's."""

from importlib import resources

import numpy as np
import pytest

from core.synthesis import BLOCK, DEFAULT_HAND, generate, generate_chunks
from core.synthesis.pen import write
from core.synthesis.templates import CONTROL_POINTS, POSITIONS, load_templates, parse


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
    assert (nearest == labels).mean() > 0.6  # chance is 0.1


def test_all_292_templates_are_there():
    templates = load_templates()
    assert templates.points.shape == (292, CONTROL_POINTS, 2)
    assert templates.curves.shape == (292, POSITIONS, CONTROL_POINTS)
    assert templates.bounds.tolist() == sorted(templates.bounds.tolist())
    assert (templates.bounds[0], templates.bounds[10]) == (0, 292)


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
    assert sum(line[:1].isdigit() for line in lines) == 292


def test_the_whole_pipeline_is_float32():
    """One float64 scalar in it would double the work: NumPy 2 widens all that it meets."""
    writing = write(load_templates(), np.arange(20), DEFAULT_HAND, np.random.default_rng(0))
    assert {part.dtype for part in writing} == {np.dtype(np.float32)}
