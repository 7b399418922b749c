"""A network of another program is looked over, completed and used, by mouse and keys."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from core.cli.console import main
from core.data.dataset import ImageSet
from core.exchange.import_steps.resolving import resolve
from core.exchange.importer import importer_for, read_network
from core.exchange.portable import logits
from gui.features.network_import.controller import ModelImporting
from gui.session.phase import Phase
from tests.support.program import endless

LEFT = Qt.MouseButton.LeftButton
FOREIGN = Path(__file__).parents[3] / "data" / "foreign"
PLAIN = FOREIGN / "torch_plain.pt"


@pytest.fixture
def importing(program):
    made = ModelImporting(program.session, program.all.jobs, program.window, program.all.themes)
    made.failures, made.words = [], []
    made.failed.connect(made.failures.append)
    made.message.connect(made.words.append)
    return made


def opened(program, importing, path):
    importing.open(path)
    program.wait(lambda: importing.dialog is not None)
    program.wait(lambda: importing.dialog.use.isEnabled())
    return importing.dialog


def choose(qtbot, dialog, name, key):
    """Choose an entry of a field by the keyboard."""
    editor = dialog.form.row(name).editor
    target = editor.focusProxy() or editor
    keys = [pair[0] for pair in dialog.form.row(name).limits.choices]
    qtbot.keyClick(target, Qt.Key.Key_Home)
    for _ in range(keys.index(key)):
        qtbot.keyClick(target, Qt.Key.Key_Down)
    assert editor.value() == key


def test_what_was_found_is_shown_before_anything_is_used(program, importing):
    before = program.session.run
    dialog = opened(program, importing, PLAIN)
    model = dialog._model
    assert model.about == "PyTorch weights · 784 → 12 → 10"
    assert ("Dense", "784 → 12") in dialog.layers.rows
    assert dialog.form.names == (
        "activation", "output", "scaling", "polarity", "order", "classes"
    )  # fmt: skip
    assert "digits right (" in dialog.verdict.text()
    assert dialog.grid.count == 40
    assert not dialog.isModal()
    assert program.session.run is before


def test_each_answer_shows_at_once_what_it_leads_to(program, importing, qtbot):
    dialog = opened(program, importing, PLAIN)
    before = dialog._model.reading
    choose(qtbot, dialog, "classes", "one-based")
    program.wait(lambda: dialog._model.reading is not before)
    imported, model = read_network(PLAIN), dialog._model
    wanted = logits(resolve(imported, model.answers), model.trial.images).argmax(axis=1)
    np.testing.assert_array_equal(model.reading.answers, wanted)
    right = int((wanted == model.trial.labels).sum())
    assert f"Reads {right:,} of {len(wanted):,} " in dialog.verdict.text()
    names = model.reading.portable.class_names
    assert model.captions == [names[answer] for answer in wanted[:40]]
    assert model.marks[0] == ("right" if wanted[0] == model.trial.labels[0] else "wrong")


def test_the_network_is_used_and_trained_further(program, importing, qtbot):
    dialog = opened(program, importing, PLAIN)
    qtbot.mouseClick(dialog.use, LEFT)
    session = program.session
    program.wait(lambda: session.run is not None)
    assert importing.dialog is None
    assert session.recipe.hidden[0].units == 12
    assert session.situation().can_continue
    assert "is in use" in importing.words[-1].text
    first = session.run.params.copy()
    run = session.run
    program.click("run.step")
    program.wait(lambda: run.step == 1)
    program.wait_for_phase(Phase.PAUSED)
    assert session.run is run
    moved = run.params - first
    assert 0 < np.abs(moved).max() < 0.1
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)


@pytest.mark.slow
def test_putting_the_recipe_in_force_can_be_undone(program, importing, qtbot):
    before = program.session.recipe
    dialog = opened(program, importing, PLAIN)
    qtbot.mouseClick(dialog.use, LEFT)
    assert "torch_plain.pt" in program.session.undo_stack.undoText()
    program.session.undo_stack.undo()
    assert program.session.recipe == before


def test_cancelling_changes_nothing(program, importing, qtbot):
    before = program.session.recipe
    dialog = opened(program, importing, PLAIN)
    qtbot.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), LEFT)
    program.wait(lambda: importing.dialog is None)
    assert program.session.run is None
    assert program.session.recipe == before


def test_nothing_is_taken_over_while_training_runs(program, importing, qtbot):
    dialog = opened(program, importing, PLAIN)
    program.use(endless())
    program.click("run.train")
    program.wait_for_phase(Phase.RUNNING)
    run = program.session.run
    qtbot.mouseClick(dialog.use, LEFT)
    assert program.session.run is run
    assert "Training is running" in importing.words[-1].text
    assert importing.dialog is dialog
    dialog.reject()
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)


def test_what_cannot_be_imported_says_why(program, importing):
    importing.open(FOREIGN / "keras3_convolution.keras")
    program.wait(lambda: bool(importing.failures))
    assert "a convolution (Conv2D)" in importing.failures[0].message
    assert importing.dialog is None


@pytest.mark.slow
def test_a_second_file_takes_the_place_of_the_first(program, importing):
    first = opened(program, importing, PLAIN)
    importing.open(FOREIGN / "keras3_usual.h5")
    program.wait(lambda: importing.dialog is not None and importing.dialog is not first)
    assert importing.dialog._model.file == "keras3_usual.h5"
    assert importing.dialog.form.names == ("polarity", "classes")
    importing.dialog.reject()


def test_digits_of_another_size_are_resized_to_try_it(program, importing, tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "small.npz", W1=rng.normal(size=(100, 10)), b1=np.zeros(10))
    dialog = opened(program, importing, tmp_path / "small.npz")
    assert "resized to 10 × 10" in dialog.verdict.text()
    assert "Along the rows" in dialog.form.row("order").editor.currentText()
    dialog.reject()


def test_without_digits_of_its_kind_it_is_said_that_it_was_not_tried(program, importing, tmp_path):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "three.npz", W1=rng.normal(size=(784, 3)), b1=np.zeros(3))
    dialog = opened(program, importing, tmp_path / "three.npz")
    assert "not tried" in dialog.verdict.text()
    assert dialog.grid.isHidden()
    dialog.reject()


def test_sides_that_do_not_fit_are_said_in_the_dialog(program, importing, tmp_path, qtbot):
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "odd.npz", W1=rng.normal(size=(96, 10)), b1=np.zeros(10))
    dialog = opened(program, importing, tmp_path / "odd.npz")
    assert (dialog._model.answers.height, dialog._model.answers.width) == (8, 12)
    height = dialog.form.row("height").editor
    height.setFocus()
    target = height.focusProxy() or height
    qtbot.keyClick(target, Qt.Key.Key_Up)
    program.wait(lambda: bool(dialog._model.problem))
    assert "9 × 12 are not 96 pixels" in dialog._problem.text()
    assert not dialog.use.isEnabled()
    dialog.reject()


def test_only_networks_are_recognised(tmp_path):
    assert importer_for(PLAIN)
    (tmp_path / "a.txt").write_text("no network")
    assert not importer_for(tmp_path / "a.txt")
    assert not importer_for(tmp_path)
    assert not importer_for(tmp_path / "absent.h5")


def written_by_the_command_line(tmp_path, *arguments):
    out = tmp_path / "imported.h5"
    assert main(["import", str(PLAIN), "-o", str(out), *arguments]) == 0
    return out


@pytest.mark.slow
def test_what_the_command_line_imported_is_trained_further(program, tmp_path):
    program.all.opening.open(written_by_the_command_line(tmp_path))
    session = program.session
    program.wait(lambda: session.run is not None)
    assert program.message == ""  # the digits in use are of its kind: nothing is missing
    assert session.situation().can_continue
    run, first = session.run, session.run.params.copy()
    program.click("run.step")
    program.wait(lambda: run.step == 1)
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    assert session.run is run
    assert 0 < np.abs(run.params - first).max() < 0.1
    assert run.data["fingerprint"] == session.parts.fingerprint  # they are its own by now
    assert run.data["source"] == session.dataset.source


@pytest.mark.slow
def test_on_digits_of_another_kind_it_is_not_trained_further(program, tmp_path):
    program.all.opening.open(written_by_the_command_line(tmp_path))
    session = program.session
    program.wait(lambda: session.run is not None)
    names = tuple("ABCDEFGHIJ")
    use_digits(program, class_names=names)
    assert not session.situation().can_continue
    assert session.situation().train_text == "Train"
    use_digits(program, class_names=session.run.class_names, train=widened(session))
    assert not session.situation().can_continue


def use_digits(program, **changes):
    program.all.datasets.use(replace(program.all.datasets.dataset, **changes))


def widened(session):
    images = session.dataset.train.images
    return ImageSet(np.pad(images, ((0, 0), (0, 0), (0, 2))), session.dataset.train.labels)


@pytest.mark.slow
def test_a_network_whose_digits_nobody_knows_says_what_it_reads(program, tmp_path):
    out = written_by_the_command_line(tmp_path)
    use_digits(program, train=widened(program.session))
    program.all.opening.open(out)
    program.wait(lambda: program.session.run is not None)
    assert "is not known" in program.message
    assert "28 × 28 pixels, 10 classes" in program.message


@pytest.mark.slow
def test_digits_given_to_the_command_line_are_its_own(program, tmp_path, digits_folder):
    program.all.opening.open(written_by_the_command_line(tmp_path, "--data", str(digits_folder)))
    session = program.session
    program.wait(lambda: session.run is not None)
    assert session.run.data["fingerprint"] == session.parts.fingerprint
    assert session.situation().can_continue
