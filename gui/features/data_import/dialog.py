"""Looking a digit file over before it is used."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.features.data_import.model import ImportModel
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, Themes
from gui.toolkit.class_bars import ClassBars
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.plain import LineLabel, TextLabel

_SIDE_WIDTH = 320  # logical pixels, of the corrections
_SIZE = (904, 640)  # logical pixels
_TILE = 56  # logical pixels: two to a pixel of a 28 x 28 image
_GRID = (320, 240)  # logical pixels, at least


class ImportDialog(QDialog):
    """Shows what was found, lets it be corrected, and asks whether to use it.

    Signals:
        corrected(Correction): the user wants the numbers taken in another way.
        chosen(): these digits are to be used.
        closed(): the dialog is gone, however.
    """

    corrected = Signal(object)
    chosen = Signal()
    closed = Signal()

    def __init__(self, model: ImportModel, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setObjectName("import-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Look the digits over")
        self._heading, self._about, self._values = LineLabel(), LineLabel(), LineLabel()
        self._heading.setProperty("role", "title")
        self._about.setProperty("role", "muted")
        self._values.setProperty("role", "muted")
        self.form = Form(model.asked, themes)
        self.grid = ImageGrid(themes)
        self.grid.setAccessibleName("A sample of the images")
        self.grid.set_tile_size(_TILE)
        self.grid.setMinimumSize(*_GRID)
        self._bars = ClassBars(themes)
        self._doubts, self._problem = MessageLine(), MessageLine()
        self._shuffle = QPushButton("Show &others")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton(
            "&Use these digits", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.use.setProperty("kind", "primary")
        self._lay_out()
        self.form.edited.connect(lambda value, _text, _gesture: self.corrected.emit(value))
        self._shuffle.clicked.connect(model.shuffle)
        self.buttons.accepted.connect(self.chosen)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _result: self.closed.emit())
        model.changed.connect(self._show)
        self.resize(*_SIZE)
        self._show()

    def _lay_out(self) -> None:
        question = TextLabel("Do these look like upright, light digits on black, rightly named?")
        question.setProperty("role", "section")
        question.setWordWrap(True)
        left = QVBoxLayout()
        left.setSpacing(SPACE_S)
        left.addWidget(question)
        left.addWidget(self.grid, 1)
        line = QHBoxLayout()
        line.addWidget(self._shuffle)
        line.addStretch()
        left.addLayout(line)
        right = QVBoxLayout()
        right.setSpacing(SPACE_S)
        title = TextLabel("If not, correct it here")
        title.setProperty("role", "section")
        right.addWidget(title)
        right.addWidget(self._values)
        right.addWidget(self.form)
        right.addWidget(self._problem)
        right.addSpacing(SPACE_M)
        classes = TextLabel("Images of each class")
        classes.setProperty("role", "section")
        right.addWidget(classes)
        right.addWidget(self._bars)
        right.addWidget(self._doubts)
        right.addStretch()
        side = QWidget()
        side.setLayout(right)
        side.setFixedWidth(_SIDE_WIDTH)
        right.setContentsMargins(0, 0, 0, 0)
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addLayout(left, 1)
        body.addWidget(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        self._about.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column.addWidget(self._heading)
        column.addWidget(self._about)
        column.addLayout(body, 1)
        column.addWidget(self.buttons)

    def _show(self) -> None:
        model = self._model
        self._heading.setText(model.heading)
        self._about.setText(model.about)
        self._values.setText(model.values_text)
        self.form.set_notes(model.notes)
        self.grid.set_tiles(model.images, model.captions)
        names, counts = model.classes
        self._bars.set_counts(names, counts)
        self._doubts.set_note(" ".join(model.doubts))
        self._problem.set_problem(model.problem)
        self.use.setEnabled(model.findings is not None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is cancelling."""
        super().closeEvent(event)
        self.closed.emit()
