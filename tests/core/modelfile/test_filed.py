"""Where a network stands to the user's file of it, and its few words."""

from dataclasses import replace

import numpy as np
import pytest

from core.exchange.portable import portable_of
from core.exchange.run_from_portable import run_from
from core.modelfile import save_model
from core.modelfile.filed import Filed, few_words, state_of, still_filed
from tests.support.trained import sigmoid_outputs, usual


@pytest.fixture
def run():
    return usual()[0].copy()


@pytest.fixture
def filed(tmp_path, run):
    path = tmp_path / "mine.h5"
    save_model(path, run)
    return Filed(path, state_of(run), dirty=False)


def test_a_file_that_holds_the_network_is_its_file(run, filed):
    assert still_filed(run, filed) == filed


def test_a_network_in_no_file_stays_in_none(run):
    assert still_filed(run, Filed()) == Filed()


def test_a_network_trained_since_it_was_saved_is_still_unsaved(run, filed):
    dirty = replace(filed, dirty=True)
    run.step += 1
    assert still_filed(run, dirty) == dirty


def test_a_file_that_is_gone_or_no_file_holds_nothing(run, filed):
    filed.path.unlink()
    assert still_filed(run, filed) == Filed()
    filed.path.mkdir()
    assert still_filed(run, filed) == Filed()


def test_a_file_that_holds_another_network_is_not_its_file(run, filed):
    save_model(filed.path, sigmoid_outputs()[0])
    assert still_filed(run, filed) == Filed()


def test_a_file_that_was_saved_over_by_a_later_state_is_not_its_file(run, filed):
    later = run.copy()
    later.lessons = [{"step": 1}]
    save_model(filed.path, later)
    assert still_filed(run, filed) == Filed()


def test_other_weights_of_the_same_age_are_not_the_network(run, filed):
    twin = run.copy()
    twin.stored_params[0] += np.float32(1)
    save_model(filed.path, twin)
    assert still_filed(run, filed) == replace(filed, dirty=True)


def test_a_damaged_file_holds_nothing(run, filed):
    filed.path.write_bytes(b"junk")
    assert still_filed(run, filed) == Filed()


def test_the_words_name_widths_and_accuracy(run):
    share = run.history.evaluations[-1].validation_accuracy
    assert few_words(run) == f"64-12-10, {100 * share:.1f} %"


def test_without_a_measurement_the_words_name_the_iterations(run):
    run.history.evaluations.clear()
    assert few_words(run) == f"64-12-10, iteration {run.step:,}"
    assert few_words(run_from(portable_of(run))) == "64-12-10"
