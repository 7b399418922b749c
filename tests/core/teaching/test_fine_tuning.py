import math
from dataclasses import replace

import numpy as np
import pytest

from core.base.errors import InklingError, ShapeError
from core.base.generators import result_of
from core.data.dataset import ImageSet
from core.modelfile import load_model, save_model
from core.nn.losses.squared import Quadratic
from core.nn.optimizers.adam import Adam
from core.nn.optimizers.sgd import Sgd
from core.nn.predictor import Predictor
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.teaching.fine_tuning import keep, learn_from, undo
from core.training.run import Best, new_run, split_data
from core.training.train import train
from tests.support.small_data import images_and_labels, small_dataset, small_recipe

DATA = small_dataset()


def trained(**changes):
    training = TrainingConfig(duration=20, batch_size=32, validation_split=0.1)
    recipe = small_recipe(
        **{"hidden": (HiddenLayer(24),), "training": training, "optimizer": Adam(0.005), **changes}
    )
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    for _ in train(run, parts):
        pass
    return run, parts


@pytest.fixture(scope="module")
def _school():
    return trained()


@pytest.fixture
def school(_school):
    run, parts = _school
    return run.copy(), parts


def odd_ones(count=1):
    """Return images that the network cannot know: a diagonal, said to be a 3."""
    images = np.tile(np.diag(np.full(8, 230, np.uint8)), (count, 1, 1))
    return ImageSet(images, np.full(count, 3, np.uint8))


