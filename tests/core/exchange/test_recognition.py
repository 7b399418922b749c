"""Whose file it is: asked of its structure, wherever the format puts its marks."""

import io
import os
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.base.errors import DatasetError, ModelFileError
from core.data.drawings.userfile import write_userset
from core.data.reader import READERS
from core.data.readers import read_raw
from core.exchange.exporter import export
from core.exchange.importer import importer_for, read_network
from core.exchange.portable import portable_of
from core.exchange.recognition import Kind, kind_of
from core.modelfile import load_model, save_model
from core.nn.optimizers.adam import Adam
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe, presets
from core.training.run import new_run, split_data
from core.untrusted.parsing.hdf5root import (
    DRAWINGS,
    MODEL,
    SIGNATURE,
    marks_in,
    own_format,
    read_root,
)
from core.untrusted.parsing.zipnames import zip_names
from tests.support.small_data import small_dataset

DATA = small_dataset()
FOREIGN = Path(__file__).parents[2] / "data" / "foreign"
OLD = sorted((Path(__file__).parents[2] / "data").glob("model-v*.h5"))
FAR = 5 << 20  # bytes; beyond what was once looked at


def saved(path, recipe):
    """Save a network of `recipe`; return the run."""
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    save_model(path, run)
    return run


def attributes_last(path):
    """Write a file again as versions up to now did: its marks lie at its very end."""
    again = path.with_suffix(".old")
    with h5py.File(path) as old, h5py.File(again, "w", libver=("earliest", "v110")) as new:
        names = ["/"]
        old.visit(names.append)
        for name in names:
            if isinstance(old[name], h5py.Dataset):
                new.create_dataset(name, data=old[name][()])
        for name in names:
            for key, value in old[name].attrs.items():
                new.require_group(name).attrs[key] = value
    again.replace(path)


def wide(*units):
    return Recipe(hidden=tuple(HiddenLayer(units=count) for count in units), optimizer=Adam())


@pytest.mark.parametrize("key", list(presets()))
@pytest.mark.parametrize("old", [False, True], ids=["new", "attributes last"])
def test_a_network_of_each_preset_is_ours(tmp_path, key, old):
    path = tmp_path / "saved.h5"
    run = saved(path, presets()[key])
    if old:
        attributes_last(path)
    assert own_format(path) == MODEL
    assert kind_of(path) is Kind.MODEL
    assert importer_for(path) is None
    assert not READERS["hdf5"].recognises(path)
    np.testing.assert_array_equal(load_model(path).params, run.params)


