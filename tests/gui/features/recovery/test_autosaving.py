"""Work in progress is kept while the program runs, and offered after a crash only."""

import threading

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from core.exchange.portable import portable_of
from core.exchange.run_from_portable import run_from
from core.modelfile import load_model
from core.modelfile.autosave import Autosave
from core.modelfile.recovery import find_abandoned
from gui.features.recovery.autosaving import Autosaving
from gui.session.phase import Phase
from tests.support.program import endless, own_threads, recipe


class Guarded:
    """A program with its guard, and the hands a test needs."""

    def __init__(self, program, folder, interval_s, most_share):
        self.program, self.folder = program, folder
        documents = program.all.documents
        # The program's own gives way to one with this folder and interval.
        own = program.feature("recovery").autosaving
        own.set_enabled(False)
        program.wait(lambda: not own.busy)
        self.guard = Autosaving(
            program.session, documents, program.all.jobs, documents.find_data, folder,
            interval_s=interval_s, most_share=most_share,
        )  # fmt: skip
        self.message = []
        self.guard.message.connect(self.message.append)

    @property
    def kept(self):
        """What is on the disk, newest first."""
        return self.guard._store.kept

    def wait_for_rest(self):
        """Wait until nothing is to be kept any more."""
        timer = self.guard._timer
        self.program.wait(lambda: not self.guard.busy and not timer.isActive())

    def crash(self):
        """End as if the power had gone: nothing is cleaned up."""
        self.wait_for_rest()
        self.guard.enabled = False
        self.guard._store.abandon()
        recovery = self.guard.recovery
        for offer in (*recovery.offers, *(offer for _, offer in recovery._taken)):
            offer.release()

    def save(self, path):
        self.program.all.documents.save(path)
        self.program.wait(lambda: not self.program.all.documents.saving)

    def press(self, words):
        """Press a button of the last message."""
        dict(self.message[-1].actions)[words]()


@pytest.fixture
def make_guarded(make_driver, digits_folder, tmp_path):
    """Start programs with a guard each, all with the same folder."""
    made = []

    def make(interval_s=0.05, most_share=1.0):  # else a slow machine would wait for minutes
        driver = make_driver()
        driver.all.datasets.load(str(digits_folder))
        driver.wait(lambda: driver.session.parts is not None)
        made.append(Guarded(driver, tmp_path / "autosave", interval_s, most_share))
        return made[-1]

    yield make
    for one in made:
        one.guard.shut_down()
    # All at once: each program is closed only when no thread of any is left.
    for one in made:
        one.program.session.shut_down()
        one.program.all.jobs.shut_down()
    if made:
        made[0].program.wait(lambda: own_threads() == [])


@pytest.fixture
def guarded(make_guarded):
    return make_guarded()


@pytest.fixture
def after_crash(make_guarded):
    """A program that trained and died, and one that has been started after it."""
    first = make_guarded()
    first.program.train_to_end(recipe(iterations=45))
    first.crash()
    second = make_guarded()
    second.guard.recovery.look()
    second.program.wait(lambda: len(second.message) == 1)
    return first, second


def test_a_training_that_ends_is_kept_at_once(guarded):
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.wait_for_rest()
    assert guarded.kept[0].step == 30
    on_disk = load_model(guarded.guard._store.place / guarded.kept[0].file)
    np.testing.assert_array_equal(on_disk.params, guarded.program.params)


def test_a_training_that_goes_on_is_kept_between_its_batches(guarded):
    guarded.program.use(endless())
    guarded.program.click("run.train")
    guarded.program.wait(lambda: len(guarded.kept) == 2)
    assert guarded.program.session.phase is Phase.RUNNING
    newest, before = guarded.kept
    assert newest.step > before.step > 0


def test_a_pause_is_kept_as_soon_as_it_is_due(guarded):
    guarded.program.use(endless())
    guarded.program.click("run.train")
    guarded.program.wait_for_steps(5)
    guarded.program.click("run.pause")
    guarded.program.wait_for_phase(Phase.PAUSED)
    guarded.wait_for_rest()
    assert guarded.kept[0].step == guarded.program.session.run.step


