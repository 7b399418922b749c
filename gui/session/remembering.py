"""Places that are remembered from earlier starts: whether they are still there."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.session.jobs import Jobs, Report
from gui.session.settings import Settings

_RECENT, _FOLDER = "recent-files", "last-folder"


class Remembering(QObject):
    """Looks in the background: one of them may lie on a drive that does not answer.

    Signals:
        changed(): other files are to be listed as recent.
    """

    changed = Signal()

    def __init__(self, settings: Settings, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings, self._jobs = settings, jobs
        self._gone: frozenset[Path] = frozenset()
        settings.recent_changed.connect(self.changed)

    @property
    def recent(self) -> list[Path]:
        """Recent files, newest first, without those that were gone when it was looked."""
        return [path for path in self._settings.recent if path not in self._gone]

    def look(self) -> None:
        """Find out what is still there; until then all are listed."""
        files, folder = self._settings.recent, self._settings.last_folder

        def gone(_report: Report) -> frozenset[Path]:
            return frozenset(path for path in files if not path.is_file())

        self._jobs.start(_RECENT, gone, self._leave_out, lambda _: None, may_hang=True)
        if folder is not None:
            self._jobs.start(
                _FOLDER,
                lambda _report: folder.is_dir(),
                lambda there: self._settings.trust_folder(folder) if there else None,
                lambda _: None,
                may_hang=True,
            )

    def _leave_out(self, gone: frozenset[Path]) -> None:
        if gone:
            self._gone = gone
            self.changed.emit()
