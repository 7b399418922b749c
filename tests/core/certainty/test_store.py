from dataclasses import replace

import h5py
import numpy as np
import pytest

from core.base.errors import ModelFileError
from core.certainty.store import pack, unpack
from core.modelfile import load_model, save_model
from core.training.calibrate import calibrate
from tests.support.trained import sigmoid_outputs, usual


@pytest.fixture
def run():
    run, parts = usual()
    run = run.copy()
    run.calibration = calibrate(run, parts)
    return run


def equal(one, other):
    for name, array in pack(one).items():
        np.testing.assert_array_equal(array, pack(other)[name])


def test_a_calibration_comes_back_as_it_was(run):
    again = unpack(pack(run.calibration), run.network, run.image_shape)
    equal(again, run.calibration)
    np.testing.assert_array_equal(again.before.accuracy, run.calibration.before.accuracy)


def test_the_model_file_keeps_it(run, tmp_path):
    save_model(tmp_path / "model.h5", run)
    again = load_model(tmp_path / "model.h5")
    equal(again.calibration, run.calibration)
    assert again.calibration.belongs_to(again.params)


def test_a_file_without_one_opens(run, tmp_path):
    run.calibration = None
    save_model(tmp_path / "model.h5", run)
    assert load_model(tmp_path / "model.h5").calibration is None


def test_one_of_other_weights_is_not_saved(run, tmp_path):
    run.stored_params[0] += 1
    save_model(tmp_path / "model.h5", run)
    assert load_model(tmp_path / "model.h5").calibration is None


def test_a_file_in_which_it_was_changed_is_refused(run, tmp_path):
    path = tmp_path / "model.h5"
    save_model(path, run)
    with h5py.File(path, "r+") as file:
        file["trainer/calibration/direction"][0] = 1e9
    with pytest.raises(ModelFileError):
        load_model(path)


def test_one_of_another_network_is_refused(run):
    other, _ = sigmoid_outputs()
    with pytest.raises(ValueError, match="strangeness"):
        unpack(pack(run.calibration), other.network, run.image_shape)
    with pytest.raises(ValueError, match="shape"):
        unpack(pack(run.calibration), run.network, (4, 16))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("direction", np.full(10, np.nan, np.float32)),
        ("direction", np.zeros((2, 2), np.float32)),
        ("before", np.full((3, 15), np.inf)),
        ("after", np.full((3, 15), 2.0)),
        ("after", np.zeros((3, 15))),
        ("after", np.zeros((3, 4))),
        ("values", np.frombuffer(b'{"image_shape": [8, 8]}', np.uint8)),
        ("values", np.zeros(1 << 20, np.uint8)),
    ],
)
def test_senseless_arrays_are_refused(run, name, value):
    arrays = {**pack(run.calibration), name: value}
    with pytest.raises((ValueError, KeyError)):
        unpack(arrays, run.network, run.image_shape)


@pytest.mark.parametrize(
    "change",
    [
        {"temperature": -1.0},
        {"temperature": 1e9},
        {"images": -5},
        {"step": -1},
        {"weights_sum": 1 << 40},
        {"brier": (3.0, 0.1)},
        {"error_by_count": (0.1, -0.1)},
    ],
)
def test_numbers_out_of_bounds_are_refused(run, change):
    arrays = pack(replace(run.calibration, **change))
    with pytest.raises(ValueError, match="bounds"):
        unpack(arrays, run.network, run.image_shape)
