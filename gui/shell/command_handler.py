"""What each command does, by its key."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from core import __version__
from gui.session.dataset_store import BUILTIN
from gui.session.messages import Message
from gui.session.phase import Phase

if TYPE_CHECKING:
    from gui.shell.app import Inkling

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
    """Carries commands out on the parts of the program.

    Attributes:
        close_agreed: the user agreed to close: all is saved, or was discarded on purpose.
    """

    def __init__(self, inkling: "Inkling") -> None:
        self._all = inkling
        self.close_agreed = False
        session, window = inkling.session, inkling.window
        self._commands: dict[str, Callable[[], object]] = {
            "file.new": inkling.documents.new,
            "file.open": self._ask_open,
            "file.save": self.save,
            "file.save_as": self._ask_save,
            "file.recover": self._recover,
            "file.autosave": inkling.safety.switch_autosave,
            "file.quit": window.close,
            "data.open_file": self._ask_digit_file,
            "data.open_folder": self._ask_digit_folder,
            "data.builtin": lambda: inkling.shelf.load(BUILTIN),
            "edit.undo": session.undo_stack.undo,
            "edit.redo": session.undo_stack.redo,
            "run.train": session.train,
            "run.pause": session.pause,
            "run.step": session.step,
            "run.stop": session.stop,
            "run.again": session.start_again,
            "run.reseed": lambda: session.start_again(random.randrange(1, 1_000_000)),
            "run.previous": lambda: inkling.safety.previous.bring_back(),
            "view.training": lambda: window.show_panel("training"),
            "view.weights": lambda: window.show_panel("weights"),
            "view.digits": lambda: window.show_panel("digits"),
            "view.setup": lambda: window.show_panel("setup"),
            "view.draw": lambda: window.show_panel("draw"),
            "view.theme.system": lambda: self._choose_theme("system"),
            "view.theme.light": lambda: self._choose_theme("light"),
            "view.theme.dark": lambda: self._choose_theme("dark"),
            "view.reset": window.reset_layout,
            "help.first": lambda: inkling.dialogs.tell("First steps", _FIRST_STEPS),
            "help.about": lambda: inkling.dialogs.tell("About Inkling", _ABOUT),
            **inkling.features.commands,
        }

    def do(self, key: str) -> None:
        """Carry out the command of this key. Raises KeyError if there is none."""
        self._commands[key]()

    def open_path(
        self,
        path: Path,
        *,
        unseen: bool = False,
        without_digits: Callable[[], None] = lambda: None,
    ) -> None:
        """Open a file or folder given, dropped or chosen: see `Opening.open`."""
        self._all.opening.open(path, unseen=unseen, without_digits=without_digits)

    def save(self, then: Callable[[], None] = lambda: None) -> None:
        """Save under the file's name; ask for one if there is none."""
        path = self._all.documents.path
        if path is None:
            self._ask_save(then)
        else:
            self._all.documents.save(path, then)

    def ask_to_close(self) -> None:
        """Close; but first ask if a trained network would be lost."""
        documents, training = self._all.documents, self._all.session.phase is not Phase.IDLE
        if not documents.dirty:
            self._ask_for_put_away()
            return
        self._all.dialogs.keep_work(
            "Save the network before closing?",
            "Training is still running; what it has learned so far can be saved."
            if training
            else "It has been trained since it was last saved.",
            save=lambda: self.save(self._ask_for_put_away),
            discard=self._ask_for_put_away,
        )

    def _ask_for_put_away(self) -> None:
        """Close; but first ask if a network that was put away is in memory only."""
        previous = self._all.safety.previous
        entry = previous.in_memory_only
        if entry is None:
            self._close()
            return
        self._all.dialogs.keep_work(
            f"Save the network that was put away ({entry.words})?",
            "It could not be kept on the disk, so it is lost when Inkling ends.",
            save=lambda: previous.ask_save(entry, self._ask_for_put_away),
            discard=self._close,
        )

    def _close(self) -> None:
        self.close_agreed = True
        self._all.window.allow_close()
        # After the dialog that asked has gone.
        QTimer.singleShot(0, self._all.window.close)

    def _ask_open(self) -> None:
        self._all.dialogs.open_model(self._all.settings.folder, self.open_path)

    def _ask_save(self, then: Callable[[], None] = lambda: None) -> None:
        documents, recipe = self._all.documents, self._all.session.recipe
        suggested = documents.path or self._all.safety.autosaving.recovery.suggestion
        name = suggested.name if suggested else f"{recipe.key or 'my-network'}.h5"
        self._all.dialogs.save_model(
            self._all.settings.folder, name, lambda path: documents.save(path, then)
        )

    def _ask_digit_file(self) -> None:
        self._all.dialogs.open_digit_file(self._all.settings.folder, self.open_path)

    def _ask_digit_folder(self) -> None:
        self._all.dialogs.open_digit_folder(self._all.settings.folder, self.open_path)

    def _recover(self) -> None:
        recovery = self._all.safety.autosaving.recovery
        if recovery.offers:
            recovery.offer()
        else:
            self._all.say(Message("info", "There is nothing to recover: all was saved."))

    def _choose_theme(self, choice: str) -> None:
        self._all.settings.theme = choice
        self._all.themes.choose(choice)
