"""Runs the real program as `inkling` does, and tells what goes on, for tests that end it.

    python -m tests.support.window_program DIGITS train|idle

With `train` it trains without end as soon as the digits are there. On standard output it
says "step N" while it trains, "said …" for each message in the window, and "shut down".
"""

import sys
from pathlib import Path

from core.base.events import WeightsSeen
from gui.session.messages import Message
from gui.shell import launch
from gui.shell.app import Inkling
from tests.support.program import endless


def _tell(words: str) -> None:
    print(words, flush=True)


class Told(Inkling):
    """The program; it only talks more."""

    def start(self, path: Path | None = None) -> None:
        super().start(path)
        session = self.session
        session.received.connect(self._tell_steps)
        if sys.argv[2] == "train":
            session.edit_recipe(endless(), "Choose for a test")
            session.train()

    def say(self, message: Message) -> None:
        super().say(message)
        _tell(f"said {self.banner.text}")

    def _tell_steps(self, events: list[object]) -> None:
        for event in events:
            if isinstance(event, WeightsSeen) and event.step:
                _tell(f"step {event.step}")


if __name__ == "__main__":
    launch.Inkling = Told
    status = launch.run(Path(sys.argv[1]))
    _tell("shut down")
    sys.exit(status)
