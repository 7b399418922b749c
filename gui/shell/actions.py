"""Every command of the program as data: its words, its keys, when it makes sense."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from gui.session.phase import Phase, Situation

Keys = QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One command.

    Attributes:
        key: stable name: what it does is looked up under it.
        text: words in the menu, with the mnemonic marked by &.
        tip: one sentence for the tooltip and the status bar.
        icon: name of its icon, or empty.
        shortcut: a standard key, keys in words, or None.
        allowed: tells from the situation whether it makes sense.
        toolbar: whether it stands in the toolbar.
    """

    key: str
    text: str
    tip: str
    icon: str = ""
    shortcut: QKeySequence.StandardKey | str | None = None
    allowed: Callable[[Situation], bool] = lambda _: True
    toolbar: bool = False


def _idle(now: Situation) -> bool:
    return now.idle


def _can_train(now: Situation) -> bool:
    return now.phase in (Phase.IDLE, Phase.PAUSED, Phase.PAUSING)


MENUS: tuple[tuple[str, tuple[ActionSpec | None, ...]], ...] = (
    (
        "&File",
        (
            ActionSpec("file.new", "&New", "Put this network away and begin a new one", "new",
                       Keys.New, _idle, toolbar=True),
            ActionSpec("file.open", "&Open model…", "Open a saved model", "open", Keys.Open,
                       _idle, toolbar=True),
            ActionSpec("file.recent", "Open &recent", "Models opened or saved lately",
                       allowed=_idle),
            None,
            ActionSpec("file.picture", "Read a &picture…", "Read the digits in a photograph or"
                       " scan", "image", "Ctrl+Shift+O"),
            None,
            ActionSpec("data.open_file", "Open &digit file…",
                       "Train on digits in a file: IDX, CSV, npz, .mat …", "data", "Ctrl+D",
                       _idle),
            ActionSpec("data.open_folder", "Open digit &folder…",
                       "Train on a folder of IDX files, or of pictures", "folder",
                       "Ctrl+Shift+D", _idle),
            ActionSpec("data.download", "&Get digits…",
                       "Download MNIST and other well-known digits", "download", "Ctrl+G"),
            ActionSpec("data.builtin", "Use &built-in digits",
                       "Train on the digits that the program draws itself", "digits",
                       allowed=_idle),
            None,
            ActionSpec("file.save", "&Save", "Save the model", "save", Keys.Save,
                       lambda now: now.has_run, toolbar=True),
            ActionSpec("file.save_as", "Save &as…", "Save the model under another name", "save-as",
                       "Ctrl+Shift+S", lambda now: now.has_run),
            ActionSpec("file.export", "&Export…", "Write the network for other programs: ONNX,"
                       " Keras, Python, a web page …", "export", "Ctrl+E",
                       lambda now: now.has_run, toolbar=True),
            None,
            ActionSpec("file.recover", "Re&cover…", "Bring back work that was not saved when"
                       " Inkling ended", allowed=_idle),
            ActionSpec("file.autosave", "&Keep backups on or off", "Copies of the network in"
                       " training, in case the program or the power goes"),
            None,
            ActionSpec("file.quit", "&Quit", "Close Inkling", "", "Ctrl+Q"),
        ),
    ),
    (
        "&Edit",
        (
            ActionSpec("edit.undo", "&Undo", "Take the last change of the setup back", "undo",
                       Keys.Undo, lambda now: now.can_undo),
            ActionSpec("edit.redo", "&Redo", "Do the change again", "redo", Keys.Redo,
                       lambda now: now.can_redo),
            None,
            ActionSpec("edit.paste", "&Paste a picture", "Read the digits in the picture in the"
                       " clipboard", "paste", Keys.Paste),
        ),
    ),
    (
        "&Train",
        (
            ActionSpec("run.train", "&Train", "Train the network", "train", "F5",
                       _can_train, toolbar=True),
            ActionSpec("run.pause", "&Pause", "Hold the training; nothing is lost", "pause", "F6",
                       lambda now: now.phase is Phase.RUNNING, toolbar=True),
            ActionSpec("run.step", "&Single step", "Do one iteration and hold", "step", "F7",
                       lambda now: now.phase in (Phase.IDLE, Phase.PAUSED) and now.has_data,
                       toolbar=True),
            ActionSpec("run.stop", "St&op", "End the training and keep the network", "stop",
                       "Shift+F5",
                       lambda now: now.phase not in (Phase.IDLE, Phase.STOPPING), toolbar=True),
            None,
            ActionSpec("run.again", "Start &again", "Train a fresh network with the same seed",
                       "restart", "Ctrl+F5", lambda now: now.idle and now.has_data),
            ActionSpec("run.reseed", "Start again with a &new seed",
                       "Train a fresh network from other first weights", "reseed",
                       "Ctrl+Shift+F5", lambda now: now.idle and now.has_data),
            ActionSpec("run.previous", "&Bring back the previous network",
                       "Swap the network with the one it replaced", "previous", "",
                       lambda now: now.idle and now.has_previous),
        ),
    ),
    (
        "&View",
        (
            ActionSpec("view.training", "&Training curves", "Loss and accuracy", "chart",
                       "Ctrl+1"),
            ActionSpec("view.weights", "&Weights", "What each first-layer unit looks for",
                       "weights", "Ctrl+2"),
            ActionSpec("view.digits", "&Digits", "Digits with the network's answers", "digits",
                       "Ctrl+3"),
            ActionSpec("view.lens", "Le&ns", "Each step from your strokes to the network's image",
                       "lens", "Ctrl+4"),
            ActionSpec("view.picture", "&Picture", "Photographs and scans of digits", "image",
                       "Ctrl+5"),
            ActionSpec("view.my-digits", "&My digits", "Your own drawings, and how they are read",
                       "pen", "Ctrl+6"),
            ActionSpec("view.handwriting", "&Handwriting", "The hand that writes the built-in"
                       " digits", "draw", "Ctrl+7"),
            ActionSpec("view.reliability", "Relia&bility", "How far the network's certainty can be"
                       " trusted", "chart", "Ctrl+8"),
            None,
            ActionSpec("view.theme.system", "Theme of the s&ystem", "Light or dark as the system"),
            ActionSpec("view.theme.light", "&Light theme", "Dark ink on light windows", "sun"),
            ActionSpec("view.theme.dark", "Da&rk theme", "Light ink on dark windows", "moon"),
            None,
            ActionSpec("view.setup", "Show &setup", "The panel on the left", "settings"),
            ActionSpec("view.draw", "Sh&ow drawing", "The panel on the right", "draw"),
            ActionSpec("view.reset", "R&eset layout", "Put all panels back where they were"),
        ),
    ),
    (
        "&Help",
        (
            ActionSpec("help.first", "&First steps", "What to do in the first minute", "help",
                       Keys.HelpContents),
            ActionSpec("help.about", "&About Inkling", "Version and licence", "info"),
        ),
    ),
)  # fmt: skip


def all_actions() -> list[ActionSpec]:
    """Return every command, in menu order."""
    return [spec for _, specs in MENUS for spec in specs if spec is not None]


def keys_of(spec: ActionSpec) -> list[QKeySequence]:
    """Return the shortcuts of a command on this system."""
    if spec.shortcut is None or spec.shortcut == "":
        return []
    if isinstance(spec.shortcut, str):
        return [QKeySequence(spec.shortcut)]
    return QKeySequence.keyBindings(spec.shortcut)
