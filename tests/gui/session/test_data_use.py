"""Loaded digits are used at once, or when the training has ended."""

import pytest

from core.data.readers import open_dataset
from gui.session.data_use import DataUse
from gui.session.dataset_store import DatasetStore
from gui.session.jobs import Jobs
from gui.session.phase import Phase
from gui.session.session import Session
from tests.support.program import LONG_MS, endless, write_digits


@pytest.fixture
def session(qapp):
    made = Session()
    yield made
    made.shut_down()


@pytest.fixture
def datasets(session):
    made = DatasetStore(Jobs())
    made.use_of = DataUse(session, made, session)
    made.told = []
    made.use_of.message.connect(lambda message: made.told.append(message.text))
    return made


def test_digits_are_used_at_once_while_nothing_is_trained(session, datasets, digits_folder):
    digits = open_dataset(str(digits_folder))
    datasets.use(digits)
    assert session.dataset is digits
    assert datasets.told == []


def test_digits_that_come_during_a_training_wait_for_its_end(
    session, datasets, digits_folder, tmp_path, qtbot
):
    first, second = (
        open_dataset(str(folder)) for folder in (digits_folder, write_digits(tmp_path / "b", 100))
    )
    datasets.use(first)
    session.edit_recipe(endless(), "Choose for a test")
    session.train()
    datasets.use(second)
    assert session.dataset is first
    assert datasets.told == [f"{second.name} is here and is used when training has ended."]
    session.stop()
    qtbot.waitUntil(lambda: session.phase is Phase.IDLE, timeout=LONG_MS)
    assert session.dataset is second
