"""Work as a generator: its steps and its value."""

import pytest

from core.base.generators import Steps, mapped, result_of


def work(log):
    """Take three steps; note how it is left."""
    try:
        yield from (1, 2, 3)
        log.append("done")
        return "found"
    finally:
        log.append("left")


def test_the_value_comes_at_the_end_and_each_step_is_reported():
    log, told = [], []
    assert result_of(work(log), told.append) == "found"
    assert (told, log) == ([1, 2, 3], ["done", "left"])


def test_work_that_has_begun_is_run_to_its_end():
    log, told, begun = [], [], work([])
    next(begun)
    assert result_of(begun, told.append) == "found"
    assert told == [2, 3]
    assert result_of(work(log)) == "found"


def test_a_report_that_raises_gives_the_work_up():
    log = []

    def refuse(share):
        raise KeyError(share)

    begun = work(log)
    with pytest.raises(KeyError, match="1"):
        result_of(begun, refuse)
    begun.close()
    assert log == ["left"]


def test_what_the_work_raises_comes_out():
    def broken():
        yield 1
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        result_of(broken())
    with pytest.raises(ValueError, match="broken"):
        list(mapped(broken(), str))


def test_steps_are_passed_on_in_other_words_and_the_value_as_it_is():
    def outer():
        value = yield from mapped(work([]), lambda share: share / 4)
        return [value]

    shares = []
    assert result_of(outer(), shares.append) == ["found"]
    assert shares == [0.25, 0.5, 0.75]


def test_leaving_the_passed_on_steps_leaves_the_work():
    log = []
    steps = mapped(work(log), str)
    assert next(steps) == "1"
    steps.close()
    assert log == ["left"]


def test_a_loop_of_ones_own_finds_the_value_after_the_last_step():
    steps = Steps(work([]))
    assert [next(steps, None) for _ in range(4)] == [1, 2, 3, None]
    assert steps.result == "found"
