"""The model file: one HDF5 file that holds a whole run, and that Keras and Netron open.

What stands where is in `core.modelfile.schema`. Strings are fixed-length, data sets
contiguous and unfiltered, links hard: such a file is no larger than what it declares, and
the parts of the HDF5 library that crash on damaged files are never reached. Reading checks
all of this before it takes any data (`core.modelfile.guard`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import h5py
import numpy as np

from core.base.arrays import ByteArray
from core.base.atomic_write import write_bytes_whole
from core.base.errors import InklingError, ModelFileError, SaveError
from core.base.hdf5_memory import hdf5_bytes
from core.modelfile.checks import MOST_NOTES
from core.modelfile.content import SEAL, Content, ModelContentError
from core.modelfile.guard import MOST_BYTES, fetch, read_guarded, read_one
from core.modelfile.keras_form import layer_names
from core.modelfile.legacy import old_run_of
from core.modelfile.pack import content_of
from core.modelfile.schema import FORMAT, SCHEMA_VERSION, TRAINER
from core.modelfile.thumbnail import decode_png
from core.modelfile.unpack import run_of
from core.training.run import Run
from core.untrusted.parsing.hdf5root import MODEL, own_format

__all__ = [
    "FORMAT",
    "SCHEMA_VERSION",
    "layer_names",
    "load_model",
    "read_thumbnail",
    "save_model",
    "write_content",
]


_MOST_AROUND = 1 << 20  # bytes of a file besides its arrays
_MOST_UNKNOWN, _LONGEST_PART = 20, 60  # parts of a newer file that are named; characters


def save_model(path: Path, run: Run, saved: datetime | None = None) -> None:
    """Write `run` to `path`, whole or not at all.

    The same run gives the same bytes, whenever it is saved: that is why the time is not
    looked up here.

    Args:
        path: the file.
        run: what to save.
        saved: the time to note in the file, if any.

    Raises:
        SaveError: it could not be written; the file that was there is untouched.
    """
    try:
        content = content_of(run, saved)
        # The reader has the last word: what it would refuse never takes an old file's place.
        run_of(Content(dict(content.arrays), content.attributes))
    except (ModelContentError, InklingError) as error:
        hint = "Go back to an earlier moment of its training, and save that."
        if len(run.notes) > MOST_NOTES:
            hint = "Shorten the notes, and save again."
        raise SaveError(
            path, f"“{path.name}” was not saved: {str(error).rstrip('.')}.", hint
        ) from error
    except ValueError as error:  # from json
        raise SaveError(
            path, f"“{path.name}” was not saved: a number in it is not finite."
        ) from error
    if sum(array.nbytes for array in content.arrays.values()) > MOST_BYTES - _MOST_AROUND:
        raise SaveError(path, f"“{path.name}” was not saved: the network is too large for a file.")
    write_content(path, content)


def write_content(path: Path, content: Content) -> None:
    """Write arrays and attributes as an HDF5 file. Raises SaveError."""

    def fill(file: h5py.File) -> None:
        # Attributes first: so the file's mark lies near its beginning, and a file that was
        # cut off is still known as ours.
        for place, values in content.attributes.items():
            item = file.require_group(place) if place else file
            for name, value in values.items():
                item.attrs[name] = value
        for place, array in content.arrays.items():
            file.create_dataset(place, data=array)

    write_bytes_whole(path, hdf5_bytes(fill))


def load_model(path: Path, report: Callable[[float], None] | None = None) -> Run:
    """Read a model file of any version.

    Args:
        path: the file.
        report: is told the share of the file that is read; may raise to give up.

    Returns:
        The run exactly as it was saved; training it goes on as if never interrupted.
        `Run.unknown_parts` names what a newer version put in and this one left out.

    Raises:
        ModelFileError: missing, not a model file, damaged, or made by a newer version.
    """
    if report is not None:
        fetch(path, report)
    with _told(path):
        content = read_guarded(path, lambda content: _admit(content, path))
        return _opened(content)


def read_thumbnail(path: Path) -> ByteArray | None:
    """Return the small picture in a model file: (H, W, 3) uint8, or None without one.

    Raises:
        ModelFileError: missing, not a model file, damaged, or made by a newer version.
    """
    with _told(path):
        found = read_one(path, lambda content: _admit(content, path), f"{TRAINER}/thumbnail_png")
        return None if found is None else decode_png(found)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell in a ModelFileError whatever stops the reading."""
    try:
        yield
    except ModelFileError:
        raise
    except InklingError as error:
        raise _damaged(path, error.message) from error
    except ModelContentError as error:
        raise _damaged(path, str(error)) from error
    except MemoryError as error:
        raise _no_memory(path) from error
    except Exception as error:  # noqa: BLE001 - h5py raises eight kinds on damaged files
        raise _damaged(path, "it was cut off or changed") from error


def _admit(content: Content, path: Path) -> None:
    """Say no to other formats and to newer versions that this one could misread."""
    if not np.array_equal(content.attributes[""].get("format", 0), np.bytes_(FORMAT)):
        if own_format(path) == MODEL:
            raise ModelContentError("its mark is gone")
        raise ModelFileError(
            path,
            f"“{path.name}” is an HDF5 file, but not a model saved by Inkling.",
            "Open a model that Inkling has saved.",
        )
    version = content.number("", "schema_version")
    least = content.number("", "min_reader_version") if version > 2 else version
    if version > SCHEMA_VERSION and least > SCHEMA_VERSION:
        raise ModelFileError(
            path, f"“{path.name}” was saved by a newer Inkling.", "Update Inkling to open it."
        )


def _opened(content: Content) -> Run:
    version = content.number("", "schema_version")
    if version < 1:
        raise ModelContentError("its version makes no sense")
    found = content.first_digest() if version <= 2 else content.digest()
    if content.text(TRAINER, SEAL) != found:
        raise ModelContentError("its check sum does not fit")
    if version <= 2:
        return old_run_of(content, version)
    run = run_of(content)
    unknown = sorted({"/".join(path.split("/")[:2])[:_LONGEST_PART] for path in content.arrays})
    run.unknown_parts = tuple(unknown[:_MOST_UNKNOWN])
    return run


def _no_memory(path: Path) -> ModelFileError:
    return ModelFileError(
        path, f"There is not enough memory to open “{path.name}”.", "Close other programs."
    )


def _damaged(path: Path, detail: str) -> ModelFileError:
    return ModelFileError(
        path,
        f"“{path.name}” is damaged and cannot be opened ({detail.rstrip('.')}).",
        "What you have open is unchanged. Try another copy of the file.",
    )
