"""Drawing, naming, learning: by mouse and keys, on a real network."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from core.data.drawings.drawings import new_drawing
from core.data.drawings.userset import read_userset
from core.training.timeline import Moment
from gui.features.my_digits.controller import Teaching
from gui.features.my_digits.report_dialog import ReportDialog
from gui.session.drawing_at_hand import DrawingAtHand
from gui.session.phase import Phase
from gui.toolkit.canvas.digit_canvas import DigitCanvas
from tests.support.program import endless, recipe

LEFT = Qt.MouseButton.LeftButton


class School:
    """The real program, a teaching of its own, and a place to draw."""

    def __init__(self, program, folder, qtbot):
        inkling = program.all
        self.program, self.session, self.qtbot = program, program.session, qtbot
        self.folder, self.jobs = folder, inkling.jobs
        # The program has a teaching, too: this one's drawing and file are its own.
        self.services = replace(inkling.services, folder=folder, drawing=DrawingAtHand())
        self.teaching = Teaching(self.services)
        self.messages, self.learned = [], []
        self.teaching.message.connect(self.messages.append)
        self.session.weights_replaced.connect(lambda: self.learned.append(self.params))
        self.scope = QWidget(program.window)
        column = QVBoxLayout(self.scope)
        self.canvas = DigitCanvas()
        column.addWidget(self.canvas)
        column.addWidget(self.teaching.row)
        self.teaching.row.listen_on(self.scope)
        program.window.place(())
        program.window.tabs.addTab(self.scope, "Draw")
        program.window.tabs.addTab(self.teaching.panel, "My digits")
        program.window.tabs.setCurrentWidget(self.scope)

    @property
    def row(self):
        return self.teaching.row

    @property
    def params(self):
        return self.session.run.params.tobytes()

    @property
    def drawings(self):
        return self.teaching.keeper.drawings

    def draw(self, row=8):
        """Put ink in one row of the image, as this network's digits have it."""
        image = np.zeros((28, 28), np.uint8)
        image[row] = 255
        predictor = self.session.predictor
        answer = None if predictor is None else predictor.probabilities(image[None])[0]
        self.teaching.model.set_drawing((), 10.0, image, answer)
        return answer

    def click_class(self, label):
        QTest.mouseClick(self.row.classes.buttons[label], LEFT)

    def wait(self, holds):
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=20_000)

    def on_disk(self):
        self.wait(lambda: not self.teaching.keeper.set.unsaved)
        return read_userset(self.folder / "my-digits.h5")

    @property
    def report(self):
        found = self.program.window.findChildren(ReportDialog)
        return next((one for one in found if one.isVisible()), None)

    def learn(self):
        QTest.mouseClick(self.row.learn_button, LEFT)
        self.wait(lambda: self.report is not None)
        return self.report

    def button(self, text):
        found = self.report.findChildren(type(self.row.learn_button))
        return next(each for each in found if each.text() == text)


@pytest.fixture
def school(program, tmp_path, qtbot):
    made = School(program, tmp_path / "own", qtbot)
    yield made
    made.teaching.shut_down()


@pytest.fixture
def trained(school):
    school.program.train_to_end(recipe())
    return school


def test_before_anything_is_drawn_nothing_can_be_named(school):
    assert not school.row.classes.isEnabled()
    assert "Draw" in school.row.text


def test_a_click_keeps_the_drawing_on_disk(school):
    school.draw()
    school.click_class(7)
    assert school.row.text == "Kept as a 7"
    (kept,) = school.on_disk()
    assert (kept.label, kept.name, kept.answer) == (7, "7", "")
    assert kept.image[8].min() == 255


def test_the_strokes_and_the_answer_are_kept_with_it(trained):
    strokes = (np.array([[50, 60, 1], [60, 200, 0.5]], np.float32),)
    image = np.zeros((28, 28), np.uint8)
    image[8] = 255
    answer = trained.session.predictor.probabilities(image[None])[0]
    trained.teaching.model.set_drawing(strokes, 10.0, image, answer)
    trained.click_class(1)
    (kept,) = trained.on_disk()
    np.testing.assert_array_equal(kept.strokes[0], strokes[0])
    assert kept.answer == str(answer.argmax())
    assert kept.confidence == pytest.approx(answer.max())


def test_digit_keys_name_the_drawing_while_the_canvas_has_the_focus(school):
    school.draw()
    school.program.window.activateWindow()
    school.canvas.setFocus()
    school.wait(school.canvas.hasFocus)
    QTest.keyClick(school.canvas, Qt.Key.Key_4)
    assert [one.name for one in school.on_disk()] == ["4"]


def test_another_click_changes_the_label_and_keeps_one_drawing(school):
    school.draw()
    school.click_class(7)
    school.click_class(1)
    assert [one.name for one in school.on_disk()] == ["1"]
    assert school.row.classes.buttons[1].isChecked()
    assert not school.row.classes.buttons[7].isChecked()