def test_no_copy_is_made_before_the_interval_has_passed(make_guarded):
    guarded = make_guarded(interval_s=1000)
    guarded.program.use(endless())
    guarded.program.click("run.train")
    guarded.program.wait_for_steps(50)
    guarded.program.click("run.stop")
    guarded.program.wait_for_phase(Phase.IDLE)
    guarded.program.wait(lambda: len(guarded.kept) == 1)  # the first may come at once
    step = guarded.kept[0].step
    guarded.program.click("run.train")
    guarded.program.wait_for_steps(step + 50)
    guarded.program.click("run.pause")
    guarded.program.wait_for_phase(Phase.PAUSED)
    assert guarded.guard._timer.isActive()  # it waits
    assert guarded.kept[0].step == step


def test_the_interval_grows_with_what_a_copy_costs(make_guarded):
    guarded = make_guarded(interval_s=0.001, most_share=0.2)
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.wait_for_rest()
    assert guarded.guard.interval_s > 0.001  # a copy takes more than a fifth of a millisecond
    assert guarded.guard.interval_s * 0.2 < 10


def test_saving_takes_the_copies_away(guarded, tmp_path):
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.wait_for_rest()
    guarded.save(tmp_path / "mine.h5")
    assert guarded.kept == ()
    guarded.crash()
    assert find_abandoned(guarded.folder) == []


def test_a_file_that_is_only_looked_at_is_not_kept(guarded, tmp_path):
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.save(tmp_path / "mine.h5")
    guarded.program.click("file.new")
    guarded.program.all.documents.open(tmp_path / "mine.h5")
    guarded.program.wait(lambda: guarded.program.all.documents.path is not None)
    guarded.wait_for_rest()
    assert guarded.kept == ()


def test_what_was_saved_while_its_copy_was_written_is_not_kept(guarded, tmp_path, monkeypatch):
    go_on, keep = threading.Event(), guarded.guard._store.keep

    def slow(run, path):
        assert go_on.wait(60)
        return keep(run, path)

    monkeypatch.setattr(guarded.guard._store, "keep", slow)
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.program.wait(lambda: guarded.guard.busy)
    guarded.save(tmp_path / "mine.h5")
    guarded.program.click("file.new")  # from now on the session knows nothing of it
    go_on.set()
    guarded.wait_for_rest()
    assert guarded.kept == ()


def test_switched_off_it_keeps_nothing(guarded):
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.wait_for_rest()
    guarded.guard.set_enabled(False)
    assert guarded.kept == ()
    guarded.program.train_to_end(recipe(iterations=60))
    guarded.wait_for_rest()
    assert guarded.kept == ()
    guarded.guard.set_enabled(True)
    guarded.wait_for_rest()
    assert guarded.kept[0].step == guarded.program.session.run.step


def test_a_copy_that_cannot_be_written_is_said_once_and_training_goes_on(guarded):
    guarded.folder.write_bytes(b"a file in its place")
    guarded.program.use(endless())
    guarded.program.click("run.train")
    guarded.program.wait(lambda: len(guarded.message) == 1)
    steps = guarded.program.feature("curves").model.count
    guarded.program.wait_for_steps(steps + 200)
    guarded.folder.unlink()
    guarded.program.wait(lambda: len(guarded.kept) > 0)
    assert len(guarded.message) == 1
    assert "guards your work" in guarded.message[0].text


def test_an_end_that_was_agreed_to_leaves_nothing(guarded):
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.wait_for_rest()
    guarded.guard.shut_down(agreed=True)
    assert list(guarded.folder.iterdir()) == []


def test_after_a_crash_the_network_is_offered_with_what_it_is(after_crash):
    _, second = after_crash
    text = second.message[0].text
    assert "“My recipe”, epoch" in text
    assert "held-out images right" in text
    assert "Kept today at" in text
    assert [words for words, _ in second.message[0].actions] == ["Recover", "Discard"]


