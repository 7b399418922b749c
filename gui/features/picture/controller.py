"""Reading pictures of digits: opened, pasted or dropped, read in the background."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from core.base.errors import InklingError
from core.imaging.photos.guard import MOST_PIXELS
from core.imaging.photos.picture import open_picture
from core.untrusted.parsing.picturelist import SUFFIXES
from gui.features.picture.model import PictureModel, ReadPicture, read_digits
from gui.features.picture.panel import PicturePanel
from gui.session.jobs import Jobs, Report
from gui.session.settings import Settings
from gui.style.theme import Themes
from gui.toolkit.file_dialog import file_dialog

_FILTER = f"Pictures ({' '.join('*' + suffix for suffix in SUFFIXES)});;All files (*)"
_JOB = "picture"
_PASTED, _DROPPED = "the pasted picture", "the dropped picture"
_TURNS = {1: Image.Transpose.ROTATE_270, -1: Image.Transpose.ROTATE_90}


class Pictures(QObject):
    """Brings pictures to the picture panel.

    Signals:
        wanted(): a picture comes; the panel should be brought to the front.
    """

    wanted = Signal()

    def __init__(self, jobs: Jobs, window: QWidget, themes: Themes, settings: Settings) -> None:
        super().__init__(window)
        self._jobs, self._window, self._settings = jobs, window, settings
        self.model = PictureModel()
        self._panel = PicturePanel(self.model, themes)
        self._panel.open_wanted.connect(self.ask_open)
        self._panel.paste_wanted.connect(self._paste_or_say_why)
        self._panel.turn_wanted.connect(self.turn)
        self._panel.cancel_wanted.connect(self.cancel)
        self._panel.dropped.connect(self.take)

    @property
    def panel(self) -> QWidget:
        """What shows the picture."""
        return self._panel

    def ask_open(self) -> None:
        """Ask which picture to open."""
        dialog = file_dialog(self._window, "Open picture", self._settings.folder, self.open)
        dialog.setNameFilter(_FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def open(self, path: Path) -> None:
        """Read the picture in a file."""
        judge = self.model.judge()

        def work(report: Report) -> ReadPicture:
            report(0.0)
            return read_digits(open_picture(path), path.name, report, judge)

        self._start(f"“{path.name}”", work, path.parent)

    def paste(self) -> bool:
        """Read the picture, or the picture file, in the clipboard; False if there is none."""
        # The types deny it, but where nothing was ever copied Qt may return nothing at all.
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()
        return data is not None and self.take(data, _PASTED)

    @staticmethod
    def accepts(data: QMimeData) -> bool:
        """Tell whether pasted or dropped data holds a picture."""
        return data.hasImage() or _file_of(data) is not None

    def take(self, data: QMimeData, name: str = _DROPPED) -> bool:
        """Read pasted or dropped data; False if it holds no picture."""
        path = _file_of(data)
        if path is not None:
            self.open(path)
            return True
        image = QImage(data.imageData()) if data.hasImage() else QImage()
        if image.isNull():
            return False
        judge = self.model.judge()
        self._start(name, lambda report: read_digits(_from_screen(image), name, report, judge))
        return True

    def turn(self, quarters: int) -> None:
        """Turn the picture by one quarter turn, clockwise if `quarters` is 1, else -1."""
        shown = self.model.picture
        if shown is None:
            return
        how, judge = _TURNS[quarters], self.model.judge()
        self._start(
            shown.name,
            lambda report: read_digits(shown.whole.transpose(how), shown.name, report, judge),
        )

    def cancel(self) -> None:
        """Give up the picture that is being read; the one before stays."""
        self._jobs.cancel(_JOB)
        self.model.wait_for("")

    def _paste_or_say_why(self) -> None:
        if not self.paste():
            self.model.fail(
                "There is no picture in the clipboard. Copy a picture or a picture file first."
            )

    def _start(
        self, name: str, work: Callable[[Report], ReadPicture], folder: Path | None = None
    ) -> None:
        def show(picture: ReadPicture) -> None:
            if folder is not None:  # it is there: dialogs may open in it
                self._settings.folder = folder
            self.model.show(picture)

        self.model.wait_for(name)
        self.wanted.emit()
        self._jobs.start(_JOB, work, show, self._fail, may_hang=True)

    def _fail(self, error: InklingError) -> None:
        self.model.fail(error.sentence)


def _file_of(data: QMimeData) -> Path | None:
    """Return the first picture file that data names."""
    for url in data.urls() if data.hasUrls() else ():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower() in SUFFIXES:
            return path
    return None


def _from_screen(image: QImage) -> Image.Image:
    """Return a picture of Qt's as one of Pillow's, no larger than files may be."""
    pixels = image.width() * image.height()
    if pixels > MOST_PIXELS:
        share = (MOST_PIXELS / pixels) ** 0.5
        image = image.scaled(int(image.width() * share), int(image.height() * share))
    opaque = not image.hasAlphaChannel()
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    size = (image.width(), image.height())
    made = Image.frombuffer("RGBA", size, bytes(image.constBits()), "raw", "RGBA", 0, 1)
    return made.convert("RGB") if opaque else made
