"""Model files: everything comes back, from every version, and saving is whole or not at all."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest

from core.base.errors import ModelFileError, SaveError
from core.base.events import Working
from core.certainty.calibration import fit
from core.modelfile import load_model, read_thumbnail, save_model
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.optimizers.sgd import Sgd
from core.nn.penalty import Penalty
from core.nn.predictor import Predictor
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.model_files import DATA, PARTS, RECIPE, RICH, content_in, resealed, trained
from tests.support.small_data import small_dataset, small_recipe

_OLD = Path(__file__).parents[2] / "data"
_LESSON = {"step": 20, "drawings": 1, "steps": 3, "learning_rate": 0.0002, "seed": 0}


def _full_run():
    run = trained(37, RICH)
    run.start_step, run.notes = 5, "Liest Siebenen mit Querstrich.\nÄ ü 7️⃣"
    run.lessons.append(dict(_LESSON))
    held = split_data(RICH, DATA).held_out
    run.calibration = fit(run.network, run.loss, run.params, held.images, held.labels)
    return run


@pytest.fixture(scope="module")
def full():
    return _full_run()


@pytest.fixture(scope="module")
def saved(tmp_path_factory, full) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.h5"
    save_model(path, full)
    return path


def test_everything_comes_back(saved, full):
    back = load_model(saved)
    np.testing.assert_array_equal(back.params, full.params)
    assert back.slots.keys() == full.slots.keys() == {"first_moment", "second_moment"}
    for name, slot in full.slots.items():
        np.testing.assert_array_equal(back.slots[name], slot)
    np.testing.assert_array_equal(back.history.losses, full.history.losses)
    np.testing.assert_array_equal(back.history.accuracies, full.history.accuracies)
    assert back.history.evaluations == full.history.evaluations
    assert back.history.evaluations[-1].penalty > 0
    assert back.history.steps_per_epoch == full.history.steps_per_epoch
    assert (back.recipe, back.network, back.loss) == (full.recipe, full.network, full.loss)
    assert (back.step, back.target, back.start_step) == (full.step, full.target, 5)
    assert (back.seconds, back.learning_rate) == (full.seconds, full.learning_rate)
    assert (back.image_shape, back.class_names) == (full.image_shape, full.class_names)
    assert back.data == full.data
    assert back.data["counts"] == {
        "train": [50] * 10,
        "validation": [0] * 10,
        "test": [10] * 10,
    }
    assert back.noise.bit_generator.state == full.noise.bit_generator.state
    assert (back.best.step, back.best.loss) == (full.best.step, full.best.loss)
    np.testing.assert_array_equal(back.best.params, full.best.params)
    assert back.notes == full.notes
    assert (back.model_id, back.created) == (full.model_id, full.created)
    assert back.created
    assert back.lessons == full.lessons == [_LESSON]
    assert back.unknown_parts == ()


def test_the_calibration_comes_back_unless_the_weights_have_changed(saved, full, tmp_path):
    back = load_model(saved)
    assert back.calibration.belongs_to(back.params)
    assert back.calibration.temperature == full.calibration.temperature
    back.params[0] += 1
    save_model(tmp_path / "model.h5", back)
    assert load_model(tmp_path / "model.h5").calibration is None


@pytest.mark.parametrize("recipe", [RECIPE, RICH], ids=["plain", "rich"])
def test_training_goes_on_as_if_it_had_never_stopped(tmp_path, recipe):
    parts = split_data(recipe, DATA)
    whole = new_run(recipe, DATA, parts)
    for _ in train(whole, parts):
        pass
    save_model(tmp_path / "model.h5", trained(20, recipe))
    back = load_model(tmp_path / "model.h5")
    assert 20 <= back.step < whole.step
    for _ in train(back, parts):
        pass
    np.testing.assert_array_equal(back.params, whole.params)
    for name, slot in whole.slots.items():
        np.testing.assert_array_equal(back.slots[name], slot)
    np.testing.assert_array_equal(back.history.losses, whole.history.losses)
    np.testing.assert_array_equal(back.history.accuracies, whole.history.accuracies)
    measured = back.history.column("validation_loss")
    np.testing.assert_array_equal(measured, whole.history.column("validation_loss"))
    assert back.noise.bit_generator.state == whole.noise.bit_generator.state


_FULL = small_recipe(
    hidden=(HiddenLayer(12, "sigmoid", 0.1),),
    loss=LOSSES["logistic"](),
    penalty=Penalty(l2=1e-5),
    training=TrainingConfig(duration=70, duration_unit="iterations", evaluate_every=50),
)


@pytest.mark.parametrize("key", ["conjugate-gradient", "l-bfgs"])
@pytest.mark.parametrize("scaling", ["unit", "standardize"])
def test_methods_with_a_memory_go_on_as_if_they_had_never_stopped(
    tmp_path, monkeypatch, key, scaling
):
    """Their memory is not in the file; the way since they last began anew is gone again."""
    monkeypatch.setattr("core.training.full_batch.RESTART", 20)
    recipe = replace(_FULL, optimizer=OPTIMIZERS[key](), scaling=Scaling(scaling))
    parts, path = split_data(recipe, DATA), tmp_path / "model.h5"
    whole = new_run(recipe, DATA, parts)
    for _ in train(whole, parts):
        pass
    run = new_run(recipe, DATA, parts)
    assert whole.step > 50
    for cut in (1, 13, 20, 21, 47):
        events = train(run, parts)
        while run.step < cut:
            next(events)
        events.close()
        assert run.step == cut
        save_model(path, run)
        run = load_model(path)
    for _ in train(run, parts):
        pass
    assert run.step == whole.step
    np.testing.assert_array_equal(run.params, whole.params)
    np.testing.assert_array_equal(run.history.losses, whole.history.losses)
    assert run.noise.bit_generator.state == whole.noise.bit_generator.state


def test_a_method_with_a_memory_begins_anew_where_its_way_cannot_be_gone_again(tmp_path):
    recipe = replace(_FULL, optimizer=OPTIMIZERS["l-bfgs"]())
    parts = split_data(recipe, DATA)
    run = trained(40, recipe)
    run.params[:5] += 0.01  # as a lesson would
    taught, before = run.params.copy(), run.step
    save_model(tmp_path / "model.h5", run)
    back = load_model(tmp_path / "model.h5")
    next(events := train(back, parts))
    while back.step == before:
        next(events)
    events.close()
    assert back.anchor.step == before
    np.testing.assert_array_equal(back.anchor.params, taught)


def test_a_stop_amid_numerical_gradients_leaves_a_run_that_can_be_saved(tmp_path):
    training = TrainingConfig(duration=60, duration_unit="iterations", batch_size=4,
                              gradient="numerical", evaluate_every=1000)  # fmt: skip
    recipe = small_recipe(hidden=(HiddenLayer(1),), optimizer=Sgd(), training=training)
    data = small_dataset(200, 4)
    parts = split_data(recipe, data)
    for cut in range(3, 40, 3):
        run, seen = new_run(recipe, data, parts), 0
        for event in (events := train(run, parts)):
            seen += isinstance(event, Working)
            if seen >= cut:
                break
        events.close()
        assert run.step == run.history.count
        save_model(tmp_path / "model.h5", run)
        assert load_model(tmp_path / "model.h5").step == run.step


def test_the_same_content_gives_the_same_bytes(saved, full, tmp_path):
    save_model(tmp_path / "again.h5", full)
    save_model(tmp_path / "reopened.h5", load_model(saved))
    assert (tmp_path / "again.h5").read_bytes() == saved.read_bytes()
    assert (tmp_path / "reopened.h5").read_bytes() == saved.read_bytes()


def test_the_time_of_saving_stands_in_the_file_where_it_was_given(full, tmp_path):
    save_model(tmp_path / "model.h5", full, datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
    content = content_in(tmp_path / "model.h5")
    assert content.text("", "saved") == "2026-11-21T08:30:00+00:00"
    assert load_model(tmp_path / "model.h5").step == full.step


def test_a_copy_keeps_the_number_of_its_model_and_a_new_one_has_its_own(full):
    assert full.copy().model_id == full.model_id
    assert new_run(RECIPE, DATA, PARTS).model_id != new_run(RECIPE, DATA, PARTS).model_id


def test_notes_that_are_too_long_are_said_and_not_saved(tmp_path):
    run = trained(1)
    run.notes = "x" * (5 << 20)
    with pytest.raises(SaveError, match="notes has 5,242,880 characters; 100,000"):
        save_model(tmp_path / "model.h5", run)
    assert not (tmp_path / "model.h5").exists()


def test_numbers_that_are_none_are_said_and_not_saved(tmp_path):
    run = trained(1)
    run.learning_rate = float("nan")
    with pytest.raises(SaveError, match="not finite"):
        save_model(tmp_path / "model.h5", run)
    assert not (tmp_path / "model.h5").exists()


def test_names_of_folders_that_are_no_text_come_back_all_the_same(tmp_path):
    run = trained(1)
    run.data["source"] = "/home/\udcff/digits"
    save_model(tmp_path / "model.h5", run)
    assert load_model(tmp_path / "model.h5").data["source"] == "/home/\udcff/digits"


def test_the_thumbnail_shows_the_weights_of_the_first_units(saved, full):
    image = read_thumbnail(saved)
    assert image.shape == (64, 64, 3)
    assert len(np.unique(image.reshape(-1, 3), axis=0)) > 50
    other = trained(1)
    path = saved.with_name("other.h5")
    save_model(path, other)
    assert not np.array_equal(read_thumbnail(path), image)
    assert read_thumbnail(_OLD / "model-v2.h5") is None


# Versions ------------------------------------------------------------------------------


def _newer(content, least):
    content.note("", "schema_version", 9)
    content.note("", "min_reader_version", least)
    content.arrays["trainer/dreams/first"] = np.arange(5.0)
    content.arrays["trainer/history/epoch/mood"] = np.zeros(3)
    content.note("trainer/dreams", "kind", "sheep")


def test_a_newer_file_that_calls_itself_readable_opens_without_what_is_unknown(
    saved, full, tmp_path
):
    back = load_model(resealed(saved, tmp_path, lambda content: _newer(content, 3)))
    np.testing.assert_array_equal(back.params, full.params)
    assert back.unknown_parts == ("trainer/dreams",)
    save_model(tmp_path / "again.h5", back)
    assert load_model(tmp_path / "again.h5").unknown_parts == ()
    assert content_in(tmp_path / "again.h5").number("", "schema_version") == 3


def test_a_newer_file_that_does_not_is_refused_with_what_to_do(saved, tmp_path):
    path = resealed(saved, tmp_path, lambda content: _newer(content, 4))
    with pytest.raises(ModelFileError, match="newer Inkling") as caught:
        load_model(path)
    assert "Update Inkling" in caught.value.sentence
    with pytest.raises(ModelFileError, match="newer Inkling"):
        read_thumbnail(path)


def test_a_file_of_the_first_version_opens_with_its_weights_and_history():
    """Saved by the program before input scaling, schedules and penalties came to recipes."""
    run = load_model(_OLD / "model-v1.h5")
    assert run.step == run.history.count == 45
    assert float(run.history.losses[-1]) == pytest.approx(1.45533, abs=1e-5)
    assert run.recipe.scaling.kind == "unit"
    logits = Predictor(run.network, run.loss, run.params).logits(DATA.test.images[:1])
    np.testing.assert_allclose(
        logits[0, :4], [0.6918, 0.0447, -0.5443, -0.4220], atol=2e-4
    )  # what it answered then
    assert all(row.penalty == 0 for row in run.history.evaluations)
    run.start_step, run.target = run.step, run.step + 15
    for _ in train(run, PARTS):  # and it can be trained further
        pass
    assert run.finished


def test_a_file_of_the_second_version_opens_whole():
    """Saved before the file was Keras's, too, with calibration, lesson and best weights."""
    run = load_model(_OLD / "model-v2.h5")
    assert (run.step, run.best.step, len(run.lessons)) == (45, 30, 1)
    assert float(run.history.losses[-1]) == pytest.approx(3.0971136, abs=1e-6)
    assert run.best.loss == pytest.approx(2.2355773067474365)
    assert run.recipe == RICH
    assert run.calibration.belongs_to(run.params)
    assert run.calibration.temperature == pytest.approx(1.0694015532121546)
    logits = Predictor(run.network, run.loss, run.params).logits(DATA.test.images[:1])
    np.testing.assert_allclose(
        logits[0, :4], [2.938008, -0.8719712, -1.8218762, -0.97315294], atol=1e-4
    )
    assert (run.notes, run.created, len(run.model_id)) == ("", "", 32)
    for _ in train(run, split_data(RICH, DATA)):
        pass
    assert run.step == 90
    assert float(run.history.losses[-1]) == pytest.approx(2.4948286, rel=0.05)


