"""The record of a run: it grows, it is cut back, and copies are its own."""

import numpy as np

from core.base.events import Evaluation, Progress
from core.base.history import History


def _row(step):
    return Evaluation(step, step / 10, 0.5, 0.9, 0.6, 0.8, 1.0, 0.1)


def _filled(count):
    history = History()
    values = np.arange(count, dtype=np.float32)
    history.extend(values, values / count)
    history.add_evaluations(_row(step) for step in range(0, count + 1, 10))
    history.steps_per_epoch = 10
    return history


def _progress(first, losses):
    values = np.array(losses, np.float32)
    return Progress(first, values, values, 0.0, 0.1)


def test_it_grows_past_its_first_room_without_losing_anything():
    history = History()
    for start in range(0, 20_000, 700):
        block = np.arange(start, start + 700, dtype=np.float32)
        history.extend(block, block / 2)
    assert history.count == 20_300
    np.testing.assert_array_equal(history.losses, np.arange(20_300))
    np.testing.assert_array_equal(history.accuracies, np.arange(20_300) / 2)


def test_cutting_back_forgets_iterations_and_evaluations_after_it():
    history = _filled(100)
    history.truncate(45)
    assert history.count == 45
    assert history.losses[-1] == 44
    assert [row.step for row in history.evaluations] == [0, 10, 20, 30, 40]


def test_cutting_back_past_the_end_changes_nothing():
    history = _filled(30)
    history.truncate(99)
    assert history.count == 30


def test_a_copy_has_the_same_content_and_a_life_of_its_own():
    history = _filled(30)
    twin = history.copy()
    history.truncate(0)
    assert twin.count == 30
    assert len(twin.evaluations) == 4
    assert twin.steps_per_epoch == 10
    np.testing.assert_array_equal(twin.losses, np.arange(30))


def test_only_the_chunk_that_follows_is_added():
    history = History()
    history.add_progress(_progress(1, [3, 2]))
    history.add_progress(_progress(2, [9, 9]))  # seen already
    history.add_progress(_progress(5, [9]))  # something is missing before it
    history.add_progress(_progress(3, [1]))
    np.testing.assert_array_equal(history.losses, [3, 2, 1])


def test_a_column_is_one_attribute_of_all_evaluations():
    np.testing.assert_array_equal(_filled(20).column("step"), [0, 10, 20])
    assert History().column("train_loss").shape == (0,)
