"""Opening digits wherever they come from: the right reader is found by content."""

from dataclasses import replace
from pathlib import Path

from core.base.errors import DatasetError
from core.base.regular_file import refuse_special
from core.data.correction import Correction, corrected, inspect
from core.data.dataset import BUILTIN, Dataset
from core.data.downloads import entry_at
from core.data.reader import READERS, RawData
from core.untrusted.parsing.hdf5root import MODEL, own_format
from core.untrusted.parsing.safe_read import listed
from core.untrusted.reading import ReadProgress, unreadable

# What `Dataset.fingerprint` returns for well-known sets, read without any correction.
MNIST_FINGERPRINT = "5c9e70fd8370136f316bf106b2554ed0071bf854ee691a86dbb37477ba8f02db"
_KNOWN = {MNIST_FINGERPRINT: "MNIST"}
_MOST_TRIED = 50  # files of a folder that no reader knows as a whole
_READ_SHARE = 0.9  # of the progress; the rest is for converting


def open_dataset(
    source: str | Path,
    progress: ReadProgress | None = None,
    correction: Correction | None = None,
) -> Dataset:
    """Read a data set: "builtin", or the path of a file or folder.

    Args:
        source: where it is.
        progress: is told the share done, 0..1; may raise to give up.
        correction: how its numbers are to be taken, where that is known.

    Raises:
        DatasetError: there is nothing there, no reader knows it, or it is damaged.
    """

    def after_reading(share: float) -> None:
        if progress is not None:
            progress(_READ_SHARE + (1 - _READ_SHARE) * share)

    def while_reading(share: float) -> None:
        if progress is not None:
            progress(_READ_SHARE * share)

    raw = read_raw(source, while_reading)
    dataset = corrected(raw, inspect(raw, correction), after_reading)
    return named(dataset)


def kinds_of_data() -> list[str]:
    """Return the kinds of data sets that files hold, for people, with their usual names."""
    kinds = [READERS[key] for key in READERS if key != BUILTIN]
    usual = [f" ({', '.join(kind.patterns)})" if kind.patterns else "" for kind in kinds]
    return [f"{kind.label}{names}" for kind, names in zip(kinds, usual, strict=True)]


def named(dataset: Dataset) -> Dataset:
    """Give a well-known data set its name, whatever its files are called."""
    if dataset.test is None or (len(dataset.train), len(dataset.test)) != (60_000, 10_000):
        return dataset
    name = _KNOWN.get(dataset.fingerprint())
    return dataset if name is None else dataset.renamed(name)


def read_raw(source: str | Path, progress: ReadProgress | None = None) -> RawData:
    """Read a data set as it is, before it is decided what its numbers mean.

    Raises:
        DatasetError: there is nothing there, no reader knows it, or it is damaged.
    """
    if str(source) == BUILTIN:
        return READERS[BUILTIN].read(Path(BUILTIN), progress)
    if not str(source):
        raise DatasetError(
            Path(),
            "An empty name is no file with digits.",
            "Name a file or folder, or “builtin” for the built-in digits.",
        )
    path = Path(source).expanduser()
    _check_there(path)
    own = own_format(path)  # before all others: a name may look like theirs
    if own == MODEL:
        raise DatasetError(
            path, f"{path.name} is a model, not data.", "Open it as a model, and other data here."
        )
    for key in ["userdata"] if own else READERS:
        if READERS[key].recognises(path):
            return _as_downloaded(READERS[key].read(path, progress), path)
    if path.is_dir():
        return _only_one(path, progress)
    raise _no_digits(path)


def _only_one(folder: Path, progress: ReadProgress | None) -> RawData:
    """Read the only data set in a folder, as a download often is.

    Raises:
        DatasetError: there is none, or more than one.
    """
    files = [path for path in listed(folder)[:_MOST_TRIED] if path.is_file()]
    known = {path: key for path in files for key in READERS if READERS[key].recognises(path)}
    if len(known) == 1:
        path, key = known.popitem()
        return READERS[key].read(path, progress)
    if known:
        names = ", ".join(path.name for path in list(known)[:6])
        raise DatasetError(
            folder,
            f"{folder.name} holds several files that may be data sets ({names}).",
            "Open one of these files instead of the folder.",
        )
    raise _no_digits(folder)


def _no_digits(path: Path) -> DatasetError:
    return DatasetError(
        path,
        f"{path.name or path} holds no digits this program can read.",
        f"These can be read: {', '.join(kinds_of_data())}.",
    )


def _as_downloaded(raw: RawData, path: Path) -> RawData:
    """Add what the files of a set that we downloaded do not tell: its name and classes."""
    entry = entry_at(path)
    if entry is None:
        return raw
    upright = {**raw.suggestion, "transpose": "no"}  # downloading set them upright
    return replace(raw, name=entry.name, class_names=entry.class_names, suggestion=upright)


def _check_there(path: Path) -> None:
    try:
        refuse_special(path)
        there = path.exists()
        if there and path.is_dir():
            next(path.iterdir(), None)
    except OSError as error:
        raise unreadable(path, error) from error
    if not there:
        raise DatasetError(
            path,
            f"There is no file or folder {path}.",
            "Check the name, or use the built-in digits.",
        )
