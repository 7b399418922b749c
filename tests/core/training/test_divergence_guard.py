"""The guard falls back on the last state that proved good, with all that belongs to it."""

import numpy as np
import pytest

from core.nn.optimizer import OPTIMIZERS
from core.recipe.hidden_layer import HiddenLayer
from core.training.divergence_guard import DivergenceGuard
from core.training.param_layout import make_param_layout
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(60)


class _Training:
    """A run whose state is changed by hand, as iterations would change it."""

    def __init__(self):
        recipe = small_recipe(hidden=(HiddenLayer(5, "relu", 0.3),), optimizer=OPTIMIZERS["adam"]())
        parts = split_data(recipe, DATA)
        self.run = new_run(recipe, DATA, parts)
        self.layout = make_param_layout(self.run, parts)
        self.run.live_params = self.layout
        self.guard = DivergenceGuard(self.run, self.layout)

    def iterate(self, loss, count=1):
        """Do so many iterations of this loss; return the losses."""
        run = self.run
        self.layout.params += np.float32(0.25)
        for slot in self.layout.slots.values():
            slot += np.float32(0.5)
        run.noise.random(7)
        run.step += count
        losses = np.full(count, loss, np.float32)
        run.history.extend(losses, losses)
        self.layout.mark_changed()
        return losses

    def state(self):
        run = self.run
        vectors = {"params": run.params.copy(), **{n: s.copy() for n, s in run.slots.items()}}
        return vectors, run.noise.bit_generator.state, run.step, run.history.losses.copy()

    def assert_state(self, wanted):
        vectors, noise, step, losses = wanted
        found = self.state()
        assert found[0].keys() == vectors.keys()
        for name, vector in vectors.items():
            np.testing.assert_array_equal(found[0][name], vector, err_msg=name)
        assert found[1] == noise
        assert found[2] == step == self.guard.step
        np.testing.assert_array_equal(found[3], losses)


@pytest.fixture
def training():
    return _Training()


def test_what_was_not_proven_falls_back_on_the_beginning(training):
    start = training.state()
    training.iterate(2.0)
    training.guard.take()
    training.iterate(np.inf)
    training.guard.restore()
    training.assert_state(start)


def test_a_proven_state_comes_back_whole_with_the_noise_of_dropout(training):
    training.guard.confirm(training.iterate(2.0, 3))
    proven = training.state()
    training.guard.take()
    training.guard.confirm(training.iterate(1.5, 4))
    training.iterate(np.nan)
    training.guard.restore()
    training.assert_state(proven)
    np.testing.assert_array_equal(training.run.history.losses, [2.0] * 3)


def test_a_state_is_judged_once_by_the_iterations_right_after_it(training):
    training.iterate(2.0)
    training.guard.take()
    proven = training.state()
    training.guard.confirm(training.iterate(1.0))
    training.guard.confirm(training.iterate(1.0))  # of a state that nobody took
    training.guard.restore()
    training.assert_state(proven)


@pytest.mark.parametrize(("mean", "kept"), [(3.99, True), (4.0, True), (4.1, False)])
def test_a_state_that_is_four_times_worse_than_untrained_is_not_kept(training, mean, kept):
    training.iterate(0.5)  # the untrained network's
    training.iterate(30.0)  # is not what later losses are compared with
    training.guard.take()
    losses = training.iterate(0.0, 2)
    losses[:] = 0.5 * mean - 0.125, 0.5 * mean + 0.125
    training.guard.confirm(losses)
    assert training.guard.step == (2 if kept else 0)


def test_a_refused_state_is_not_kept_by_later_losses(training):
    training.iterate(0.5)
    training.guard.take()
    training.guard.confirm(training.iterate(100.0))
    training.guard.confirm(training.iterate(0.4))
    assert training.guard.step == 0


def test_two_states_in_turn_do_not_share_their_arrays(training):
    for loss in (2.0, 1.9, 1.8):
        training.iterate(loss)
        training.guard.take()
        proven = training.state()
        training.guard.confirm(training.iterate(loss))
    training.iterate(1.0)
    training.guard.take()
    training.guard.restore()  # the state on trial is not the good one
    training.assert_state(proven)