def test_what_is_recovered_trains_on_bit_for_bit(after_crash):
    first, second = after_crash
    second.press("Recover")
    second.program.wait(lambda: second.program.session.run is not None)
    np.testing.assert_array_equal(second.program.params, first.program.params)
    assert second.program.all.documents.path is None
    assert second.program.all.documents.dirty
    second.program.wait(lambda: second.program.session.situation().can_continue)
    for one in (first, second):
        one.program.train_to_end(recipe(iterations=90))
    assert second.program.session.run.step == first.program.session.run.step > 45
    np.testing.assert_array_equal(second.program.params, first.program.params)


@pytest.mark.slow
def test_what_is_recovered_is_safe_from_the_next_crash(after_crash, make_guarded):
    _, second = after_crash
    second.press("Recover")
    second.program.wait(lambda: len(second.kept) == 1)
    second.wait_for_rest()
    assert second.guard.recovery._taken == []  # the old copy is not needed any more
    second.crash()
    third = make_guarded()
    third.guard.recovery.look()
    third.program.wait(lambda: len(third.message) == 1)
    assert third.guard.recovery.offers[0].kept[0].step == 45


@pytest.mark.slow
def test_the_file_it_was_of_is_told_but_not_touched(make_guarded, tmp_path):
    first = make_guarded()
    first.program.train_to_end(recipe(iterations=30))
    mine = tmp_path / "mine.h5"
    first.save(mine)
    before = mine.read_bytes()
    first.program.train_to_end(recipe(iterations=60))
    first.crash()
    second = make_guarded()
    second.guard.recovery.look()
    second.program.wait(lambda: len(second.message) == 1)
    assert "not yet saved in “mine.h5”" in second.message[0].text
    second.press("Recover")
    second.program.wait(lambda: second.program.session.run is not None)
    assert second.guard.recovery.suggestion == mine
    assert second.program.all.documents.path is None
    assert mine.read_bytes() == before


@pytest.mark.slow
def test_discarding_can_be_undone_until_the_program_ends(after_crash):
    _, second = after_crash
    second.press("Discard")
    assert second.guard.recovery.offers == []
    second.press("Undo")
    assert len(second.guard.recovery.offers) == 1
    second.press("Discard")
    second.guard.shut_down(agreed=True)
    assert list(second.folder.iterdir()) == []


@pytest.mark.slow
def test_an_offer_that_is_not_answered_is_made_again(after_crash, make_guarded):
    _, second = after_crash
    second.guard.shut_down(agreed=True)
    third = make_guarded()
    third.guard.recovery.look()
    third.program.wait(lambda: len(third.message) == 1)
    assert third.guard.recovery.offers


@pytest.mark.slow
def test_while_training_runs_recovering_has_to_wait(after_crash):
    _, second = after_crash
    second.program.use(endless())
    second.program.click("run.train")
    second.program.wait_for_steps(5)
    second.press("Recover")
    assert "Stop the training first" in second.message[-1].text
    second.program.click("run.stop")
    second.program.wait_for_phase(Phase.IDLE)
    second.press("Recover")
    second.program.wait(lambda: second.program.session.run.step == 45)
    assert second.program.session.situation().has_previous


@pytest.mark.slow
def test_a_copy_that_cannot_be_read_is_said_and_can_be_discarded(after_crash):
    first, second = after_crash
    for one in second.guard.recovery.offers[0].kept:
        (first.guard._store.place / one.file).write_bytes(b"gone wrong")
    second.press("Recover")
    second.program.wait(lambda: len(second.message) == 2)
    assert second.message[-1].kind == "error"
    second.press("Discard")
    assert second.guard.recovery.offers == []


