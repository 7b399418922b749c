"""`inkling predict` reads pictures with one digit and with several."""

import json

import numpy as np
import pytest
from PIL import Image

from core.cli.console import main
from tests.support.digit_shapes import clear_digits, shape_of
from tests.support.photo_maker import Scene, photograph


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "model.h5"
    words = ["train", "--set", "epochs=1", "--set", "hidden=32"]
    assert main([*words, "--out", str(path), "--json"]) == 0
    return path


@pytest.fixture
def row(tmp_path):
    """A photograph of four digits in a row."""
    shapes = [shape_of(digit) for digit in clear_digits(4)]
    scene = Scene(width=900, height=400, share=0.4)
    path = tmp_path / "row.png"
    Image.fromarray(photograph(shapes, scene, np.random.default_rng(0))).save(path)
    return path


@pytest.fixture
def blank(tmp_path):
    path = tmp_path / "blank.png"
    Image.new("L", (90, 90), 255).save(path)
    return path


def test_a_row_is_read_digit_by_digit(model, row, capsys):
    assert main(["predict", str(model), str(row), "--row", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["path"] == str(row)
    assert len(found["digits"]) == 4
    assert found["text"] == "".join(str(digit["label"]) for digit in found["digits"])
    assert all(sum(digit["probabilities"]) == pytest.approx(1) for digit in found["digits"])


def test_a_row_is_printed_as_one_number_and_its_digits(model, row, capsys):
    assert main(["predict", str(model), str(row), "--row"]) == 0
    name, number, *digits = capsys.readouterr().out.split()
    assert name == f"{row}:"
    assert len(number) == 4
    assert "".join(digits[::2]) == number
    assert all(sure.startswith("(") and sure.endswith("%)") for sure in digits[1::2])


def test_what_the_network_received_is_written_on_request(model, row, tmp_path, capsys):
    folder = tmp_path / "new" / "seen"
    arguments = ["predict", str(model), str(row), "--show", str(folder)]
    assert main([*arguments, "--row"]) == 0
    assert main(arguments) == 0
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["row-1.png", "row-2.png", "row-3.png", "row-4.png", "row.png"]
    seen = np.asarray(Image.open(folder / "row-2.png"))
    assert seen.shape == (28, 28)
    assert seen.max() == 255


@pytest.mark.parametrize("how", [[], ["--row"]])
def test_bad_pictures_are_told_one_by_one_and_do_not_stop_the_others(
    model, row, blank, capsys, how
):
    pictures = [str(blank.parent / "none.png"), str(row), str(blank)]
    assert main(["predict", str(model), *pictures, *how]) == 2
    told = capsys.readouterr()
    assert len(told.out.splitlines()) == 1
    assert len(told.err.splitlines()) == 2
    assert "none.png" in told.err
    assert "blank.png" in told.err


def test_a_folder_that_cannot_be_written_is_told(model, row, blank, capsys):
    assert main(["predict", str(model), str(row), "--show", str(blank)]) != 0
    assert "could not be written" in capsys.readouterr().err
