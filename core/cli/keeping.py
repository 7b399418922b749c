"""Saving what a command has trained: where it was told to, or else where it can.

A window that cannot save still has the network, and asks again. A command ends.
"""

import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.base.errors import SaveError
from core.modelfile import save_model
from core.modelfile.autosave import Autosave, autosave_folder
from core.training.run import Run


def keep_model(path: Path, run: Run) -> None:
    """Save `run` as `path`; if that is not possible, elsewhere.

    Elsewhere is the user's data folder, from where the window offers it at its next start,
    and if that takes nothing either, the system's folder for temporary files.

    Raises:
        SaveError: it is not at `path`. The sentence says where it is, or that it is lost.
    """
    try:
        save_model(path, run, datetime.now(UTC))
    except SaveError as error:
        raise error if error.kept else _told(error, _elsewhere(path, run)) from error


def _elsewhere(path: Path, run: Run) -> Path | None:
    """Return where else the network could be put, or None."""
    store = Autosave(autosave_folder())
    try:
        kept = store.place / store.keep(run, path.absolute()).file
    except SaveError:
        store.close()
    else:
        store.abandon()  # as a program that crashed: the next window finds it
        return kept
    folder = None
    with suppress(SaveError, OSError):
        folder = Path(tempfile.mkdtemp(prefix="inkling-"))
        kept = folder / "model.h5"
        save_model(kept, run, datetime.now(UTC))
        return kept
    if folder is not None:
        with suppress(OSError):
            folder.rmdir()
    return None


def _told(error: SaveError, kept: Path | None) -> SaveError:
    if kept is None:
        return SaveError(
            error.path,
            f"{error.message} Neither {autosave_folder()} nor the folder for temporary files"
            " took it: the network is lost.",
            "Free some space or mend these folders before you train again.",
        )
    return SaveError(
        error.path,
        f"{error.message} The network is kept as {kept}.",
        "Copy it to where it should be.",
        kept,
    )
