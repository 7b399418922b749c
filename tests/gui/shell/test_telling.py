"""Messages go to the strip, with what others add to them."""

from dataclasses import replace

import pytest

from gui.session.messages import Message
from gui.shell.banner import MessageBanner
from gui.shell.telling import Telling


@pytest.fixture
def banner(qtbot, themes):
    made = MessageBanner(themes)
    qtbot.addWidget(made)
    return made


def test_what_others_add_is_said_in_their_order(banner):
    telling = Telling(banner)
    telling.amend_by(lambda message: replace(message, text=f"{message.text} One."))
    telling.amend_by(lambda message: replace(message, text=f"{message.text} Two."))
    telling.say(Message("info", "Saved."))
    assert banner.text == "Saved. One. Two."


def test_only_the_message_that_has_had_its_time_is_taken_back(banner):
    telling, looking = Telling(banner), Message("info", "Looking at “a”…", "It may take long.")
    telling.say(looking)
    telling.take_back(Message("info", "Something else."))
    assert not banner.isHidden()
    telling.take_back(looking)
    assert banner.isHidden()
