"""What the program tells the user goes through here to the strip of messages."""

from collections.abc import Callable

from gui.session.messages import Message
from gui.shell.banner import MessageBanner


class Telling:
    """Shows messages, with what features add to them, and takes them back."""

    def __init__(self, banner: MessageBanner) -> None:
        self._banner = banner
        self._amends: list[Callable[[Message], Message]] = []

    def amend_by(self, amend: Callable[[Message], Message]) -> None:
        """Let a feature add what it has to say to each message."""
        self._amends.append(amend)

    def say(self, message: Message) -> None:
        """Show a message in the window."""
        for amend in self._amends:
            message = amend(message)
        self._banner.show_message(message.kind, message.text, message.hint, message.actions)

    def take_back(self, message: Message) -> None:
        """Close a message that has had its time, unless another has taken its place."""
        if self._banner.text == f"{message.text} {message.hint}".strip():
            self._banner.dismiss()
