"""The exported Python file is run as a stranger would: by itself, in a process of its own."""

import ast
import io
import json
import runpy
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.exchange.exporter import EXPORTERS, export
from core.exchange.exporters.python_format import PythonFile
from core.exchange.portable import accuracy, outputs, probabilities, rounded
from core.imaging.framing import centred
from core.imaging.synthesis import generate
from core.nn.layer import activation_choices
from tests.support.networks import HOSTILE, network, pictures

IMAGES = pictures()


def written(tmp_path, portable, precision="float32"):
    path = tmp_path / "digits.py"
    path.write_bytes(PythonFile().encode(portable, precision))
    return path


def loaded(tmp_path, portable, precision="float32"):
    return runpy.run_path(str(written(tmp_path, portable, precision)))


def in_own_process(*arguments, folder=None):
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8",
        cwd=folder, env={"PYTHONIOENCODING": "utf-8"}, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("activation", [key for key, _ in activation_choices()])
@pytest.mark.parametrize("batch", [False, True])
def test_every_activation_computes_the_same(tmp_path, activation, batch):
    portable = network(activation, batch=batch)
    found = loaded(tmp_path, portable)["outputs"](IMAGES)
    np.testing.assert_allclose(found, outputs(portable, IMAGES), atol=1e-12)


@pytest.mark.parametrize("sizes", [(), (9,), (9, 8, 7, 6, 5)])
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("standardized", [False, True])
def test_any_depth_scaling_and_output(tmp_path, sizes, output, standardized):
    portable = network("tanh", sizes, output=output, standardized=standardized, shape=(8, 6))
    images = pictures(shape=(8, 6))
    module = loaded(tmp_path, portable)
    np.testing.assert_allclose(module["outputs"](images), outputs(portable, images), atol=1e-12)
    np.testing.assert_allclose(
        module["probabilities"](images), probabilities(portable, images), atol=1e-12
    )


@pytest.mark.parametrize("precision", PythonFile.precisions)
def test_the_export_runs_it_and_counts_its_bytes(tmp_path, precision):
    portable = network()
    labels = outputs(portable, IMAGES).argmax(axis=1).astype(np.uint8)
    done = export(tmp_path / "x.py", portable, "python", precision, IMAGES, labels)
    assert done.worst < 1e-9
    assert done.size == (tmp_path / "x.py").stat().st_size
    assert "in a process of its own" in done.by
    assert done.accuracy_after == accuracy(rounded(portable, precision), IMAGES, labels)


def test_fewer_bits_make_a_smaller_file():
    sizes = [
        len(PythonFile().encode(network(sizes=(100,)), kind)) for kind in PythonFile.precisions
    ]
    assert sizes[0] > 1.5 * sizes[1] > 2 * sizes[2]


def test_the_same_network_gives_the_same_bytes():
    assert PythonFile().encode(network(), "int8") == PythonFile().encode(network(), "int8")


def test_names_cannot_break_out_of_the_file(tmp_path):
    portable = network(names=HOSTILE)
    module = loaded(tmp_path, portable)
    assert tuple(module["CLASS_NAMES"]) == HOSTILE
    assert module["NAME"] == portable.name
    assert module["FACTS"] == portable.facts
    np.testing.assert_allclose(module["outputs"](IMAGES), outputs(portable, IMAGES), atol=1e-12)


def test_it_is_written_for_python_3_9_and_in_ascii():
    text = PythonFile().encode(network(names=HOSTILE), "float16").decode("ascii")
    ast.parse(text, feature_version=(3, 9))


def test_at_a_command_line_it_prints_the_digit_and_its_probabilities(tmp_path):
    portable = network(names=tuple("abcdefghi") + ("字",))
    path = written(tmp_path, portable)
    digit = generate(1, 3)[0][0]
    Image.fromarray(digit).save(tmp_path / "digit.png")
    best = portable.class_names[int(outputs(portable, digit[None]).argmax())]
    done = in_own_process("-I", str(path), str(tmp_path / "digit.png"))
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.endswith(f"digit.png: {best}")
    assert [line.split()[0] for line in rest] == list(portable.class_names)
    shares = [float(line.split()[1].rstrip("%")) / 100 for line in rest]
    np.testing.assert_allclose(shares, probabilities(portable, digit[None])[0], atol=1e-6)


