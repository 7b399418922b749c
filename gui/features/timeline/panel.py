"""The strip under the panels: a slider over the training, and what to do with a moment."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.features.timeline.model import TimelineModel
from gui.features.timeline.moment_slider import MomentSlider
from gui.style.theme import SPACE_M, SPACE_S, SPACE_XS, Themes
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.value_label import ValueLabel

_WIDEST = "Iteration 88,888,888, epoch 888.88"
_LEAST_WORDS = 120  # logical pixels
_TIP = (
    "Drag to look at any past moment: weights, digits and the answer to your drawing"
    " become those of that time. The training goes on meanwhile.",
    "Long marks are where an epoch begins. Early on there are more moments, for"
    " a network changes most at first.",
)


class TimelinePanel(QWidget):
    """Shows where on the time line the user is.

    Signals:
        moved(int): the user went to the moment of this index.
        back_wanted(): back to the present.
        export_wanted(): the moment in a file.
        train_wanted(): train on from there.
    """

    moved = Signal(int)
    back_wanted = Signal()
    export_wanted = Signal()
    train_wanted = Signal()

    def __init__(self, model: TimelineModel, themes: Themes) -> None:
        super().__init__()
        self._model = model
        self.slider = MomentSlider(themes)
        set_tooltip(self.slider, *_TIP)
        self.slider.chosen.connect(self.moved)
        self._what, self._accuracy = ValueLabel(_WIDEST, "What you see"), TextLabel()
        self.back = _button("Back to now", "Look at the present network again (End)")
        self.export = _button(
            "Export…", "Write the network as it was then to a file, in any format"
        )
        self.train = _button(
            "Train on from here",
            "Take this network and train it further. The present one is kept: Bring back"
            " returns it.",
            "The weights are exactly those of that moment; the optimizer's"
            " memory, as of momentum or Adam, begins anew.",
        )
        self.train.setProperty("kind", "primary")
        self.back.clicked.connect(self.back_wanted)
        self.export.clicked.connect(self.export_wanted)
        self.train.clicked.connect(self.train_wanted)
        self._bar = self._build_bar()
        row = QHBoxLayout()
        row.setContentsMargins(SPACE_M, SPACE_XS, SPACE_M, SPACE_XS)
        row.setSpacing(SPACE_S)
        row.addWidget(_muted("Time line"))
        row.addWidget(self.slider, 1)
        row.addWidget(_muted("Now"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        # Above the slider: when it comes up, the slider stays under the mouse.
        column.addWidget(self._bar)
        column.addLayout(row)
        model.changed.connect(self._show)
        self._show()

    def _build_bar(self) -> QWidget:
        bar = QFrame()
        bar.setProperty("surface", "panel")
        self._accuracy.setProperty("role", "muted")
        texts = QWidget()
        texts.setMinimumWidth(_LEAST_WORDS)  # in a narrow window words give way, not buttons
        words = QVBoxLayout(texts)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addWidget(self._what)
        words.addWidget(self._accuracy)
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        row.setSpacing(SPACE_S)
        row.addWidget(texts, 1)
        for button in (self.back, self.export, self.train):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return bar

    def _show(self) -> None:
        model = self._model
        self.slider.show_moments(len(model.moments), model.current, model.epochs)
        self.slider.setAccessibleDescription(model.held_text or "The present")
        self._what.set_text(model.held_text)
        if self._accuracy.text() != model.accuracy_text:
            self._accuracy.setText(model.accuracy_text)
        self._bar.setVisible(model.held is not None)


def _muted(text: str) -> TextLabel:
    made = TextLabel(text)
    made.setProperty("role", "muted")
    set_tooltip(made, *_TIP)
    return made


def _button(text: str, *tip: str) -> QPushButton:
    made = QPushButton(text)
    set_tooltip(made, *tip)
    return made
