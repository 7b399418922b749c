"""Export: choose a kind of file, see what it costs, write it, know that it is right."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.features.export.model import ExportModel
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.plain import TextLabel, set_tooltip

_SIZE = QSize(680, 420)  # logical pixels
_LIST_WIDTH = 176
_PARTS = 1000  # of the progress bar


class ExportDialog(QDialog):
    """Shows an `ExportModel`; training and drawing go on beneath.

    Signals:
        export_requested(): write the file.
        browse_requested(): choose where to.
        show_requested(): show the written file in its folder.
    """

    export_requested = Signal()
    browse_requested = Signal()
    show_requested = Signal()

    def __init__(self, model: ExportModel, themes: Themes, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.setObjectName("export-dialog")
        self.setWindowTitle("Export")
        self.list = QListWidget()
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setSpacing(SPACE_XS // 2)
        self.list.setAccessibleName("Kind of file")
        for one in model.formats:
            item = QListWidgetItem(one.label)
            item.setData(Qt.ItemDataRole.UserRole, one.key)
            self.list.addItem(item)
        self._title, self._help, self._note = TextLabel(), TextLabel(), TextLabel()
        self._title.setProperty("role", "title")
        for label in (self._help, self._note):
            label.setProperty("role", "muted")
            label.setWordWrap(True)
        self.precision = ChoiceField()
        self.precision.setAccessibleName("Precision of the weights")
        self.path = QLineEdit()
        self.path.setAccessibleName("File")
        self.browse = QPushButton("Browse…")
        self._precision_label = TextLabel("&Precision")
        self._precision_label.setBuddy(self.precision)
        self._bar = QProgressBar()
        self._bar.setRange(0, _PARTS)
        self._bar.setTextVisible(False)
        self._result, self._problem = TextLabel(), MessageLine()
        self._result.setWordWrap(True)
        self._result.setProperty("role", "right")
        self.show_file = QPushButton("Show in folder")
        self.export = QPushButton("&Export")
        self.export.setProperty("kind", "primary")
        self.export.setDefault(True)
        self.close_button = QPushButton("Close")
        self._lay_out()
        self.resize(_SIZE)
        self._connect()
        self._show()

    def _connect(self) -> None:
        model = self._model
        self.list.currentItemChanged.connect(
            lambda item, _before: model.choose(item.data(Qt.ItemDataRole.UserRole))
        )
        self.precision.edited.connect(lambda key, _gesture: model.choose_precision(key))
        self.path.editingFinished.connect(self._take_path)
        self.browse.clicked.connect(self.browse_requested)
        self.export.clicked.connect(self._export)
        self.show_file.clicked.connect(self.show_requested)
        self.close_button.clicked.connect(self.close)
        model.changed.connect(self._show)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(SPACE_S)
        where.addWidget(self.path, 1)
        where.addWidget(self.browse)
        fields = QFormLayout()
        fields.setSpacing(SPACE_S)
        fields.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields.addRow(self._precision_label, self.precision)
        file = TextLabel("&File")
        file.setBuddy(self.path)
        fields.addRow(file, where)
        right = QVBoxLayout()
        right.setSpacing(SPACE_M)
        right.addWidget(self._title)
        right.addWidget(self._help)
        right.addLayout(fields)
        right.addWidget(self._note)
        right.addWidget(self._bar)
        right.addWidget(self._result)
        right.addWidget(self._problem)
        right.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(SPACE_L)
        body.addWidget(self.list)
        body.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.show_file)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.export)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        whole.setSpacing(SPACE_M)
        whole.addLayout(body, 1)
        whole.addLayout(buttons)

    def _take_path(self) -> None:
        text = self.path.text().strip()
        if text and Path(text) != self._model.path:
            self._model.set_path(Path(text).expanduser())

    def _export(self) -> None:
        self._take_path()
        self.export_requested.emit()

    def _show(self) -> None:
        model, busy = self._model, self._model.share is not None
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == model.format.key:
                self.list.setCurrentRow(row)
        self._title.setText(f"{model.format.label} ({model.format.suffix})")
        self._help.setText(model.format.help)
        self.precision.set_choices(model.precision_choices)
        self.precision.show_value(model.precision)
        for widget in (self._precision_label, self.precision):
            widget.setVisible(bool(model.format.precisions))
        self._note.setText(model.note)
        if Path(self.path.text().strip()) != model.path:
            self.path.setText(str(model.path))
            set_tooltip(self.path, str(model.path))
        self._bar.setVisible(busy)
        self._bar.setValue(round(_PARTS * (model.share or 0.0)))
        self._result.setText(model.result)
        self._result.setVisible(bool(model.result))
        self._problem.set_problem(model.problem)
        self.show_file.setVisible(model.written is not None)
        self.export.setEnabled(not busy)
        self.list.setEnabled(not busy)
