import pytest

from core.data.drawings.userset import UserSet, read_userset
from gui.features.my_digits.drawing_store import DrawingStore
from gui.session.jobs import Jobs
from tests.support.own_drawings import drawing


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shut_down()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "own" / "my-digits.h5"


@pytest.fixture
def keeper(jobs, path):
    return DrawingStore(jobs, path)


def settled(keeper, jobs, qtbot):
    qtbot.waitUntil(lambda: not jobs.busy("my-digits") and not keeper.set.unsaved, timeout=20_000)


def test_edits_made_one_after_the_other_are_all_written(keeper, jobs, path, qtbot):
    for label in range(10):
        keeper.add(drawing(label))
    assert len(keeper.drawings) == 10
    settled(keeper, jobs, qtbot)
    assert len(read_userset(path)) == 10


def test_each_edit_can_be_taken_back_in_turn(keeper, jobs, path, qtbot):
    one, other = drawing(7), drawing(1)
    keeper.add(one)
    keeper.add(other)
    keeper.relabel([one.key], 2, "2")
    keeper.delete([other])
    texts = []
    for _ in range(4):
        texts.append(keeper.undo_text)
        keeper.undo()
    assert texts == ["Delete a 1", "Call it a 2", "Keep a 1", "Keep a 7"]
    assert keeper.drawings == ()
    assert keeper.undo_text == ""
    settled(keeper, jobs, qtbot)
    assert read_userset(path) == []


def test_what_another_program_adds_is_seen_when_looked_for(keeper, jobs, path, qtbot):
    keeper.add(drawing(7))
    settled(keeper, jobs, qtbot)
    UserSet(path).add(drawing(1))
    with qtbot.waitSignal(keeper.changed):
        keeper.look()
    assert sorted(one.name for one in keeper.drawings) == ["1", "7"]


def test_a_trouble_is_told_once_until_it_is_over(keeper, jobs, path, qtbot):
    qtbot.waitUntil(lambda: not jobs.busy("my-digits"))
    messages = []
    keeper.message.connect(messages.append)
    path.parent.write_text("in the way")
    for label in range(3):
        keeper.add(drawing(label))
        qtbot.waitUntil(lambda: not jobs.busy("my-digits"))
    assert len(messages) == 1
    path.parent.unlink()
    keeper.add(drawing(5))
    settled(keeper, jobs, qtbot)
    assert len(read_userset(path)) == 4


def test_at_the_end_of_the_program_all_is_written(keeper, jobs, path):
    for label in range(5):
        keeper.add(drawing(label))
    keeper.shut_down()
    assert len(read_userset(path)) == 5


def test_the_end_of_the_program_does_not_fail_where_nothing_can_be_written(
    keeper, jobs, path, qtbot
):
    qtbot.waitUntil(lambda: not jobs.busy("my-digits"))
    messages = []
    keeper.message.connect(messages.append)
    path.parent.write_text("in the way")
    keeper.add(drawing(1))
    keeper.shut_down()
    assert "cannot be made" in messages[0].text
