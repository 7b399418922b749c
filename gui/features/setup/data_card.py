"""What is known about the data in use, and where other data come from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QWidget,
)

from core.base.arrays import ByteArray
from gui.features.setup.sample_strip import SampleStrip
from gui.style.icons import icon
from gui.style.theme import SPACE_S, SPACE_XS, Themes
from gui.toolkit.class_bars import ClassBars
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.stack import column_of, stacked

_DROP_HINT = "Files and folders can also be dropped on the window."
_PARTS = 1000  # of the progress bar
# Where data come from: words, icon and tooltip of each button.
_WAYS = {
    "builtin": ("Built-in", "digits", "Use the handwriting that this program makes itself"),
    "download": ("MNIST…", "download", "Download MNIST and other well-known digits by one click"),
    "open_file": ("Open file…", "image", "Read digits from a file: IDX, CSV, npz, .mat, HDF5 …"),
    "open_folder": (
        "Open folder…",
        "folder",
        "Read digits from a folder: of IDX files, or one folder of pictures per digit",
    ),
}


class DataCard(QWidget):
    """Name, counts, classes and a sample of the data; buttons for other data; progress.

    Signals:
        requested(str): other data are wanted: "builtin", "download", "open_file" or
            "open_folder".
        cancel_requested(): the loading is to be given up.
    """

    requested = Signal(str)
    cancel_requested = Signal()

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self.name, self.counts, self.size_line = TextLabel(), TextLabel(), TextLabel()
        self.name.setProperty("role", "value")
        for label in (self.name, self.counts, self.size_line):
            label.setWordWrap(True)
        for label in (self.counts, self.size_line):
            label.setProperty("role", "muted")
        self.bars, self.samples = ClassBars(themes), SampleStrip(themes)
        self._about = stacked(self.name, self.counts, self.size_line, self.bars, self.samples)
        self.buttons = {key: QPushButton(words) for key, (words, _, _) in _WAYS.items()}
        self.message = MessageLine()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName("Loading of the data")
        self._progress_text = TextLabel()
        self._progress_text.setWordWrap(True)
        self.cancel = QPushButton("Cancel")
        self._busy = self._make_busy()
        self._lay_out()
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _=False, key=key: self.requested.emit(key))
        self.cancel.clicked.connect(self.cancel_requested)
        themes.changed.connect(self._paint_icons)
        self._paint_icons()
        self.show_nothing()

    # -- what is shown -----------------------------------------------------------------------

    def show_nothing(self) -> None:
        """Show that there are no data."""
        self.name.setText("No digits yet")
        self.counts.setText("Take the built-in digits, or open your own.")
        for widget in (self.size_line, self.bars, self.samples):
            widget.hide()

    def show_words(self, name: str, source: str, counts: str, size: str) -> None:
        """Show the data in words; `source` is the tooltip of the name."""
        self.name.setText(name)
        set_tooltip(self.name, source)
        self.counts.setText(counts)
        self.size_line.setText(size)
        self.size_line.show()

    def show_classes(self, names: Sequence[str], counts: Sequence[int]) -> None:
        """Show how many images each class has."""
        self.bars.set_counts(names, counts)
        self.bars.show()

    def show_samples(self, images: ByteArray, captions: Sequence[str]) -> None:
        """Show some images (n, H, W) with their labels."""
        self.samples.set_samples(images, captions)
        self.samples.show()

    def show_loading(self, share: float | None, text: str) -> None:
        """Show how far the loading has come, 0..1; None: nothing is being loaded."""
        had_focus = self.cancel.hasFocus()
        self._busy.setVisible(share is not None)
        if share is None:
            if had_focus:
                self.buttons["builtin"].setFocus()
            return
        self._progress_text.setText(text or "Loading…")
        self._progress.setValue(round(_PARTS * share))

    def show_problem(self, sentence: str) -> None:
        """Say why data could not be used; "" takes it away."""
        self.message.set_problem(sentence)

    def set_open(self, is_open: bool) -> None:
        """Let the user ask for other data, or not."""
        for button in self.buttons.values():
            button.setEnabled(is_open)

    # -- inside ------------------------------------------------------------------------------

    def _make_busy(self) -> QWidget:
        self._progress.setRange(0, _PARTS)
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self._progress, 1)
        row.addWidget(self.cancel)
        busy = stacked(self._progress_text, line)
        busy.hide()
        return busy

    def _lay_out(self) -> None:
        hint = TextLabel(_DROP_HINT)
        hint.setProperty("role", "small")
        hint.setWordWrap(True)
        grid = QGridLayout()
        grid.setSpacing(SPACE_XS)
        for index, button in enumerate(self.buttons.values()):
            grid.addWidget(button, index // 2, index % 2)
        for index in (0, 1):
            grid.setColumnStretch(index, 1)
        column = column_of(self, SPACE_S)
        column.addWidget(self._about)
        column.addWidget(self._busy)
        column.addWidget(self.message)
        column.addLayout(grid)
        column.addWidget(hint)
        for key, button in self.buttons.items():
            set_tooltip(button, _WAYS[key][2])

    def _paint_icons(self) -> None:
        for key, button in self.buttons.items():
            button.setIcon(icon(_WAYS[key][1], self._themes.current))
