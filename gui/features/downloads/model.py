"""What the list of downloadable digits says: one row for each set, without any widget."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from core.data.downloads import Download, DownloadProgress, megabytes
from gui.session.words import percent

_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Row:
    """One set of digits.

    Attributes:
        name, sentence, facts: what it is; its size and licence.
        state: "absent", "busy", "here" or "failed".
        action: what its button does; "" while there is nothing to do but cancel.
        share: how much is here, 0..1.
        words: how far it is.
        problem: what went wrong, and the way out.
    """

    name: str
    sentence: str
    facts: str
    state: str = "absent"
    action: str = "Download"
    share: float = 0.0
    words: str = ""
    problem: str = ""


class DownloadsModel(QObject):
    """Holds the rows.

    Signals:
        row_changed(str): the row of this key is another one.
    """

    row_changed = Signal(str)

    def __init__(self, catalogue: Mapping[str, Download], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sizes = {key: entry.size for key, entry in catalogue.items()}
        self.rows = {key: _row(entry) for key, entry in catalogue.items()}

    def set_absent(self, key: str, kept: int = 0) -> None:
        """The set is not here, but for `kept` bytes of it."""
        size = self._sizes[key]
        words = f"{_of(kept, size)} are here already." if kept else ""
        action = "Continue" if kept else "Download"
        self._put(key, state="absent", action=action, share=kept / size, words=words)

    def set_here(self, key: str) -> None:
        """The set is here, whole and checked."""
        self._put(key, state="here", action="Use", share=1.0, words="On this computer")

    def set_progress(self, key: str, progress: DownloadProgress | None) -> None:
        """The set is on its way; None: it was only just asked for."""
        share = progress.share if progress else self.rows[key].share
        words = progress_words(progress) if progress else "Connecting…"
        self._put(key, state="busy", action="", share=share, words=words)

    def set_failed(self, key: str, message: str, hint: str) -> None:
        """The set could not be fetched."""
        problem = f"{message} {hint}".strip()
        self._put(key, state="failed", action="Try again", problem=problem)

    def _put(
        self,
        key: str,
        *,
        state: str,
        action: str,
        share: float = 0.0,
        words: str = "",
        problem: str = "",
    ) -> None:
        old = self.rows[key]
        new = replace(old, state=state, action=action, share=share, words=words, problem=problem)
        if new != old:
            self.rows[key] = new
            self.row_changed.emit(key)


def progress_words(progress: DownloadProgress) -> str:
    """Return "4.2 of 11.6 MB · 2.3 MB/s · 12 s left", or what else is being done."""
    if progress.doing == "unpacking":
        return f"Unpacking… {percent(progress.share)}"
    amount = _of(progress.done, progress.total)
    if progress.doing == "checking":
        return f"{amount} · Checking…"
    if not progress.speed:
        return f"{amount} · Connecting to {progress.mirror}…" if progress.mirror else amount
    parts = [amount, f"{megabytes(progress.speed)}/s"]
    if progress.seconds_left is not None:
        parts.append(time_left(progress.seconds_left))
    return " · ".join(parts)


def time_left(seconds: float) -> str:
    """Return "12 s left", "3 min left" or "1 h 5 min left"."""
    whole = max(1, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s left"
    if whole < _HOUR:
        return f"{round(whole / _MINUTE)} min left"
    hours, rest = divmod(whole, _HOUR)
    return f"{hours} h {rest // _MINUTE} min left"


def _of(done: int, total: int) -> str:
    return f"{megabytes(done).removesuffix(' MB')} of {megabytes(total)}"


def _row(entry: Download) -> Row:
    return Row(entry.name, entry.sentence, f"{megabytes(entry.size)} · Licence: {entry.licence}")
