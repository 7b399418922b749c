"""Exporting: nothing wrong is written, and nothing that was there is lost."""

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.base.errors import ExportError, SaveError
from core.cli.console import main
from core.exchange.exporter import EXPORTERS, REPORTS, Checked, export
from core.exchange.portable import probabilities
from core.exchange.sample_images import made_up_images
from core.modelfile import save_model
from core.recipe.recipe import Recipe
from core.training.run import new_run, split_data
from tests.support.portable_networks import IMAGES, network

LABELS = np.zeros(len(IMAGES), np.uint8)


@dataclass
class _Liar:
    """An export format whose files answer something else."""

    answers: np.ndarray
    label: str = "Liar"
    help: str = ""
    suffix: str = ".lie"
    precisions: tuple[str, ...] = ("float32",)
    tolerance: float = 1e-5
    seen: list = field(default_factory=list)

    def encode(self, portable, precision):
        return b"a lie"

    def check(self, path, portable, images):
        self.seen.append(path.read_bytes())
        return Checked(self.answers, "nobody")


@pytest.mark.parametrize("kind", ["off", "nan", "shape"])
def test_a_file_that_answers_otherwise_is_not_written(kind, tmp_path, monkeypatch):
    right = probabilities(network(), IMAGES)
    answers = {
        "off": right[:, ::-1],
        "nan": np.full_like(right, np.nan),
        "shape": right[:, :2],
    }[kind]
    liar = _Liar(answers)
    monkeypatch.setitem(EXPORTERS._entries, "liar", liar)
    path = tmp_path / "old.lie"
    path.write_bytes(b"what was there")
    with pytest.raises(ExportError):
        export(path, network(), "liar", "float32", IMAGES, LABELS)
    assert liar.seen == [b"a lie"]  # it was tried as a file
    assert path.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [path]


def test_outputs_that_do_not_sum_to_one_are_compared_as_probabilities(tmp_path, monkeypatch):
    right = probabilities(network(output="sigmoid"), IMAGES)
    monkeypatch.setitem(EXPORTERS._entries, "liar", _Liar(1.7 * right))
    path = tmp_path / "true.lie"
    assert export(path, network(output="sigmoid"), "liar", "float32", IMAGES, LABELS).worst < 1e-12


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SaveError, match="could not be saved"):
        export(tmp_path / "no" / "net.npz", network(), "npz", "float32", IMAGES, LABELS)


def test_giving_up_in_the_middle_leaves_nothing(tmp_path):
    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(tmp_path / "net.npz", network(), "npz", "float32", IMAGES, LABELS, stop)
    assert list(tmp_path.iterdir()) == []


def test_made_up_images_suit_the_network():
    images, labels = made_up_images((28, 28), 10)
    assert (images.shape, labels.max()) == ((500, 28, 28), 9)
    images, labels = made_up_images((8, 6), 3)
    assert (images.shape, labels.max()) == ((500, 8, 6), 2)


# The command ------------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path):
    from tests.support.small_data import small_dataset

    data = small_dataset()
    recipe = replace(Recipe(), hidden=())
    path = tmp_path / "model.h5"
    save_model(path, new_run(recipe, data, split_data(recipe, data)))
    return path


@pytest.mark.parametrize("key", list(EXPORTERS))
def test_the_ending_decides_the_format(key, model, tmp_path, capsys):
    out = tmp_path / f"net{EXPORTERS[key].suffix}"
    assert main(["export", str(model), str(out)]) == 0
    told = capsys.readouterr().out
    assert EXPORTERS[key].label in told
    assert f"{out.stat().st_size:,} bytes" in told


def test_json_tells_all_that_was_measured(model, tmp_path, capsys):
    import json

    out = tmp_path / "net.npz"
    assert main(["export", str(model), str(out), "--precision", "int8", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["precision"] == "int8"
    assert told["bytes"] == out.stat().st_size
    assert 0 <= told["worst_difference"] <= 1e-6


@pytest.mark.parametrize("key", list(REPORTS))
def test_pictures_and_tables_are_written_too(key, model, tmp_path, capsys):
    out = tmp_path / f"about{REPORTS[key].suffix}"
    assert main(["export", str(model), str(out)]) == 0
    assert f"{out.stat().st_size:,} bytes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["net.pdf"], "No export format has the ending"),
        (["net.txt", "--format", "onx"], "There is no export format 'onx'"),
        (["net.keras", "--precision", "int8"], "do not hold int8 weights"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(arguments, sentence, model, tmp_path, capsys):
    arguments = [str(tmp_path / arguments[0]), *arguments[1:]]
    assert main(["export", str(model), *arguments]) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [model]


def test_the_formats_can_be_listed(capsys):
    assert main(["export", "--list"]) == 0
    assert all(key in capsys.readouterr().out for key in ["onnx"])
