"""The menus: the program's own commands, and the places where those of features go."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtGui import QKeySequence

from gui.session.action import ActionSpec, when_idle, when_run
from gui.session.feature import Command
from gui.session.phase import Phase, Situation

Keys = QKeySequence.StandardKey

# Each menu's title and its lines; None is a line between two groups.
Menus: TypeAlias = tuple[tuple[str, tuple[ActionSpec | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Commands that belong together: those of features stand before `last`.

    Attributes:
        key: the name by which features find it; no two groups of any menu share one.
        first, last: the program's own commands.
    """

    key: str
    first: tuple[ActionSpec, ...] = ()
    last: tuple[ActionSpec, ...] = ()


def _can_train(now: Situation) -> bool:
    return now.phase in (Phase.IDLE, Phase.PAUSED, Phase.PAUSING)


def _can_begin(now: Situation) -> bool:
    return now.idle and now.has_data


_FILE = (
    Group("open", (
        ActionSpec("file.new", "&New", "Put this network away and begin a new one", "new",
                   Keys.New, when_idle, toolbar=True),
        ActionSpec("file.open", "&Open model…", "Open a saved model", "open", Keys.Open,
                   when_idle, toolbar=True),
        ActionSpec("file.recent", "Open &recent", "Models opened or saved lately",
                   allowed=when_idle),
    )),
    Group("read"),
    Group("data", (
        ActionSpec("data.open_file", "Open &digit file…",
                   "Train on digits in a file: IDX, CSV, npz, .mat …", "data", "Ctrl+D",
                   when_idle),
        ActionSpec("data.open_folder", "Open digit &folder…",
                   "Train on a folder of IDX files, or of pictures", "folder",
                   "Ctrl+Shift+D", when_idle),
    ), (
        ActionSpec("data.builtin", "Use &built-in digits",
                   "Train on the digits that the program draws itself", "digits",
                   allowed=when_idle),
    )),
    Group("save", (
        ActionSpec("file.save", "&Save", "Save the model", "save", Keys.Save,
                   when_run, toolbar=True),
        ActionSpec("file.save_as", "Save &as…", "Save the model under another name", "save-as",
                   "Ctrl+Shift+S", when_run),
    )),
    Group("guard"),
    Group("quit", (ActionSpec("file.quit", "&Quit", "Close Inkling", "", "Ctrl+Q"),)),
)  # fmt: skip
_EDIT = (
    Group("undo", (
        ActionSpec("edit.undo", "&Undo", "Take the last change of the setup back", "undo",
                   Keys.Undo, lambda now: now.can_undo),
        ActionSpec("edit.redo", "&Redo", "Do the change again", "redo", Keys.Redo,
                   lambda now: now.can_redo),
    )),
    Group("paste"),
)  # fmt: skip
_TRAIN = (
    Group("run", (
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
    )),
    Group("again", (
        ActionSpec("run.again", "Start &again", "Train a fresh network with the same seed",
                   "restart", "Ctrl+F5", _can_begin),
        ActionSpec("run.reseed", "Start again with a &new seed",
                   "Train a fresh network from other first weights", "reseed",
                   "Ctrl+Shift+F5", _can_begin),
    )),
)  # fmt: skip
_VIEW = (
    Group("panels"),
    Group("theme", (
        ActionSpec("view.theme.system", "Theme of the s&ystem", "Light or dark as the system"),
        ActionSpec("view.theme.light", "&Light theme", "Dark ink on light windows", "sun"),
        ActionSpec("view.theme.dark", "Da&rk theme", "Light ink on dark windows", "moon"),
    )),
    Group("docks", (), (
        ActionSpec("view.reset", "R&eset layout", "Put all panels back where they were"),
    )),
)  # fmt: skip
_HELP = (
    Group("help", (
        ActionSpec("help.first", "&First steps", "What to do in the first minute", "help",
                   Keys.HelpContents),
        ActionSpec("help.about", "&About Inkling", "Version and licence", "info"),
    )),
)  # fmt: skip
SKELETON: tuple[tuple[str, tuple[Group, ...]], ...] = (
    ("&File", _FILE),
    ("&Edit", _EDIT),
    ("&Train", _TRAIN),
    ("&View", _VIEW),
    ("&Help", _HELP),
)


def menus_with(commands: Iterable[Command]) -> Menus:
    """Return the menus with the commands of features in their groups, in this order.

    Raises:
        ValueError: no menu has a command's group.
    """
    added: dict[str, list[ActionSpec]] = {
        group.key: [] for _, groups in SKELETON for group in groups
    }
    for command in commands:
        if command.group not in added:
            raise ValueError(f"no menu has a group {command.group!r}: {', '.join(added)}")
        added[command.group].append(command.spec)
    return tuple(
        (title, _lines([(*each.first, *added[each.key], *each.last) for each in groups]))
        for title, groups in SKELETON
    )


def _lines(groups: Iterable[tuple[ActionSpec, ...]]) -> tuple[ActionSpec | None, ...]:
    """Return all commands with None between two groups; an empty one leaves nothing."""
    lines: list[ActionSpec | None] = []
    for group in groups:
        lines += [None, *group] if lines and group else group
    return tuple(lines)


def specs_of(menus: Menus) -> list[ActionSpec]:
    """Return every command, in menu order."""
    return [spec for _, specs in menus for spec in specs if spec is not None]
