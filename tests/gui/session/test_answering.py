"""Which network answers: the one in use, as it is now or as it was at a moment that is held."""

import numpy as np
import pytest

from core.base.events import Evaluated, RunFailed, RunFinished, WeightsSeen
from core.data.readers import open_dataset
from core.training.timeline import Moment
from gui.session.answering import Answering
from gui.session.phase import Phase
from gui.session.session import Session
from tests.support.calibrations import calibration
from tests.support.program import LONG_MS, recipe


class Reader:
    """Follows, and notes what it was given."""

    def __init__(self):
        self.given, self.heard = [], []

    def set_predictor(self, predictor, class_names=(), image_shape=(28, 28)):
        self.given.append((predictor, class_names, image_shape))

    def accept(self, events):
        self.heard += events


@pytest.fixture
def session(qapp, digits_folder):
    made = Session()
    made.use_data(open_dataset(str(digits_folder)))
    yield made
    made.shut_down()


@pytest.fixture
def answering(session):
    return Answering(session)


@pytest.fixture
def trained(session, answering, qtbot):
    session.edit_recipe(recipe(iterations=20), "Choose for a test")
    session.train()
    qtbot.waitUntil(lambda: session.phase is Phase.IDLE, timeout=LONG_MS)
    return answering


def moment(session, value=0.0):
    return Moment(7, np.full_like(session.run.params, value))


def weights(answering):
    return answering.predictor.params


def test_without_a_network_nobody_answers(answering):
    reader = Reader()
    answering.lead(reader)
    assert reader.given == [(None, (), (28, 28))]


def test_who_comes_later_is_given_the_network_in_use_and_what_follows_it(session, trained):
    reader = Reader()
    trained.lead(reader)
    network = (session.predictor, session.run.class_names, session.run.image_shape)
    assert reader.given == [network]
    session.adopt(session.run.copy())
    assert reader.given[1][0] is session.predictor is not network[0]
    session.adopt(None)
    assert reader.given[2] == (None, (), (28, 28))


def test_events_pass_unchanged_while_the_present_is_shown(session, trained):
    reader = Reader()
    trained.lead(reader)
    events = [WeightsSeen(20, session.run.params.copy())]
    session.received.emit(events)
    assert reader.heard == events


def test_a_held_moment_answers_and_what_the_training_reports_does_not_reach_panels(
    session, trained
):
    reader, held = Reader(), moment(session, 0.25)
    trained.lead(reader)
    trained.hold(held)
    (shown,) = reader.heard
    assert (shown.step, shown.params is held.params) == (7, True)
    session.predictor.set_params(session.run.params)  # as the session does with newer weights
    end = RunFinished(20, stopped_early=False)
    session.received.emit([WeightsSeen(20, session.run.params.copy()), end])
    assert reader.heard == [shown, end]
    np.testing.assert_array_equal(weights(trained), held.params)
    row = session.run.history.evaluations[-1]
    session.received.emit([Evaluated(row, np.zeros(60, np.uint8))])
    assert reader.heard == [shown, end]


def test_back_at_the_present_its_weights_answer(session, trained):
    trained.hold(moment(session))
    assert trained.holding
    trained.release(Moment(20, session.run.params.copy()))
    assert not trained.holding
    np.testing.assert_array_equal(weights(trained), session.run.params)


def test_what_takes_long_is_shown_when_the_moment_has_settled(session, trained, qtbot):
    reader = Reader()
    trained.lead(reader)
    trained.hold(moment(session))
    assert len(reader.given) == 1
    trained.settle()
    assert reader.given[1] == reader.given[0]


def test_another_network_is_never_held_back(session, trained):
    trained.hold(moment(session))
    session.adopt(session.run.copy())
    assert not trained.holding
    np.testing.assert_array_equal(weights(trained), session.run.params)


def test_a_training_that_failed_ends_the_holding(session, trained):
    reader = Reader()
    trained.lead(reader)
    trained.hold(moment(session))
    session.received.emit([RunFailed(20, "The loss exploded.")])
    assert not trained.holding
    assert isinstance(reader.heard[-1], RunFailed)


def test_a_lesson_is_spread_and_a_held_moment_stays(session, trained):
    reader, held = Reader(), moment(session, 0.5)
    trained.lead(reader)
    session.run.params[...] += 1
    session.spread_weights()
    np.testing.assert_array_equal(weights(trained), session.run.params)
    assert len(reader.given) == 2
    trained.hold(held)
    session.spread_weights()
    np.testing.assert_array_equal(weights(trained), held.params)


def test_a_calibration_is_handed_on(answering, qtbot):
    made = calibration(1.0)
    with qtbot.waitSignal(answering.calibrated) as told:
        answering.set_calibration(made)
    assert told.args == [made]
    assert answering.calibration is made
