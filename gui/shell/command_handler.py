"""What each command does, by its key."""

import random
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QTimer

from core import __version__
from gui.session.dataset_store import BUILTIN
from gui.session.feature import Command
from gui.session.phase import Phase
from gui.session.services import Services
from gui.shell.opening import Opening
from gui.shell.window import Window
from gui.toolkit.dialogs import Dialogs

_FIRST_STEPS = """
<h3>The first minute</h3>
<ol>
<li>Press <b>Train</b> (F5). The built-in digits are there already; loss falls and accuracy
rises in the plots.</li>
<li>Draw a digit on the right: the bars follow every stroke, even while training runs.</li>
<li>Look at <b>Weights</b> to see what each neuron looks for, and at <b>Digits</b> for those
the network gets wrong.</li>
<li>Choose another preset or change the layers on the left, and train again. Undo (Ctrl+Z)
takes any change back.</li>
<li><b>Save</b> (Ctrl+S) keeps the network, its curves and its recipe in one file.</li>
</ol>
<p>Every field tells what it means when the mouse rests on it.</p>
"""

_ABOUT = f"""
<h3>Inkling {__version__}</h3>
<p>Train a neural network to read handwritten digits by pointing and clicking.</p>
<p>Free software under the MIT licence, written in Python with NumPy, Qt (PySide6),
pyqtgraph and h5py.</p>
"""


class CommandHandler:
    """Carries commands out: the program's own, and those that were added.

    Attributes:
        close_agreed: the user agreed to close: all is saved, or was discarded on purpose.
    """

    def __init__(self, services: Services, window: Window, opening: Opening) -> None:
        self._services, self._window, self._opening = services, window, opening
        self._dialogs = Dialogs(window)
        self._before_close: list[Callable[[Callable[[], None]], None]] = []
        self.close_agreed = False
        session = services.session
        self._commands: dict[str, Callable[[], object]] = {
            "file.new": services.documents.new,
            "file.open": self._ask_open,
            "file.save": self.save,
            "file.save_as": self._ask_save,
            "file.quit": window.close,
            "data.open_file": self._ask_digit_file,
            "data.open_folder": self._ask_digit_folder,
            "data.builtin": lambda: services.datasets.load(BUILTIN),
            "edit.undo": session.undo_stack.undo,
            "edit.redo": session.undo_stack.redo,
            "run.train": session.train,
            "run.pause": session.pause,
            "run.step": session.step,
            "run.stop": session.stop,
            "run.again": session.start_again,
            "run.reseed": lambda: session.start_again(random.randrange(1, 1_000_000)),
            "view.theme.system": lambda: self._choose_theme("system"),
            "view.theme.light": lambda: self._choose_theme("light"),
            "view.theme.dark": lambda: self._choose_theme("dark"),
            "view.reset": window.reset_layout,
            "help.first": lambda: self._dialogs.tell("First steps", _FIRST_STEPS),
            "help.about": lambda: self._dialogs.tell("About Inkling", _ABOUT),
        }

    def add(self, commands: Iterable[Command]) -> None:
        """Carry these out, too. Raises ValueError if a key has a command already."""
        for command in commands:
            if command.spec.key in self._commands:
                raise ValueError(f"two commands have the key {command.spec.key!r}")
            self._commands[command.spec.key] = command.do

    def ask_first(self, before_close: Callable[[Callable[[], None]], None]) -> None:
        """Call this before the window closes; it calls on when nothing stands against it."""
        self._before_close.append(before_close)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all commands."""
        return frozenset(self._commands)

    def do(self, key: str) -> None:
        """Carry out the command of this key. Raises KeyError if there is none."""
        self._commands[key]()

    def save(self, then: Callable[[], None] = lambda: None) -> None:
        """Save under the file's name; ask for one if there is none."""
        path = self._services.documents.path
        if path is None:
            self._ask_save(then)
        else:
            self._services.documents.save(path, then)

    def ask_to_close(self) -> None:
        """Close; but first ask if a trained network would be lost."""
        if not self._services.documents.dirty:
            self._ask_others(self._before_close)
            return
        training = self._services.session.phase is not Phase.IDLE
        self._dialogs.keep_work(
            "Save the network before closing?",
            "Training is still running; what it has learned so far can be saved."
            if training
            else "It has been trained since it was last saved.",
            save=lambda: self.save(lambda: self._ask_others(self._before_close)),
            discard=lambda: self._ask_others(self._before_close),
        )

    def _ask_others(self, others: Sequence[Callable[[Callable[[], None]], None]]) -> None:
        """Ask what features have to ask, one after the other, then close."""
        if others:
            others[0](lambda: self._ask_others(others[1:]))
            return
        self.close_agreed = True
        self._window.allow_close()
        # After the dialog that asked has gone.
        QTimer.singleShot(0, self._window.close)

    def _ask_open(self) -> None:
        self._dialogs.open_model(self._services.settings.folder, self._opening.open)

    def _ask_save(self, then: Callable[[], None] = lambda: None) -> None:
        documents, recipe = self._services.documents, self._services.session.recipe
        suggested = documents.path or documents.suggested()
        name = suggested.name if suggested else f"{recipe.key or 'my-network'}.h5"
        self._dialogs.save_model(
            self._services.settings.folder, name, lambda path: documents.save(path, then)
        )

    def _ask_digit_file(self) -> None:
        self._dialogs.open_digit_file(self._services.settings.folder, self._opening.open)

    def _ask_digit_folder(self) -> None:
        self._dialogs.open_digit_folder(self._services.settings.folder, self._opening.open)

    def _choose_theme(self, choice: str) -> None:
        self._services.settings.theme = choice
        self._services.themes.choose(choice)
