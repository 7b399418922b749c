"""Builds everything and ties it together: the only place that knows all the parts.

Session ──received──> view models ──changed──> panels
   ^                                              │
   └──────────── CommandHandler: one method per command <───┘
"""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.base.errors import InklingError
from core.base.events import Event, RunFailed
from gui.features.curves.model import Curves
from gui.features.curves.tab import CurvesTab
from gui.features.data_import.controller import Importing
from gui.features.digits.model import DigitsModel
from gui.features.digits.panel import DigitsPanel
from gui.features.drawing.model import DrawingModel
from gui.features.drawing.panel import DrawPanel
from gui.features.setup.controller import Preparation
from gui.features.setup.model import SetupModel
from gui.features.setup.panel import SetupPanel
from gui.features.status.model import StatusModel
from gui.features.status.strip import StatusStrip
from gui.features.weights.model import WeightsModel
from gui.features.weights.panel import WeightsPanel
from gui.session.data_finding import DataFinding
from gui.session.dataset_store import BUILTIN, DatasetStore
from gui.session.documents import Documents
from gui.session.jobs import Jobs
from gui.session.messages import Message, error_message
from gui.session.phase import Phase
from gui.session.remembering import Remembering
from gui.session.session import Session
from gui.session.settings import Settings
from gui.shell.banner import MessageBanner
from gui.shell.collector import Collector
from gui.shell.command_handler import CommandHandler
from gui.shell.dialogs import Dialogs
from gui.shell.features import Features
from gui.shell.opening import Opening
from gui.shell.safety import Safety
from gui.shell.window import Placed, Window
from gui.style.theme import Themes
from gui.toolkit.plain import title_text

_FIGURES = (
    ("Epoch", "888.8 of 888", "Passes over all training images: done, and planned"),
    ("Iteration", "888,888 of 888,888", "Weight updates: done, and planned"),
    ("Speed", "8,888 k/s", "Training images per second"),
    ("Elapsed", "88 min 88 s", "Training time so far, pauses left out"),
    ("Left", "88 min 88 s", "Time until the end at the present speed"),
)


