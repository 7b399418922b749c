"""The window "Get digits": known sets of digits, one click away."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.features.downloads.model import Row
from gui.features.downloads.row import DownloadRow
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, Themes
from gui.toolkit.plain import TextLabel
from gui.toolkit.stack import column_of

_INTRO = (
    "Each is fetched once, checked, and kept on this computer: afterwards it opens without"
    " the internet."
)
_SIZE = QSize(560, 640)  # logical pixels; shows all rows


class DownloadDialog(QDialog):
    """Rows of what can be downloaded. It stops nobody from working on in the window.

    Closing it lets the downloads go on.

    Signals:
        action_requested(str), cancel_requested(str): a button of the row of this key.
        own_requested(): the user has files already.
    """

    action_requested = Signal(str)
    cancel_requested = Signal(str)
    own_requested = Signal()

    def __init__(self, rows: Mapping[str, Row], themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Get digits")
        self.setModal(False)
        self.own = QPushButton("I already have the files…")
        self.close_button = QPushButton("Close")
        self.rows = {
            key: DownloadRow(themes, row.name, row.sentence, row.facts) for key, row in rows.items()
        }
        self._lay_out()
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.9))
        for key, widget in self.rows.items():
            widget.action_requested.connect(lambda key=key: self.action_requested.emit(key))
            widget.cancel_requested.connect(lambda key=key: self.cancel_requested.emit(key))
            widget.own_requested.connect(self.own_requested)
            self.show_row(key, rows[key])
        self.own.clicked.connect(self.own_requested)
        self.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)

    def show_row(self, key: str, row: Row) -> None:
        """Show another state of one row."""
        widget = self.rows[key]
        widget.show_state(row.state, row.action, row.share, row.words, row.problem)

    def _lay_out(self) -> None:
        intro = TextLabel(_INTRO)
        intro.setWordWrap(True)
        intro.setProperty("role", "muted")
        list_ = QWidget()
        column = column_of(list_, SPACE_S)
        for row in self.rows.values():
            column.addWidget(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(list_)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.own)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        whole.setSpacing(SPACE_M)
        whole.addWidget(intro)
        whole.addWidget(area, 1)
        whole.addLayout(buttons)
