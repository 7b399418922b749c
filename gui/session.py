"""What the user works on: a recipe, the data, a network and its training.

The only place in the window's program that drives the core. Panels ask it for things by
its methods; it answers by signals and hands the training's events on.
"""

from collections import deque
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from core.capacity import check_trainable
from core.dataset import Dataset
from core.errors import InklingError, TooLargeError
from core.events import Event, RunFailed, RunFinished, WeightsSeen
from core.prediction import Predictor
from core.recipe import Recipe, presets
from core.run import Parts, Run, new_run, split_parts
from core.training import Control, train
from gui.bridge import TrainingBridge
from gui.commands import Replace
from gui.messages import Message, error_message
from gui.phase import Phase, Situation

_MAX_SEED = 2**31 - 1
_MAX_PREVIOUS = 10  # networks that can be brought back


class Session(QObject):
    """Recipe, data, run and phase, and all that can be done with them.

    Signals:
        situation_changed(): which commands make sense has changed.
        recipe_changed(): another recipe is in force.
        data_changed(): other images are in use, or they are split otherwise.
        run_changed(): another network is in use, or none.
        received(list[Event]): what the training reported, after the session's own
            predictor has taken the newest weights.
        work_done(): training has changed the network: it differs from any saved file.
        said(Message): something to tell the user.
    """

    situation_changed = Signal()
    recipe_changed = Signal()
    data_changed = Signal()
    run_changed = Signal()
    received = Signal(list)
    work_done = Signal()
    said = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recipe: Recipe = next(iter(presets().values()))
        self.phase = Phase.IDLE
        self.run: Run | None = None
        self.predictor: Predictor | None = None
        self.parts: Parts | None = None
        self.dataset: Dataset | None = None
        self.undo_stack = QUndoStack(self)
        self._previous: deque[Run] = deque(maxlen=_MAX_PREVIOUS)
        self._locked_at = 0  # edits before this one cannot be undone while training
        self._redo_locked = False  # nor those redone that were undone before it
        self._train_when_ready = False
        self._control = Control()
        self._bridge = TrainingBridge(self)
        self._bridge.received.connect(self._receive)
        self._bridge.rested.connect(self._rest)
        self.undo_stack.indexChanged.connect(self._index_changed)

    # What is the case ----------------------------------------------------------------

    def situation(self) -> Situation:
        """Return what decides which commands make sense now."""
        locked = self.phase is not Phase.IDLE and self.undo_stack.index() <= self._locked_at
        return Situation(
            phase=self.phase,
            has_data=self.parts is not None,
            has_run=self.run is not None,
            can_continue=self._can_continue(),
            finished=self.run is not None and self.phase is Phase.IDLE and self.run.finished,
            has_previous=bool(self._previous),
            can_undo=self.undo_stack.canUndo() and not locked,
            can_redo=self.undo_stack.canRedo()
            and (self.phase is Phase.IDLE or not self._redo_locked),
        )

    def _can_continue(self) -> bool:
        return (
            self.run is not None
            and self.parts is not None
            and self.run.data["fingerprint"] == self.parts.fingerprint
            and self.recipe.continues(self.run.recipe)
        )

    # Recipe --------------------------------------------------------------------------

    def edit_recipe(self, recipe: Recipe, text: str, gesture: int = -1) -> None:
        """Put another recipe in force, as an edit that can be undone."""
        if recipe != self.recipe:
            self._redo_locked = False  # the push forgets what was undone before
            self.undo_stack.push(Replace(text, self.recipe, recipe, self._use_recipe, gesture))

    def choose_preset(self, key: str) -> None:
        """Put a preset in force. Raises UnknownNameError if there is none of this key."""
        preset = presets()[key]
        self.edit_recipe(preset, f"Choose “{preset.label}”")

    def _use_recipe(self, recipe: Recipe) -> None:
        old, self.recipe = self.recipe, recipe
        if self.phase is not Phase.IDLE:
            self._control.learning_rate = recipe.optimizer.learning_rate
        elif (old.training.validation_split, old.seed) != (
            recipe.training.validation_split,
            recipe.seed,
        ):
            self._split()
        self.recipe_changed.emit()
        self.situation_changed.emit()

    # Data ----------------------------------------------------------------------------

    def use_data(self, dataset: Dataset) -> None:
        """Train and measure on these images from now on."""
        self.dataset = dataset
        self._split()
        self.situation_changed.emit()
        if self._train_when_ready:
            self.train()

    def _split(self) -> None:
        if self.dataset is not None:
            self.parts = split_parts(self.recipe, self.dataset)
            self.data_changed.emit()

    # Training ------------------------------------------------------------------------

    def train(self) -> None:
        """Start, resume, continue or train further: whatever is next."""
        if self.phase in (Phase.PAUSED, Phase.PAUSING):
            self.resume()
        elif self.phase is Phase.IDLE and self._ready():
            self._start(self._next_run(), paused=False)

    def start_again(self, seed: int | None = None) -> None:
        """Train a fresh network, with the same seed or another one."""
        if self.phase is not Phase.IDLE or not self._ready(fresh=True):
            return
        if seed is not None:
            changed = replace(self.recipe, seed=seed % (_MAX_SEED + 1), key="")
            self.edit_recipe(changed, f"Change seed to {changed.seed}")
        self._start(self._fresh_run(), paused=False)

    def step(self) -> None:
        """Do one iteration and rest."""
        if self.phase is Phase.PAUSED:
            self._control.single = True
            self._enter(Phase.PAUSING)
            self._bridge.allow_step()
        elif self.phase is Phase.IDLE and self._ready():
            self._control.single = True
            self._start(self._next_run(), paused=True)

    def pause(self) -> None:
        """Hold the training after the present iterations."""
        if self.phase is Phase.RUNNING:
            self._enter(Phase.PAUSING)
            self._control.single = True
            self._bridge.set_paused(True)

    def resume(self) -> None:
        """Go on after a pause."""
        self._control.single = False
        self._enter(Phase.RUNNING)
        self._bridge.set_paused(False)

    def stop(self) -> None:
        """End the training and keep the network."""
        self._train_when_ready = False
        if self.phase not in (Phase.IDLE, Phase.STOPPING):
            self._enter(Phase.STOPPING)
            self._bridge.request_stop()

    def request_capture(self) -> None:
        """Ask the running training for a snapshot: a Captured event follows."""
        self._control.capture = True

    def resting_run(self) -> Run | None:
        """Return the run if nothing is changing it now, else None."""
        resting = self.phase is Phase.IDLE or (self.phase is Phase.PAUSED and self._bridge.resting)
        return self.run if resting else None

    def bring_back(self) -> None:
        """Swap the network with one it replaced; again and again goes round all of them."""
        if self._previous and self.phase is Phase.IDLE:
            back = self._previous.pop()
            if self.run is not None and self.run.step:
                self._previous.appendleft(self.run)
            self._use_run(back)
            self.edit_recipe(back.recipe_now, "Bring back the previous network")

    def adopt(self, run: Run | None) -> None:
        """Use another network (or none); the present one can be brought back."""
        if self.run is not None and self.run.step:
            self._previous.append(self.run)
        self._use_run(run)

    def _use_run(self, run: Run | None) -> None:
        self.run = run
        self.predictor = None if run is None else Predictor(run.network, run.loss, run.params)
        self.run_changed.emit()
        self.situation_changed.emit()

    def shut_down(self) -> None:
        """End the training and its thread; for closing the program only."""
        self._bridge.shut_down()

    def _ready(self, *, fresh: bool = False) -> bool:
        self._train_when_ready = self.parts is None
        if self.parts is None:
            self.said.emit(Message("info", "Training starts as soon as the digits are ready."))
            return False
        if len(self.parts.images) == 0:
            self.said.emit(
                Message("error", "There are no images to train on.", "Lower the validation split.")
            )
            return False
        try:
            check_trainable(self.recipe, self.parts, has_network=not fresh and self._can_continue())
        except TooLargeError as error:
            self.said.emit(error_message(error))
            return False
        return True

    def _fresh_run(self) -> Run:
        assert self.dataset is not None
        assert self.parts is not None
        return new_run(self.recipe, self.dataset, self.parts)

    def _next_run(self) -> Run:
        if not self._can_continue():
            return self._fresh_run()
        assert self.run is not None
        assert self.parts is not None
        run, length = self.run, self.recipe.duration_steps(len(self.parts.images))
        changed = length != run.recipe.duration_steps(len(self.parts.images))
        run.recipe, run.learning_rate = self.recipe, self.recipe.optimizer.learning_rate
        if run.finished:
            run.leg, run.target = run.step, run.step + length
        elif changed and length > run.step:
            run.target = length
        return run

    def _start(self, run: Run, paused: bool) -> None:
        assert self.parts is not None
        if run is not self.run:
            self.adopt(run)
        if not paused:
            self._control.single = False
        self._control.learning_rate = None
        self._locked_at, self._redo_locked = self.undo_stack.index(), self.undo_stack.canRedo()
        self._enter(Phase.PAUSING if paused else Phase.RUNNING)
        self._bridge.start(train(run, self.parts, self._control), paused)

    def _index_changed(self, _index: int) -> None:
        self.situation_changed.emit()

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self.situation_changed.emit()

    def _rest(self) -> None:
        if self.phase is Phase.PAUSING:
            self._enter(Phase.PAUSED)

    def _receive(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, WeightsSeen) and self.predictor is not None:
                self.predictor.set_params(event.params)
        ended = [event for event in events if isinstance(event, (RunFinished, RunFailed))]
        if ended:
            self._finish(ended[-1])
        self.received.emit(events)
        self.work_done.emit()
        if ended:
            self.situation_changed.emit()

    def _finish(self, event: RunFinished | RunFailed) -> None:
        assert self.run is not None
        assert self.predictor is not None
        self.phase = Phase.IDLE
        self._control = Control()
        self.predictor.set_params(self.run.params)
        if isinstance(event, RunFailed):
            self.said.emit(error_message(InklingError(event.message, event.hint)))
        elif event.note:
            self.said.emit(Message("info", "Training ended early.", event.note))
