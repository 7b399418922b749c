"""Picture files in every form, and files that are none.

A warning of Pillow's that escaped would fail these tests, as any warning does.
"""

import contextlib
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import ImageError
from core.pictures.picture import MOST_PIXELS, load_gray

# Left half light, right half dark; taller than wide, to see which way is up.
_GRAY = np.repeat(np.array([[230, 230, 20, 20]], np.uint8), 12, axis=0)
_EXPECTED = _GRAY / 255


def saved(tmp_path, picture, name="picture.png", **options):
    path = tmp_path / name
    picture.save(path, **options)
    return path


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P", "I;16"])
def test_every_mode_of_png_gives_the_same_gray(tmp_path, mode):
    if mode == "I;16":
        picture = Image.fromarray(_GRAY.astype(np.uint16) * 257)
    else:
        picture = Image.fromarray(_GRAY).convert(mode)
    gray = load_gray(saved(tmp_path, picture))
    assert gray.dtype == np.float32
    np.testing.assert_allclose(gray, _EXPECTED, atol=0.02)


def test_one_bit_pictures_are_black_and_white(tmp_path):
    gray = load_gray(saved(tmp_path, Image.fromarray(_GRAY > 127)))
    np.testing.assert_array_equal(gray, _GRAY > 127)


@pytest.mark.parametrize("name", ["a.jpg", "a.bmp", "a.gif", "a.tif", "a.webp", "wrong name.png"])
def test_other_formats_are_read_too(tmp_path, name):
    path = saved(tmp_path, Image.fromarray(_GRAY), "a.jpg" if "wrong" in name else name)
    path = path.rename(tmp_path / name)
    np.testing.assert_allclose(load_gray(path), _EXPECTED, atol=0.1)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr"])
def test_colour_modes_of_jpeg_are_read(tmp_path, mode):
    path = saved(tmp_path, Image.fromarray(_GRAY).convert("RGB").convert(mode), "a.jpg")
    assert load_gray(path)[:, 0].min() > 0.6
    assert load_gray(path)[:, -1].max() < 0.4


def test_a_rotated_photo_is_set_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: rotate by 90 degrees clockwise to see it
    gray = load_gray(saved(tmp_path, Image.fromarray(_GRAY), exif=exif))
    np.testing.assert_array_equal(gray, np.rot90(_EXPECTED, -1).astype(np.float32))


@pytest.mark.parametrize(("ink", "ground"), [(0, 1.0), (255, 0.0)])
def test_behind_transparency_is_what_the_ink_stands_out_from(tmp_path, ink, ground):
    pixels = np.zeros((9, 9, 4), np.uint8)
    pixels[3:6, 3:6] = (ink, ink, ink, 255)
    gray = load_gray(saved(tmp_path, Image.fromarray(pixels)))
    assert gray[0, 0] == ground
    assert gray[4, 4] == ink / 255


def test_a_palette_with_a_transparent_colour_is_read(tmp_path):
    picture = Image.fromarray(_GRAY).convert("P")
    gray = load_gray(saved(tmp_path, picture, transparency=picture.getpixel((0, 0))))
    assert gray[0, 0] == 1
    assert gray[0, -1] < 0.2


def test_a_large_picture_is_made_smaller(tmp_path):
    gray = load_gray(saved(tmp_path, Image.new("L", (6000, 5000), 128)))
    assert max(gray.shape) <= 4096
    np.testing.assert_allclose(gray, 128 / 255, atol=1e-6)


# Refusing -----------------------------------------------------------------------------


def refused(path):
    """Load what cannot be loaded; return what is said about it."""
    with pytest.raises(ImageError) as caught:
        load_gray(path)
    assert caught.value.hint.endswith(".")
    assert caught.value.path == path
    return caught.value.message


def png_claiming(path, width, height):
    """Write a PNG that says it is so large and holds nothing."""

    def chunk(kind, content):
        checksum = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    )
    return path


@pytest.mark.parametrize("side", [8001, 10_000, 20_000, 100_000])
def test_a_picture_that_would_fill_the_memory_is_refused_unread(tmp_path, side):
    assert side * side > MOST_PIXELS
    assert "is too large" in refused(png_claiming(tmp_path / "bomb.png", side, side))


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert "There is no file" in refused(tmp_path / "none.png")


def test_a_folder_is_no_picture(tmp_path):
    assert "it is a folder" in refused(tmp_path)


def test_text_is_no_picture(tmp_path):
    (tmp_path / "letter.png").write_text("Dear Sir")
    assert "is not a picture" in refused(tmp_path / "letter.png")


def test_formats_that_run_programs_are_not_opened(tmp_path):
    path = saved(tmp_path, Image.fromarray(_GRAY), "page.eps")
    assert "is not a picture" in refused(path)


@pytest.mark.parametrize("name", ["cut.png", "cut.jpg", "cut.gif"])
def test_a_picture_that_breaks_off_is_said_to_be_damaged(tmp_path, name):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), np.uint8)
    path = saved(tmp_path, Image.fromarray(noise), name)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged or was cut off" in refused(path)


@given(data=st.data())
def test_damage_never_raises_anything_else(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "damaged picture"
    Image.fromarray(_GRAY).save(path, data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "TIFF"])))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    with contextlib.suppress(ImageError):
        assert load_gray(path).ndim == 2
