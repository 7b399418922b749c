"""The playground of handwriting: what its panel asks for, kept safe in a file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFileDialog, QWidget

from core.base.arrays import FloatArray
from core.base.errors import InklingError
from core.imaging.synthesis import DEFAULT_HAND
from core.imaging.synthesis.own import OwnTemplate, Style, drawn_template
from core.imaging.synthesis.style_file import ENDING, default_path, read_style, write_style
from gui.features.handwriting.model import HandwritingModel
from gui.features.handwriting.panel import HandwritingPanel
from gui.features.handwriting.style_keeper import StyleKeeper
from gui.session.jobs import Jobs
from gui.session.messages import Message, error_message
from gui.session.undo import Replace
from gui.style.theme import Themes
from gui.toolkit.deferred import Deferred
from gui.toolkit.file_dialog import file_dialog

_FIT, _EXPORT, _OPEN = "handwriting-fit", "handwriting-export", "handwriting-open"
_FILTER = f"Handwriting (*{ENDING});;All files (*)"


class HandwritingController(QObject):
    """Carries out what the panel asks for. Every change is kept, and can be undone.

    Attributes:
        panel: to be placed in the window; what is in it is built when it is first seen.
        playground: what is in it, or None before that.
        model: what it shows.

    Signals:
        message(Message): something to tell the user.
    """

    message = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        window: QWidget,
        themes: Themes,
        load_data: Callable[[str], None],
        folder: Path | None = None,
    ) -> None:
        super().__init__(window)
        self._jobs, self._window, self._load_data = jobs, window, load_data
        self._stack = QUndoStack(self)
        self._keeper = StyleKeeper(jobs, default_path(folder), self)
        self._keeper.failed.connect(lambda error: self.message.emit(error_message(error)))
        self._keeper.given_back.connect(self._tell_given_back)
        self.model = HandwritingModel()
        self.model.set_style(self._keeper.style)
        self._themes = themes
        self.playground: HandwritingPanel | None = None
        self.panel = Deferred(self._build)
        self._stack.indexChanged.connect(self._show_steps)

    @property
    def path(self) -> Path:
        """The file in which the user's handwriting is kept."""
        return self._keeper.path

    def finish(self) -> None:
        """Write what is not yet written; for closing the program."""
        self._keeper.finish()

    def _build(self) -> HandwritingPanel:
        panel, stack = HandwritingPanel(self.model, self._themes), self._stack
        panel.edited.connect(self._edit)
        panel.drawn.connect(self._fit)
        panel.deleted.connect(self._delete)
        panel.train_wanted.connect(self._train)
        panel.builtin_wanted.connect(self._use_builtin)
        panel.open_wanted.connect(self._ask_open)
        panel.save_wanted.connect(self._ask_save)
        panel.undo_wanted.connect(stack.undo)
        panel.redo_wanted.connect(stack.redo)
        self.playground = panel
        self._show_steps()
        return panel

    def _tell_given_back(self, count: int) -> None:
        what = "A way to write is" if count == 1 else f"{count} ways to write are"
        self.message.emit(
            Message(
                "success",
                f"{what} back that an earlier version had set aside.",
                "Delete in Handwriting what you do not need.",
            )
        )

    # -- edits ---------------------------------------------------------------------------

    def _edit(self, style: Style, text: str, gesture: int = -1) -> None:
        if style != self.model.style:
            self._stack.push(Replace(text, self.model.style, style, self._use, gesture))
            self._show_steps()  # a merged step changes no index

    def _use(self, style: Style) -> None:
        at_once = style.templates != self.model.style.templates
        self.model.set_style(style)
        self._keeper.keep(style, at_once=at_once)

    def _show_steps(self, _: int = 0) -> None:
        if self.playground is not None:
            self.playground.show_steps(self._stack.undoText(), self._stack.redoText())

    def _fit(self, strokes: list[FloatArray], digit: int) -> None:
        """Make a template of a drawing; that takes up to half a second."""
        self._tell_pad("", busy=True)
        self._jobs.start(
            _FIT, lambda _: drawn_template(digit, strokes), self._add, self._refuse_drawing
        )

    def _add(self, template: OwnTemplate) -> None:
        style = self.model.style
        ways = "both" if style.ways == "builtin" else style.ways
        templates = (*style.templates, template)
        try:
            added = replace(style, templates=templates, ways=ways)
        except InklingError as error:
            self._refuse_drawing(error)
            return
        if self.playground is not None:
            self.playground.ways.pad.canvas.clear()
        self._edit(added, f"Add a template of {template.digit}")
        self.model.choose(template.digit)

    def _refuse_drawing(self, error: InklingError) -> None:
        self._tell_pad(error.sentence)

    def _tell_pad(self, problem: str, *, busy: bool = False) -> None:
        if self.playground is not None:
            self.playground.ways.pad.set_problem(problem)
            self.playground.ways.pad.set_busy(busy)

    def _delete(self, place: int) -> None:
        style = self.model.style
        gone = style.templates[place]
        kept = style.templates[:place] + style.templates[place + 1 :]
        self._edit(replace(style, templates=kept), f"Delete a template of {gone.digit}")

    def _use_builtin(self) -> None:
        plain = replace(self.model.style, hand=DEFAULT_HAND, ways="builtin")
        self._edit(plain, "Use the built-in handwriting")

    # -- files ---------------------------------------------------------------------------

    def _train(self) -> None:
        self._keeper.keep(
            self.model.style, at_once=True, then=lambda: self._load_data(str(self.path))
        )

    def _ask_open(self) -> None:
        dialog = self._dialog("Open handwriting", self.open)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def _ask_save(self) -> None:
        dialog = self._dialog("Save handwriting", self.save_as)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING[1:])
        dialog.selectFile(f"my-handwriting{ENDING}")
        dialog.open()

    def _dialog(self, title: str, chosen: Callable[[Path], None]) -> QFileDialog:
        dialog = file_dialog(self._window, title, Path.home(), chosen)
        dialog.setNameFilter(_FILTER)
        return dialog

    def open(self, path: Path) -> None:
        """Write as a handwriting file says; what was there before can be brought back."""
        self._jobs.start(
            _OPEN,
            lambda _: read_style(path),
            lambda style: self._opened(path, style),
            lambda error: self.message.emit(error_message(error)),
            may_hang=True,
        )

    def _opened(self, path: Path, style: Style) -> None:
        missing = set(self.model.style.templates) - set(style.templates)
        kept = self._keeper.set_aside(self.model.style) if missing else None
        self._edit(style, f"Open “{path.name}”")
        note = f"The handwriting from before was kept as {kept}." if kept else ""
        self.message.emit(Message("success", f"Opened “{path.name}”.", note))

    def save_as(self, path: Path) -> None:
        """Write the handwriting to a file of the user's choice."""
        style = self.model.style
        self._jobs.start(
            _EXPORT,
            lambda _: write_style(path, style),
            lambda _: self.message.emit(Message("success", f"Saved as “{path.name}”.")),
            lambda error: self.message.emit(error_message(error)),
        )
