"""Looking a digit file over before it is used."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.features.data_import.model import ImportModel
from gui.style.theme import SPACE_M, SPACE_S, Themes
from gui.toolkit.class_bars import ClassBars
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.look_over_dialog import LookOverDialog
from gui.toolkit.plain import LineLabel, section_title

_SIDE_WIDTH = 320  # logical pixels, of the corrections
_SIZE = (904, 640)  # logical pixels
_GRID = (320, 240)  # logical pixels, at least


class ImportDialog(LookOverDialog):
    """Shows what was found, lets it be corrected, and asks whether to use it.

    Signals, beside those of `LookOverDialog`: answered(Correction), the user wants the
    numbers taken in another way.
    """

    def __init__(self, model: ImportModel, themes: Themes, parent: QWidget) -> None:
        super().__init__(Form(model.asked, themes), "&Use these digits", themes, parent)
        self._model = model
        self.setObjectName("import-dialog")
        self.setWindowTitle("Look the digits over")
        self._values = LineLabel()
        self._values.setProperty("role", "muted")
        self.grid.setAccessibleName("A sample of the images")
        self.grid.setMinimumSize(*_GRID)
        self._bars = ClassBars(themes)
        self._doubts, self._problem = MessageLine(), MessageLine()
        self._shuffle = QPushButton("Show &others")
        self._lay_out()
        self._shuffle.clicked.connect(model.shuffle)
        model.changed.connect(self._show)
        self.resize(*_SIZE)
        self._show()

    def _lay_out(self) -> None:
        words = "Do these look like upright, light digits on black, rightly named?"
        question = section_title(words)
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
        right.addWidget(section_title("If not, correct it here"))
        right.addWidget(self._values)
        right.addWidget(self.form)
        right.addWidget(self._problem)
        right.addSpacing(SPACE_M)
        right.addWidget(section_title("Images of each class"))
        right.addWidget(self._bars)
        right.addWidget(self._doubts)
        right.addStretch()
        self.put_together(left, right, _SIDE_WIDTH)

    def _show(self) -> None:
        model = self._model
        self.heading.setText(model.heading)
        self.about.setText(model.about)
        self._values.setText(model.values_text)
        self.form.set_notes(model.notes)
        self.grid.set_tiles(model.images, model.captions)
        names, counts = model.classes
        self._bars.set_counts(names, counts)
        self._doubts.set_note(" ".join(model.doubts))
        self._problem.set_problem(model.problem)
        self.use.setEnabled(model.findings is not None)
