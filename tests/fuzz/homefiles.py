"""The program's own files in a user's home, good ones and damaged ones."""

import hashlib
import os
import random
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from core.data.drawings.userfile import write_userset
from core.imaging.synthesis.style_file import write_style
from core.modelfile.autosave import Autosave
from gui.session.settings import Settings
from tests.fuzz.crafted import hostile
from tests.fuzz.samples import SAMPLE_STYLE
from tests.support.own_drawings import drawing
from tests.support.trained import small_run

_KEPT = ("my-digits.h5", "handwriting.toml")  # never deleted, only set aside


def furnish(home: Path) -> list[Path]:
    """Write settings, drawings, handwriting and work in progress into a home.

    Returns:
        The files, in a fixed order.
    """
    data, config = home / "data" / "Inkling", home / "config" / "Inkling"
    data.mkdir(parents=True)
    config.mkdir(parents=True)
    write_userset(data / _KEPT[0], [drawing(label, label) for label in range(4)])
    write_style(data / _KEPT[1], SAMPLE_STYLE)
    store = Autosave(data / "autosave")
    store.keep(small_run())
    store.keep(small_run())
    store.abandon()
    settings = Settings(QSettings(str(config / "Inkling.ini"), QSettings.Format.IniFormat))
    settings.theme, settings.grid, settings.folder = "dark", True, home
    settings.add_recent(data / _KEPT[0])
    settings.set_layout("geometry", QByteArray(b"\x01\xd9\xd0\xcb\x00\x03" + bytes(40)))
    settings.set_layout("state", QByteArray(bytes(60)))
    settings.sync()
    return sorted(path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")


def damage(home: Path, rng: random.Random) -> list[str]:
    """Put a hostile file in the place of one or two of the program's own.

    Returns:
        The check sums of those that the program may set aside, but never delete.
    """
    chosen = rng.sample(furnish(home), rng.randint(1, 2))
    for path in chosen:
        folder = path.parent / "made"
        folder.mkdir()
        made = hostile(path, folder, rng)
        path.unlink()
        if os.path.lexists(made):
            made.rename(path)
        for rest in folder.iterdir():
            rest.unlink()
        folder.rmdir()
    kept = [path for path in chosen if path.name in _KEPT]
    return [sum_of(path) for path in kept if path.is_file() and path.stat().st_size < 1 << 30]


def sum_of(path: Path) -> str:
    """Return a file's check sum."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def missing(home: Path, sums: list[str]) -> list[str]:
    """Return those of the check sums that no ordinary file of the home has."""
    there = {
        sum_of(path)
        for path in (home / "data").rglob("*")
        if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 30
    }
    return [each for each in sums if each not in there]
