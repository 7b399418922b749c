"""`inkling import`: what was found, what was assumed, and a model file."""

import json
from pathlib import Path

import numpy as np
import pytest

from core.cli.console import main
from core.exchange.portable import outputs, portable_of
from core.modelfile import load_model
from tests.support.coursera import coursera_digits

FOREIGN = Path(__file__).parents[3] / "data" / "foreign"
PLAIN = str(FOREIGN / "torch_plain.pt")


def test_what_was_found_and_assumed_is_printed(capsys):
    assert main(["import", PLAIN]) == 0
    said = capsys.readouterr().out
    assert "torch_plain.pt: PyTorch weights, 784 → 12 → 10." in said
    assert "activation=relu" in said
    assert "[byte, unit, signed, mnist]" in said
    assert "of 500 digits right" in said


def test_the_network_is_written_as_a_model_of_our_own(tmp_path, capsys):
    out = tmp_path / "model.h5"
    assert main(["import", PLAIN, "-o", str(out), "--set", "scaling=mnist"]) == 0
    assert "Written" in capsys.readouterr().out
    with np.load(FOREIGN / "images.npz") as images, np.load(FOREIGN / "answers.npz") as answers:
        found = outputs(portable_of(load_model(out)), images["images"])
        np.testing.assert_allclose(found, answers["torch_plain.pt mnist"], rtol=1e-3, atol=3e-5)


def test_json_tells_the_same(capsys):
    assert main(["import", str(FOREIGN / "keras3_usual.keras"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["format"] == "keras"
    assert said["open"] == {"polarity": "high", "classes": "digits"}
    assert ["Dense", "784 → 12"] in said["layers"]
    assert said["accuracy"] > 0.6


@pytest.mark.slow
def test_courseras_weights_and_digits_go_together(capsys, shared_data):
    weights = str(shared_data("coursera/ex4weights.mat"))
    data = str(shared_data("coursera/ex4data1_8bit.mat"))
    assert main(["import", weights, "--data", data]) == 0
    assert "97.6% of 5,000 digits right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent.pt"], "There is no file"),
        ([PLAIN, "--set", "colour=red"], "no question 'colour'"),
        ([PLAIN, "--set", "scaling=twice"], "there is no 'twice'"),
        ([PLAIN, "--set", "scaling"], "there is no ''"),
        ([PLAIN, "--set", "height=28"], "the file says it itself"),
        ([str(FOREIGN / "keras3_convolution.h5")], "a convolution (Conv2D)"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(arguments, words, capsys):
    assert main(["import", *arguments]) != 0
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.err
    assert not said.out


def test_digits_of_another_size_are_refused(capsys, tmp_path, mnist_small):
    data = str(coursera_digits(tmp_path / "digits.mat", mnist_small))
    assert main(["import", PLAIN, "--data", data]) != 0
    assert "images of 784 pixels" in capsys.readouterr().err
