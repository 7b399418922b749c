import math
import os

import pytest

from core.base.errors import SaveError
from core.teaching.scorebook import Score, add_score, read_scores


def score(own=0.84, held_out=0.973, time=1000.0):
    return Score(time, "Quick start", "MNIST", own, 50, held_out, "Validation")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "scores.jsonl"


def test_scores_come_back_in_order(path):
    for time in (1.0, 2.0, 3.0):
        add_score(path, score(time=time))
    assert [each.time for each in read_scores(path)] == [1.0, 2.0, 3.0]
    assert read_scores(path)[0] == score(time=1.0)


def test_what_was_not_measured_comes_back_as_nothing(path):
    add_score(path, score(held_out=math.nan))
    (back,) = read_scores(path)
    assert math.isnan(back.held_out)
    assert back.own == 0.84


def test_a_score_is_on_the_disk_when_it_has_been_added(path, monkeypatch):
    sync, flushed = os.fsync, []

    def note(handle):
        flushed.append(path.read_bytes().count(b"\n"))
        sync(handle)

    monkeypatch.setattr(os, "fsync", note)
    for time in (1.0, 2.0):
        add_score(path, score(time=time))
    assert flushed == [1, 2]  # lines that were in the file when it was flushed


def test_no_file_is_no_scores(path):
    assert read_scores(path) == []


def test_a_line_cut_off_by_a_kill_costs_only_itself(path):
    add_score(path, score(time=1.0))
    add_score(path, score(time=2.0))
    path.write_bytes(path.read_bytes()[:-20])
    add_score(path, score(time=3.0))
    assert [each.time for each in read_scores(path)] == [1.0, 3.0]


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[1, 2]", b"\xff\xfe", b"null", b"{" * 100_000, b"1" * 5000,
     b'{"time": 1e999, "recipe": "", "data": "", "own": 1, "count": 1, "held_out": 1,'
     b' "held_out_name": ""}',
     b'{"time": 1, "recipe": "", "data": "", "own": 7, "count": 1, "held_out": 1,'
     b' "held_out_name": ""}'],
)  # fmt: skip
def test_lines_that_make_no_sense_are_left_out(path, line):
    add_score(path, score())
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert read_scores(path) == [score()]


def test_only_the_newest_of_a_huge_file_are_read(path):
    path.parent.mkdir()
    path.write_bytes(b"x" * 3_000_000 + b"\n")
    add_score(path, score())
    assert read_scores(path) == [score()]


def test_a_folder_that_cannot_be_made_is_said_in_words(path):
    path.parent.write_text("in the way")
    with pytest.raises(SaveError):
        add_score(path, score())