def finished(lesson):
    shares = []
    result = result_of(lesson, shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < 1
    return result


def test_a_lesson_teaches_the_drawing_and_leaves_the_run_alone(school):
    run, parts = school
    before, noise = run.params.tobytes(), run.noise.bit_generator.state
    lesson = finished(learn_from(run, parts, odd_ones(), learning_rate=0.003))
    report = lesson.report
    assert report.after[0, 3] >= 0.9 > report.before[0, 3]
    assert (report.known, report.learned) == (0, 1)
    assert run.params.tobytes() == before
    assert run.noise.bit_generator.state == noise
    assert run.lessons == []


def test_the_bill_is_what_a_predictor_finds(school):
    run, parts = school
    own = ImageSet(*images_and_labels(40, seed=9))
    lesson = finished(learn_from(run, parts, odd_ones(), own))
    report, held_out = lesson.report, parts.held_out
    for params, accuracy, of_own in (
        (lesson.before, report.held_out_before, report.own_before),
        (lesson.after, report.held_out_after, report.own_after),
    ):
        predictor = Predictor(run.network, run.loss, params)
        answers = predictor.logits(held_out.images).argmax(axis=1)
        assert accuracy == pytest.approx((answers == held_out.labels).mean())
        found = predictor.logits(own.images).argmax(axis=1)
        assert of_own == pytest.approx((found == own.labels).mean())
    gained = len(report.better) - len(report.worse)
    change = report.held_out_after - report.held_out_before
    assert gained == pytest.approx(change * len(held_out))
    assert report.held_out_name == "Validation"


def test_flipped_digits_are_named_with_both_answers(school):
    run, parts = school
    # Training digits with wrong labels: what they teach must cost dear.
    labels = ((parts.labels + 1) % 10).astype(np.uint8)
    bad = replace(parts, labels=labels)
    report = finished(learn_from(run, bad, odd_ones(), learning_rate=0.005)).report
    assert len(report.worse) > 0
    labels = parts.held_out.labels
    np.testing.assert_array_equal(report.worse.before, labels[report.worse.indices])
    np.testing.assert_array_equal(report.better.after, labels[report.better.indices])
    assert (report.worse.after != report.worse.before).all()
    assert (report.other.before != labels[report.other.indices]).all()
    assert (report.other.after != labels[report.other.indices]).all()


def test_the_same_seed_gives_the_same_bytes(school):
    run, parts = school
    lessons = [
        finished(learn_from(run, parts, odd_ones(), seed=seed, steps=5)) for seed in (4, 4, 5)
    ]
    assert lessons[0].after.tobytes() == lessons[1].after.tobytes()
    assert lessons[0].after.tobytes() != lessons[2].after.tobytes()


def test_it_ends_as_soon_as_all_is_learned(school):
    run, parts = school
    known = ImageSet(parts.images[:1].reshape(1, 8, 8), parts.labels[:1])
    easy = finished(learn_from(run, parts, known, learning_rate=1e-6))
    if easy.report.before[0, known.labels[0]] > 0.95:
        assert easy.record["steps"] == 3
    short = finished(learn_from(run, parts, odd_ones(), steps=2, learning_rate=1e-6))
    assert short.record["steps"] == 2
    assert short.report.learned == 0


def test_keeping_gives_the_weights_and_marks_the_run(school):
    run, parts = school
    lesson = finished(learn_from(run, parts, odd_ones()))
    slots = {name: slot.copy() for name, slot in run.slots.items()}
    step, rows = run.step, len(run.history.evaluations)
    keep(run, lesson)
    assert run.params.tobytes() == lesson.after.tobytes()
    (record,) = run.lessons
    assert (record["step"], record["drawings"]) == (run.step, 1)
    assert (run.step, len(run.history.evaluations)) == (step, rows)
    for name, slot in slots.items():
        np.testing.assert_array_equal(run.slots[name], slot)


def test_undo_brings_back_the_same_bytes(school):
    run, parts = school
    run.best = Best(run.step, 0.1, run.params.copy())
    best, before = run.best, run.params.tobytes()
    lesson = finished(learn_from(run, parts, odd_ones()))
    keep(run, lesson)
    assert run.best is None  # untaught weights must not come back at the end of a training
    undo(run, lesson)
    assert run.params.tobytes() == before
    assert run.lessons == []
    assert run.best is best


def test_two_lessons_are_undone_one_after_the_other(school):
    run, parts = school
    before = run.params.tobytes()
    first = finished(learn_from(run, parts, odd_ones()))
    keep(run, first)
    second = finished(learn_from(run, parts, odd_ones()))
    keep(run, second)
    assert len(run.lessons) == 2
    with pytest.raises(InklingError, match="since"):
        undo(run, first)
    undo(run, second)
    undo(run, first)
    assert run.params.tobytes() == before


def test_a_run_that_was_trained_since_refuses_the_lesson(school):
    run, parts = school
    lesson = finished(learn_from(run, parts, odd_ones()))
    run.target += 5
    for _ in train(run, parts):
        pass
    params = run.params.tobytes()
    for change in (keep, undo):
        with pytest.raises(InklingError, match="since"):
            change(run, lesson)
    assert run.params.tobytes() == params
    assert run.lessons == []


def test_training_goes_on_from_the_taught_weights(school):
    run, parts = school
    keep(run, finished(learn_from(run, parts, odd_ones())))
    twin = run.copy()
    for each in (run, twin):
        each.start_step, each.target = each.step, each.step + 20
        for _ in train(each, parts):
            pass
    assert run.history.count == run.step
    assert run.params.tobytes() == twin.params.tobytes()
    assert twin.lessons == run.lessons


def test_lessons_are_saved_with_the_model(school, tmp_path):
    run, parts = school
    keep(run, finished(learn_from(run, parts, odd_ones())))
    path = tmp_path / "taught.h5"
    save_model(path, run)
    back = load_model(path)
    assert back.lessons == run.lessons
    assert back.params.tobytes() == run.params.tobytes()


def test_a_copy_of_a_run_has_lessons_of_its_own(school):
    run, parts = school
    twin = run.copy()
    keep(twin, finished(learn_from(twin, parts, odd_ones())))
    assert run.lessons == []


def test_many_drawings_are_learned_together(school):
    run, parts = school
    images, labels = images_and_labels(30, seed=5)
    turned = ImageSet(images[:, ::-1].copy(), labels)
    report = finished(learn_from(run, parts, turned, learning_rate=0.003)).report
    assert report.learned > report.known
    assert report.before.shape == (30, 10)


@pytest.mark.parametrize("changes", [
    {"loss": Quadratic()},
    {"optimizer": Sgd(learning_rate=0.1)},
])  # fmt: skip
def test_any_loss_can_be_taught(changes):
    run, parts = trained(**changes)
    report = finished(learn_from(run, parts, odd_ones(), learning_rate=0.003)).report
    assert report.after[0, 3] > report.before[0, 3]


def test_without_held_out_images_the_bill_says_so(school):
    run, parts = school
    bare = replace(parts, held_out=None, held_out_name="")
    report = finished(learn_from(run, bare, odd_ones())).report
    assert math.isnan(report.held_out_before)
    assert math.isnan(report.own_after)
    assert (report.held_out_name, len(report.worse), len(report.better)) == ("", 0, 0)


def test_images_of_another_size_are_refused(school):
    run, parts = school
    large = ImageSet(np.zeros((1, 28, 28), np.uint8), np.zeros(1, np.uint8))
    with pytest.raises(ShapeError, match="64 pixels"):
        next(learn_from(run, parts, large))
    with pytest.raises(InklingError, match="no images"):
        next(learn_from(run, parts, ImageSet(large.images[:0], large.labels[:0])))


def test_a_rate_that_ruins_the_weights_is_said_in_words(school):
    run, parts = school
    with np.errstate(all="ignore"), pytest.raises(InklingError, match="went astray"):
        finished(learn_from(run, parts, odd_ones(), learning_rate=1e38))


def test_a_lesson_may_be_broken_off(school):
    run, parts = school
    before = run.params.tobytes()
    lesson = learn_from(run, parts, odd_ones())
    next(lesson)
    lesson.close()
    assert run.params.tobytes() == before
