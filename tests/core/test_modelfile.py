"""Model files: everything comes back, and no damage does harm."""

import json
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_data import small_dataset, small_recipe

from core.augmentation import Augmentation
from core.errors import ModelFileError, SaveError
from core.hidden_layer import HiddenLayer
from core.layers.scaling import Scaling
from core.modelfile import _content_hash, load_model, save_model
from core.optimizer import OPTIMIZERS
from core.penalty import Penalty
from core.prediction import Predictor
from core.run import new_run, split_parts
from core.schedule import SCHEDULES
from core.training import train
from core.training_config import TrainingConfig

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
    for name, slot in whole.slots.items():
        np.testing.assert_array_equal(back.slots[name], slot)
    np.testing.assert_array_equal(back.history.losses, whole.history.losses)
    np.testing.assert_array_equal(back.history.accuracies, whole.history.accuracies)
    measured = back.history.column("validation_loss")
    np.testing.assert_array_equal(measured, whole.history.column("validation_loss"))
    assert back.noise.bit_generator.state == whole.noise.bit_generator.state


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


@pytest.mark.parametrize("part", ["params", "slots"])
def test_weights_that_are_no_numbers_are_refused_though_the_check_sum_fits(tmp_path, part):
    run = _half_trained(1)
    (run.params if part == "params" else run.slots["first_moment"])[3] = np.nan
    path = tmp_path / "nan.h5"
    save_model(path, run)
    with pytest.raises(ModelFileError, match="not finite"):
        load_model(path)


def _resealed(saved, tmp_path, part, change):
    """Return a copy whose JSON `part` is changed and whose check sum fits again."""

    def rewrite(file):
        values = change(json.loads(file["trainer"][part][()].tobytes()))
        del file["trainer"][part]
        text = json.dumps(values).encode()
        file["trainer"].create_dataset(part, data=np.frombuffer(text, np.uint8))
        file["trainer"].attrs["content_sha256"] = np.bytes_(_content_hash(file))

    return _changed(saved, tmp_path, rewrite)


def test_resealing_alone_does_no_harm(saved, tmp_path):
    path = _resealed(saved, tmp_path, "state", lambda state: state)
    np.testing.assert_array_equal(load_model(path).params, load_model(saved).params)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("step", -1), ("step", 3), ("step", 10**30), ("step", None), ("target", -1),
        ("target", 10**30), ("learning_rate", float("nan")), ("learning_rate", -0.1),
        ("learning_rate", float("inf")), ("learning_rate", "fast"), ("seconds", float("nan")),
        ("seconds", -1), ("steps_per_epoch", -3), ("image_shape", [-8, -8]),
        ("image_shape", [64]), ("image_shape", [10**9, 10**9]), ("image_shape", [4, 4]),
        ("noise", {}), ("noise", None),
    ],
)  # fmt: skip
def test_a_state_no_training_leaves_is_refused_in_words(saved, tmp_path, key, value):
    path = _resealed(saved, tmp_path, "state", lambda state: {**state, key: value})
    with pytest.raises(ModelFileError, match="changed.h5"):
        load_model(path)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["recipe", "state", "data", "classes"]), value=_JSON)
def test_any_other_json_is_refused_in_words_or_harmless(saved, tmp_path, part, value):
    path = _resealed(saved, tmp_path, part, lambda _: value)
    try:
        back = load_model(path)
    except ModelFileError:
        return
    assert part == "data"  # free text about where the digits came from
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


def _declared(file):
    del file["trainer/history/loss"]
    file["trainer/history"].create_dataset("loss", (1 << 40,), "f4")  # nothing is written


def _chunked(file):
    values = file["trainer/history/loss"][()]
    del file["trainer/history/loss"]
    file["trainer/history"].create_dataset("loss", data=values, chunks=(1,), compression="gzip")


def _elsewhere(file):
    del file["trainer/history/loss"]
    file["trainer/history"].create_dataset("loss", (8,), "f4", external=[("/etc/hostname", 0, 32)])


def _newer(file):
    file.attrs["schema_version"] = 99


def _foreign(file):
    file.attrs["format"] = np.bytes_("something-else")


def _not_finite(file):
    file["trainer/optimizer/first_moment"][0] = np.nan


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_external, "points to other places"), (_soft, "points to other places"),
        (_huge, "unknown kind"), (_chunked, "unknown kind"), (_elsewhere, "unknown kind"),
        (_declared, "more than it holds"), (_newer, "newer Inkling"),
        (_foreign, "not a model saved by Inkling"), (_not_finite, "check sum"),
    ],
)  # fmt: skip
def test_hostile_and_foreign_content_is_refused_in_words(saved, tmp_path, change, words):
    with pytest.raises(ModelFileError, match=words) as caught:
        load_model(_changed(saved, tmp_path, change))
    assert "changed.h5" in caught.value.sentence


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


_V1 = Path(__file__).parents[1] / "data" / "model-v1.h5"


def test_a_file_of_the_first_version_opens_with_its_weights_and_history():
    """Saved by the program before input scaling, schedules and penalties came to recipes."""
    run = load_model(_V1)
    assert run.step == run.history.count == 45
    assert float(run.history.losses[-1]) == pytest.approx(1.45533, abs=1e-5)
    assert run.recipe.scaling.kind == "unit"
    logits = Predictor(run.network, run.loss, run.params).logits(DATA.test.images[:1])
    np.testing.assert_allclose(
        logits[0, :4], [0.6918, 0.0447, -0.5443, -0.4220], atol=2e-4
    )  # what it answered then
    assert all(row.penalty == 0 for row in run.history.evaluations)
    run.leg, run.target = run.step, run.step + 15
    for _ in train(run, PARTS):  # and it can be trained further
        pass
    assert run.finished


def test_scaling_normalization_best_weights_and_leg_come_back(tmp_path):
    recipe = small_recipe(
        scaling=Scaling("standardize"),
        hidden=(HiddenLayer(12, "elu", 0.1, "batch"), HiddenLayer(8, "leaky-relu")),
        penalty=Penalty(l2=0.001),
        schedule=SCHEDULES["one-cycle"](),
        optimizer=OPTIMIZERS["adamw"](),
        augmentation=Augmentation(shift=1),
        training=TrainingConfig(duration=6, batch_size=32, patience=50, warmup=4),
    )
    parts = split_parts(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    events = train(run, parts)
    while run.step < 37:
        next(events)
    events.close()
    run.leg = 5
    path = tmp_path / "model.h5"
    save_model(path, run)
    back = load_model(path)
    np.testing.assert_array_equal(back.params, run.params)
    assert back.recipe == run.recipe
    assert back.leg == 5
    assert (back.best.step, back.best.loss) == (run.best.step, run.best.loss)
    np.testing.assert_array_equal(back.best.params, run.best.params)
    assert back.history.evaluations[-1].penalty == run.history.evaluations[-1].penalty > 0
    for each in (run, back):  # both go on alike
        for _ in train(each, parts):
            pass
    np.testing.assert_array_equal(back.params, run.params)
