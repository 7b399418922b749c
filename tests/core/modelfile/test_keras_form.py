"""Model files as Keras and Netron see them."""

import json
import os
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.exchange.formats.keras_layout import keras_layers
from core.exchange.portable import outputs, portable_of
from core.modelfile import layer_names, save_model
from core.modelfile.keras_form import array_name
from core.nn.layer import activation_choices
from core.nn.loss import LOSSES
from tests.support.model_files import DATA, lively, trained

_PEERS = Path(__file__).parents[3] / ".peers" / "bin" / "python"
_ACTIVATIONS = [key for key, _ in activation_choices()]
_SCALINGS = ("unit", "standardize", "mean")
_KERAS = """
import sys, numpy as np, keras
images = np.load(sys.argv[1])
for path in sys.argv[2:]:
    model = keras.models.load_model(path)
    np.save(path + ".npy", model.predict(images, verbose=0))
model.compile("adam", "mse")
model.fit(images, np.ones((len(images), 10)), epochs=1, verbose=0)  # it can be trained further
"""


def test_keras_opens_every_layer_and_loss_and_answers_alike(tmp_path):
    if not _PEERS.exists():
        pytest.skip("Keras is not there; `make peers` installs it")
    images = DATA.test.images[:20]
    np.save(tmp_path / "images.npy", images)
    wanted = {}
    for row, loss in enumerate(LOSSES):
        for column, activation in enumerate(_ACTIVATIONS):
            run = lively(activation, loss, _SCALINGS[(row + column) % 3])
            path = tmp_path / f"{activation}-{loss}.h5"
            save_model(path, run)
            wanted[path] = outputs(portable_of(run), images)
    environment = {**os.environ, "KERAS_BACKEND": "jax", "HOME": str(tmp_path)}
    done = subprocess.run(
        [_PEERS, "-W", "ignore", "-c", _KERAS, tmp_path / "images.npy", *wanted],
        env=environment, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    for path, expected in wanted.items():
        found = np.load(f"{path}.npy")
        worst = np.abs(found - expected).max() / np.abs(expected).max()
        assert worst < 1e-6, (path.name, worst)


@pytest.mark.parametrize("scaling", _SCALINGS)
@pytest.mark.parametrize("batch", ["none", "batch"])
def test_our_names_for_layers_are_those_of_the_keras_form(scaling, batch):
    run = lively("gelu", scaling=scaling, batch=batch)
    stored = [layer for layer in keras_layers(portable_of(run)) if layer.weights]
    names = layer_names(run.network)
    assert [layer.name for layer in stored] == list(names.values())
    for layer, index in zip(stored, names, strict=True):
        ours = {array_name(name) for name in run.network.views(run.params, index)}
        if layer.class_name != "Normalization":
            assert ours == {name for name, _ in layer.weights}


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "model.h5"
    save_model(path, trained(2))
    with h5py.File(path, "r", locking=False) as file:
        yield file


def test_netron_finds_what_it_looks_for(file):
    """By its hdf5.js and keras.js: signature first, no "hickle", config, weights by layer."""
    with open(file.filename, "rb") as stream:  # noqa: PTH123 - its name is not a Path
        assert stream.read(8) == b"\x89HDF\r\n\x1a\n"
    assert "CLASS" not in file.attrs
    config = json.loads(file.attrs["model_config"].decode("ascii"))
    assert config["class_name"] == "Sequential"
    first, *layers = config["config"]["layers"]
    assert first["class_name"] == "InputLayer"
    assert first["config"]["batch_input_shape"] == [None, 8, 8]
    weights = file["model_weights"]
    names = [name.decode() for name in weights.attrs["layer_names"]]
    assert names == [layer["config"]["name"] for layer in layers]
    for layer in layers:
        name = layer["config"]["name"]
        stored = [key.decode() for key in weights[name].attrs["weight_names"]]
        kinds = {"Dense": ["kernel", "bias"]}
        assert stored == [f"{name}/{key}" for key in kinds.get(layer["class_name"], [])]
        for key in stored:
            assert weights[name][key].dtype == np.dtype("<f4")


def test_keras_is_not_told_how_it_was_trained(file):
    """With these Keras compiles the model, and its `fit` then fails."""
    assert not {"training_config", "optimizer_weights"} & {*file.attrs, *file}


def test_every_string_is_fixed_and_every_data_set_whole_and_plain(file):
    def visit(name, item):
        for key in item.attrs:
            kind = item.attrs.get_id(key).get_type()
            assert not (isinstance(kind, h5py.h5t.TypeStringID) and kind.is_variable_str()), key
        if isinstance(item, h5py.Dataset):
            assert item.chunks is None, name
            assert item.compression is None, name
            assert item.dtype.kind in "fiu", name
        else:
            links = [item.get(key, getlink=True) for key in item]
            assert all(isinstance(link, h5py.HardLink) for link in links)

    visit("/", file)
    file.visititems(visit)


def test_words_are_spelled_as_keras_2_does(tmp_path):
    save_model(tmp_path / "model.h5", lively("leaky-relu"))
    with h5py.File(tmp_path / "model.h5", "r", locking=False) as opened:
        text = opened.attrs["model_config"].decode()
    assert '"alpha": 0.' in text
    assert "negative_slope" not in text
    assert "batch_shape" not in text
