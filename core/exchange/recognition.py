"""What a path is to be opened as: our own model, another program's, a picture or digits."""

from enum import Enum
from pathlib import Path

import core.data.readers
import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.base.errors import FileError, reason
from core.base.regular_file import refuse_special
from core.data.reader import READERS
from core.exchange.importer import importer_for
from core.untrusted.parsing.hdf5root import MODEL, own_format
from core.untrusted.parsing.picturelist import SUFFIXES

__all__ = ["Kind", "kind_of"]

_MODEL_ENDINGS = {".h5", ".hdf5", ".keras"}


class Kind(Enum):
    """What a path holds."""

    MODEL = "a model of ours, damaged or not, or what is called so"
    FOREIGN = "a network of another program"
    PICTURE = "a picture"
    DIGITS = "digits, or what only their readers can tell about"
    FOLDER = "a folder, of digits if anything"


def kind_of(path: Path) -> Kind:
    """Look at a file or folder; our own files are asked for before all others.

    This may take long, or for ever where a drive does not answer: never call it where
    somebody waits.

    Raises:
        FileError: it is a named pipe, a socket or a device, or may not be looked at.
    """
    try:
        refuse_special(path)
        if path.is_dir():
            return Kind.FOLDER
        return _kind_of_file(path)
    except OSError as error:
        raise FileError(
            path,
            f"“{path.name}” could not be opened: {reason(error)}.",
            "Only ordinary files and folders are opened; what you have open is unchanged.",
        ) from error


def _kind_of_file(path: Path) -> Kind:
    own = own_format(path)
    if own:
        return Kind.MODEL if own == MODEL else Kind.DIGITS
    if path.suffix.lower() in SUFFIXES and path.is_file():
        return Kind.PICTURE
    if importer_for(path) is not None:
        return Kind.FOREIGN
    if path.suffix.lower() in _MODEL_ENDINGS and not READERS["hdf5"].recognises(path):
        return Kind.MODEL  # its reader says what is wrong with it
    return Kind.DIGITS
