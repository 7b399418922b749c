"""The digits in use: loaded in the background, or refused with a sentence."""

import threading

import pytest

from core.base.errors import DatasetError
from gui.session.dataset_store import DatasetStore
from gui.session.jobs import Jobs
from tests.support.program import write_digits


@pytest.fixture
def shelf(qapp):
    jobs = Jobs()
    made = DatasetStore(jobs)
    made.told, made.failures = [], []
    made.progress.connect(lambda text, share: made.told.append((text, share)))
    made.failed.connect(made.failures.append)
    yield made
    jobs.shut_down()
    jobs.deleteLater()
    made.deleteLater()


def test_a_folder_is_loaded_whole_and_hashed_in_the_background(shelf, qtbot, digits_folder):
    with qtbot.waitSignal(shelf.changed):
        shelf.load(str(digits_folder))
    assert len(shelf.dataset.train) == 600
    assert shelf.told[0] == (f"Loading {digits_folder.name}", 0.0)
    assert shelf.told[-1] == ("", None)
    assert not shelf.loading


def test_a_single_file_finds_its_labels(shelf, qtbot, digits_folder):
    with qtbot.waitSignal(shelf.changed):
        shelf.load(str(digits_folder / "train-images-idx3-ubyte"))
    assert shelf.dataset.train.labels[:12].tolist() == [*range(10), 0, 1]


@pytest.mark.parametrize("content", [b"", b"no digits", b"\0\0\x08\x03" + bytes(40)])
def test_a_bad_file_is_refused_with_a_sentence_and_the_set_in_use_stays(
    shelf, qtbot, digits_folder, tmp_path, content
):
    with qtbot.waitSignal(shelf.changed):
        shelf.load(str(digits_folder))
    present = shelf.dataset
    bad = tmp_path / "bad-images-idx3-ubyte"
    bad.write_bytes(content)
    with qtbot.waitSignal(shelf.failed):
        shelf.load(str(bad))
    assert isinstance(shelf.failures[0], DatasetError)
    assert shelf.dataset is present
    assert shelf.told[-1] == ("", None)


def test_of_two_loads_the_later_one_counts(shelf, qtbot, digits_folder, tmp_path):
    other = write_digits(tmp_path / "other", count=50)
    got = []
    shelf.changed.connect(lambda: got.append(shelf.dataset.source))
    shelf.load(str(digits_folder))
    shelf.load(str(other))
    qtbot.waitUntil(lambda: not shelf.loading)
    assert got == [str(other)]


def test_a_cancelled_load_changes_nothing(shelf, qtbot, digits_folder):
    got = []
    shelf.changed.connect(lambda: got.append(True))
    shelf.load(str(digits_folder))
    shelf.cancel()
    qtbot.waitUntil(lambda: not any(t.name == "job-data" for t in threading.enumerate()))
    assert (got, shelf.dataset, shelf.told[-1]) == ([], None, ("", None))


def test_who_reads_digits_to_be_loaded_hears_that_the_user_gave_up(shelf, qtbot):
    with qtbot.waitSignal(shelf.cancelled):
        shelf.cancel()
