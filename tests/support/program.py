"""The real program with small digits of its own, for the tests that drive it whole."""

import struct
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication, QToolBar, QWidget

from core.base.arrays import ByteArray, FloatArray
from core.nn.optimizers.sgd import Sgd
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig
from gui.session.phase import Phase
from gui.session.settings import Settings
from gui.shell.app import Inkling

LONG_MS = 30_000  # until a test gives up waiting; none waits so long unless it fails
_OWN_THREADS = ("training", "job-")


def write_digits(folder: Path, count: int = 600, seed: int = 0) -> Path:
    """Write `count` images as a pair of IDX files: digit k has its ink in row 2k + 4.

    Returns:
        The folder.
    """
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = rng.integers(0, 60, (count, 28, 28), np.uint8)
    images[np.arange(count), 2 * labels + 4] = 255
    folder.mkdir(parents=True, exist_ok=True)
    write_idx(folder / "train-images-idx3-ubyte", images)
    write_idx(folder / "train-labels-idx1-ubyte", labels)
    return folder


def write_idx(path: Path, values: ByteArray) -> None:
    head = struct.pack(">HBB", 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape)
    path.write_bytes(head + values.tobytes())


def recipe(
    iterations: int = 60, units: int = 16, learning_rate: float = 0.1, **changes: object
) -> Recipe:
    """Return a recipe that these digits are learned with in a moment."""
    training = TrainingConfig(duration=iterations, duration_unit="iterations", batch_size=20)
    made = Recipe(
        hidden=(HiddenLayer(units=units),),
        optimizer=Sgd(learning_rate=learning_rate),
        training=training,
        seed=3,
    )
    return replace(made, **changes)  # type: ignore[arg-type] - the caller names real fields


def endless(units: int = 16) -> Recipe:
    """Return a recipe that does not end by itself within any test."""
    return recipe(iterations=10_000_000, units=units, learning_rate=0.001)


def make_program(app: QApplication, folder: Path) -> Inkling:
    """Build the program with settings of its own in `folder`, and show its window."""
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    inkling = Inkling(app, Settings(store))
    inkling.settings.folder = folder
    inkling.window.show()
    inkling.features["curves"].parts.tab.build()
    return inkling


def end_program(inkling: Inkling) -> None:
    """End the program and delete its window; none of its threads may be left."""
    inkling.shut_down()
    inkling.window.allow_close()
    inkling.window.close()
    inkling.window.deleteLater()
    inkling.deleteLater()
    # Now, not when an event loop next ends: every theme would dress what is left.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert own_threads() == [], own_threads()


def own_threads() -> list[str]:
    """Return the names of the program's threads that are alive."""
    names = [thread.name for thread in threading.enumerate()]
    return [name for name in names if name.startswith(_OWN_THREADS)]


class Driver:
    """One program, and the hands and eyes a test needs."""

    def __init__(self, inkling: Inkling, qtbot) -> None:
        self.all, self.session, self.window = inkling, inkling.session, inkling.window
        self._qtbot = qtbot
        self.events: list[object] = []
        inkling.session.received.connect(self.events.extend)

    def feature(self, name: str) -> SimpleNamespace:
        """Return the models, controllers and panels of a feature by the name of its folder."""
        return self.all.features[name].parts

    def wait(self, holds) -> None:
        """Let the window run until `holds()`."""
        self._qtbot.waitUntil(holds, timeout=LONG_MS)

    def wait_for_phase(self, phase: Phase) -> None:
        """Let the window run until training is in this state."""
        self.wait(lambda: self.session.phase is phase)

    def wait_for_steps(self, count: int) -> None:
        """Let the window run until the curves hold so many iterations."""
        self.wait(lambda: self.feature("curves").model.count >= count)

    def use(self, chosen: Recipe) -> None:
        """Put a recipe in force, as the setup panel does."""
        self.session.edit_recipe(chosen, "Choose for a test")

    def train_to_end(self, chosen: Recipe | None = None) -> None:
        """Train by the toolbar's button and wait for the end."""
        if chosen is not None:
            self.use(chosen)
        self.click("run.train")
        self.wait_for_phase(Phase.IDLE)

    def tool(self, key: str) -> QWidget:
        """Return the toolbar's button of a command."""
        bar = self.window.findChild(QToolBar, "toolbar")
        return bar.widgetForAction(self.window.actions_by_key[key])

    def click(self, key: str) -> None:
        """Click a command in the toolbar, or choose it from its menu."""
        action = self.window.actions_by_key[key]
        assert action.isEnabled(), f"{key} is not enabled"
        button = self.tool(key)
        if button is None:
            action.trigger()
            return
        self._qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def use_what_was_found(self) -> None:
        """Wait for the dialog that shows what a file holds, and take it."""
        self.wait(lambda: self.feature("data_import").controller.dialog is not None)
        self._qtbot.mouseClick(
            self.feature("data_import").controller.dialog.use, Qt.MouseButton.LeftButton
        )

    @property
    def params(self) -> FloatArray:
        """(P,) the weights of the network in use."""
        return self.session.run.params

    @property
    def message(self) -> str:
        """What the message strip says; empty while it is hidden."""
        return self.all.banner.text if not self.all.banner.isHidden() else ""

    def close(self) -> None:
        """End the program; none of its threads may be left."""
        end_program(self.all)
