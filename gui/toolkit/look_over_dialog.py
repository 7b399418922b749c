"""The frame of windows in which the content of a file is looked over before it is used."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.style.theme import SPACE_L, SPACE_M, Themes
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.plain import LineLabel

_TILE = 56  # logical pixels: two to a pixel of a 28 x 28 image


class LookOverDialog(QDialog):
    """Pictures of what was found, a form beside them, and the question whether to use it.

    Attributes:
        heading, about: the lines on top, for the file's name and what is in it.
        grid: the pictures.
        form: what can be said about the file.
        use: the button that uses it.

    Signals:
        answered(object): the form holds this now.
        chosen(): it is to be used.
        closed(): the dialog is gone, however.
    """

    answered = Signal(object)
    chosen = Signal()
    closed = Signal()

    def __init__(self, form: Form, use: str, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.heading, self.about = LineLabel(), LineLabel()
        self.heading.setProperty("role", "title")
        self.about.setProperty("role", "muted")
        self.about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.grid = ImageGrid(themes)
        self.grid.set_tile_size(_TILE)
        self.form = form
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton(use, QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setProperty("kind", "primary")
        form.edited.connect(lambda value, _text, _gesture: self.answered.emit(value))
        self.buttons.accepted.connect(self.chosen)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _result: self.closed.emit())

    def put_together(self, left: QVBoxLayout, right: QVBoxLayout, side_width: int) -> None:
        """Lay out: the pictures' column takes what the other one, so wide, leaves."""
        side = QWidget()
        side.setLayout(right)
        side.setFixedWidth(side_width)
        right.setContentsMargins(0, 0, 0, 0)
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addLayout(left, 1)
        body.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self.heading)
        column.addWidget(self.about)
        column.addLayout(body, 1)
        column.addWidget(self.buttons)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is cancelling."""
        super().closeEvent(event)
        self.closed.emit()
