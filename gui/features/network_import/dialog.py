"""Looking over a network of another program before it is used."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.features.network_import.model import ModelImport
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.plain import LineLabel, TextLabel
from gui.toolkit.restyle import set_style_property

_SIDE_WIDTH = 352  # logical pixels, of layers and questions
_SIZE = (952, 640)  # logical pixels
_TILE = 56  # logical pixels: two to a pixel of a 28 x 28 image
_GRID = (320, 200)  # logical pixels, at least
_LAYERS_HEIGHT = 232  # logical pixels, at most: more is scrolled


class ModelImportDialog(QDialog):
    """Shows what was found, asks what the file does not say, and shows what comes of it.

    Signals:
        asked(ImportOptions): the user answers otherwise.
        chosen(): this network is to be used.
        closed(): the dialog is gone, however.
    """

    asked = Signal(object)
    chosen = Signal()
    closed = Signal()

    def __init__(self, model: ModelImport, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setObjectName("model-import-dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import a network")
        self._heading, self._about = LineLabel(model.file), LineLabel(model.about)
        self._heading.setProperty("role", "title")
        self._about.setProperty("role", "muted")
        for label in (self._heading, self._about):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.verdict, self._hint, self._problem = TextLabel(), MessageLine(), MessageLine()
        self.verdict.setWordWrap(True)
        self.grid = ImageGrid(themes)
        self.grid.setAccessibleName("Some digits, and what the network takes them for")
        self.grid.set_tile_size(_TILE)
        self.grid.setMinimumSize(*_GRID)
        self.form = Form(model.answers, themes, only=model.questions)
        self.layers = _Layers()
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = self.buttons.addButton(
            "&Use this network", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.use.setProperty("kind", "primary")
        self._lay_out()
        self.form.edited.connect(lambda value, _text, _gesture: self.asked.emit(value))
        self.buttons.accepted.connect(self.chosen)
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(lambda _result: self.closed.emit())
        model.changed.connect(self._show)
        self.resize(*_SIZE)
        self._show()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE_S)
        left.addWidget(self.verdict)
        left.addWidget(self._hint)
        left.addWidget(self.grid, 1)
        if not self._model.has_digits:
            self.grid.hide()
            left.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addLayout(left, 1)
        body.addWidget(self._side())
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self._heading)
        column.addWidget(self._about)
        column.addLayout(body, 1)
        column.addWidget(self.buttons)

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(_section("The network"))
        column.addWidget(self.layers)
        column.addSpacing(SPACE_M)
        questions = "What the file does not say" if self._model.questions else ""
        column.addWidget(_section(questions or "The file says all that is needed"))
        column.addWidget(self.form)
        for note in self._model.imported.notes:
            line = MessageLine()
            line.set_note(note)
            column.addWidget(line)
        column.addWidget(self._problem)
        column.addStretch(1)
        return side

    def _show(self) -> None:
        model = self._model
        self.verdict.setText(model.result)
        role = {True: "right", False: "wrong", None: "muted"}[model.good]
        set_style_property(self.verdict, "role", role)
        self._hint.set_note(model.hint)
        self._problem.set_problem(model.problem)
        self.form.set_notes(model.notes)
        if model.layers:
            self.layers.show_rows(model.layers)
        if model.has_digits:
            self.grid.set_tiles(model.images, model.captions, model.marks)
        self.use.setEnabled(model.reading is not None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is cancelling."""
        super().closeEvent(event)
        self.closed.emit()


def _section(text: str) -> TextLabel:
    label = TextLabel(text)
    label.setProperty("role", "section")
    return label


class _Layers(QScrollArea):
    """The layers in two columns, from the image to the classes."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, str]] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("The layers of the network")

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show kind and details of each layer."""
        if rows == self.rows:
            return
        self.rows = list(rows)
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, SPACE_S, 0)
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_XS)
        for index, (kind, details) in enumerate(rows):
            name, words = TextLabel(kind), TextLabel(details)
            words.setProperty("role", "muted")
            grid.addWidget(name, index, 0)
            grid.addWidget(words, index, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(1, 1)
        self.setWidget(inside)
        self.setFixedHeight(min(inside.sizeHint().height(), _LAYERS_HEIGHT))
