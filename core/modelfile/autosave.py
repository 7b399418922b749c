"""Work in progress on the disk, in case the program ends without saying goodbye.

    <folder>/<session>/   one folder for each program that runs
        alive.lock        locked while that program lives; see `core.base.filelock`
        manifest.json     which program, and its generations, newest first
        a.h5, b.h5        the two newest generations: model files, written in turns

A generation counts from the moment the manifest names it with its check sum, and the
manifest is replaced whole, after the generation is safe. So a power cut at any moment
leaves at least the generation before. A program that ends in order takes its folder away:
a folder whose lock is free belongs to one that did not. See `core.modelfile.recovery`.
"""

import hashlib
import json
import math
import os
import shutil
import socket
import uuid
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.base.atomic_write import write_bytes_whole
from core.base.errors import SaveError, cause_of
from core.base.filelock import locked
from core.base.regular_file import open_regular
from core.modelfile import save_model
from core.modelfile.filed import last_accuracy
from core.training.run import Run

MANIFEST, ALIVE, SLOTS = "manifest.json", "alive", ("a.h5", "b.h5")
VERSION = 1


@dataclass(frozen=True, slots=True)
class Generation:
    """One kept state of a network, as the manifest tells of it.

    Attributes:
        file, sha256, size: the model file, its check sum and its length in bytes.
        saved: when, ISO 8601 with its zone.
        recipe: the recipe's name.
        step, target: iterations done, and planned.
        steps_per_epoch: iterations in an epoch; 0 if it was never trained.
        accuracy: 0..1, as last measured, or None; and on which images.
        path: the user's own file of this network, or "": it is never written to.
    """

    file: str
    sha256: str
    size: int
    saved: str
    recipe: str
    step: int
    target: int
    steps_per_epoch: int
    accuracy: float | None
    measured_on: str
    path: str

    @property
    def when(self) -> datetime:
        """The time at which it was kept, with its zone."""
        return datetime.fromisoformat(self.saved).astimezone()


@dataclass(frozen=True, slots=True)
class Program:
    """A running program: enough to tell whether it still lives where locks do not work."""

    host: str
    pid: int
    started: str  # by the system's own count; "" where it does not say

    @property
    def lives(self) -> bool:
        """True if it runs on this machine now, as far as the system tells."""
        here = self.host == socket.gethostname()
        return here and self.started != "" and _started(self.pid) == self.started


def data_folder() -> Path:
    """Return the user's own folder for what the program keeps."""
    import platformdirs  # noqa: PLC0415 - most commands keep nothing

    return platformdirs.user_data_path("Inkling", appauthor=False)


def autosave_folder() -> Path:
    """Return where copies are kept."""
    return data_folder() / "autosave"


class Autosave:
    """Keeps the network of one running program.

    Nothing is on the disk before the first `keep`. Methods may be called from any thread,
    but only one at a time.
    """

    def __init__(self, folder: Path) -> None:
        self.place = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
        self._held = ExitStack()
        self._kept: tuple[Generation, ...] = ()

    @property
    def kept(self) -> tuple[Generation, ...]:
        """What is on the disk now, newest first; at most two."""
        return self._kept

    def keep(self, run: Run, path: Path | None = None) -> Generation:
        """Write `run` as the newest generation; the one before stays.

        Args:
            run: nobody may change it meanwhile.
            path: the user's file of this network, to be told of after a crash.

        Raises:
            SaveError: it could not be written; the generations that were there still are.
        """
        try:
            self._open()
            used = self._kept[0].file if self._kept else ""
            file = self.place / next(slot for slot in SLOTS if slot != used)
            save_model(file, run)
            made = _describe(run, file, path)
            kept = (made, *(old for old in self._kept[:1] if old.file != file.name))
            self._write_manifest(kept)
        except (SaveError, OSError) as error:
            raise _unkept(self.place, error) from error
        self._kept = kept
        return made

    def clear(self) -> None:
        """Take all generations away: the work is safe elsewhere."""
        if self._kept:
            self._kept = ()
            # The manifest first, so that nobody is ever told of files that are gone.
            for name in (MANIFEST, *SLOTS):
                remove(self.place / name)

    def close(self) -> None:
        """End in order: nothing is left."""
        self.clear()
        self.abandon()
        if self.place.exists():
            shutil.rmtree(self.place, ignore_errors=True)

    def abandon(self) -> None:
        """End as a crash does: what is kept stays, and nobody lives here any more."""
        self._held.close()

    def _open(self) -> None:
        """Move in, or anew if somebody has deleted the folder meanwhile."""
        if (self.place / f"{ALIVE}.lock").exists():
            return
        self._held.close()
        self._kept = ()
        self.place.mkdir(parents=True, exist_ok=True)
        self._held.enter_context(locked(self.place / ALIVE, patience_s=0))

    def _write_manifest(self, kept: tuple[Generation, ...]) -> None:
        content = {
            "version": VERSION,
            "session": self.place.name,
            "program": asdict(_here()),
            "generations": [asdict(one) for one in kept],
        }
        text = json.dumps(content, indent=1, allow_nan=False).encode()
        write_bytes_whole(self.place / MANIFEST, text, keep_copy=False)


def sha256_of(path: Path) -> str:
    """Return a file's check sum, as text. Raises OSError."""
    with open_regular(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove(path: Path) -> None:
    """Delete a file if that is possible."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _describe(run: Run, file: Path, path: Path | None) -> Generation:
    accuracy, measured_on = last_accuracy(run)
    return Generation(
        file=file.name,
        sha256=sha256_of(file),
        size=file.stat().st_size,
        saved=datetime.now().astimezone().isoformat(timespec="seconds"),
        recipe=run.recipe.label,
        step=run.step,
        target=run.target,
        steps_per_epoch=run.history.steps_per_epoch,
        accuracy=None if accuracy is None or math.isnan(accuracy) else min(accuracy, 1.0),
        measured_on=measured_on,
        path=str(path or ""),
    )


def _unkept(place: Path, error: SaveError | OSError) -> SaveError:
    return SaveError(
        place,
        f"The copy that guards your work against a crash could not be written ({cause_of(error)}).",
        f"Free some space or mend {place.parent}, and save the network yourself meanwhile.",
    )


def _here() -> Program:
    return Program(socket.gethostname(), os.getpid(), _started(os.getpid()))


def _started(pid: int) -> str:
    """Return a process's start in clock ticks since this boot, with the boot's id; "" if unknown.

    Source: proc(5), field 22 of /proc/[pid]/stat; counted after the name, which is in
    brackets and may hold spaces.
    """
    try:
        told = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return f"{Path('/proc/sys/kernel/random/boot_id').read_text('ascii').strip()} {told[19]}"
    except (OSError, IndexError):
        return ""
