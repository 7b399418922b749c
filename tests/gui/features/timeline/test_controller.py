"""The time line in the window: past moments are shown, exported and trained on from."""

import numpy as np
import pytest

from core.base.events import RunFailed, WeightsSeen
from core.data.readers import open_dataset
from core.nn.predictor import Predictor
from gui.features.timeline.controller import TimelineController
from gui.features.weights.model import WeightsModel
from gui.session.answering import Answering
from gui.session.jobs import Jobs
from gui.session.phase import Phase
from gui.session.session import Session
from tests.support.program import LONG_MS, endless, recipe


class Desk:
    """A session with a time line and one panel's model, tied together as the window does."""

    def __init__(self, digits, qtbot):
        self.session, self.jobs = Session(), Jobs()
        self.answers = Answering(self.session)
        self.timeline = TimelineController(self.session, self.answers, self.jobs)
        self.model, self.weights, self.qtbot = self.timeline.model, WeightsModel(), qtbot
        self.message, self.exported = [], []
        self.session.run_changed.connect(self._show_run)
        self.answers.received.connect(self.weights.accept)
        self.timeline.message.connect(self.message.append)
        self.timeline.export_wanted.connect(self.exported.append)
        self.session.use_data(digits)

    def _show_run(self):
        run = self.session.run
        self.weights.show_network(run.network, run.params, run.image_shape, (), run.step)

    def wait(self, holds):
        self.qtbot.waitUntil(holds, timeout=LONG_MS)

    def train(self, chosen):
        self.session.edit_recipe(chosen, "Choose for a test")
        self.session.train()
        self.wait(lambda: self.session.phase is Phase.IDLE)

    def look_at_first(self):
        self.timeline.look(0)
        return self.model.moments[0]

    @property
    def answering(self):
        """The weights that answer now."""
        return self.session.predictor.params


@pytest.fixture
def desk(qapp, qtbot, digits_folder):
    made = Desk(open_dataset(str(digits_folder)), qtbot)
    yield made
    made.session.shut_down()
    made.jobs.shut_down()


@pytest.fixture
def trained(desk):
    desk.train(recipe(iterations=400))
    return desk


def test_the_line_reaches_from_the_untrained_network_to_the_present(trained):
    moments = trained.model.moments
    assert moments[0].step == 0
    assert moments[-1].step == 400
    np.testing.assert_array_equal(moments[-1].params, trained.session.run.params)


def test_a_past_moment_is_what_answers_and_what_is_shown(trained):
    first = trained.look_at_first()
    np.testing.assert_array_equal(trained.answering, first.params)
    assert "iteration 0" in trained.weights.summary
    trained.timeline.back_to_now()
    np.testing.assert_array_equal(trained.answering, trained.session.run.params)
    assert "iteration 400" in trained.weights.summary


def test_looking_does_not_touch_the_network(trained):
    before = trained.session.run.params.copy()
    trained.look_at_first()
    np.testing.assert_array_equal(trained.session.run.params, before)


def test_training_goes_on_under_a_held_moment_which_stays_in_view(desk):
    desk.session.edit_recipe(endless(), "Choose for a test")
    desk.session.train()
    desk.wait(lambda: len(desk.model.moments) > 2)
    first = desk.look_at_first()
    newest = desk.model.moments[-1].step
    desk.wait(lambda: desk.model.moments[-1].step > newest)
    np.testing.assert_array_equal(desk.answering, first.params)
    assert "iteration 0" in desk.weights.summary
    desk.timeline.back_to_now()
    desk.wait(lambda: "iteration 0" not in desk.weights.summary)
    assert (desk.answering != first.params).any()


def test_the_accuracy_of_a_moment_is_measured_when_the_slider_rests(trained):
    settled = []
    trained.answers.changed.connect(lambda: settled.append(trained.answering.copy()))
    first = trained.look_at_first()
    trained.wait(lambda: trained.model.accuracy is not None)
    run, held_out = trained.session.run, trained.session.parts.held_out
    answers = Predictor(run.network, run.loss, first.params).logits(held_out.images).argmax(1)
    share, name = trained.model.accuracy
    assert share == pytest.approx((answers == held_out.labels).mean())
    assert name == "Validation"
    (shown,) = settled
    np.testing.assert_array_equal(shown, first.params)


def test_a_moment_can_be_exported_amid_the_training(desk):
    desk.session.edit_recipe(endless(), "Choose for a test")
    desk.session.train()
    desk.wait(lambda: len(desk.model.moments) > 2)
    desk.timeline.look(1)
    moment = desk.model.held
    desk.timeline.export()
    desk.wait(lambda: len(desk.exported) == 1)
    assert desk.exported[0].step == desk.exported[0].history.count == moment.step
    np.testing.assert_array_equal(desk.exported[0].params, moment.params)
    assert desk.session.phase is Phase.RUNNING


def test_training_on_from_a_moment_keeps_the_present_network(trained):
    present = trained.session.run
    trained.timeline.look(len(trained.model.moments) // 2)
    moment = trained.model.held or trained.look_at_first()
    trained.timeline.train_on()
    run = trained.session.run
    assert run is not present
    assert "goes on from iteration" in trained.message[-1].text
    assert not trained.timeline.holding
    trained.wait(lambda: trained.session.phase is Phase.IDLE)
    assert run.step == run.history.count == 400
    assert trained.model.moments[0].step == 0  # it has the same past
    np.testing.assert_array_equal(
        run.history.losses[: moment.step], present.history.losses[: moment.step]
    )
    trained.session.adopt(present)  # as when it is brought back
    assert trained.model.moments[-1].step == 400


def test_training_on_stops_the_training_first(desk):
    desk.session.edit_recipe(endless(), "Choose for a test")
    desk.session.train()
    desk.wait(lambda: len(desk.model.moments) > 2)
    before = desk.session.run
    first = desk.look_at_first()
    desk.timeline.train_on()
    desk.wait(lambda: desk.session.run is not before)
    assert before.step > first.step
    desk.wait(lambda: desk.session.phase is Phase.RUNNING)
    desk.session.stop()
    desk.wait(lambda: desk.session.phase is Phase.IDLE)
    assert desk.session.run.recipe == before.recipe


def test_another_recipe_gives_way_to_that_of_the_past(trained):
    old = trained.session.recipe
    trained.session.edit_recipe(recipe(iterations=400, units=5), "Choose for a test")
    trained.look_at_first()
    trained.timeline.train_on()
    assert trained.session.recipe.hidden == old.hidden
    assert trained.session.phase is Phase.RUNNING
    trained.wait(lambda: trained.session.phase is Phase.IDLE)
    assert trained.session.run.step == 400


def test_a_training_that_fails_shows_the_present_again(trained):
    trained.look_at_first()
    trained.session.received.emit([RunFailed(400, "The loss exploded.")])
    assert not trained.timeline.holding
    assert not trained.answers.holding


def test_what_was_undone_by_a_failure_is_no_past(trained):
    trained.model.accept([WeightsSeen(450, trained.session.run.params.copy())])
    assert trained.model.moments[-1].step == 450
    trained.session.received.emit([RunFailed(450, "The loss exploded.")])
    assert trained.model.moments[-1].step == trained.session.run.step == 400


def test_with_nothing_to_look_back_at_nothing_happens(desk):
    desk.timeline.look(0)
    desk.timeline.export()
    desk.timeline.train_on()
    desk.timeline.back_to_now()
    assert desk.session.run is None
    assert not desk.exported
