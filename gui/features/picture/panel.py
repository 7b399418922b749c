"""The picture panel: digits found in a photo or scan, and what the network reads there."""

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.features.picture.model import PictureModel, ReadPicture
from gui.features.picture.view import PictureView
from gui.session.answer_words import spell
from gui.style.icons import icon
from gui.style.theme import SPACE_L, SPACE_M, SPACE_S, Themes
from gui.toolkit.answer_label import AnswerLabel
from gui.toolkit.empty import EmptyState
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.probability_bars import ProbabilityBars
from gui.toolkit.stack import stacked

_CLOSER = 112  # logical pixels: four to a pixel of a 28 x 28 image
_ANSWER = 84  # logical pixels: its three lines, and no more in a low window
_SIDE = 264  # width of the column beside the picture
_NUMBER = 36  # letters of the whole number
_LONG = 24  # characters of it, from which smaller letters are used
_ICON = 16
_TITLE = "Read a picture"
_HOW = (
    "Open, paste (Ctrl+V) or drop a photo or a scan of handwritten digits: one, or several in"
    " a row. Dark or light ink, uneven light and ruled paper are no obstacle."
)


class PicturePanel(QWidget):
    """Shows a `PictureModel`; what to open is asked for by signals.

    Signals:
        open_wanted(): choose a file.
        paste_wanted(): take what is in the clipboard.
        turn_wanted(int): turn the picture by so many quarter turns clockwise.
        cancel_wanted(): give up reading.
        dropped(QMimeData): something was dropped here that `accepts` agreed to.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    turn_wanted = Signal(int)
    cancel_wanted = Signal()
    dropped = Signal(QMimeData)

    def __init__(self, model: PictureModel, themes: Themes) -> None:
        super().__init__()
        self._model, self._themes = model, themes
        self._shown: ReadPicture | None = None
        self._open, self._paste = QPushButton("Open picture…"), QPushButton("Paste")
        self._left, self._right = _tool("Turn left"), _tool("Turn right")
        self._cancel = QPushButton("Cancel")
        self._before, self._after = _tool("Digit before"), _tool("Next digit")
        self._view = PictureView(themes)
        self._number, self._note = TextLabel(lines=True), MessageLine()
        self._place = TextLabel()
        self._closer, self._seen = PictureView(themes), PixelView()
        self._answer, self._bars = AnswerLabel(), ProbabilityBars(themes)
        self._empty = EmptyState(themes, "image", _TITLE, _HOW, "Open picture…")
        self._lay_out()
        self._connect()
        self._apply_theme()
        self._redraw()

    @property
    def view(self) -> PictureView:
        """The picture with its boxes."""
        return self._view

    def _lay_out(self) -> None:
        self.setAcceptDrops(True)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._number.setAccessibleName("The whole number")
        tools = QHBoxLayout()
        tools.setSpacing(SPACE_S)
        for widget in (self._open, self._paste, self._left, self._right):
            tools.addWidget(widget)
            widget.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        tools.addWidget(self._note, 100)
        tools.addStretch(1)
        tools.addWidget(self._cancel)
        picture = QVBoxLayout()
        picture.setSpacing(SPACE_S)
        picture.addWidget(self._view, 1)
        picture.addWidget(self._number, 0, Qt.AlignmentFlag.AlignHCenter)
        content = QWidget()
        body = QHBoxLayout(content)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(SPACE_L)
        body.addLayout(picture, 1)
        self._side = self._beside()
        body.addWidget(self._side)
        self._pages = QStackedLayout()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_M, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addLayout(tools)
        column.addLayout(self._pages, 1)

    def _beside(self) -> QWidget:
        """Make the column that shows one digit closer."""
        side = QWidget()
        side.setFixedWidth(_SIDE)
        heading = QHBoxLayout()
        self._place.setProperty("role", "section")
        heading.addWidget(self._place, 1)
        heading.addWidget(self._before)
        heading.addWidget(self._after)
        self._closer.setMinimumSize(_CLOSER, _CLOSER)
        self._closer.setFixedSize(_CLOSER, _CLOSER)
        self._closer.set_plain()
        self._closer.setAccessibleName("The digit in the picture")
        self._seen.setFixedSize(_CLOSER, _CLOSER)
        pair = QHBoxLayout()
        pair.setSpacing(SPACE_M)
        pair.addWidget(stacked(_caption("In the picture"), self._closer))
        pair.addWidget(stacked(_caption("What the network sees"), self._seen))
        pair.addStretch(1)
        self._answer.setFixedHeight(_ANSWER)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addLayout(heading)
        column.addLayout(pair)
        column.addWidget(self._answer)
        column.addWidget(self._bars)
        column.addStretch(1)
        return side

    def _connect(self) -> None:
        model = self._model
        self._open.clicked.connect(self.open_wanted)
        self._empty.clicked.connect(self.open_wanted)
        self._paste.clicked.connect(self.paste_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._left.clicked.connect(lambda: self.turn_wanted.emit(-1))
        self._right.clicked.connect(lambda: self.turn_wanted.emit(1))
        self._before.clicked.connect(lambda: model.select(model.selected - 1))
        self._after.clicked.connect(lambda: model.select(model.selected + 1))
        self._view.chosen.connect(model.select)
        model.changed.connect(self._redraw)
        self._themes.changed.connect(self._apply_theme)

    def sizeHint(self) -> QSize:
        """Ask for a good half of the window."""
        return QSize(900, 620)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        self._redraw()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures and files."""
        if event.mimeData().hasImage() or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass on what was dropped."""
        event.acceptProposedAction()
        self.dropped.emit(event.mimeData())

    def _redraw(self) -> None:
        model = self._model
        if not self.isVisible() and self._shown is model.picture:
            return
        self._pages.setCurrentIndex(0 if model.picture is None else 1)
        if self._shown is not model.picture:
            self._shown = model.picture
            self._view.set_picture(None if model.picture is None else model.picture.shown)
        self._view.set_boxes(model.boxes, model.captions, model.selected)
        self._show_words()
        self._show_digit()

    def _show_words(self) -> None:
        model = self._model
        self._note.set_problem(model.problem)
        self._note.set_note(model.note)
        self._cancel.setVisible(bool(model.busy))
        for button in (self._left, self._right):
            button.setVisible(model.picture is not None)
        self._open.setVisible(model.picture is not None)  # the empty page has a larger one
        self._number.setVisible(bool(model.reading))
        if model.reading != self._number.given:
            self._number.setText(model.reading)
            short = len(model.reading) <= _LONG and "\n" not in model.reading
            size = _NUMBER if short else _NUMBER // 2
            self._number.setStyleSheet(f"font-size: {size}px; font-weight: 600;")

    def _show_digit(self) -> None:
        model = self._model
        self._side.setVisible(model.digit is not None)
        if model.digit is None:
            return
        self._place.setText(model.place)
        self._before.setEnabled(model.selected > 0)
        self._after.setEnabled(model.selected + 1 < len(model.boxes))
        self._closer.set_picture(model.closer)
        self._seen.set_image(model.image)
        if model.answer is None:
            self._answer.show_answer("", "", "Train a network first: then it reads this.")
        else:
            words = spell(model.answer, model.class_names)
            self._answer.show_answer(words.lead, words.names, words.note)
        self._bars.show_values(model.answer, model.class_names)

    def _apply_theme(self) -> None:
        theme = self._themes.current
        self._open.setIcon(icon("open", theme))
        self._paste.setIcon(icon("paste", theme))
        self._left.setIcon(icon("turn-left", theme))
        self._right.setIcon(icon("turn-right", theme))
        self._before.setIcon(icon("up", theme))
        self._after.setIcon(icon("down", theme))


def _tool(text: str) -> QToolButton:
    button = QToolButton()
    set_tooltip(button, text)
    button.setAccessibleName(text)
    button.setIconSize(QSize(_ICON, _ICON))
    return button


def _caption(text: str) -> TextLabel:
    label = TextLabel(text)
    label.setProperty("role", "small")
    return label
