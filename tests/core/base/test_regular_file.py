"""Only ordinary files are opened, whoever opens them, and nobody waits for a pipe."""

import os
import socket
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.base.errors import DatasetError, ImageError, InklingError, ModelFileError
from core.base.regular_file import SpecialFileError, open_regular, refuse_special
from core.cli.console import main
from core.data.drawings.userset import is_userset, read_userset
from core.data.reader import READERS
from core.data.readers import open_dataset, read_raw
from core.exchange.importer import importer_for, read_network
from core.exchange.recognition import kind_of
from core.imaging.photos.picture import load_gray
from core.imaging.synthesis.style_file import is_style_file, read_style
from core.modelfile import load_model, read_thumbnail
from core.recipe.recipe import read_toml
from tests.support.program import write_digits

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
_PATIENCE_S = 60  # until a test says that somebody waits for a pipe


def in_time(call):
    """Call in a thread, which may hang for ever; return its result or its error."""
    found = []

    def work():
        try:
            found.append(call())
        except BaseException as error:  # noqa: BLE001 - shown by the test
            found.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(_PATIENCE_S)
    assert found, "it waits for the other end of a pipe"
    return found[0]


def pipe(path):
    os.mkfifo(path)
    return path


def test_a_file_is_read_and_a_folder_refused_as_ever(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    with open_regular(tmp_path / "a") as stream:
        assert stream.read() == b"abc"
    with pytest.raises(IsADirectoryError):
        open_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_regular(tmp_path / "b")
    refuse_special(tmp_path)
    refuse_special(tmp_path / "b")


def test_what_is_no_file_is_refused_by_its_kind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's name must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s")
    kinds = {
        pipe(tmp_path / "p"): "a named pipe",
        Path("s"): "a socket",
        Path("/dev/null"): "a device",
    }
    for path, words in kinds.items():
        for act in (open_regular, refuse_special):
            error = in_time(lambda act=act, path=path: act(path))
            assert isinstance(error, SpecialFileError)
            assert words in error.strerror


def test_a_pipe_put_in_the_place_of_a_file_between_two_looks_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "swapped"
    path.write_bytes(b"abc")
    opened = os.open

    def swap(name, flags):
        path.unlink()
        os.mkfifo(path)
        return opened(name, flags)

    monkeypatch.setattr("core.base.regular_file.os.open", swap)
    assert isinstance(in_time(lambda: open_regular(path)), SpecialFileError)


@pytest.mark.parametrize("name", ["a", "a.h5", "a.npz", "a.csv", "x-images-idx3-ubyte", "a.png",
                                  "a.mat", "a.pkl", "a.keras", "a.pt", "a.weights.h5"])  # fmt: skip
def test_every_reader_refuses_a_pipe_in_words(tmp_path, name):
    path = pipe(tmp_path / name)
    for key in READERS:
        assert in_time(lambda key=key: READERS[key].recognises(path)) is False
    assert in_time(lambda: importer_for(path)) is None
    for read, kind in (
        (open_dataset, DatasetError), (load_model, ModelFileError),
        (lambda at: load_model(at, lambda _: None), ModelFileError),
        (read_thumbnail, ModelFileError), (read_network, ModelFileError), (load_gray, ImageError),
        (read_userset, DatasetError), (read_style, DatasetError), (read_toml, InklingError),
        (kind_of, InklingError),
    ):  # fmt: skip
        error = in_time(lambda read=read: read(path))
        assert isinstance(error, kind), read
        assert "named pipe" in error.sentence
    assert in_time(lambda: is_userset(path)) is False
    assert in_time(lambda: is_style_file(path)) is False


def test_pipes_among_digits_are_passed_over(tmp_path):
    folder = write_digits(tmp_path / "digits", 40)
    pipe(folder / "more-images-idx3-ubyte")
    pipe(folder / "labels")
    assert len(in_time(lambda: open_dataset(folder)).train) == 40
    one = folder / "train-images-idx3-ubyte"
    assert len(in_time(lambda: open_dataset(one)).train) == 40


def test_a_pipe_among_pictures_is_passed_over_with_a_note(tmp_path):
    for number in range(40):
        place = tmp_path / str(number % 2)
        place.mkdir(exist_ok=True)
        Image.fromarray(np.full((8, 8), number, np.uint8)).save(place / f"{number}.png")
    pipe(tmp_path / "0" / "pipe.png")
    raw = in_time(lambda: read_raw(tmp_path))
    assert len(raw.train) == 40
    assert "named pipe" in raw.notes[0]


@pytest.mark.parametrize(
    "words",
    [
        ["train", "--data", "{pipe}"], ["evaluate", "{pipe}", "--data", "builtin"],
        ["predict", "{pipe}", "x.png"], ["import", "{pipe}"], ["check", "--data", "{pipe}"],
        ["export", "{pipe}", "x.onnx"], ["train", "--recipe", "{pipe}"],
    ],
    ids=lambda words: " ".join(words[:2]),
)  # fmt: skip
def test_the_command_line_refuses_a_pipe_in_one_sentence(tmp_path, capsys, words):
    path = pipe(tmp_path / "x.toml")
    assert in_time(lambda: main([word.format(pipe=path) for word in words])) == 2
    said = capsys.readouterr().err.strip()
    assert "named pipe" in said
    assert len(said.splitlines()) == 1
