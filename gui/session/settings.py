"""What the program remembers from one start to the next, typed."""

import shutil
from contextlib import suppress
from itertools import count
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

_MAX_RECENT = 10
_MAX_CHOSEN = 50
_MAX_NAMES, _LONGEST_NAME = 100, 4096  # of a list, and characters: no system has longer paths
_MAX_LAYOUT_BYTES = 1 << 20


class Settings(QObject):
    """Reads and writes the user's settings file.

    Attributes:
        set_aside: where a copy of the file is if it was damaged, else None. What could be
            read of it is in force, and the rest is gone from the file when it is next written.

    Signals:
        recent_changed(): the list of recent files is another one.
    """

    recent_changed = Signal()

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._store = store or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Inkling", "Inkling"
        )
        damaged = self._store.status() == QSettings.Status.FormatError
        self.set_aside = _copied_aside(Path(self._store.fileName())) if damaged else None

    @property
    def theme(self) -> str:
        """ "system", "light" or "dark"."""
        value = self._text("look/theme")
        return value if value in ("light", "dark") else "system"

    @theme.setter
    def theme(self, value: str) -> None:
        self._store.setValue("look/theme", value)

    @property
    def grid(self) -> bool:
        """Whether the drawing paper shows its pixels."""
        return self._text("look/grid") == "true"

    @grid.setter
    def grid(self, value: bool) -> None:
        self._store.setValue("look/grid", "true" if value else "false")

    @property
    def autosave(self) -> bool:
        """Whether copies of the network in training are kept on the disk."""
        return self._text("safety/autosave") != "false"

    @autosave.setter
    def autosave(self, value: bool) -> None:
        self._store.setValue("safety/autosave", "true" if value else "false")

    @property
    def recent(self) -> list[Path]:
        """Model files opened or saved lately, newest first; they may be gone by now."""
        return [Path(name) for name in self._names("files/recent")[:_MAX_RECENT]]

    def add_recent(self, path: Path) -> None:
        """Put a file on top of the list."""
        others = [old for old in self.recent if old != path]
        self._store.setValue("files/recent", [str(item) for item in [path, *others][:_MAX_RECENT]])
        self.recent_changed.emit()

    def clear_recent(self) -> None:
        """Forget all recent files."""
        self._store.remove("files/recent")
        self.recent_changed.emit()

    @property
    def chosen_data(self) -> list[str]:
        """Where digits lay that the user opened himself, the latest first."""
        return self._names("files/data")

    def add_chosen_data(self, source: str) -> None:
        """Note that the user opened these digits himself: nobody needs to ask about them."""
        others = [old for old in self.chosen_data if old != source]
        self._store.setValue("files/data", [source, *others][:_MAX_CHOSEN])

    @property
    def folder(self) -> Path:
        """Where file dialogs open; until `trust_folder` that of this session, or home."""
        return self._folder or Path.home()

    @folder.setter
    def folder(self, value: Path) -> None:
        self._folder = value
        self._store.setValue("files/folder", str(value))

    @property
    def last_folder(self) -> Path | None:
        """Where file dialogs opened the last time; it may be gone, or its drive dead."""
        stored = self._text("files/folder")
        known = 0 < len(stored) <= _LONGEST_NAME and "\0" not in stored
        return Path(stored) if known and Path(stored).is_absolute() else None

    def trust_folder(self, folder: Path) -> None:
        """Let dialogs open in a folder that was found to be there."""
        self._folder = self._folder or folder

    def layout(self, name: str) -> QByteArray:
        """Return a part of the window's layout as Qt saved it, or nothing."""
        value = self._store.value(f"layout/{name}")
        known = isinstance(value, QByteArray) and value.size() <= _MAX_LAYOUT_BYTES
        return value if known else QByteArray()

    def set_layout(self, name: str, value: QByteArray) -> None:
        """Remember a part of the window's layout."""
        self._store.setValue(f"layout/{name}", value)

    def sync(self) -> None:
        """Write to disk now."""
        self._store.sync()

    def _names(self, key: str) -> list[str]:
        stored = self._store.value(key, [])
        names = stored if isinstance(stored, list) else [stored] if stored else []
        words = [str(name) for name in names[:_MAX_NAMES]]
        return [word for word in words if 0 < len(word) <= _LONGEST_NAME and "\0" not in word]

    def _text(self, key: str) -> str:
        return str(self._store.value(key, "") or "")


def _copied_aside(path: Path) -> Path | None:
    """Copy a file to a free name beside it; None if that is not possible."""
    aside = next(
        one
        for number in count(1)
        if not (one := path.with_stem(f"{path.stem}-damaged-{number}")).exists()
    )
    with suppress(OSError):
        shutil.copyfile(path, aside)
        return aside
    return None