@pytest.mark.slow
def test_several_offers_come_one_after_the_other(make_guarded):
    first = make_guarded()
    first.program.train_to_end(recipe(iterations=30))
    first.wait_for_rest()
    twin = Autosave(first.folder)
    twin.keep(first.program.session.run.copy())
    twin.abandon()
    first.crash()
    second = make_guarded()
    second.guard.recovery.look()
    second.program.wait(lambda: len(second.message) == 1)
    assert "(The newest of 2.)" in second.message[0].text
    second.press("Discard")
    second.press("Show the next")
    second.press("Recover")
    second.program.wait(lambda: second.program.session.run is not None)
    assert second.guard.recovery.offers == []


def test_without_a_crash_nothing_is_said(guarded):
    guarded.guard.recovery.look()
    guarded.program.wait(lambda: not guarded.guard.recovery.looking)
    assert guarded.message == []


# A network that was imported and never trained: its first copy is of iteration 0 ----------


@pytest.fixture
def after_import(make_guarded):
    """A program that died with an imported network, and one in which it was recovered."""
    first = make_guarded()
    first.program.train_to_end(recipe(iterations=5))
    imported = run_from(portable_of(first.program.session.run))
    first.program.session.adopt(imported)
    first.program.all.documents.mark_unsaved()
    first.program.wait(lambda: bool(first.kept) and first.kept[0].step == 0)
    first.crash()
    second = make_guarded(interval_s=1000)
    second.guard.recovery.look()
    second.program.wait(lambda: len(second.message) == 1)
    second.press("Recover")
    second.program.wait(lambda: second.program.session.run is not None)
    return second


@pytest.mark.slow
def test_what_is_recovered_is_unsaved_even_if_it_was_never_trained(after_import):
    assert after_import.program.session.run.step == 0
    assert after_import.program.all.documents.dirty
    after_import.program.window.close()
    boxes = after_import.program.window.findChildren(QMessageBox, "keep-work")
    assert [box.isVisible() for box in boxes] == [True]
    boxes[0].reject()


@pytest.mark.slow
def test_an_end_that_nobody_agreed_to_leaves_it_for_the_next_start(after_import):
    after_import.guard.shut_down()
    (found,) = find_abandoned(after_import.folder)
    assert found.load()[0].step == 0
    found.release()


@pytest.mark.slow
def test_killed_again_it_is_offered_again(after_import, make_guarded):
    after_import.crash()
    third = make_guarded()
    third.guard.recovery.look()
    third.program.wait(lambda: len(third.message) == 1)
    assert third.guard.recovery.offers[0].kept[0].step == 0


@pytest.mark.slow
def test_put_away_it_can_still_be_brought_back(after_import):
    program = after_import.program
    run = program.session.run
    program.click("file.new")
    program.wait(lambda: "was put away" in program.message)
    program.click("run.previous")
    program.wait(lambda: program.session.run is run)
    assert program.all.documents.dirty


@pytest.mark.slow
def test_saved_its_copy_goes(after_import, tmp_path):
    after_import.wait_for_rest()
    after_import.save(tmp_path / "mine.h5")
    after_import.guard.shut_down(agreed=True)
    assert list(after_import.folder.iterdir()) == []


# Ends ------------------------------------------------------------------------------------


def test_an_end_in_the_middle_of_a_training_leaves_its_last_state(make_guarded):
    guarded = make_guarded(interval_s=1000)
    guarded.program.use(endless())
    guarded.program.click("run.train")
    guarded.program.wait_for_steps(50)
    guarded.program.session.shut_down()
    guarded.guard.shut_down()
    (found,) = find_abandoned(guarded.folder)
    run, _ = found.load()
    assert run.step == guarded.program.session.run.step >= 50
    np.testing.assert_array_equal(run.params, guarded.program.params)
    found.release()


def test_an_end_without_unsaved_work_leaves_no_copy(guarded, tmp_path):
    guarded.program.train_to_end(recipe(iterations=30))
    guarded.wait_for_rest()
    guarded.save(tmp_path / "mine.h5")
    guarded.guard.shut_down()
    assert find_abandoned(guarded.folder) == []