class Inkling(QObject):
    """The whole program. DataSplit are attributes; tests and the tour drive `window`."""

    def __init__(self, app: QApplication, settings: Settings, folder: Path | None = None) -> None:
        """Keep the user's own digits and the like in `folder`; by default where they belong."""
        super().__init__()
        self.began = time.perf_counter()
        self._ended = False
        self.collector = Collector(self)
        self.settings, self.themes = settings, Themes(app, settings.theme)
        self.jobs = Jobs(self)
        self.remembering = Remembering(settings, self.jobs, self)
        self.shelf = DatasetStore(self.jobs, self)
        self.session = Session(self)
        self.finding = DataFinding(self.session, self.shelf, self.jobs, settings, self)
        self.documents = Documents(self.session, self.finding.find, self.jobs, settings, self)
        self.status, self.setup, self.curves = StatusModel(), SetupModel(), Curves()
        self.weights, self.digits, self.drawing = WeightsModel(), DigitsModel(), DrawingModel()
        self.preparation = Preparation(self.session, self.setup, self.jobs, self)
        self.banner, self.strip = MessageBanner(self.themes), StatusStrip(_FIGURES, self.themes)
        self.window = Window(self.themes, settings, self.banner, self.strip)
        self.dialogs = Dialogs(self.window)
        self.importing = Importing(self.shelf, self.jobs, self.window, self.themes)
        self.features = Features(self, folder)
        self.safety = Safety(self, folder)
        self.opening = Opening(self)
        self._build_panels()
        self.desk = CommandHandler(self)
        self._connect()
        self.features.tie()
        self.safety.tie()
        self._refresh()
        self._name_window()
        self.window.restore_layout()

    def _build_panels(self) -> None:
        self.setup_panel = SetupPanel(self.setup, self.themes)
        self.curves_tab = CurvesTab(self.curves, self.themes)
        self.draw_panel = DrawPanel(self.drawing, self.themes)
        self.window.place(
            (
                Placed("setup", "Setup", "left", "settings", self.setup_panel),
                Placed("training", "Training", "centre", "chart", self.curves_tab),
                Placed(
                    "weights", "Weights", "centre", "weights",
                    WeightsPanel(self.weights, self.themes),
                ),
                Placed(
                    "digits", "Digits", "centre", "digits", DigitsPanel(self.digits, self.themes)
                ),
                *self.features.panels,
                Placed("draw", "Draw", "right", "draw", self.draw_panel),
            )
        )  # fmt: skip
        self.window.place_below(self.safety.panel)

    def _connect(self) -> None:
        session, window, panel = self.session, self.window, self.setup_panel
        session.received.connect(self._receive)
        session.situation_changed.connect(self._refresh)
        session.recipe_changed.connect(lambda: self.setup.set_recipe(session.recipe))
        session.data_changed.connect(self._show_data)
        session.run_changed.connect(self.show_run)
        session.message.connect(self.say)
        self.shelf.changed.connect(self._use_data)
        for source in (self.shelf, self.importing, self.features.model_importing):
            source.progress.connect(self._show_loading)
            source.failed.connect(self._refuse_data)
        self.shelf.chosen.connect(self.settings.add_chosen_data)
        for part in (self.documents, self.opening, self.finding):
            part.message.connect(self.say)
            part.settled.connect(self._take_back)
        self.documents.changed.connect(self._name_window)
        self.features.model_importing.adopted.connect(lambda _path: self.documents.mark_unsaved())
        self.remembering.changed.connect(self._show_recent)
        self.status.changed.connect(self._show_status)
        panel.recipe_edited.connect(session.edit_recipe)
        panel.preset_chosen.connect(session.choose_preset)
        panel.data_requested.connect(lambda way: self.desk.do(f"data.{way}"))
        panel.cancel_load_requested.connect(self._cancel_loading)
        window.triggered.connect(self.desk.do)
        window.dropped.connect(self.desk.open_path)
        window.closing.connect(self.desk.ask_to_close)
        self.curves_tab.exported.connect(
            lambda name: self.say(Message("success", f"Exported as “{name}”."))
        )
        self.curves_tab.failed.connect(
            lambda error: self.say(Message("error", error.message, error.hint))
        )
        self._show_recent()

    # What changed ---------------------------------------------------------------------

    def _receive(self, events: Sequence[Event]) -> None:
        self.curves.accept(events)
        self.status.accept(events)
        # While a past moment is looked at, what shows weights and answers stays there.
        self.show_answers(self.safety.timeline.hold(events))
        if any(isinstance(event, RunFailed) for event in events):
            # The run was put back to its last good state: so are the curves.
            self.show_run()

    def show_answers(self, events: Sequence[Event]) -> None:
        """Let all that shows weights and answers follow the predictor."""
        for model in (self.weights, self.digits, self.drawing):
            model.accept(events)
        self.features.accept(events)

    def _refresh(self) -> None:
        now = self.session.situation()
        self.window.show_situation(now)
        self.status.show_phase(now.phase)
        self.setup.set_locked(not now.idle)
        if now.phase in (Phase.IDLE, Phase.PAUSED):
            self._name_window()
        if now.idle and self.shelf.dataset not in (None, self.session.dataset):
            self._use_data()  # it came while training ran

    def _use_data(self) -> None:
        dataset = self.shelf.dataset
        if dataset is None:
            return
        if self.session.phase is Phase.IDLE:
            self.session.use_data(dataset)
        else:
            name = dataset.name
            self.say(Message("info", f"{name} is here and is used when training has ended."))

    def _show_loading(self, text: str, share: object) -> None:
        self.setup.set_loading(share if isinstance(share, float) else None, text)

    def _cancel_loading(self) -> None:
        self.importing.cancel()
        self.features.model_importing.cancel()
        self.shelf.cancel()

    def _refuse_data(self, error: InklingError) -> None:
        # Beside the data, and where it is seen when the panel is scrolled or closed.
        self.setup.set_data_error(error.sentence)
        self.say(error_message(error))

    def _show_data(self) -> None:
        parts = self.session.parts
        if parts is None:
            return
        self.curves.validation_name = parts.held_out_name or "Validation"
        self.preparation.describe_data()
        self.features.show_data(parts)
        self.digits.show_images(
            parts.held_out or self.preparation.training_set(),
            parts.class_names,
            parts.held_out_name or "Training",
        )
        self.give_predictor()

    def show_run(self) -> None:
        """Show the session's network, which is another one or has other weights."""
        run = self.session.run
        if run is None:
            self.curves.clear()
            self.weights.clear()
        else:
            self.curves.unit = run.loss.unit
            self.curves.load(run.history, run.target)
            self.weights.show_network(
                run.network, run.params, run.image_shape, run.class_names, run.step
            )
        self.status.show_run(run)
        self.give_predictor()

    def give_predictor(self) -> None:
        """Let everything that shows answers use the session's predictor."""
        run, parts, predictor = self.session.run, self.session.parts, self.session.predictor
        if run is None or predictor is None:
            self.drawing.set_predictor(None)
            self.digits.set_predictor(None)
            self.features.set_predictor(None)
            return
        self.drawing.set_predictor(predictor, run.class_names, run.image_shape)
        self.features.set_predictor(predictor, run.class_names, run.image_shape)
        fits = parts is not None and parts.image_shape == run.image_shape
        self.digits.set_predictor(predictor if fits else None)

    def _show_status(self) -> None:
        status = self.status
        self.strip.show_state(status.phase_text, status.share)
        self.strip.show_values(
            (
                status.epoch_text,
                status.iteration_text,
                status.speed_text,
                status.elapsed_text,
                status.left_text,
            )
        )

    def _show_recent(self) -> None:
        self.window.show_recent(self.remembering.recent, self.desk.open_path)

    def _name_window(self) -> None:
        self.window.setWindowTitle(f"{title_text(self.documents.name)}[*] – Inkling")
        self.window.setWindowModified(self.documents.dirty)

    def say(self, message: Message) -> None:
        """Show a message in the window."""
        message = self.safety.previous.with_note(message)
        self.banner.show_message(message.kind, message.text, message.hint, message.actions)

    def _take_back(self, message: Message) -> None:
        """Close a message that has had its time, unless another has taken its place."""
        if self.banner.text == f"{message.text} {message.hint}".strip():
            self.banner.dismiss()

    def _load_builtin(self) -> None:
        self.shelf.load(BUILTIN)

    # Life -----------------------------------------------------------------------------

    def start(self, path: Path | None = None) -> None:
        """Show the window; load what was asked for, or the built-in digits."""
        self.window.show()
        # The plots' library takes longer to load than all the rest: paint first.
        QTimer.singleShot(0, self.curves_tab.build)
        self.remembering.look()
        self.safety.look()
        if self.settings.set_aside is not None:
            self.say(
                Message(
                    "warning",
                    "The file of your settings is damaged; what could be read of it is in force.",
                    f"It was kept as {self.settings.set_aside}.",
                )
            )
        if path is None:
            self.shelf.load(BUILTIN)
        else:
            self.desk.open_path(path, unseen=True, without_digits=self._load_builtin)

    def display_lost(self) -> None:
        """Keep what can be kept, the most important first: the process ends after this."""
        self.session.shut_down()
        self.safety.autosaving.shut_down()
        self.shut_down()

    def shut_down(self) -> None:
        """End all threads; what is being saved is saved first. Once is enough.

        Unless the user agreed to close, what no file holds is offered at the next start.
        """
        if self._ended:
            return
        self._ended = True
        with ExitStack() as parts:  # the last is called first; a fault in one stops no other
            parts.callback(self.jobs.shut_down)
            parts.callback(lambda: self.safety.shut_down(self.desk.close_agreed))
            parts.callback(self.session.shut_down)
            parts.callback(self.features.shut_down)
            parts.callback(self.documents.wait)
