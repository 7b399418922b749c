import numpy as np
from PySide6.QtGui import QUndoStack

from gui.session.undo import Replace


class Desk:
    """Holds a state and the undo stack over it."""

    def __init__(self, state):
        self.state, self.stack = state, QUndoStack()

    def edit(self, new, gesture=-1, text="Change"):
        self.stack.push(Replace(text, self.state, new, self.show, gesture))

    def show(self, state):
        self.state = state


def test_undo_and_redo_swap_the_states(qapp):
    desk = Desk("old")
    desk.edit("new")
    assert desk.state == "new"
    desk.stack.undo()
    assert desk.state == "old"
    desk.stack.redo()
    assert desk.state == "new"


def test_edits_of_one_gesture_are_undone_together(qapp):
    desk = Desk(1)
    for value in (2, 3, 4):
        desk.edit(value, gesture=7, text=f"Change to {value}")
    assert desk.stack.count() == 1
    assert desk.stack.undoText() == "Change to 4"
    desk.stack.undo()
    assert desk.state == 1


def test_edits_of_two_gestures_are_undone_one_by_one(qapp):
    desk = Desk(1)
    desk.edit(2, gesture=7)
    desk.edit(3, gesture=8)
    desk.stack.undo()
    assert desk.state == 2


def test_edits_without_a_gesture_never_merge(qapp):
    desk = Desk(1)
    desk.edit(2)
    desk.edit(3)
    assert desk.stack.count() == 2


def test_a_gesture_that_ends_where_it_began_leaves_nothing_to_undo(qapp):
    desk = Desk(1)
    desk.edit(2, gesture=7)
    desk.edit(1, gesture=7)
    assert not desk.stack.canUndo()


def test_states_that_hold_arrays_merge_too(qapp):
    desk = Desk((np.zeros(3),))
    desk.edit((np.ones(3),), gesture=7)
    desk.edit((np.full(3, 2.0),), gesture=7)
    assert desk.stack.count() == 1
