"""The command line: what it prints, and how it answers bad input."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from small_data import write_idx_folder

from core.console import main

_QUICK = ["--set", "epochs=2", "--set", "hidden=16", "--set", "batch_size=20"]


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    return write_idx_folder(tmp_path_factory.mktemp("digits"), side=28)


@pytest.fixture(scope="module")
def model(tmp_path_factory, digits):
    path = tmp_path_factory.mktemp("models") / "model.h5"
    assert main(["train", "--data", str(digits), *_QUICK, "--out", str(path)]) == 0
    return path


def _objects(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_train_prints_an_object_per_epoch_and_a_last_one(digits, capsys):
    assert main(["train", "--recipe", "relu-adam", "--data", str(digits), *_QUICK, "--json"]) == 0
    *epochs, last = _objects(capsys)
    assert [row["epoch"] for row in epochs] == [1, 2]
    assert set(last) == {
        "train_accuracy", "validation_accuracy", "test_accuracy", "loss", "seconds",
        "images_per_second", "seed",
    }  # fmt: skip
    assert 0 <= last["validation_accuracy"] <= 1
    assert 0 <= last["test_accuracy"] <= 1
    assert last["seed"] == 0


def test_there_is_null_where_there_is_no_such_part(tmp_path, capsys):
    folder = write_idx_folder(tmp_path)
    for path in folder.glob("t10k*"):
        path.unlink()
    arguments = ["--data", str(folder), *_QUICK, "--set", "validation_split=0", "--json"]
    assert main(["train", *arguments]) == 0
    last = _objects(capsys)[-1]
    assert last["test_accuracy"] is None
    assert last["validation_accuracy"] is None


def test_the_same_seed_gives_the_same_figures(digits, capsys):
    found = []
    for seed in ("7", "7", "8"):
        main(["train", "--data", str(digits), *_QUICK, "--seed", seed, "--json"])
        found.append({**_objects(capsys)[-1], "seconds": 0, "images_per_second": 0})
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_evaluate_measures_the_test_part(model, digits, capsys):
    assert main(["evaluate", str(model), "--data", str(digits), "--json"]) == 0
    (found,) = _objects(capsys)
    assert set(found) == {"accuracy", "loss", "images"}
    assert found["images"] == 100


def test_predict_reads_pictures_of_both_polarities(model, tmp_path, capsys):
    page = np.full((120, 90), 240, np.uint8)
    page[20:100, 40:50] = 20
    dark, light = tmp_path / "dark.png", tmp_path / "light.jpg"
    Image.fromarray(page).save(dark)
    Image.fromarray(255 - page).save(light)
    assert main(["predict", str(model), str(dark), str(light), "--json"]) == 0
    first, second = _objects(capsys)
    assert set(first) == {"path", "label", "probability", "probabilities"}
    assert first["path"] == str(dark)
    assert first["label"] == second["label"]
    assert len(first["probabilities"]) == 10
    assert sum(first["probabilities"]) == pytest.approx(1)
    assert first["probability"] == max(first["probabilities"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "--recipe", "no-such-recipe"],
        ["train", "--set", "no_such=1"],
        ["train", "--set", "learning_rate=-1"],
        ["train", "--set", "learning_rate"],
        ["train", "--set", "batch_size=many"],
        ["train", "--seed", "x"],
        ["train", "--seed", "-5"],
        ["train", "--data", "/nowhere/at/all"],
        ["train", "--data", "{empty}"],
        ["train", "--data", "{junk}"],
        ["train", "--out", "/nowhere/at/all/model.h5"],
        ["train", "--out", "{empty}"],
        ["evaluate", "{junk}", "--data", "builtin"],
        ["evaluate", "/nowhere.h5", "--data", "builtin"],
        ["evaluate", "{model}", "--data", "/nowhere"],
        ["evaluate", "{model}", "--data", "{eight}"],
        ["predict", "{model}", "{junk}"],
        ["predict", "{model}", "/nowhere.png"],
        ["predict", "{model}", "{blank}"],
        ["predict", "{junk}", "{blank}"],
        ["predict", "{model}"],
        ["nonsense"],
        [],
    ],
)
def test_bad_input_is_one_sentence_and_status_2(arguments, model, tmp_path, capsys):
    places = {"empty": tmp_path / "empty", "junk": tmp_path / "junk.h5", "model": model,
              "blank": tmp_path / "blank.png", "eight": tmp_path / "eight"}  # fmt: skip
    places["empty"].mkdir()
    places["junk"].write_bytes(b"junk" * 100)
    write_idx_folder(places["eight"], count=30)
    Image.new("L", (40, 40), 200).save(places["blank"])
    assert main([item.format(**places) for item in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert not list(tmp_path.rglob("*.part"))


def test_one_bad_picture_does_not_spoil_the_others(model, tmp_path, capsys):
    good = tmp_path / "good.png"
    page = np.zeros((50, 50), np.uint8)
    page[10:40, 22:28] = 255
    Image.fromarray(page).save(good)
    assert main(["predict", str(model), str(tmp_path / "no.png"), str(good), "--json"]) == 2
    assert [row["path"] for row in _objects(capsys)] == [str(good)]


def test_the_commands_load_no_qt(digits):
    program = (
        "import sys; from gui.__main__ import main\n"
        f"status = main(['train', '--data', {str(digits)!r}, '--set', 'epochs=1', '--json'])\n"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'pyqtgraph'))]\n"
        "sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("recipe", "low", "high"),
    [
        ("two-layer-sigmoid", 0.94, 0.955),
        ("relu-adam", 0.975, 0.99),
        ("quadratic-sigmoid", 0.945, 0.97),
    ],
)
def test_the_books_recipes_reach_their_figures_on_mnist(recipe, low, high, shared_data, capsys):
    assert main(["train", "--recipe", recipe, "--data", str(shared_data("mnist")), "--json"]) == 0
    assert low <= _objects(capsys)[-1]["test_accuracy"] <= high


def test_quick_start_on_generated_digits_reads_real_ones(shared_data, tmp_path, capsys):
    model = tmp_path / "quick.h5"
    assert main(["train", "--out", str(model), "--json"]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(model), "--data", str(shared_data("mnist")), "--json"]) == 0
    assert _objects(capsys)[0]["accuracy"] >= 0.95
