"""The user's templates are in the file as soon as they are in the window."""

from dataclasses import replace

import pytest

from core.base.errors import SaveError
from core.imaging.synthesis import Hand
from core.imaging.synthesis.own import DEFAULT_STYLE, OwnTemplate, Style
from core.imaging.synthesis.style_file import read_style, write_style
from gui.features.handwriting.style_keeper import StyleKeeper
from gui.session.jobs import Jobs

CURVE = OwnTemplate(3, (tuple((k / 2, (k % 3) + 0.25) for k in range(12)),))
BAR = OwnTemplate(7, (((0.0, 4.5), (9.0, 4.5)),))
POST = OwnTemplate(1, (((4.5, 0.0), (4.5, 9.0)),))
WITH_BAR = Style(templates=(BAR,))
SLANTED = Style(Hand(slant=0.7), (CURVE,))


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "handwriting.toml"


def saved(keeper, qtbot, style, **how):
    done = []
    keeper.keep(style, at_once=True, then=lambda: done.append(True), **how)
    qtbot.waitUntil(lambda: bool(done))


def test_without_a_file_it_is_the_built_in_handwriting(jobs, path):
    assert StyleKeeper(jobs, path).style == DEFAULT_STYLE
    assert not path.parent.exists()


def test_what_is_kept_is_there_the_next_time(qtbot, jobs, path):
    keeper = StyleKeeper(jobs, path)
    saved(keeper, qtbot, WITH_BAR)
    assert StyleKeeper(jobs, path).style == WITH_BAR


def test_of_many_quick_changes_the_last_one_is_written(qtbot, jobs, path):
    keeper = StyleKeeper(jobs, path)
    for seed in range(20):
        keeper.keep(replace(WITH_BAR, seed=seed), at_once=seed % 3 == 0)
    keeper.finish()
    assert read_style(path).seed == 19


def test_a_slider_is_written_after_a_moment(qtbot, jobs, path):
    keeper = StyleKeeper(jobs, path)
    keeper.keep(WITH_BAR, at_once=False)
    assert not path.exists()
    qtbot.waitUntil(path.exists)
    assert read_style(path) == WITH_BAR


def test_templates_of_another_window_are_kept(qtbot, jobs, path):
    keeper = StyleKeeper(jobs, path)
    saved(keeper, qtbot, WITH_BAR)
    write_style(path, Style(templates=(BAR, POST)))
    saved(keeper, qtbot, replace(WITH_BAR, seed=5))
    assert read_style(path).templates == (BAR, POST)


def test_a_deleted_template_does_not_come_back(qtbot, jobs, path):
    keeper = StyleKeeper(jobs, path)
    saved(keeper, qtbot, WITH_BAR)
    saved(keeper, qtbot, DEFAULT_STYLE)
    assert read_style(path).templates == ()


def test_a_damaged_file_is_reported_and_put_aside_not_overwritten(qtbot, jobs, path):
    path.parent.mkdir()
    path.write_text("# Inkling handwriting\nhandwriting = 1\nmy 40 templates", encoding="utf-8")
    keeper = StyleKeeper(jobs, path)
    told = []
    keeper.failed.connect(told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert "damaged" in told[0].message
    saved(keeper, qtbot, WITH_BAR)
    aside = path.with_stem("handwriting-damaged-1")
    assert "my 40 templates" in aside.read_text(encoding="utf-8")
    assert read_style(path) == WITH_BAR


def test_a_folder_that_cannot_be_made_is_reported_and_tried_again(qtbot, jobs, path):
    path.parent.write_text("a file where the folder should be", encoding="utf-8")
    keeper = StyleKeeper(jobs, path)
    told = []
    keeper.failed.connect(told.append)
    keeper.keep(WITH_BAR, at_once=True)
    qtbot.waitUntil(lambda: bool(told))
    assert isinstance(told[0], SaveError)
    path.parent.unlink()
    saved(keeper, qtbot, WITH_BAR)
    assert read_style(path) == WITH_BAR


def test_what_is_set_aside_is_in_a_file_of_its_own(qtbot, jobs, path):
    keeper = StyleKeeper(jobs, path)
    saved(keeper, qtbot, WITH_BAR)
    first = keeper.set_aside(WITH_BAR)
    qtbot.waitUntil(first.exists)
    assert keeper.set_aside(WITH_BAR) != first
    assert read_style(first) == WITH_BAR


def test_templates_of_many_points_are_there_the_next_time(qtbot, jobs, path):
    saved(StyleKeeper(jobs, path), qtbot, SLANTED)
    keeper = StyleKeeper(jobs, path)
    told = []
    keeper.failed.connect(told.append)
    assert keeper.style == SLANTED
    saved(keeper, qtbot, replace(SLANTED, seed=5))
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert not told


def test_what_was_set_aside_as_damaged_and_is_whole_comes_back_once(qtbot, jobs, path):
    path.parent.mkdir()
    write_style(path, WITH_BAR)
    write_style(path.with_stem("handwriting-damaged-1"), SLANTED)
    write_style(path.with_stem("handwriting-damaged-2"), Style(templates=(POST, CURVE)))
    path.with_stem("handwriting-damaged-3").write_text("handwriting = 1\nreally [", "utf-8")
    keeper = StyleKeeper(jobs, path)
    told = []
    keeper.given_back.connect(told.append)
    assert keeper.style == Style(SLANTED.hand, (BAR, POST, CURVE))
    qtbot.waitUntil(lambda: told == [2])
    assert read_style(path) == keeper.style
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "handwriting-damaged-3.toml",
        "handwriting-given-back-1.toml",
        "handwriting-given-back-2.toml",
        "handwriting.toml",
    ]
    saved(keeper, qtbot, WITH_BAR)  # what the user deletes stays deleted
    assert StyleKeeper(jobs, path).style == WITH_BAR


def test_it_comes_back_where_no_file_is_left_too(qtbot, jobs, path):
    path.parent.mkdir()
    write_style(path.with_stem("handwriting-damaged-1"), SLANTED)
    assert StyleKeeper(jobs, path).style == SLANTED
    qtbot.waitUntil(path.exists)
