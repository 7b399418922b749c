"""Digits from the internet: fetched once, checked, kept, and used offline ever after."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.data.downloads.catalogue import CATALOGUE, Download
from core.data.downloads.progress import Tell
from core.data.downloads.receipt import Receipt
from core.data.downloads.task import Task, bytes_kept, complete
from core.data.downloads.transfer import PATIENCE_S

_OFTEN_S = 0.05

_busy: set[Path] = set()
_busy_lock = threading.Lock()


def cache_folder(entry: Download) -> Path:
    """Return the folder in which the files of `entry` are kept, there or not."""
    import platformdirs  # noqa: PLC0415 - only who downloads needs it

    return platformdirs.user_cache_path("Inkling", appauthor=False) / "downloads" / entry.key


def cached(entry: Download, folder: Path | None = None) -> Path | None:
    """Return the folder of IDX files if all are here and right, else None; no network.

    The first time the files are read whole, afterwards size and time stamp are enough.
    """
    where = folder or cache_folder(entry)
    receipt = Receipt(where)
    return where if complete(entry, receipt, lambda: None) else None


def entry_at(folder: Path) -> Download | None:
    """Return which set is kept in this folder of the cache, None for any other folder.

    IDX files do not tell what their classes are called; the catalogue does.
    """
    entry = CATALOGUE.get(folder.name)
    return entry if entry and folder.absolute() == cache_folder(entry).absolute() else None


def in_part(entry: Download, folder: Path | None = None) -> int:
    """Return how many bytes of an unfinished download are kept, to go on with."""
    return bytes_kept(entry, folder or cache_folder(entry))


def fetch(
    entry: Download,
    folder: Path | None = None,
    progress: Tell | None = None,
    mirrors: Sequence[str] | None = None,
    patience: float = PATIENCE_S,
) -> Path:
    """Download what is missing of `entry`, and return the folder of its IDX files.

    Args:
        entry: of the catalogue.
        folder: where to keep them; the user's cache folder if None.
        progress: told how far it is; may raise to give up, then what has arrived is kept.
        mirrors: addresses to try in order; the entry's own if None.
        patience: seconds to wait for a server that says nothing.

    Raises:
        DownloadError: no mirror has the right files, or they cannot be kept.
    """
    where = folder or cache_folder(entry)
    task = Task(entry, where, progress, tuple(mirrors or entry.mirrors), patience)
    with _alone(where, task.wait):
        try:
            if not complete(entry, task.receipt, task.wait):
                task.run()
        except OSError as error:
            raise task.refused(error) from error
    return where


@contextmanager
def _alone(folder: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Let only one download at a time write into a folder."""
    key = folder.absolute()
    while True:
        with _busy_lock:
            if key not in _busy:
                _busy.add(key)
                break
        wait()
        time.sleep(_OFTEN_S)
    try:
        yield
    finally:
        with _busy_lock:
            _busy.discard(key)
