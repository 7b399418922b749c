import numpy as np
import pytest

from gui.features.digits.survey import Survey
from tests.support.small_networks import blind_network, predictor, row_digits, template_network


@pytest.fixture
def survey(qapp):
    return Survey()


@pytest.mark.parametrize("count", [1, 499, 500, 501, 1700])
def test_every_image_is_read(survey, qtbot, count):
    digits = row_digits(count)
    with qtbot.waitSignal(survey.finished) as found:
        survey.start(predictor(*template_network()), digits.images)
    np.testing.assert_array_equal(found.args[0], digits.labels)
    assert not survey.running


def test_it_reads_nothing_before_the_window_has_time(survey):
    survey.start(predictor(*blind_network()), row_digits(100).images)
    assert survey.running


def test_stopped_it_never_finishes(survey, qtbot):
    with qtbot.assertNotEmitted(survey.finished, wait=50):
        survey.start(predictor(*blind_network()), row_digits(600).images)
        survey.stop()
    assert not survey.running


def test_started_anew_it_answers_only_for_the_new_images(survey, qtbot):
    survey.start(predictor(*blind_network()), row_digits(600).images)
    with qtbot.waitSignal(survey.finished) as found:
        survey.start(predictor(*template_network()), row_digits(20).images)
    assert len(found.args[0]) == 20