def test_a_bad_picture_is_one_line_and_the_next_is_still_read(tmp_path):
    path = written(tmp_path, network())
    (tmp_path / "bad.png").write_bytes(b"no picture")
    Image.fromarray(generate(1, 3)[0][0]).save(tmp_path / "good.png")
    done = in_own_process("-I", str(path), "bad.png", "gone.png", "good.png", folder=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["bad.png", "gone.png"]
    assert done.stdout.startswith("good.png: ")


def test_a_program_imports_predict_from_it(tmp_path):
    portable = network()
    written(tmp_path, portable)
    digit = generate(1, 4)[0][0]
    np.save(tmp_path / "digit.npy", digit)
    script = (
        "import json, numpy as np; from digits import predict\n"
        "answer = predict(np.load('digit.npy'))\n"
        "print(json.dumps([answer.label, answer.probabilities]))"
    )
    done = in_own_process("-c", script, folder=tmp_path)
    label, shares = json.loads(done.stdout)
    wanted = probabilities(portable, digit[None])[0]
    assert label == portable.class_names[int(wanted.argmax())]
    np.testing.assert_allclose([shares[name] for name in portable.class_names], wanted, atol=1e-12)


# Reading PNG files --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def module(tmp_path_factory):
    return loaded(tmp_path_factory.mktemp("python"), network())


def photo_like(height=37, width=53):
    """Return (H, W, 4) uint8 on which Pillow chooses every kind of filter."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    waves = np.stack([128 + 100 * np.sin(x / k + y / (k + 2)) for k in (3, 5, 7, 9)], axis=-1)
    return (waves + rng.normal(0, 3, waves.shape)).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_of_any_colour_type_gives_pillows_gray_values(tmp_path, module, mode):
    colour = Image.fromarray(photo_like())
    if mode == "I;16":
        deep = photo_like()[..., 0].astype(np.uint16) * 257
        picture, wanted = Image.fromarray(deep), deep / 65535
    else:
        picture = colour.convert("RGB").convert(mode) if mode != "RGBA" else colour
        if mode == "LA":
            picture.putalpha(colour.getchannel("A"))
        flat = Image.new("RGBA", picture.size, "white")
        flat.alpha_composite(picture.convert("RGBA"))
        wanted = np.asarray(flat.convert("RGB").convert("L")) / 255
    picture.save(tmp_path / "x.png")
    found = module["read_png"](tmp_path / "x.png")
    np.testing.assert_allclose(found, wanted, atol=2.1 / 255)


def png(image, depth, colour, *, interlaced=False, filters=(0, 1, 2, 3, 4), more=b""):
    """Return pixels (H, W, channels) of `depth` bits as a PNG file, its rows filtered in turn."""
    height, width, channels = image.shape
    places = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2),
              (0, 1, 2, 2), (1, 0, 2, 1)) if interlaced else ((0, 0, 1, 1),)  # fmt: skip
    body = b""
    for top, left, down, right in places:
        part = image[top::down, left::right]
        above = None
        for row, values in enumerate(part if part.size else []):
            line = packed(values.ravel(), depth)
            above = np.zeros_like(line) if above is None else above
            kind = filters[row % len(filters)]
            body += bytes([kind]) + filtered(kind, line, above, max(1, channels * depth // 8))
            above = line
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    chunks = chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(body))
    return b"\x89PNG\r\n\x1a\n" + chunks + chunk(b"IEND", b"")


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def packed(values, depth):
    if depth == 16:
        return np.frombuffer(values.astype(">u2").tobytes(), np.uint8)
    bits = (values[:, None] >> np.arange(depth)[::-1]) & 1
    return np.packbits(bits.astype(np.uint8))


def filtered(kind, line, above, pixel):
    left = np.concatenate([np.zeros(pixel, np.uint8), line])[: len(line)].astype(int)
    corner = np.concatenate([np.zeros(pixel, np.uint8), above])[: len(line)].astype(int)
    up = above.astype(int)
    guess = left + up - corner
    offs = np.stack([abs(guess - left), abs(guess - up), abs(guess - corner)])
    paeth = np.choose(offs.argmin(axis=0), [left, up, corner])
    predicted = [0 * left, left, up, (left + up) // 2, paeth][kind]
    return ((line - predicted) % 256).astype(np.uint8).tobytes()


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (9, 17)])
def test_every_depth_filter_and_interlacing_is_read(tmp_path, module, interlaced, depth, size):
    rng = np.random.default_rng(depth)
    for colour, channels in ((0, 1), (2, 3)):
        if colour == 2 and depth < 8:
            continue
        image = rng.integers(0, 2**depth, (*size, channels))
        content = png(image, depth, colour, interlaced=interlaced)
        (tmp_path / "x.png").write_bytes(content)
        gray = image @ [0.299, 0.587, 0.114] if colour else image[..., 0]
        found = module["read_png"](tmp_path / "x.png")
        np.testing.assert_allclose(found, gray / (2**depth - 1), atol=1e-12)
        if depth == 8:  # Pillow finds the same in the file, so it is a PNG file
            theirs = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
            np.testing.assert_array_equal(theirs, np.broadcast_to(image, theirs.shape))


def test_a_colour_that_stands_for_nothing_is_transparent(tmp_path, module):
    image = np.array([[[7], [200], [210]]])
    key = chunk(b"tRNS", struct.pack(">H", 7))
    (tmp_path / "x.png").write_bytes(png(image, 8, 0, more=key))
    # The visible part is light, so what lies behind it is dark.
    found = module["read_png"](tmp_path / "x.png")
    np.testing.assert_allclose(found, [[0, 200 / 255, 210 / 255]])


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:60],
        lambda content: content[:45] + b"\xff" + content[46:],
        lambda content: content.replace(b"IDAT", b"IDAX"),
        lambda _: png(np.zeros((1, 1, 1), int), 8, 0)[:16] + b"\xff" * 13,
        lambda _: b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1 << 30, 1 << 30,
                                               8, 0, 0, 0, 0)) + chunk(b"IDAT", b""),
        lambda _: b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0,
                                               0, 0)) + chunk(b"IDAT", zlib.compress(b"ab")),
        lambda _: png(np.zeros((2, 2, 1), int), 8, 0, filters=(0,)).replace(b"x", b"y"),
        lambda _: b"",
    ],
)  # fmt: skip
def test_a_damaged_png_is_refused_in_words(tmp_path, module, damage):
    sound = png(np.zeros((9, 9, 1), int), 8, 0)
    (tmp_path / "x.png").write_bytes(damage(sound))
    with pytest.raises(ValueError, match=r"PNG|too large"):
        module["read_png"](tmp_path / "x.png")


# Framing ------------------------------------------------------------------------------------


def drawing(digit, side=300, at=(40, 70), size=170):
    """Return a digit (28, 28) enlarged somewhere on a black page, (side, side) uint8."""
    page = np.zeros((side, side), np.uint8)
    enlarged = Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC)
    page[at[0] : at[0] + size, at[1] : at[1] + size] = np.asarray(enlarged)
    return page


def shaded(page):
    light = np.linspace(0.5, 1, page.shape[0])[:, None] * np.linspace(0.8, 1, page.shape[1])
    noise = np.random.default_rng(0).normal(0, 3, page.shape)
    return ((255 - page) * 0.9 * light + noise).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    "picture", [lambda page: page, lambda page: 255 - page, shaded], ids=["light", "dark", "photo"]
)
def test_a_digit_somewhere_in_a_picture_is_framed_as_it_was(tmp_path, module, picture):
    alike = []
    for digit in generate(30, 7)[0]:
        Image.fromarray(picture(drawing(digit))).save(tmp_path / "x.png")
        found = module["read_image"](tmp_path / "x.png")
        alike.append(np.corrcoef(digit.ravel(), found.ravel())[0, 1])
    assert np.median(alike) > 0.9
    assert np.mean(np.array(alike) > 0.7) > 0.9


def test_a_framed_digit_is_taken_as_it_is_light_or_dark(tmp_path, module):
    y, x = np.mgrid[:28, :28]
    bar = ((abs(x - 13.5) < 2) & (abs(y - 13.5) < 10)).astype(np.float32)
    digit = centred(bar[None])[0]
    for pixels in (digit, 255 - digit):
        Image.fromarray(pixels).save(tmp_path / "x.png")
        np.testing.assert_array_equal(module["read_image"](tmp_path / "x.png"), digit)


def test_specks_and_dark_corners_do_not_move_the_digit(tmp_path, module):
    page = drawing(generate(1, 11)[0][0])
    clean = module["frame"](1 - page / 255)
    dirty = page.copy()
    dirty[5:8, 290:293] = 255  # a speck far away
    dirty[280:, :30] = 255  # something lies in the corner
    np.testing.assert_allclose(module["frame"](1 - dirty / 255), clean, atol=40)


def test_a_blank_picture_is_refused_in_words(module):
    with pytest.raises(ValueError, match="no digit"):
        module["frame"](np.ones((50, 40)))


def test_an_image_for_a_smaller_network_is_made_smaller(tmp_path):
    module = loaded(tmp_path, network(shape=(20, 16)))
    image = module["read_image"](255 - drawing(generate(1, 5)[0][0]))
    assert image.shape == (20, 16)
    assert image.dtype == np.uint8
    assert image.max() > 150


def test_what_is_no_image_is_refused(module):
    with pytest.raises(ValueError, match="height, width"):
        module["predict"](np.zeros(784))


def test_it_is_in_the_menu():
    assert EXPORTERS["python"].suffix == ".py"
