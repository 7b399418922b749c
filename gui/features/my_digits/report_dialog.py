"""What a lesson brings and costs, before it is kept."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.features.my_digits.report_model import ReportModel
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, Themes
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.plain import LineLabel, TextLabel, set_tooltip
from gui.toolkit.probability_bars import ProbabilityBars

_PICTURE = 140  # logical pixels
_SIZE = (700, 640)


class ReportDialog(QDialog):
    """Shows a `ReportModel` without blocking the window. Closing it throws the lesson away.

    Signals:
        kept(): the lesson is to be kept.
    """

    kept = Signal()

    def __init__(self, model: ReportModel, themes: Themes, window: QWidget) -> None:
        super().__init__(window)
        self._model = model
        self.setObjectName("report")
        self.setWindowTitle("What the lesson costs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._title = TextLabel(model.title)
        self._title.setProperty("role", "title")
        self._title.setWordWrap(True)
        self._note = TextLabel("This was tried on a copy: your network is still as it was.")
        self._note.setProperty("role", "muted")
        self._picture, self._drawings = PixelView(), ImageGrid(themes)
        self._picture.setFixedSize(_PICTURE, _PICTURE)
        self._picture.setAccessibleName("Your drawing")
        self._drawings.setAccessibleName("Your drawings: answer before and now")
        self._answer = LineLabel()
        self._before, self._after = ProbabilityBars(themes), ProbabilityBars(themes)
        self._before.setAccessibleName("Before the lesson")
        self._after.setAccessibleName("After the lesson")
        self._flips = ImageGrid(themes)
        self._flips.setAccessibleName("Flipped digits: old answer and new")
        self._keep, self._forget = QPushButton("Keep"), QPushButton("Undo")
        self._lay_out()
        self._drawings.clicked.connect(self._show_drawing)
        self._drawings.current_changed.connect(self._show_drawing)
        self._keep.clicked.connect(self._accept)
        self._forget.clicked.connect(self.close)
        self._show_drawing(0)

    def _lay_out(self) -> None:
        model = self._model
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_S)
        column.addWidget(self._title)
        column.addWidget(self._note)
        column.addSpacing(SPACE_S)
        column.addLayout(self._answers())
        column.addSpacing(SPACE_S)
        for text, role in (
            (model.own_text, "section"), (model.cost_text, "section"), (model.flips_text, None),
            (model.flips_note, "small"),
        ):  # fmt: skip
            label = TextLabel(text)
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setVisible(bool(text))
            column.addWidget(label)
        self._flips.set_tiles(model.flip_images, model.flip_captions, model.flip_marks)
        self._flips.set_tooltip(model.flip_words)
        self._flips.setVisible(self._flips.count > 0)
        column.addWidget(self._flips, 1)
        if not self._flips.count:
            column.addStretch(1)
        column.addLayout(self._buttons())
        self.resize(*_SIZE)
        self.setSizeGripEnabled(False)

    def _answers(self) -> QGridLayout:
        model = self._model
        single = len(model.drawings) == 1
        self._drawings.set_tiles(model.drawings.images, model.drawing_captions, model.drawing_marks)
        self._drawings.setVisible(not single)
        self._drawings.setMinimumWidth(_PICTURE)
        self._drawings.setMaximumHeight(self._before.sizeHint().height())
        self._picture.setVisible(single)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(_caption("Your drawing" if single else "Your drawings"), 0, 0)
        grid.addWidget(_caption("Before"), 0, 1)
        grid.addWidget(_caption("After"), 0, 2)
        grid.addWidget(self._picture, 1, 0, top)
        grid.addWidget(self._drawings, 1, 0)
        grid.addWidget(self._before, 1, 1, top)
        grid.addWidget(self._after, 1, 2, top)
        grid.addWidget(self._answer, 2, 1, 1, 2)
        self._answer.setProperty("role", "muted")
        grid.setColumnStretch(0, 0 if single else 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        return grid

    def _buttons(self) -> QHBoxLayout:
        self._keep.setProperty("kind", "primary")
        set_tooltip(self._keep, "Let the network be as it is after the lesson")
        self._keep.setDefault(True)
        set_tooltip(self._forget, "Throw the lesson away (Esc)")
        self._forget.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        row.addStretch(1)
        row.addWidget(self._forget)
        row.addWidget(self._keep)
        return row

    def _show_drawing(self, index: int) -> None:
        model = self._model
        if not 0 <= index < len(model.drawings):
            return
        before, after = model.answers(index)
        self._picture.set_image(model.drawings.images[index])
        self._answer.setText(model.answer_text(index))
        self._before.show_values(before, model.names)
        self._after.show_values(after, model.names)

    def _accept(self) -> None:
        self.kept.emit()
        self.close()


def _caption(text: str) -> TextLabel:
    label = TextLabel(text)
    label.setProperty("role", "small")
    return label