def test_an_old_file_has_the_same_number_each_time_it_is_opened():
    numbers = {load_model(_OLD / "model-v1.h5").model_id for _ in range(2)}
    assert len(numbers) == 1
    assert numbers != {load_model(_OLD / "model-v2.h5").model_id}


def test_a_file_of_the_third_version_opens_whole():
    run = load_model(_OLD / "model-v3.h5")
    assert (run.step, run.best.step, len(run.lessons)) == (45, 30, 1)
    assert run.recipe == RICH
    assert run.notes == "Made for the tests when schema 3 was new."
    assert run.model_id == "18371a0a3a0d5dfb9358f565517869ce"
    assert run.calibration.belongs_to(run.params)
    assert run.unknown_parts == ()
    assert read_thumbnail(_OLD / "model-v3.h5").shape == (64, 64, 3)
    before = load_model(_OLD / "model-v2.h5")
    np.testing.assert_array_equal(run.params, before.params)
    np.testing.assert_array_equal(run.best.params, before.best.params)
    for name, slot in before.slots.items():
        np.testing.assert_array_equal(run.slots[name], slot)
    np.testing.assert_array_equal(run.history.losses, before.history.losses)
    assert run.history.evaluations == before.history.evaluations


# Saving --------------------------------------------------------------------------------


def test_a_failed_save_keeps_the_old_file_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(b"the old one")
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from core.base.errors import SaveError\n"
        "from core.modelfile import save_model\n"
        "from tests.support.model_files import trained\n"
        "run = trained()\n"
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
        save_model(tmp_path / "file" / "model.h5", trained(1))
    with pytest.raises(SaveError, match="does not exist"):
        save_model(tmp_path / "nowhere" / "model.h5", trained(1))


def test_a_symbolic_link_stays_one(tmp_path):
    target = tmp_path / "real.h5"
    target.write_bytes(b"old")
    link = tmp_path / "link.h5"
    link.symlink_to(target)
    save_model(link, trained(1))
    assert link.is_symlink()
    assert load_model(target).step >= 1


def test_a_file_can_be_read_while_somebody_else_has_it_open(saved, full):
    with h5py.File(saved, "r", locking=False):
        np.testing.assert_array_equal(load_model(saved).params, full.params)
