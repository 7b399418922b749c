"""The command line: what it prints, and how it answers bad input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tomli_w
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PIL import Image

from core.cli.console import main
from core.recipe.recipe import presets, to_dict
from tests.support.examples import examples
from tests.support.small_data import write_idx_folder

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
        "images_per_second", "seed", "calibration_error_before", "calibration_error",
        "temperature",
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


def test_without_validation_images_each_epoch_shows_the_test_part(digits, capsys):
    arguments = ["--data", str(digits), *_QUICK, "--set", "validation_split=0", "--json"]
    assert main(["train", *arguments]) == 0
    *epochs, last = _objects(capsys)
    assert [row["validation_accuracy"] for row in epochs] == [None, None]
    assert [row["validation_loss"] for row in epochs] == [None, None]
    assert epochs[-1]["test_accuracy"] == last["test_accuracy"]


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
    assert set(found) >= {"accuracy", "loss", "images", "calibration_error", "reliability"}
    assert found["images"] == 100


def test_predict_reads_pictures_of_both_polarities(model, tmp_path, capsys):
    page = np.full((120, 90), 240, np.uint8)
    page[20:100, 40:50] = 20
    dark, light = tmp_path / "dark.png", tmp_path / "light.jpg"
    Image.fromarray(page).save(dark)
    Image.fromarray(255 - page).save(light)
    assert main(["predict", str(model), str(dark), str(light), "--json"]) == 0
    first, second = _objects(capsys)
    assert set(first) == {"path", "label", "probability", "probabilities", "strange"}
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
        ["train", "--data", "{cut}"],
        ["train", "--data", "a name\nof two lines"],
        ["train", "--recipe", "{junk}"],
        ["train", "--recipe", "/nowhere.toml"],
        ["train", "--set", "validation_split=1.5"],
        ["train", "--set", "learning_rate=nan"],
        ["train", "--set", "hidden.0.activation=step"],
        ["train", "a word\nof two lines"],
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
              "blank": tmp_path / "blank.png", "eight": tmp_path / "eight",
              "cut": tmp_path / "cut"}  # fmt: skip
    places["empty"].mkdir()
    places["junk"].write_bytes(b"junk" * 100)
    write_idx_folder(places["eight"], count=30)
    write_idx_folder(places["cut"], count=30, zipped=True)
    images = places["cut"] / "train-images-idx3-ubyte.gz"
    images.write_bytes(images.read_bytes()[:-100])
    Image.new("L", (40, 40), 200).save(places["blank"])
    assert main([item.format(**places) for item in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert not list(tmp_path.rglob("*.part"))


_VALUES = st.one_of(
    st.integers().map(str),
    st.floats().map(str),
    st.text(max_size=20),
    st.sampled_from(["1" * 400, "1" * 5000, "[" * 3000, "{a=1}", "[]", "true", "1979-05-27",
                     "5\nb=3", "64,x", ",", "{kind=[1]}", "[{units='x'}]"]),
)  # fmt: skip
_KEYS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["epochs", "hidden", "hidden.0", "hidden.0.units", "optimizer", "seed",
                     "learning_rate", "training", "optimizer.kind", "validation_split", ".",
                     "hidden.-1.units", "training.duration.x", "label", "key"]),
)  # fmt: skip


def test_check_finds_backpropagation_right(tmp_path, capsys):
    recipe = tmp_path / "tiny.toml"
    recipe.write_text('hidden = [{ units = 2, activation = "gelu" }]\npenalty = { l2 = 0.1 }\n')
    folder = write_idx_folder(tmp_path / "digits", count=60)
    assert main(["check", "--recipe", str(recipe), "--data", str(folder), "--json"]) == 0
    (found,) = _objects(capsys)
    assert found["error"] < 1e-6
    assert [each["name"] for each in found["arrays"]] == ["weights", "biases"] * 2
    assert main(["check", "--recipe", str(recipe), "--data", str(folder)]) == 0
    assert "Backpropagation is right" in capsys.readouterr().out


def test_penalties_and_early_ends_are_told(digits, capsys):
    penalized = ["train", "--data", str(digits), "--set", "l2=0.01", "--set", "epochs=1"]
    assert main([*penalized, "--json"]) == 0
    assert _objects(capsys)[0]["penalty"] > 0
    assert main(penalized) == 0
    assert "+ penalty" in capsys.readouterr().out
    early = ["--set", "epochs=400", "--set", "patience=1", "--set", "learning_rate=2"]
    assert main(["train", "--data", str(digits), *early]) == 0
    assert "best weights" in capsys.readouterr().err


def test_numerical_gradients_are_announced_with_the_time_they_take(digits, capsys):
    slow = ["gradient=numerical", "iterations=1", "hidden=2", "batch_size=10"]
    settings_ = [word for item in slow for word in ("--set", item)]
    assert main(["train", "--data", str(digits), *settings_]) == 0
    said = capsys.readouterr()
    assert "this will take" in said.err
    assert "Accuracy" in said.out


@examples(1.5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=_KEYS, value=_VALUES)
def test_no_setting_however_odd_shows_anything_but_a_sentence(key, value, capsys):
    """If the setting can be used, the sentence is about the data, which are not there."""
    assert main(["train", "--data", "/nowhere/at/all", "--set", f"{key}={value}"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


def test_an_exploding_loss_is_one_sentence_and_nothing_is_saved(digits, tmp_path, capsys):
    changes = ["hidden=64,64,64,64", "initializer.std=10", "learning_rate=100"]
    for index in range(4):
        changes.append(f"hidden.{index}.activation=relu")
    path = tmp_path / "model.h5"
    command = ["train", "--recipe", "two-layer-sigmoid", "--data", str(digits)]
    for item in changes:
        command += ["--set", item]
    command += ["--out", str(path), "--json"]
    assert main(command) == 2
    _, err = capsys.readouterr()
    assert len(err.splitlines()) == 1
    assert "learning rate" in err
    assert not path.exists()


def _program(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "gui", *arguments],
        capture_output=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


def test_the_program_itself_answers_bad_input_with_status_2_and_one_line():
    done = _program("train", "--recipe", "relu-adm", "--json")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().splitlines() == [
        "There is no recipe called 'relu-adm'. Did you mean 'relu-adam'?"
    ]


@pytest.mark.parametrize(
    ("encoding", "as_json"),
    [
        ("cp1252", False),
        ("ascii", True),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in [("utf-8", False), ("utf-8", True), ("cp1252", True), ("ascii", False)]
        ),
    ],
)
def test_a_file_name_that_the_terminal_cannot_show_is_no_trouble(
    model, tmp_path, encoding, as_json
):
    path = tmp_path / "数字.png"
    page = np.zeros((50, 50), np.uint8)
    page[10:40, 22:28] = 255
    Image.fromarray(page).save(path)
    arguments = ["predict", str(model), str(path), *(["--json"] if as_json else [])]
    done = _program(*arguments, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    if as_json:
        assert json.loads(done.stdout)["path"] == str(path)
    else:
        assert str(tmp_path) in done.stdout.decode(encoding)


def test_without_json_the_figures_are_sentences(digits, tmp_path, capsys):
    path = tmp_path / "model.h5"
    assert main(["train", "--data", str(digits), *_QUICK, "--out", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert f"Saved as {path}." in out
    assert "Accuracy: training" in out
    assert main(["evaluate", str(path), "--data", str(digits)]) == 0
    assert "of 100 images read right" in capsys.readouterr().out


def test_a_saved_network_scores_what_its_training_said(digits, tmp_path, capsys):
    path = tmp_path / "model.h5"
    main(["train", "--data", str(digits), *_QUICK, "--out", str(path), "--json"])
    said = _objects(capsys)[-1]["test_accuracy"]
    main(["evaluate", str(path), "--data", str(digits), "--json"])
    assert _objects(capsys)[0]["accuracy"] == said


def test_a_recipe_file_trains_as_the_preset_it_repeats(digits, tmp_path, capsys):
    path = tmp_path / "mine.toml"
    path.write_text(tomli_w.dumps(to_dict(presets()["relu-adam"])), encoding="utf-8")
    found = []
    for recipe in ("relu-adam", str(path)):
        main(["train", "--recipe", recipe, "--data", str(digits), *_QUICK, "--json"])
        found.append({**_objects(capsys)[-1], "seconds": 0, "images_per_second": 0})
    assert found[0] == found[1]


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


@pytest.mark.slow
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


def test_a_recipe_learns_from_two_thousand_digits(mnist_small, capsys):
    words = ["train", "--recipe", "relu-adam", "--data", str(mnist_small), "--json"]
    assert main([*words, "--set", "epochs=10"]) == 0
    assert _objects(capsys)[-1]["test_accuracy"] >= 0.87


def test_quick_start_on_generated_digits_reads_real_ones(mnist_small, tmp_path, capsys):
    model = tmp_path / "quick.h5"
    assert main(["train", "--out", str(model), "--json"]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(model), "--data", str(mnist_small), "--json"]) == 0
    assert _objects(capsys)[0]["accuracy"] >= 0.93


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_too_little_memory_is_one_sentence(digits, tmp_path):
    code = (
        "import resource, sys; from core.cli.console import main;"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "sys.exit(main(sys.argv[1:]))"
    )
    wide = ",".join(["4096"] * 16)
    arguments = ["train", "--data", str(digits), "--set", f"hidden={wide}", "--set", "epochs=1"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "memory" in done.stderr
    assert "Traceback" not in done.stderr
