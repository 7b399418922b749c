"""One download: mirror after mirror, until all files of a set are here and right.

`pooch` moves a file to its name only when its checksum is right; what arrives before that
grows in a `.part` file beside it, which the next attempt goes on with.
"""

import errno
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from core.base.errors import DownloadError, reason
from core.data.downloads.catalogue import Download, RemoteFile
from core.data.downloads.progress import DownloadProgress, Meter, Tell
from core.data.downloads.receipt import Receipt
from core.data.downloads.transfer import MirrorError, bring
from core.data.downloads.unpack import unpack

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def bytes_kept(entry: Download, folder: Path) -> int:
    """Return how many bytes of what is to be downloaded lie in `folder`, finished or not."""
    return sum(_size(folder / file.name) or _size(_part(folder, file)) for file in entry.files)


def _part(folder: Path, file: RemoteFile) -> Path:
    return folder / f"{file.name}.part"


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def complete(entry: Download, receipt: Receipt, wait: Callable[[], None]) -> bool:
    """Tell whether all IDX files of a set are here and right; `wait` may raise."""
    if entry.members:
        # Nobody published the sums of what this program makes of an archive; the receipt
        # holds them since they were made.
        return all(receipt.holds(each.name, each.size, "", wait) for each in entry.members)
    return all(receipt.holds(each.name, each.size, each.sha256, wait) for each in entry.files)


class Task:
    """One download: which mirrors have failed, how fast it goes."""

    def __init__(
        self,
        entry: Download,
        folder: Path,
        progress: Tell | None,
        mirrors: tuple[str, ...],
        patience: float,
    ) -> None:
        self._entry, self._folder = entry, folder
        self._mirrors, self._patience = list(mirrors), patience
        self.receipt = Receipt(folder)
        self._before = 0  # bytes of the files that are finished
        self._meter = Meter(entry.size, progress)

    def run(self) -> None:
        """Fetch, check and unpack. Raises DownloadError, or OSError if the disk refuses."""
        self._prepare()
        for file in self._entry.files:
            if not self.receipt.holds(file.name, file.size, file.sha256, self.wait):
                self._bring(file)
                self.receipt.note(file.name, file.sha256)
            self._before += file.size
        if self._entry.members:
            self._unpack(self._folder / self._entry.files[0].name)
        for file in self._entry.files:
            _part(self._folder, file).unlink(missing_ok=True)
        self.receipt.write()

    def wait(self) -> None:
        """Let whoever listens give up."""
        self._meter.repeat()

    def refused(self, error: OSError) -> DownloadError:
        """Say that the disk does not take the files; a full one gets its room back."""
        if error.errno in _FULL:
            for file in self._entry.files:
                _part(self._folder, file).unlink(missing_ok=True)
        return DownloadError(
            f"{self._entry.name} could not be kept in {self._folder}: {reason(error)}.",
            "Free some space or mend the folder, and try again.",
        )

    # -- one file ----------------------------------------------------------------------------

    def _bring(self, file: RemoteFile) -> None:
        """Try each mirror, and all of them again while that gets the file any further."""
        while True:
            before, failures = _size(_part(self._folder, file)), []
            for mirror in tuple(self._mirrors):
                try:
                    self._from(mirror, file)
                except MirrorError as error:
                    failures.append(f"{_host(mirror)} {error}")
                else:
                    self._mirrors.remove(mirror)  # the others may well be out of reach,
                    self._mirrors.insert(0, mirror)  # so this one is asked first next time
                    return
            if _size(_part(self._folder, file)) - before < max(1, file.size // 100):
                raise self._nobody(file, failures)

    def _from(self, mirror: str, file: RemoteFile) -> None:
        resumed = _size(_part(self._folder, file)) > 0
        try:
            self._retrieve(mirror, file)
        except ValueError:  # pooch's: the checksum is wrong; it has deleted the file
            if not resumed:
                raise MirrorError("sent the wrong bytes") from None
        else:
            return
        # What was here before may have been wrong, and this mirror right.
        try:
            self._retrieve(mirror, file)
        except ValueError:
            raise MirrorError("sent the wrong bytes") from None

    def _retrieve(self, mirror: str, file: RemoteFile) -> None:
        import pooch  # noqa: PLC0415 - 0.2 s that only a download should cost

        pooch.get_logger().setLevel("WARNING")
        part, meter, before = _part(self._folder, file), self._meter, self._before
        if part.exists():
            meter.jump()  # what was here already came at no speed

        def download(url: str, target: str, _pooch: object) -> None:
            meter.show("connecting", before + _size(part), _host(mirror))
            bring(url, part, file.size, lambda done: meter.count(before + done), self._patience)
            meter.show("checking", before + file.size, _host(mirror))
            part.replace(target)

        pooch.retrieve(
            mirror + file.name,
            known_hash=f"sha256:{file.sha256}",
            fname=file.name,
            path=self._folder,
            downloader=download,
        )

    def _nobody(self, file: RemoteFile, failures: list[str]) -> DownloadError:
        what = file.name if len(self._entry.files) > 1 else ""
        told = "; ".join(failures)
        return DownloadError(
            f"{self._entry.name} could not be downloaded{what and f' ({what})'}: {told}.",
            "Try again later. If you have the files already, open them, or put them into"
            f" {self._folder}.",
        )

    # -- the folder --------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Make the folder, and see that it can be written to and has room enough."""
        self._folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=self._folder).close()
        missing = self._entry.room - bytes_kept(self._entry, self._folder)
        free = shutil.disk_usage(self._folder).free
        if missing > free:
            raise DownloadError(
                f"{self._entry.name} needs {missing / 1e6:,.0f} MB, but there are only"
                f" {free / 1e6:,.0f} MB free on the disk of {self._folder}.",
                "Free some space and try again.",
            )

    def _unpack(self, archive: Path) -> None:
        whole = sum(member.size for member in self._entry.members)
        unpack(
            archive,
            self._entry.members,
            self._folder,
            lambda done: self._meter.say(DownloadProgress("unpacking", done, whole)),
        )
        for member in self._entry.members:
            self.receipt.note(member.name, "")
        self.receipt.write()
        archive.unlink()


def _host(mirror: str) -> str:
    return urlsplit(mirror).netloc
