"""Names from strangers' files on the command line: nothing in them reaches the terminal."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.cli.console import main
from core.data.drawings.userfile import read_userset, write_userset
from core.data.readers import open_dataset
from core.modelfile import load_model
from tests.support.own_drawings import drawing
from tests.support.small_data import images_and_labels

NAMES = [
    "esc\x1b[31m", "bell\x07", "c1\x9b31m", "rtl\u202egnp", "iso\u2066x", "two\nlines",
    "back\b\b\bspace", "title\x1b]0;owned\x07", "wide\u200b", "<b>&%s{0}</b>",
]  # fmt: skip
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_QUICK = ["--set", "epochs=1", "--set", "hidden=8"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Digits and a network by them, all with names that a terminal would obey."""
    made = tmp_path_factory.mktemp("bad") / "\x1b[2J\u202e"
    made.mkdir()
    images, labels = images_and_labels(200, side=28)
    np.savez(made / "d\x1b[5m.npz", x_train=images, y_train=np.array(NAMES)[labels])
    page = np.zeros((50, 50), np.uint8)
    page[10:40, 22:28] = 255
    Image.fromarray(page).save(made / "p\x1b[7m\n\u202e.png")
    (made / "bad\x1b[1m.h5").write_bytes(b"no model")
    (made / "bad\x1b[1m.npz").write_bytes(b"no digits")
    (made / "bad\x1b[1m.toml").write_text("a\x1b[31m = \x07")
    (made / "empty\x1b").mkdir()
    command = ["train", "--data", str(made / "d\x1b[5m.npz"), *_QUICK]
    assert main([*command, "--out", str(made / "m\x1b[3m.h5")]) == 0
    return made


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "--data", "{}/d\x1b[5m.npz", *_QUICK, "--out", "{}/again\x1b.h5"],
        ["train", "--data", "{}/bad\x1b[1m.npz"],
        ["train", "--data", "{}/empty\x1b"],
        ["train", "--data", "{}/none\x1b"],
        ["train", "--recipe", "{}/bad\x1b[1m.toml"],
        ["train", "--recipe", "no\x1b[31m such\u202e"],
        ["train", "--set", "a\x1b=1"],
        ["train", "--set", "a\x1b"],
        ["train", "--out", "{}/empty\x1b"],
        ["train", "a\x1b[31m\u202e\nword"],
        ["predict", "{}/m\x1b[3m.h5", "{}/p\x1b[7m\n\u202e.png"],
        ["predict", "{}/m\x1b[3m.h5", "{}/p\x1b[7m\n\u202e.png", "--row"],
        ["predict", "{}/m\x1b[3m.h5", "{}/none\x1b.png"],
        ["predict", "{}/bad\x1b[1m.h5", "{}/p\x1b[7m\n\u202e.png"],
        ["evaluate", "{}/m\x1b[3m.h5", "--data", "{}/d\x1b[5m.npz"],
        ["export", "{}/m\x1b[3m.h5", "{}/out\x1b.onnx"],
        ["export", "{}/m\x1b[3m.h5", "{}/out.\x1bxyz"],
        ["import", "{}/out\x1b.keras"],
        ["import", "{}/bad\x1b[1m.h5"],
        ["download", "no\x1b[31m"],
        ["\x1b[31m"],
    ],
)
def test_nothing_that_a_terminal_obeys_is_printed(folder, arguments, capsys):
    main(["export", str(folder / "m\x1b[3m.h5"), str(folder / "out\x1b.keras")])
    capsys.readouterr()
    status = main([word.replace("{}", str(folder)) for word in arguments])
    out, err = capsys.readouterr()
    assert status in (0, 2)
    assert (out if status == 0 else err).strip()
    assert not ACTING.search(out), out
    assert not ACTING.search(err), err
    assert "[" not in arguments[-1] or "\\x1b" in out + err or status == 0
    if status == 2:
        assert len(err.splitlines()) == 1


def test_json_holds_the_names_exactly_and_only_in_escapes(folder, capsys):
    picture = folder / "p\x1b[7m\n\u202e.png"
    assert main(["predict", str(folder / "m\x1b[3m.h5"), str(picture), "--json"]) == 0
    out, err = capsys.readouterr()
    assert not ACTING.search(out)
    assert out.isascii()
    found = json.loads(out)
    assert found["path"] == str(picture)
    assert found["label"] in NAMES
    assert err == ""


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
@pytest.mark.parametrize(
    ("encoding", "as_json"),
    [
        ("utf-8", False),
        ("ascii", True),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in [("utf-8", True), ("cp1252", False), ("cp1252", True), ("ascii", False)]
        ),
    ],
)
def test_a_file_name_that_is_no_text_is_read_printed_and_written(
    folder, tmp_path, encoding, as_json
):
    name = os.fsencode(tmp_path) + b"/caf\xe9\xff\x1b.png"
    Path(os.fsdecode(name)).write_bytes((folder / "p\x1b[7m\n\u202e.png").read_bytes())
    command = [sys.executable, "-m", "gui", "predict", str(folder / "m\x1b[3m.h5"), name]
    done = subprocess.run(
        [*command, "--json"] if as_json else command,
        capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    if as_json:
        assert os.fsencode(json.loads(done.stdout)["path"]) == name
    else:
        assert rb"/caf\xe9\xff\x1b.png: " in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
def test_classes_may_be_folders_whose_names_are_no_text(tmp_path):
    """Their names are in the model file as they are in the data: both belong together."""
    images, labels = images_and_labels(40, side=28)
    for index, (image, label) in enumerate(zip(images, labels, strict=True)):
        place = os.fsencode(tmp_path) + b"/data/cl\xff%d" % label
        Path(os.fsdecode(place)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(os.fsdecode(place + b"/%d.png" % index))
    data, path = str(tmp_path / "data"), tmp_path / "m.h5"
    assert main(["train", "--data", data, *_QUICK, "--out", str(path)]) == 0
    names = load_model(path).class_names
    assert names == open_dataset(data).class_names
    assert names[0] == r"cl\xff0"
    assert main(["export", str(path), str(tmp_path / "m.onnx")]) == 0
    write_userset(tmp_path / "own.h5", [drawing(1, name=names[0])])
    assert read_userset(tmp_path / "own.h5")[0].name == names[0]


@pytest.mark.skipif(os.name == "nt", reason="file names are text on Windows")
def test_a_network_is_saved_under_a_name_that_is_no_text(folder, tmp_path):
    name = os.fsencode(tmp_path) + b"/\xff\xfe.h5"
    data = ["--data", str(folder / "d\x1b[5m.npz")]
    train = [sys.executable, "-m", "gui", "train", *data, *_QUICK, "--out", name]
    done = subprocess.run(train, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"\xff\xfe.h5." in done.stdout
    assert Path(os.fsdecode(name)).stat().st_size > 1000