def test_undo_takes_the_drawing_out_again(school):
    school.draw()
    school.click_class(7)
    QTest.mouseClick(school.row.undo_button, LEFT)
    assert school.on_disk() == []
    assert "Click" in school.row.text


def test_another_drawing_is_kept_beside_the_first(school):
    school.draw(8)
    school.click_class(2)
    school.draw(12)
    assert "Click" in school.row.text
    school.click_class(4)
    assert sorted(one.name for one in school.on_disk()) == ["2", "4"]


def test_new_weights_alone_do_not_forget_that_it_was_kept(trained):
    answer = trained.draw()
    trained.click_class(2)
    image = np.zeros((28, 28), np.uint8)
    image[8] = 255
    trained.teaching.model.set_drawing((), 10.0, image, answer[::-1])
    assert trained.row.text == "Kept as a 2"


def test_without_a_network_learning_is_refused_with_the_reason(school):
    school.draw()
    school.click_class(7)
    assert not school.row.learn_button.isEnabled()
    assert "Train a network first" in school.row.learn_button.toolTip()


def test_learning_is_refused_while_training_runs(trained):
    trained.draw()
    trained.click_class(7)
    assert trained.row.learn_button.isEnabled()
    trained.program.use(endless())
    trained.program.click("run.train")
    trained.wait(lambda: not trained.row.learn_button.isEnabled())
    assert "Stop the training first" in trained.row.learn_button.toolTip()
    trained.teaching.fine_tuning.learn(trained.drawings, trained.drawings)
    assert "Stop the training first" in trained.messages[-1].text
    trained.program.click("run.stop")
    trained.program.wait_for_phase(Phase.IDLE)
    trained.wait(trained.row.learn_button.isEnabled)


def test_a_lesson_shows_its_bill_and_changes_nothing_yet(trained):
    before = trained.params
    trained.draw()
    trained.click_class(7)
    trained.learn()
    assert trained.params == before
    assert trained.session.run.lessons == []
    assert trained.learned == []


def test_keeping_changes_the_weights_and_undo_brings_back_the_same_bytes(trained):
    before = trained.params
    trained.draw()
    trained.click_class(7)
    trained.learn()
    QTest.mouseClick(trained.button("Keep"), LEFT)
    after = trained.params
    assert after != before
    assert trained.session.predictor.params.tobytes() == after
    assert len(trained.session.run.lessons) == 1
    assert trained.learned == [after]
    assert trained.program.all.documents.dirty
    assert trained.teaching.own.can_undo_lesson
    (label, undo) = trained.messages[-1].actions[0]
    assert label == "Undo lesson"
    undo()
    assert trained.params == before
    assert trained.session.predictor.params.tobytes() == before
    assert trained.session.run.lessons == []
    assert not trained.teaching.own.can_undo_lesson


@pytest.mark.slow
def test_closing_the_bill_throws_the_lesson_away(trained):
    before = trained.params
    trained.draw()
    trained.click_class(7)
    QTest.keyClick(trained.learn(), Qt.Key.Key_Escape)
    trained.wait(lambda: trained.report is None)
    assert trained.params == before
    assert trained.learned == []


@pytest.mark.slow
def test_a_bill_is_closed_when_training_goes_on(trained):
    trained.draw()
    trained.click_class(7)
    trained.learn()
    trained.program.use(endless())
    trained.program.click("run.train")
    trained.wait(lambda: trained.report is None)
    assert any("thrown away" in message.text for message in trained.messages)
    trained.program.click("run.stop")
    trained.program.wait_for_phase(Phase.IDLE)


@pytest.mark.slow
def test_a_lesson_cannot_be_taken_back_after_more_training(trained):
    trained.draw()
    trained.click_class(7)
    trained.learn()
    QTest.mouseClick(trained.button("Keep"), LEFT)
    trained.program.click("run.train")
    trained.program.wait_for_phase(Phase.IDLE)
    after = trained.params
    trained.teaching.fine_tuning.undo()
    assert trained.params == after
    assert "since" in trained.messages[-1].text
    assert len(trained.session.run.lessons) == 1


@pytest.mark.slow
def test_training_after_a_lesson_goes_on_and_can_be_saved(trained, tmp_path):
    from core.modelfile import load_model, save_model

    trained.draw()
    trained.click_class(7)
    trained.learn()
    QTest.mouseClick(trained.button("Keep"), LEFT)
    steps = trained.session.run.step
    trained.program.click("run.train")
    trained.program.wait_for_phase(Phase.IDLE)
    run = trained.session.run
    assert run.step > steps
    assert run.history.count == run.step
    save_model(tmp_path / "taught.h5", run)
    assert load_model(tmp_path / "taught.h5").lessons == run.lessons


