"""Background jobs: one result or one error each, in the window's thread."""

import threading
import weakref

import numpy as np
import pytest

from core.base.errors import InklingError
from gui.session.jobs import Jobs
from tests.support.program import own_threads


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shut_down()
    made.deleteLater()
    assert own_threads() == []


def test_a_result_comes_back_in_the_windows_thread(jobs, qtbot):
    got = []
    jobs.start(
        "sum",
        lambda report: (sum(range(10)), threading.current_thread().name),
        lambda result: got.append((result, threading.current_thread())),
        got.append,
    )
    qtbot.waitUntil(lambda: bool(got))
    assert got == [((45, "job-sum"), threading.main_thread())]
    assert not jobs.busy("sum")


def test_progress_is_told_while_it_runs(jobs, qtbot):
    go_on, told, got = threading.Event(), [], []

    def work(report):
        report(0.5)
        go_on.wait()

    jobs.start("load", work, got.append, got.append, told.append)
    qtbot.waitUntil(lambda: 0.5 in told)
    assert jobs.busy("load")
    go_on.set()
    qtbot.waitUntil(lambda: got == [None])


def test_an_error_of_ours_comes_back_as_it_is(jobs, qtbot):
    done, errors = [], []

    def work(report):
        raise InklingError("It broke.", "Mend it.")

    jobs.start("load", work, done.append, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert (errors[0].message, errors[0].hint) == ("It broke.", "Mend it.")
    assert done == []


def test_a_fault_comes_back_as_a_sentence_and_is_logged(jobs, qtbot, caplog):
    errors = []
    jobs.start("load", lambda report: 1 / 0, errors.append, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert "division by zero" in errors[0].message
    assert "a background job failed" in caplog.text


def test_a_new_job_replaces_the_old_one_of_its_name(jobs, qtbot):
    go_on, got = threading.Event(), []

    def slow(report):
        go_on.wait()
        return "old"

    jobs.start("load", slow, got.append, got.append)
    jobs.start("load", lambda report: "new", got.append, got.append)
    qtbot.waitUntil(lambda: bool(got))
    go_on.set()
    qtbot.waitUntil(lambda: own_threads() == [])
    assert got == ["new"]


def test_a_cancelled_job_ends_at_its_next_report_and_is_silent(jobs, qtbot):
    begun, go_on, got, rest = threading.Event(), threading.Event(), [], []

    def work(report):
        begun.set()
        go_on.wait()
        report(0.1)
        rest.append("went on")

    jobs.start("load", work, got.append, got.append, got.append)
    begun.wait()
    jobs.cancel("load")
    go_on.set()
    qtbot.waitUntil(lambda: own_threads() == [])
    assert (got, rest) == ([], [])


def test_waiting_delivers_the_result(jobs):
    got = []
    jobs.start("save", lambda report: "written", got.append, got.append)
    jobs.wait("save")
    assert got == ["written"]


def test_shutting_down_waits_for_what_was_let_go_of_before(jobs):
    begun, go_on = threading.Event(), threading.Event()

    def work(report):
        begun.set()
        go_on.wait(10)

    jobs.start("long", work, lambda _: None, lambda _: None)
    assert begun.wait(10)
    jobs.cancel("long")
    threading.Timer(0.2, go_on.set).start()
    jobs.shut_down()
    assert "job-long" not in [thread.name for thread in threading.enumerate()]


class _Large:
    """Stands for what a job gives or holds."""


def test_a_job_that_was_let_go_lets_its_result_go(jobs, qtbot):
    """It was kept until another job was cancelled: a whole data set, for hours."""
    begun, go_on, held = threading.Event(), threading.Event(), []

    def work(report):
        begun.set()
        go_on.wait(10)
        result = _Large()
        held.append(weakref.ref(result))
        return result

    callback = _Large()
    told = weakref.ref(callback)
    jobs.start("load", work, lambda _, kept=callback: None, lambda _: None)
    del callback
    assert begun.wait(10)
    jobs.cancel("load")
    assert told() is None, "nobody is told, so nothing is kept for it"
    assert jobs.ending("load")
    go_on.set()
    qtbot.waitUntil(lambda: bool(held) and held[0]() is None)
    assert not jobs.ending("load")


def test_a_job_that_is_done_lets_its_result_go(jobs, qtbot):
    held = []

    def work(report):
        result = _Large()
        held.append(weakref.ref(result))
        return result

    jobs.start("load", work, lambda _: None, lambda _: None)
    qtbot.waitUntil(lambda: bool(held) and held[0]() is None)


def test_too_little_memory_is_a_sentence_and_no_fault_of_the_program(jobs, qtbot):
    errors = []
    jobs.start("big", lambda _: np.empty(1 << 60, np.uint8), errors.append, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert errors[0].message == "There is not enough memory for this."
    assert errors[0].hint


def test_after_the_end_no_job_is_begun_any_more(jobs):
    """A timer of what asks for it may come later than the end; its owner may be gone by then."""
    jobs.shut_down()
    jobs.start("late", lambda _: 1, print, print)
    assert not jobs.busy("late")
    assert own_threads() == []