@pytest.mark.parametrize(
    ("units", "low", "high"),
    [
        ((10,), 0.02, 0.3), ((1200, 700), 4, 30), ((1500, 1200), 15, 40),
        pytest.param((4096, 4096), 180, 260, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_a_network_of_any_size_is_ours(tmp_path, units, low, high):
    path = tmp_path / "saved.h5"
    saved(path, wide(*units))
    attributes_last(path)
    assert low < path.stat().st_size / 1e6 < high
    assert kind_of(path) is Kind.MODEL
    assert importer_for(path) is None
    with pytest.raises(ModelFileError, match="saved by Inkling itself"):
        read_network(path)
    with pytest.raises(DatasetError, match="is a model, not data"):
        read_raw(path)


@pytest.mark.parametrize("path", OLD, ids=lambda path: path.name)
def test_models_of_every_version_are_ours(path):
    assert kind_of(path) is Kind.MODEL


def test_our_models_and_drawings_are_ours_whatever_they_are_called(tmp_path):
    saved(tmp_path / "train-images-idx3-ubyte", wide(10))
    saved(tmp_path / "a.weights.h5", wide(10))
    write_userset(tmp_path / "x-idx3-ubyte.mat", [])
    assert kind_of(tmp_path / "train-images-idx3-ubyte") is Kind.MODEL
    assert kind_of(tmp_path / "a.weights.h5") is Kind.MODEL
    assert kind_of(tmp_path / "x-idx3-ubyte.mat") is Kind.DIGITS
    with pytest.raises(DatasetError, match="holds no drawings yet"):
        read_raw(tmp_path / "x-idx3-ubyte.mat")


@pytest.mark.parametrize("old", [False, True], ids=["new", "attributes last"])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.999])
def test_a_model_that_was_cut_off_is_a_damaged_model_of_ours(tmp_path, old, share):
    path = tmp_path / "cut.h5"
    saved(path, wide(600))
    if old:
        attributes_last(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert read_root(path).damaged
    assert kind_of(path) is Kind.MODEL
    assert importer_for(path) is None
    with pytest.raises(ModelFileError, match="damaged"):
        load_model(path)


def test_a_model_whose_mark_is_damaged_is_a_damaged_model_of_ours(tmp_path):
    path = tmp_path / "flipped.h5"
    saved(path, wide(10))
    for mark in (b"inkling-model", b"format"):
        path.write_bytes(path.read_bytes().replace(mark, mark[::-1]))
        assert kind_of(path) is Kind.MODEL
        with pytest.raises(ModelFileError, match="damaged"):
            load_model(path)


def test_drawings_that_were_cut_off_are_still_drawings(tmp_path):
    path = tmp_path / "my-digits.h5"
    write_userset(path, [])
    path.write_bytes(path.read_bytes()[:-100])
    assert own_format(path) == DRAWINGS


# Files of others ------------------------------------------------------------------------------


def test_a_keras_file_is_not_ours_however_it_calls_its_layers(tmp_path):
    shutil.copy(FOREIGN / "keras3_usual.h5", tmp_path / "k.h5")
    with h5py.File(tmp_path / "k.h5", "r+") as file:
        file["note"] = np.bytes_("inkling-model")
        file.attrs["comment"] = "inkling-model trainer"
    assert kind_of(tmp_path / "k.h5") is Kind.FOREIGN
    assert importer_for(tmp_path / "k.h5") == "keras-h5"


def test_a_keras_file_is_known_by_marks_at_its_end(tmp_path):
    path = tmp_path / "k.h5"
    with h5py.File(FOREIGN / "keras3_usual.h5") as old, h5py.File(path, "w") as new:
        for number in range(300):  # the names at the top need more room, and move to the end
            new.create_group(f"aaaa{number:04}-{'x' * 60}")
        new["padding"] = np.random.default_rng(0).random(2 * FAR // 8)
        old.copy("model_weights", new, name="mw")
        new.move("mw", "model_weights")
        new.attrs["model_config"] = old.attrs["model_config"]
    assert importer_for(path) == "keras-h5"
    path.write_bytes(path.read_bytes()[:-50])
    assert read_root(path).damaged
    assert importer_for(path) == "keras-h5"


def test_digits_in_hdf5_are_digits_even_where_words_of_models_stand_in_them(tmp_path):
    path = tmp_path / "digits.h5"
    with h5py.File(path, "w") as file:
        file["images"] = np.zeros((FAR // 784, 28, 28), np.uint8)
        file["labels"] = np.arange(FAR // 784, dtype=np.uint8) % 10
        file["about"] = np.bytes_("not an inkling-model: no model_weights, no layer_names")
    assert kind_of(path) is Kind.DIGITS
    assert importer_for(path) is None
    assert len(read_raw(path).train) == FAR // 784


@pytest.mark.parametrize("name", ["torch_plain.pt", "keras3_usual.keras", "weights.npz"])
def test_zips_are_known_whatever_part_comes_first(tmp_path, name):
    """DataSplit are written again in reverse, behind a large one."""
    key = importer_for(FOREIGN / name)
    path = tmp_path / f"again{'.zip' if key != 'npz' else '.npz'}"
    with zipfile.ZipFile(FOREIGN / name) as old, zipfile.ZipFile(path, "w") as new:
        new.writestr("z" * 2000, np.random.default_rng(0).bytes(FAR))
        for info in reversed(old.infolist()):
            new.writestr(info.filename, old.read(info))
    assert importer_for(path) == key
    assert kind_of(path) is Kind.FOREIGN


def test_a_zip_that_was_cut_off_is_known_by_what_it_begins_with(tmp_path):
    path = tmp_path / "cut.zip"
    path.write_bytes((FOREIGN / "keras3_usual.keras").read_bytes()[:-300])
    assert zip_names(path) == ("metadata.json",)
    assert importer_for(path) == "keras"


def test_a_zip_beyond_the_narrow_form_is_read_by_its_wide_end(tmp_path):
    path = tmp_path / "wide.zip"
    name = b"0/data.pkl"
    row = struct.pack("<4s6H3I5H2I", b"PK\1\2", *6 * [0], 0, 0, 0, len(name), *4 * [0], 0, 0) + name
    part = struct.pack("<4s5H3I2H", b"PK\3\4", *5 * [0], 0, 0, 0, 1, 0) + b"x"
    place = len(part)
    wide_end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(row), place)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, place + len(row), 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(part + row + wide_end + locator + end)
    assert zip_names(path) == ("0/data.pkl",)


def test_weights_in_a_matlab_file_are_found_behind_other_variables(tmp_path):
    def element(name, values):
        flat = values.astype("<f8").tobytes(order="F")
        body = struct.pack("<4I", 6, 8, 6, 0) + struct.pack("<4I", 5, 8, *values.shape)
        named = struct.pack("<2I", 1, len(name)) + name.ljust((len(name) + 7) // 8 * 8, b"\0")
        inner = body + named + struct.pack("<2I", 9, len(flat)) + flat
        packed = zlib.compress(struct.pack("<2I", 14, len(inner)) + inner)
        return struct.pack("<2I", 15, len(packed)) + packed

    rng = np.random.default_rng(0)
    head = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    weights = [element(b"Theta1", rng.random((25, 785))), element(b"Theta2", rng.random((10, 26)))]
    (tmp_path / "w.mat").write_bytes(
        head + element(b"lambda", rng.random((800, 900))) + b"".join(weights)
    )
    assert importer_for(tmp_path / "w.mat") == "matlab"
    digits = [element(b"X", rng.random((30, 16))), element(b"y", rng.random((30, 1)))]
    (tmp_path / "d.mat").write_bytes(head + b"".join(digits))
    assert importer_for(tmp_path / "d.mat") is None


def test_weights_in_the_newest_matlab_files_are_known(tmp_path):
    path = tmp_path / "w.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["Theta1"] = np.zeros((785, 25))
        file["Theta2"] = np.zeros((26, 10))
    whole = bytearray(path.read_bytes())
    whole[:19] = b"MATLAB 7.3 MAT-file"
    path.write_bytes(whole)
    assert importer_for(path) == "matlab"
    assert [stage.kind for stage in read_network(path).stages].count("dense") == 2


@pytest.mark.parametrize("key", ["npz", "safetensors"])
def test_large_exports_of_ours_are_imported_again(tmp_path, key):
    run = saved(tmp_path / "m.h5", wide(2000, 1000))
    path = tmp_path / f"m.{key}"
    export(path, portable_of(run), key, "float32", DATA.test.images, DATA.test.labels)
    assert path.stat().st_size > FAR
    assert importer_for(path) == key


def test_a_damaged_file_of_any_claimed_size_is_read_at_its_ends_only(tmp_path, monkeypatch):
    """A terabyte that takes no room on the disk held the program for minutes."""
    path, read = tmp_path / "sparse.h5", []
    with path.open("wb") as stream:
        stream.write(SIGNATURE)
        stream.truncate(1 << 40)
        stream.seek(-100, os.SEEK_END)
        stream.write(MODEL.encode())

    class Counting(io.FileIO):
        def read(self, size=-1):
            read.append(size)
            assert len(read) < 1000, "it is read whole"
            return super().read(size)

    monkeypatch.setattr("core.untrusted.parsing.hdf5root.open_regular", lambda path: Counting(path))
    assert marks_in(path, [MODEL.encode(), b"nowhere"]) == {MODEL.encode()}
