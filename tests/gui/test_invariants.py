"""What random moves are judged by notices when the program is not as it says it is."""

import pytest
from PySide6.QtWidgets import QDialog

from core.modelfile import save_model
from gui.session.messages import Message
from gui.session.phase import Phase
from tests.fuzz.invariants import Inspector, bring_to_rest, wait_for_training
from tests.support.program import endless, recipe


@pytest.fixture
def trained(program):
    program.train_to_end(recipe())
    return program


def wrong(program):
    return " ".join(Inspector().look(program.all))


def test_a_program_that_is_as_it_says_passes(trained, tmp_path):
    assert wrong(trained) == ""
    trained.all.documents.save(tmp_path / "model.h5")
    trained.wait(lambda: not trained.all.documents.dirty)
    assert wrong(trained) == ""


def test_a_mark_that_is_not_true_is_noticed(trained):
    trained.all.documents.dirty = False
    assert "title's mark" in wrong(trained)
    assert "in no file counts as saved" in wrong(trained)


def test_a_file_that_holds_another_network_is_noticed(trained, tmp_path):
    path = tmp_path / "model.h5"
    trained.all.documents.save(path)
    trained.wait(lambda: not trained.all.documents.dirty)
    other = trained.session.run.copy()
    other.params[...] += 1
    save_model(path, other)
    assert "holds another network" in wrong(trained)


def test_a_command_that_is_on_at_the_wrong_time_is_noticed(trained):
    trained.window.actions_by_key["run.pause"].setEnabled(True)
    assert "the command run.pause is on" in wrong(trained)


def test_a_fault_that_was_told_to_the_user_is_noticed(trained):
    trained.all.say(Message("error", "A fault in the program stopped this action."))
    assert "it says: A fault" in wrong(trained)


def test_dialogs_that_are_kept_are_counted(program):
    for _ in range(2):
        QDialog(program.window).setWindowTitle("Leaked")
    (told,) = bring_to_rest(program.all)
    assert "2 closed dialogs are kept: ('QDialog', 'Leaked')" in told


def test_coming_to_rest_ends_the_training(program):
    program.use(endless())
    program.click("run.train")
    program.wait_for_phase(Phase.RUNNING)
    assert bring_to_rest(program.all) == []
    assert program.session.phase is Phase.IDLE
    assert wait_for_training(program.all) == []
