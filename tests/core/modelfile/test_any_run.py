"""Model files: whatever a run may hold is written, read and equal; numbers beyond measure too."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given

from core.base.errors import SaveError
from core.base.events import Evaluation
from core.data.dataset import Dataset, ImageSet
from core.modelfile import load_model, save_model
from core.modelfile.checks import MOST_LESSONS
from core.modelfile.course import MOST_EVALUATIONS, kept_rows
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.any_run import differences, runs
from tests.support.examples import examples
from tests.support.model_files import RECIPE, trained
from tests.support.small_data import images_and_labels

_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@examples(0.3, suppress_health_check=_SLOW)
@given(run=runs())
def test_whatever_is_saved_is_opened_and_equal(tmp_path, run):
    path = tmp_path / "model.h5"
    save_model(path, run)
    back = load_model(path)
    assert not differences(back, run)
    assert not back.unknown_parts


@examples(0.25, suppress_health_check=_SLOW)
@given(run=runs(wild=True))
def test_what_is_not_finite_is_left_out_and_the_rest_is_equal(tmp_path, run):
    path = tmp_path / "model.h5"
    save_model(path, run)
    back = load_model(path)
    wild = {"stored_slots", "best", "anchor", "moments"}
    assert set(differences(back, run)) <= wild
    assert all(np.isfinite(slot).all() for slot in back.slots.values())
    whole = [one for one in run.moments if np.isfinite(one.params).all()]
    assert [one.step for one in back.moments] == [one.step for one in whole]


def test_weights_that_are_not_finite_are_said_and_the_old_file_stays(tmp_path):
    run, path = trained(1), tmp_path / "model.h5"
    save_model(path, run)
    before = path.read_bytes()
    run.params[3] = np.inf
    with pytest.raises(SaveError, match="weights are not finite"):
        save_model(path, run)
    assert path.read_bytes() == before


def test_a_network_of_a_single_class_opens_again(tmp_path):
    images, _ = images_and_labels(60)
    cats = Dataset("x", "cats", "", ImageSet(images, np.zeros(60, np.uint8)), None, None, ("cat",))
    run = new_run(RECIPE, cats, split_data(RECIPE, cats))
    for _ in train(run, split_data(RECIPE, cats)):
        pass
    save_model(tmp_path / "cats.h5", run)
    assert load_model(tmp_path / "cats.h5").class_names == ("cat",)


def _measured(run, count):
    row = run.history.evaluations[-1]
    values = [row.epoch, row.train_loss, 0.5, row.validation_loss, 0.5, 1.0, 0.1, 0.0]
    run.history.evaluations = [Evaluation(step, *values) for step in range(count)]
    return run


def test_a_training_measured_very_often_is_saved_thinned_and_opened(tmp_path):
    run = _measured(trained(20), MOST_EVALUATIONS + 50_000)
    save_model(tmp_path / "model.h5", run)
    rows = load_model(tmp_path / "model.h5").history.evaluations
    assert len(rows) == MOST_EVALUATIONS
    assert (rows[0], rows[-5_000:]) == (run.history.evaluations[0],
                                        run.history.evaluations[-5_000:])  # fmt: skip
    assert max(np.diff([row.step for row in rows])) <= 2
    save_model(tmp_path / "again.h5", load_model(tmp_path / "model.h5"))


@pytest.mark.parametrize("count", [0, 1, MOST_EVALUATIONS, MOST_EVALUATIONS + 1, 5_000_000])
def test_of_very_many_measurements_a_file_keeps_so_many_and_both_ends(count):
    rows = kept_rows(count)
    assert len(rows) == min(count, MOST_EVALUATIONS)
    assert count == 0 or (rows[0], rows[-1]) == (0, count - 1)
    assert (np.diff(rows) > 0).all()


def test_of_very_many_lessons_the_newest_are_kept(tmp_path):
    run = trained(1)
    run.lessons = [{"step": 1, "seed": number} for number in range(MOST_LESSONS + 5)]
    save_model(tmp_path / "model.h5", run)
    back = load_model(tmp_path / "model.h5").lessons
    assert [lesson["seed"] for lesson in back] == list(range(5, MOST_LESSONS + 5))


def test_the_longest_training_that_can_be_set_is_opened_again(tmp_path):
    run = trained(1)
    run.target = 10_000_000 * (1 << 31)  # epochs, images
    save_model(tmp_path / "model.h5", run)
    assert load_model(tmp_path / "model.h5").target == run.target
