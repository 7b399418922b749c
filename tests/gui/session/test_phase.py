"""What pressing Train is called."""

import pytest

from gui.session.phase import Phase, Situation


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "Train"),
        ({"has_run": True}, "Train"),
        ({"can_continue": True}, "Continue"),
        ({"can_continue": True, "finished": True}, "Train further"),
        ({"phase": Phase.RUNNING, "can_continue": True}, "Train"),
        ({"phase": Phase.PAUSING}, "Resume"),
        ({"phase": Phase.PAUSED, "can_continue": True}, "Resume"),
        ({"phase": Phase.STOPPING, "can_continue": True}, "Train"),
    ],
)
def test_train_is_called_what_it_would_do(facts, words):
    assert Situation(**facts).train_text == words


def test_only_the_idle_phase_is_idle():
    assert [phase for phase in Phase if Situation(phase=phase).idle] == [Phase.IDLE]
