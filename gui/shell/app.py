"""Builds everything and ties it together.

Session ──received──> models of features ──changed──> panels
   ^                                                    │
   └────── CommandHandler: what each command does <─────┘

A feature knows nothing of the others: each is given `Services`, and gives back a `Feature`.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from gui.session.answering import Answering
from gui.session.data_finding import DataFinding
from gui.session.data_use import DataUse
from gui.session.dataset_store import BUILTIN, DatasetStore
from gui.session.documents import Documents
from gui.session.drawing_at_hand import DrawingAtHand
from gui.session.feature import Feature
from gui.session.jobs import Jobs
from gui.session.messages import Message, error_message
from gui.session.phase import Phase
from gui.session.remembering import Remembering
from gui.session.services import Services
from gui.session.session import Session
from gui.session.settings import Settings
from gui.session.targets import PanelTarget, Showing
from gui.shell.actions import menus_with
from gui.shell.banner import MessageBanner
from gui.shell.collector import Collector
from gui.shell.command_handler import CommandHandler
from gui.shell.features import build_features, commands_of, host_panels
from gui.shell.opening import Opening
from gui.shell.telling import Telling
from gui.shell.window import Window
from gui.style.theme import Themes
from gui.toolkit.plain import title_text


class Inkling(QObject):
    """The whole program. Its parts are attributes; tests and the tour drive `window`."""

    def __init__(self, app: QApplication, settings: Settings, folder: Path | None = None) -> None:
        """Keep the user's own digits and the like in `folder`; by default where they belong."""
        super().__init__()
        self.began = time.perf_counter()
        self._ended = False
        self.collector = Collector(self)
        self.settings, self.themes = settings, Themes(app, settings.theme)
        self.jobs = Jobs(self)
        self.remembering = Remembering(settings, self.jobs, self)
        self.datasets = DatasetStore(self.jobs, self)
        self.session = Session(self)
        self.answering, self.drawing = Answering(self.session, self), DrawingAtHand()
        self.answering.lead(self.drawing)
        self.answering.calibrated.connect(self.drawing.set_calibration)
        finding = DataFinding(self.session, self.datasets, self.jobs, settings, self)
        self.documents = Documents(self.session, finding.find, self.jobs, settings, self)
        self.banner = MessageBanner(self.themes)
        self.window = Window(self.themes, settings, self.banner)
        self._telling, self._showing = Telling(self.banner), Showing()
        self.services = self._make_services(folder)
        self.opening = Opening(self.services, self)
        self.commands = CommandHandler(self.services, self.window, self.opening)
        self.features: dict[str, Feature] = build_features(self.services)
        self._place_features()
        for part in (self.documents, self.opening, finding):
            part.message.connect(self.say)
            part.settled.connect(self._telling.take_back)
        self._connect(DataUse(self.session, self.datasets, self))
        self._refresh()
        self._name_window()
        self.window.restore_layout()

    def _make_services(self, folder: Path | None) -> Services:
        return Services(
            session=self.session,
            jobs=self.jobs,
            settings=self.settings,
            themes=self.themes,
            window=self.window,
            datasets=self.datasets,
            documents=self.documents,
            answering=self.answering,
            drawing=self.drawing,
            folder=folder,
            say=self.say,
            do=lambda key: self.commands.do(key),
            show=self._showing.show,
        )

    def _place_features(self) -> None:
        features, window = self.features.values(), self.window
        commands = commands_of(features, self.services)
        self.commands.add(commands)
        window.add_menus(menus_with(commands))
        window.place([panel for feature in features for panel in feature.panels])
        host_panels(features)
        self._showing.add({PanelTarget: lambda target: window.show_panel(target.key)})
        for feature in features:
            self._showing.add(feature.shows)
            self._telling.amend_by(feature.amend)
            self.commands.ask_first(feature.before_close)

    def _connect(self, data_use: DataUse) -> None:
        window, datasets = self.window, self.datasets
        self.session.situation_changed.connect(self._refresh)
        for part in (self.session, data_use):
            part.message.connect(self.say)
        datasets.failed.connect(lambda error: self.say(error_message(error)))
        datasets.chosen.connect(self.settings.add_chosen_data)
        self.documents.changed.connect(self._name_window)
        self.remembering.changed.connect(self._show_recent)
        window.triggered.connect(self.commands.do)
        window.dropped.connect(self.opening.open)
        window.closing.connect(self.commands.ask_to_close)
        self._show_recent()

    # What changed ---------------------------------------------------------------------

    def _refresh(self) -> None:
        now = self.session.situation()
        self.window.show_situation(now)
        if now.phase in (Phase.IDLE, Phase.PAUSED):
            self._name_window()

    def _show_recent(self) -> None:
        self.window.show_recent(self.remembering.recent, self.opening.open)

    def _name_window(self) -> None:
        self.window.setWindowTitle(f"{title_text(self.documents.name)}[*] – Inkling")
        self.window.setWindowModified(self.documents.dirty)

    def say(self, message: Message) -> None:
        """Show a message in the window."""
        self._telling.say(message)

    # Life -----------------------------------------------------------------------------

    def start(self, path: Path | None = None) -> None:
        """Show the window; load what was asked for, or the built-in digits."""
        self.window.show()
        self.remembering.look()
        for feature in self.features.values():
            feature.start()
        if self.settings.set_aside is not None:
            self.say(
                Message(
                    "warning",
                    "The file of your settings is damaged; what could be read of it is in force.",
                    f"It was kept as {self.settings.set_aside}.",
                )
            )
        if path is None:
            self.datasets.load(BUILTIN)
        else:
            self.opening.open(path, unseen=True, without_digits=lambda: self.datasets.load(BUILTIN))

    def keep_now(self) -> None:
        """Keep a copy of unsaved work: the program may be ended from outside."""
        for feature in self.features.values():
            feature.keep_now()

    def display_lost(self) -> None:
        """Keep what can be kept, the most important first: the process ends after this."""
        self.session.shut_down()
        for feature in self.features.values():
            feature.keep_last()
        self.shut_down()

    def shut_down(self) -> None:
        """End all threads; what is being saved is saved first. Once is enough.

        Unless the user agreed to close, what no file holds is offered at the next start.
        """
        if self._ended:
            return
        self._ended = True
        agreed = self.commands.close_agreed
        ends: list[Callable[[], object]] = [self.documents.wait, self.session.shut_down]
        ends += [partial(feature.shut_down, agreed) for feature in self.features.values()]
        ends.append(self.jobs.shut_down)
        with ExitStack() as parts:  # the last is called first; a fault in one stops no other
            for end in reversed(ends):
                parts.callback(end)