def test_each_training_leaves_a_score(trained):
    for row, label in ((8, 2), (12, 4)):
        trained.draw(row)
        trained.click_class(label)
    assert trained.teaching.own.scores == []
    trained.program.click("run.train")
    trained.program.wait_for_phase(Phase.IDLE)
    (score,) = trained.teaching.own.scores
    assert score.count == 2
    assert 0 <= score.own <= 1
    assert trained.teaching.own.score_text.startswith("Your handwriting")
    trained.wait(lambda: not trained.jobs.busy("my-scores"))
    again = Teaching(trained.services)
    assert again.own.scores == [score]
    trained.wait(lambda: len(again.keeper.drawings) == 2)


@pytest.mark.slow
def test_while_a_past_moment_is_held_it_reads_the_drawings_but_is_not_scored(trained):
    for row, label in ((4, 0), (6, 1), (8, 2), (10, 3)):
        trained.draw(row)
        trained.click_class(label)
    assert trained.teaching.own.own_accuracy[1] == 4
    nothing = np.zeros_like(trained.session.run.params)  # reads everything as a 0
    trained.services.answering.hold(Moment(0, nothing))
    trained.services.answering.settle()
    assert trained.teaching.own.own_accuracy[1] == 1
    trained.program.window.tabs.setCurrentWidget(trained.teaching.panel)
    assert trained.teaching.panel.isVisible()
    trained.program.click("run.train")
    trained.program.wait_for_phase(Phase.IDLE)
    assert trained.teaching.own.own_accuracy[1] == 1
    (score,) = trained.teaching.own.scores
    assert (score.own, score.count) == (1.0, 4)


def test_what_is_drawn_in_the_window_can_be_named_there(program):
    panel, teaching = program.feature("drawing").panel, program.feature("my_digits").controller
    program.window.activateWindow()
    program.wait(program.window.isActiveWindow)
    panel.canvas.setFocus()
    QTest.mousePress(panel.canvas, LEFT, pos=QPoint(60, 60))
    QTest.mouseMove(panel.canvas, QPoint(60, 150))
    QTest.mouseRelease(panel.canvas, LEFT, pos=QPoint(60, 150))
    QTest.keyClick(panel.canvas, Qt.Key.Key_1)
    (kept,) = teaching.keeper.drawings
    assert kept.name == "1"
    np.testing.assert_array_equal(kept.image, program.all.drawing.image)
    assert [len(stroke) for stroke in kept.strokes] == [
        len(stroke) for stroke in program.all.drawing.strokes
    ]


def test_drawings_of_an_earlier_day_are_there_at_the_start(school, tmp_path):
    school.draw()
    school.click_class(7)
    school.on_disk()
    school.wait(lambda: not school.jobs.busy("my-digits"))
    again = Teaching(school.services)
    school.wait(lambda: [one.name for one in again.keeper.drawings] == ["7"])


def test_a_drawing_made_while_the_disk_refuses_is_kept_and_written_later(school):
    school.folder.write_text("a file where the folder should be")
    school.draw()
    school.click_class(7)
    school.wait(lambda: school.messages)
    assert "cannot be made" in school.messages[-1].text
    assert len(school.drawings) == 1
    school.folder.unlink()
    school.draw(12)
    school.click_class(4)
    assert len(school.on_disk()) == 2


def test_a_damaged_file_is_set_aside_and_said(school):
    school.folder.mkdir()
    (school.folder / "my-digits.h5").write_bytes(b"not what it was")
    school.teaching.keeper.look()
    school.wait(lambda: school.messages)
    assert "set aside" in school.messages[-1].text
    assert (school.folder / "my-digits.damaged-1.h5").read_bytes() == b"not what it was"


@pytest.mark.parametrize(("action", "files"), [("idx", 2), ("png", 1)])
def test_the_drawings_can_be_exported(school, tmp_path, action, files):
    school.draw()
    school.click_class(7)
    target = tmp_path / "out"
    target.mkdir()
    panel = school.teaching.panel
    (panel.idx_wanted if action == "idx" else panel.pngs_wanted).emit()
    (dialog,) = school.program.window.findChildren(QFileDialog, "export-my-digits")
    dialog.fileSelected.emit(str(target))
    school.wait(lambda: school.messages)
    assert "Exported 1 drawing" in school.messages[-1].text
    assert len(list(target.iterdir())) == files
    dialog.close()


@pytest.mark.slow
def test_learning_from_the_wrong_ones_takes_them_all(trained):
    for label in (1, 3):  # both look like the digit of row 8
        image = np.zeros((28, 28), np.uint8)
        image[8] = 255
        trained.teaching.keeper.add(new_drawing((), 1.0, label, str(label), image=image))
    wrong = trained.teaching.own.wrong
    assert len(wrong) >= 1
    trained.teaching.panel.learn_wanted.emit()
    trained.wait(lambda: trained.report is not None)
    trained.report.close()


def test_closing_the_program_writes_what_waits(program, tmp_path, qtbot):
    school = School(program, tmp_path / "own", qtbot)
    school.draw()
    school.click_class(7)
    school.teaching.shut_down()
    assert len(read_userset(tmp_path / "own" / "my-digits.h5")) == 1
