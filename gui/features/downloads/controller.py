"""Getting digits from the internet: the dialog, and the downloads behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from core.base.errors import InklingError
from core.data.downloads import CATALOGUE, Download, DownloadProgress, cached, fetch, in_part
from gui.features.downloads.dialog import DownloadDialog
from gui.features.downloads.model import DownloadsModel
from gui.session.jobs import Jobs, Report
from gui.style.theme import Themes

_LOOK = "downloads-look"
_SHOW_MS = 200

UseFolder = Callable[[Path, str], None]


@dataclass(slots=True, eq=False)
class _News:
    """What the thread of one download told last; written there, read in the window's."""

    latest: DownloadProgress | None = None


class DownloadCentre(QObject):
    """Opens "Get digits", runs what is asked for there, and hands finished sets over.

    A download goes on while the dialog is closed, and ends with the program; what has
    arrived is kept, so that it can be gone on with.

    Attributes:
        model: the rows of the dialog.
        dialog: None until it is first shown.
    """

    def __init__(
        self,
        jobs: Jobs,
        window: QWidget,
        themes: Themes,
        use_folder: UseFolder,
        open_own: Callable[[], None],
        catalogue: Mapping[str, Download] = CATALOGUE,
    ) -> None:
        """Make it ready; nothing is built before `show`.

        Args:
            jobs: runs the downloads.
            window: the dialog stands before it.
            themes: for what paints by itself.
            use_folder: is given the folder and the key of a set to use at once.
            open_own: lets the user choose files that are here already.
            catalogue: what is offered.
        """
        super().__init__(window)
        self._jobs, self._window, self._themes = jobs, window, themes
        self._use_folder, self._open_own, self._catalogue = use_folder, open_own, catalogue
        self.model = DownloadsModel(catalogue, self)
        self.dialog: DownloadDialog | None = None
        self._news: dict[str, _News] = {}  # of the downloads that run
        self._timer = QTimer(self, interval=_SHOW_MS)
        self._timer.timeout.connect(self._show_news)

    def show(self) -> None:
        """Open the dialog, or bring it to the front."""
        if self.dialog is None:
            self.dialog = self._make_dialog()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._look()

    @property
    def busy(self) -> bool:
        """True while something is being downloaded."""
        return bool(self._news)

    # -- what is asked for -------------------------------------------------------------------

    def start(self, key: str) -> None:
        """Download the set `key`, or what is missing of it."""
        entry, news = self._catalogue[key], _News()
        self._news[key] = news

        def work(report: Report) -> Path:
            def tell(progress: DownloadProgress) -> None:
                report(progress.share)  # raises once nobody waits any more
                news.latest = progress

            return fetch(entry, progress=tell)

        self._jobs.start(_job(key), work, partial(self._done, key), partial(self._failed, key))
        if self.model.rows[key].state != "here":  # to look at it again takes no time to show
            self.model.set_progress(key, None)
        self._timer.start()

    def cancel(self, key: str) -> None:
        """Give a download up; what has arrived is kept."""
        self._jobs.cancel(_job(key))
        self._ended(key)
        self.model.set_absent(key, in_part(self._catalogue[key]))

    def use(self, key: str) -> None:
        """Use a set that is here; if somebody has taken it away, fetch it again."""
        self.start(key)

    def _act(self, key: str) -> None:
        self.use(key) if self.model.rows[key].state == "here" else self.start(key)

    # -- what comes of it --------------------------------------------------------------------

    def _done(self, key: str, folder: Path) -> None:
        self._ended(key)
        self.model.set_here(key)
        self._use_folder(folder, key)

    def _failed(self, key: str, error: InklingError) -> None:
        self._ended(key)
        self.model.set_failed(key, error.message, error.hint)

    def _ended(self, key: str) -> None:
        self._news.pop(key, None)
        if not self._news:
            self._timer.stop()

    def _show_news(self) -> None:
        for key, news in list(self._news.items()):
            if news.latest is not None:
                self.model.set_progress(key, news.latest)

    # -- the dialog --------------------------------------------------------------------------

    def _make_dialog(self) -> DownloadDialog:
        made = DownloadDialog(self.model.rows, self._themes, self._window)
        made.action_requested.connect(self._act)
        made.cancel_requested.connect(self.cancel)
        made.own_requested.connect(self._open_own)
        self.model.row_changed.connect(lambda key: made.show_row(key, self.model.rows[key]))
        return made

    def _look(self) -> None:
        """See in the background which sets are here; the first time files are read whole."""

        def work(_report: Report) -> dict[str, int | None]:
            return {
                key: None if cached(entry) else in_part(entry)
                for key, entry in self._catalogue.items()
            }

        self._jobs.start(_LOOK, work, self._seen, lambda _error: None)

    def _seen(self, kept: dict[str, int | None]) -> None:
        for key, count in kept.items():
            state = self.model.rows[key].state
            if key in self._news or (state == "failed" and count is not None):
                continue
            if count is None:
                self.model.set_here(key)
            else:
                self.model.set_absent(key, count)


def _job(key: str) -> str:
    return f"download-{key}"
