"""Model files: everything comes back, and no damage does harm."""

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_data import small_dataset, small_recipe

from core.errors import ModelFileError, SaveError
from core.modelfile import load_model, save_model
from core.run import new_run, split_parts
from core.training import train

DATA = small_dataset()
RECIPE = small_recipe()
PARTS = split_parts(RECIPE, DATA)


def _half_trained(steps=20):
    run = new_run(RECIPE, DATA, PARTS)
    events = train(run, PARTS)
    while run.step < steps:
        next(events)
    events.close()
    return run


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.h5"
    save_model(path, _half_trained())
    return path


def test_everything_comes_back(tmp_path):
    run = _half_trained()
    path = tmp_path / "model.h5"
    save_model(path, run)
    back = load_model(path)
    np.testing.assert_array_equal(back.params, run.params)
    assert back.slots.keys() == run.slots.keys()
    for name, slot in run.slots.items():
        np.testing.assert_array_equal(back.slots[name], slot)
    np.testing.assert_array_equal(back.history.losses, run.history.losses)
    np.testing.assert_array_equal(back.history.accuracies, run.history.accuracies)
    assert back.history.evaluations == run.history.evaluations
    assert back.history.steps_per_epoch == run.history.steps_per_epoch
    assert back.recipe == run.recipe
    assert (back.step, back.target, back.seconds) == (run.step, run.target, run.seconds)
    assert (back.learning_rate, back.image_shape) == (run.learning_rate, run.image_shape)
    assert (back.class_names, back.data) == (run.class_names, run.data)
    assert back.noise.bit_generator.state == run.noise.bit_generator.state


def test_training_goes_on_as_if_it_had_never_stopped(saved):
    whole = new_run(RECIPE, DATA, PARTS)
    for _ in train(whole, PARTS):
        pass
    back = load_model(saved)
    for _ in train(back, PARTS):
        pass
    np.testing.assert_array_equal(back.params, whole.params)
    np.testing.assert_array_equal(back.history.losses, whole.history.losses)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True))
def test_any_truncation_is_refused_in_words(saved, tmp_path, share):
    whole = saved.read_bytes()
    path = tmp_path / "cut.h5"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert "cut.h5" in caught.value.sentence


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)),
                       min_size=1, max_size=3))  # fmt: skip
def test_any_changed_byte_is_refused_or_harmless(saved, tmp_path, places):
    whole = bytearray(saved.read_bytes())
    for share, flip in places:
        whole[int(share * len(whole))] ^= flip
    path = tmp_path / "flipped.h5"
    path.write_bytes(whole)
    try:
        back = load_model(path)
    except ModelFileError:
        return
    np.testing.assert_array_equal(back.params, load_model(saved).params)


def _changed(saved, tmp_path, change):
    path = tmp_path / "changed.h5"
    path.write_bytes(saved.read_bytes())
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def _external(file):
    del file["trainer/history"]
    file["trainer/history"] = h5py.ExternalLink("/etc/hostname", "/")


def _soft(file):
    del file["trainer/history"]
    file["trainer/history"] = h5py.SoftLink("/trainer/optimizer")


def _huge(file):
    del file["trainer/history/loss"]
    file["trainer/history"].create_dataset("loss", (1 << 40,), "f4", chunks=(1 << 20,))


def _newer(file):
    file.attrs["schema_version"] = 99


def _foreign(file):
    file.attrs["format"] = np.bytes_("something-else")


def _not_finite(file):
    file["trainer/optimizer/first_moment"][0] = np.nan


@pytest.mark.parametrize("change", [_external, _soft, _huge, _newer, _foreign, _not_finite])
def test_hostile_and_foreign_content_is_refused_in_words(saved, tmp_path, change):
    with pytest.raises(ModelFileError) as caught:
        load_model(_changed(saved, tmp_path, change))
    assert "changed.h5" in caught.value.sentence
    assert "Traceback" not in caught.value.sentence


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"x" * 5000])
def test_what_is_no_model_file_is_named_so(tmp_path, content):
    path = tmp_path / "letter.h5"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="letter"):
        load_model(path)
    with pytest.raises(ModelFileError, match="not exist"):
        load_model(tmp_path / "nowhere.h5")


def test_a_failed_save_keeps_the_old_file_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(b"the old one")
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "sys.path.insert(0, 'tests/core')\n"
        "from test_modelfile import _half_trained, save_model, SaveError\n"
        "run = _half_trained()\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "try:\n    save_model(Path(sys.argv[1]), run)\n"
        "except SaveError as error:\n    print(error.sentence)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert "could not be saved" in done.stdout
    assert path.read_bytes() == b"the old one"
    assert [item.name for item in tmp_path.iterdir()] == ["model.h5"]


def test_a_folder_that_is_none_is_said_and_nothing_is_lost(tmp_path):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(SaveError, match="not a folder"):
        save_model(tmp_path / "file" / "model.h5", _half_trained(1))
    with pytest.raises(SaveError, match="does not exist"):
        save_model(tmp_path / "nowhere" / "model.h5", _half_trained(1))


def test_a_symbolic_link_stays_one(tmp_path):
    target = tmp_path / "real.h5"
    target.write_bytes(b"old")
    link = tmp_path / "link.h5"
    link.symlink_to(target)
    save_model(link, _half_trained(1))
    assert link.is_symlink()
    assert load_model(target).step >= 1
