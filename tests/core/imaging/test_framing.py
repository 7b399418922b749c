"""The frame of MNIST, exactly."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.imaging.framing import BOX, CENTRE, MARGIN, SIDE, centred
from core.imaging.synthesis import generate


def centre_of_mass(image):
    places = np.arange(SIDE)
    total = image.sum(dtype=float)
    return (image.sum(axis=1) @ places / total, image.sum(axis=0) @ places / total)


@given(
    box=hnp.arrays(np.float32, (BOX, BOX), elements=st.floats(0, 1, width=32)),
    dot=st.tuples(st.integers(0, BOX - 1), st.integers(0, BOX - 1)),
)
def test_the_centre_of_mass_comes_within_half_a_pixel_of_14(box, dot):
    box[dot] = 1
    ink = np.zeros((1, SIDE, SIDE), np.float32)
    ink[0, MARGIN:-MARGIN, MARGIN:-MARGIN] = box
    before = centre_of_mass(ink[0])
    # Grey levels are rounded down, which moves the centre of faint ink: by so much.
    rounded = centre_of_mass(np.floor(ink[0] * np.float32(255)))
    after = centre_of_mass(centred(ink)[0])
    for old, moved_by_rounding, new in zip(
        before, np.subtract(rounded, before), after, strict=True
    ):
        within_reach = abs(old - CENTRE) <= MARGIN
        assert abs(new - moved_by_rounding - CENTRE) <= 0.5 + 0.01 or not within_reach


@given(
    top=st.integers(0, BOX - 5), left=st.integers(0, BOX - 5), value=st.floats(0.125, 1, width=32)
)
def test_the_ink_is_moved_whole(top, left, value):
    ink = np.zeros((1, SIDE, SIDE), np.float32)
    ink[0, MARGIN + top : MARGIN + top + 5, MARGIN + left : MARGIN + left + 5] = value
    moved = centred(ink)[0]
    rows, columns = np.nonzero(moved)
    assert len(rows) == 25
    assert np.ptp(rows) == np.ptp(columns) == 4
    assert set(moved[rows, columns].tolist()) == {int(np.float32(value) * np.float32(255))}


def test_a_symmetric_digit_stays_in_the_middle():
    """Its centre of mass is just between two shifts; rounding errors must not choose."""
    rng = np.random.default_rng(0)
    quarter = rng.random((SIDE // 2, SIDE // 2), np.float32)
    half = np.concatenate([quarter, quarter[:, ::-1]], axis=1)
    ink = np.concatenate([half, half[::-1]])[None]
    np.testing.assert_array_equal(centred(ink)[0], (ink[0] * np.float32(255)).astype(np.uint8))


def test_a_page_without_ink_stays_so():
    assert not centred(np.zeros((2, SIDE, SIDE), np.float32)).any()


def test_generated_digits_are_centred():
    images, _ = generate(500, 1)
    centres = np.array([centre_of_mass(image) for image in images])
    off = np.abs(centres - CENTRE)
    assert (off.max(axis=1) <= 0.52).mean() > 0.99  # the rest would have left the picture
    assert off.max() < 2


def test_generated_digits_fill_a_box_of_20_pixels():
    images, _ = generate(500, 1)
    extents = []
    for image in images:
        rows, columns = np.nonzero(image > 127)
        extents.append(max(np.ptp(rows), np.ptp(columns)) + 1)
    # Ink of half darkness ends where the pen does; fading pressure takes some of it.
    assert np.median(extents) in (19, 20)
    assert max(extents) <= BOX + 2


def test_the_frame_is_that_of_mnist(mnist_small):
    from core.data.readers import open_dataset

    images = open_dataset(mnist_small).test.images
    for image in images[:200]:
        assert np.abs(np.array(centre_of_mass(image)) - CENTRE).max() <= 0.55
