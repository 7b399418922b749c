"""Looking over a network of another program before it is used."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.features.network_import.model import ModelImport
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.look_over_dialog import LookOverDialog
from gui.toolkit.plain import TextLabel, section_title
from gui.toolkit.restyle import set_style_property

_SIDE_WIDTH = 352  # logical pixels, of layers and questions
_SIZE = (952, 640)  # logical pixels
_GRID = (320, 200)  # logical pixels, at least
_LAYERS_HEIGHT = 232  # logical pixels, at most: more is scrolled


class ModelImportDialog(LookOverDialog):
    """Shows what was found, asks what the file does not say, and shows what comes of it.

    Signals, beside those of `LookOverDialog`: answered(ImportOptions), the user answers
    otherwise.
    """

    def __init__(self, model: ModelImport, themes: Themes, parent: QWidget) -> None:
        form = Form(model.answers, themes, only=model.questions)
        super().__init__(form, "&Use this network", themes, parent)
        self._model = model
        self.setObjectName("model-import-dialog")
        self.setWindowTitle("Import a network")
        self.heading.setText(model.file)
        self.about.setText(model.about)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.verdict, self._hint, self._problem = TextLabel(), MessageLine(), MessageLine()
        self.verdict.setWordWrap(True)
        self.grid.setAccessibleName("Some digits, and what the network takes them for")
        self.grid.setMinimumSize(*_GRID)
        self.layers = _Layers()
        self._lay_out()
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
        self.put_together(left, self._side(), _SIDE_WIDTH)

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_S)
        column.addWidget(section_title("The network"))
        column.addWidget(self.layers)
        column.addSpacing(SPACE_M)
        questions = "What the file does not say" if self._model.questions else ""
        column.addWidget(section_title(questions or "The file says all that is needed"))
        column.addWidget(self.form)
        for note in self._model.imported.notes:
            line = MessageLine()
            line.set_note(note)
            column.addWidget(line)
        column.addWidget(self._problem)
        column.addStretch(1)
        return column

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
