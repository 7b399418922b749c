"""Picture files in every form, and files that are none.

A warning of Pillow's that escaped would fail these tests, as any warning does.
"""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.base.errors import ImageError
from core.imaging.photos.guard import (
    MOST_PIXELS,
    MOST_SCANNED,
    MOST_SCANS,
    MOST_TEXT,
    check_scans,
    jpeg_parts,
)
from core.imaging.photos.picture import load_gray, open_picture

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


def _in_scans(count, tmp_path, **options):
    """Write a progressive JPEG whose last scan comes so often; all are within the standard."""
    path = saved(tmp_path, Image.fromarray(_GRAY), "a.jpg", progressive=True, **options)
    content = path.read_bytes()
    last = content.rindex(b"\xff\xda")
    path.write_bytes(content[:last] + content[last:-2] * count + content[-2:])
    return path


@pytest.mark.parametrize(
    ("mode", "options", "expected"),
    [("L", {}, 1), ("RGB", {}, 1), ("L", {"progressive": True}, 6),
     ("RGB", {"progressive": True}, 10), ("RGB", {"restart_marker_blocks": 1}, 1),
     ("RGB", {"comment": b"\xff\xda" * 500}, 1),
     ("RGB", {"exif": b"Exif\0\0" + b"\xff\xda" * 500}, 1)],
)  # fmt: skip
def test_scans_are_counted_and_nothing_else(tmp_path, mode, options, expected):
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
    path = saved(tmp_path, picture.convert(mode), "a.jpg", **options)
    assert jpeg_parts(path.read_bytes()).scans == expected
    assert open_picture(path).size == (64, 64)


def test_a_picture_of_thousands_of_scans_is_refused_undecoded(tmp_path, monkeypatch):
    path = _in_scans(3_000, tmp_path)

    def decoded(*_):
        raise AssertionError("it must not be decoded")

    monkeypatch.setattr(Image.Image, "load", decoded)
    with pytest.raises(ImageError, match=r"3,005 scans") as caught:
        open_picture(path)
    assert "PNG" in caught.value.hint


def test_a_large_picture_of_some_more_scans_than_usual_is_refused(tmp_path):
    content = _in_scans(40, tmp_path).read_bytes()
    check_scans(tmp_path, content, 1_000_000)
    with pytest.raises(ImageError, match="45 scans"):
        check_scans(tmp_path, content, MOST_PIXELS)
    assert 10 * MOST_PIXELS <= MOST_SCANNED  # what cameras and programs write


def test_as_many_scans_as_are_allowed_are_read(tmp_path):
    path = _in_scans(MOST_SCANS - 5, tmp_path)
    np.testing.assert_allclose(load_gray(path), _EXPECTED, atol=0.1)


@given(content=st.binary(max_size=400))
def test_scans_of_anything_are_counted_without_an_error(content):
    assert 0 <= jpeg_parts(b"\xff\xd8" + content).scans <= len(content)


def test_a_small_picture_written_as_text_is_read(tmp_path):
    path = tmp_path / "a.pgm"
    rows = "\n".join(" ".join(map(str, row)) for row in _GRAY.tolist())
    path.write_text(f"P2\n# by hand\n4 12\n255\n{rows}\n", encoding="ascii")
    np.testing.assert_allclose(load_gray(path), _EXPECTED, atol=1e-6)


@pytest.mark.parametrize(
    "content",
    [b"P3 2000 2000 255\n" + b"1 " * MOST_TEXT, b"P3 2000 2000 255\n" + b"#\n" * 1000,
     b"P6\n" + b"#\n" * 100_000 + b"4 4 255\n" + bytes(48), b"P5 4 4" + b" " * 9000 + b"255 "],
    ids=["very long", "comments", "comments before the size", "blanks before the size"],
)  # fmt: skip
def test_a_picture_that_is_a_long_text_is_refused_undecoded(tmp_path, content):
    path = tmp_path / "a.ppm"
    path.write_bytes(content)
    with pytest.raises(ImageError, match="written as text"):
        open_picture(path)


def _jpeg(before=b""):
    stream = io.BytesIO()
    Image.fromarray(_GRAY).save(stream, "JPEG")
    content = stream.getvalue()
    return content[:2] + before + content[2:]


def _png(chunk, count):
    stream = io.BytesIO()
    Image.fromarray(_GRAY).save(stream, "PNG")
    content = stream.getvalue()
    return content[:33] + chunk * count + content[33:]


def _tiff(order, strips):
    head = struct.pack(f"{order}2sHIH", b"II" if order == "<" else b"MM", 42, 8, 3)
    sides = [struct.pack(f"{order}HHII", tag, 4, 1, 8) for tag in (256, 257)]
    where = struct.pack(f"{order}HHII", 273, 4, strips, 50)
    return head + b"".join(sides) + where + bytes(4 + 4 * strips)


_EMPTY = struct.pack(">I4sI", 0, b"teSt", zlib.crc32(b"teSt"))
_EXIF = b"\xff\xe1\0\x0aExif\0\0II"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (_jpeg(b"\xff\xfe\0\3a" * 5_000), "too many parts"),
        (_jpeg(_EXIF * 20), "too many parts"),
        (_jpeg(b"\xff" * 100_000), "between its parts"),
        (_jpeg(b"\xff\xfe\0\3a" + b"a" * 100_000), "between its parts"),
        (_png(_EMPTY, 200_000), "too many parts"),
        (_tiff("<", 200_000), "too many parts"),
        (_tiff(">", 200_000), "too many parts"),
        (b"BM" + bytes(28) + b"\1\0\0\0" + b"\1\5" * (5 << 20), "too many runs"),
    ],
    ids=["comments", "exif", "fill", "junk", "chunks", "strips", "Motorola's", "runs"],
)
def test_what_would_keep_the_reader_busy_never_reaches_it(tmp_path, monkeypatch, content, words):
    path = tmp_path / "a.png"
    path.write_bytes(content)

    def opened(*_, **__):
        raise AssertionError("it must not be opened")

    monkeypatch.setattr(Image, "open", opened)
    with pytest.raises(ImageError, match=words):
        open_picture(path)


@pytest.mark.parametrize("content", [_jpeg(b"\xff\xfe\0\3a" * 500), _png(_EMPTY, 500)])
def test_some_hundred_parts_are_nothing_unusual(tmp_path, content):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    assert open_picture(path).size == (4, 12)


def test_too_little_memory_is_said_and_is_no_damage(tmp_path, monkeypatch):
    path = saved(tmp_path, Image.fromarray(_GRAY))

    def no_memory(*_):
        raise MemoryError

    monkeypatch.setattr(Image.Image, "load", no_memory)
    with pytest.raises(ImageError, match="not enough memory"):
        open_picture(path)
