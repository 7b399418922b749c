"""What stands around the training: each part with its panel, its commands and its data.

A feature is a controller that knows nothing of the others. Here they are built, placed
and told what changed.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject

from core.base.arrays import ByteArray
from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.nn.predictor import Predictor
from core.training.run import DataSplit
from gui.features.downloads.controller import DownloadCentre
from gui.features.export.controller import Exporting
from gui.features.handwriting.controller import HandwritingController
from gui.features.lens.model import LensModel
from gui.features.lens.panel import LensPanel
from gui.features.my_digits.controller import Teaching
from gui.features.network_import.controller import ModelImporting
from gui.features.picture.controller import Pictures
from gui.features.reliability.controller import Calibrating
from gui.features.reliability.model import ReliabilityModel
from gui.features.reliability.panel import ReliabilityPanel
from gui.session.messages import Message, error_message
from gui.shell.window import Placed
from gui.toolkit.canvas.strokes import SIDE
from gui.toolkit.deferred import Deferred

if TYPE_CHECKING:
    from gui.shell.app import Inkling

_AVERAGED = 20_000  # images that the mean digits are made of, at most


class Features(QObject):
    """All features of one program.

    Attributes:
        commands: what they add to the desk, by key.
        panels: their panels, in the order of the tabs.
    """

    def __init__(self, inkling: "Inkling", folder: Path | None = None) -> None:
        """Build them; what the user makes is kept in `folder`, by default where it belongs."""
        super().__init__(inkling)
        self._all = inkling
        self.downloads = DownloadCentre(
            inkling.jobs,
            inkling.window,
            inkling.themes,
            lambda folder, _key: inkling.shelf.load(str(folder)),
            lambda: inkling.desk.do("data.open_folder"),
        )
        self.lens = LensModel(inkling.jobs)
        self.teaching = Teaching(
            inkling.session,
            inkling.jobs,
            inkling.window,
            inkling.themes,
            inkling.settings,
            folder,
        )
        self.handwriting = HandwritingController(
            inkling.jobs, inkling.window, inkling.themes, inkling.shelf.load, folder
        )
        self.pictures = Pictures(inkling.jobs, inkling.window, inkling.themes, inkling.settings)
        self.calibrating = Calibrating(inkling.session, inkling.jobs, self)
        self.reliability = ReliabilityModel()
        self.model_importing = ModelImporting(
            inkling.session, inkling.jobs, inkling.window, inkling.themes
        )
        self.exporting = Exporting(
            inkling.session, inkling.jobs, inkling.window, inkling.themes, inkling.settings
        )
        self.commands: dict[str, Callable[[], object]] = {
            "data.download": self.downloads.show,
            "file.export": lambda: self.exporting.show(),
            "file.picture": self.pictures.ask_open,
            "edit.paste": self._paste,
        }
        self.panels = (
            Placed("lens", "Lens", "centre", "lens", Deferred(self._lens_panel)),
            Placed("picture", "Picture", "centre", "image", self.pictures.panel),
            Placed("my-digits", "My digits", "centre", "pen", self.teaching.panel),
            Placed("handwriting", "Handwriting", "centre", "draw", self.handwriting.panel),
            Placed(
                "reliability", "Reliability", "centre", "chart", Deferred(self._reliability_panel)
            ),
        )
        for panel in self.panels:
            self.commands[f"view.{panel.key}"] = self._shower(panel.key)

    def tie(self) -> None:
        """Tie the features to the panels that are there."""
        draw, settings = self._all.draw_panel, self._all.settings
        draw.canvas.changed.connect(self._pass_drawing_on)
        draw.canvas.pen_width_changed.connect(self._pass_drawing_on)
        draw.set_grid(settings.grid)
        draw.grid_toggled.connect(lambda on: setattr(settings, "grid", on))
        draw.place_under_answer(self.teaching.row)
        self.teaching.listen_on(draw)
        for feature in (self.teaching, self.handwriting, self.model_importing):
            feature.message.connect(self._all.say)
        self.teaching.learned.connect(self._all.show_run)
        self.pictures.wanted.connect(self._shower("picture"))
        self._all.drawing.changed.connect(self._pass_answer_on)
        self._tie_calibration()

    def _tie_calibration(self) -> None:
        session, calibrating, reliability = self._all.session, self.calibrating, self.reliability
        for follower in (self._all.drawing, reliability):
            calibrating.changed.connect(follower.set_calibration)
        calibrating.judged.connect(reliability.set_strangest)
        calibrating.failed.connect(lambda error: self._all.say(error_message(error)))
        session.situation_changed.connect(lambda: reliability.show_situation(session.situation()))
        session.run_changed.connect(self._name_classes)
        self.teaching.learned.connect(calibrating.refresh)

    def _name_classes(self) -> None:
        if self._all.session.run is not None:
            self.reliability.set_class_names(self._all.session.run.class_names)

    # What changed ---------------------------------------------------------------------

    def accept(self, events: Sequence[Event]) -> None:
        """Take what the training reported."""
        self.lens.accept(events)
        self.handwriting.accept(events)
        if any(
            isinstance(event, (RunStarted, WeightsSeen, RunFinished, RunFailed)) for event in events
        ):
            self.pictures.refresh()

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = (28, 28),
    ) -> None:
        """Let this network answer from now on; None if there is none."""
        self.lens.set_predictor(predictor, class_names, image_shape)
        self.teaching.set_predictor(predictor, class_names, image_shape)
        self.handwriting.set_predictor(predictor, class_names, image_shape)
        self.pictures.set_predictor(predictor, class_names, image_shape)

    def show_data(self, parts: DataSplit) -> None:
        """Take other images to train on."""
        self._all.jobs.start(
            "means", lambda _report: _means(parts), self.lens.set_means, lambda _error: None
        )
        self.teaching.refresh()

    def shut_down(self) -> None:
        """Bring what is being kept to disk."""
        self.teaching.shut_down()
        self.handwriting.finish()

    def _paste(self) -> None:
        if not self.pictures.paste():
            self._all.say(
                Message(
                    "info",
                    "There is no picture in the clipboard.",
                    "Copy a picture, or a picture file, and paste it here.",
                )
            )

    def _pass_drawing_on(self) -> None:
        canvas = self._all.draw_panel.canvas
        self.lens.set_strokes(canvas.strokes(), canvas.pen_width / 2, SIDE)

    def _pass_answer_on(self) -> None:
        canvas, model = self._all.draw_panel.canvas, self._all.drawing
        self.teaching.set_drawing(
            canvas.strokes(), canvas.pen_width / 2, model.image, model.probabilities
        )

    # Building -------------------------------------------------------------------------

    def _lens_panel(self) -> LensPanel:
        panel = LensPanel(self.lens, self._all.themes)
        panel.stages_changed.connect(self._all.drawing.set_stages)
        return panel

    def _reliability_panel(self) -> ReliabilityPanel:
        panel = ReliabilityPanel(self.reliability, self._all.themes)
        panel.exported.connect(
            lambda name: self._all.say(Message("success", f"Exported as “{name}”."))
        )
        panel.failed.connect(lambda error: self._all.say(error_message(error)))
        return panel

    def _shower(self, key: str) -> Callable[[], None]:
        return lambda: self._all.window.show_panel(key)


def _means(parts: DataSplit) -> ByteArray:
    """Return the mean image of each class (K, H, W) uint8, for some of the training images."""
    images, labels = parts.images[:_AVERAGED], parts.labels[:_AVERAGED]
    means = [
        images[labels == label].mean(axis=0, dtype=np.float32)
        if (labels == label).any()
        else np.zeros(parts.pixel_count, np.float32)
        for label in range(len(parts.class_names))
    ]
    return np.stack(means).astype(np.uint8).reshape(-1, *parts.image_shape)
