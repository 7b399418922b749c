"""What the user works on: a recipe, the data, a network and its training.

The only place in the window's program that drives the core. Panels ask it for things by
its methods; it answers by signals and hands the training's events on.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from core.base.errors import InklingError, TooLargeError
from core.base.events import Event, RunFailed, RunFinished, WeightsSeen
from core.data.dataset import Dataset
from core.nn.predictor import Predictor
from core.recipe.recipe import Recipe, presets
from core.training.capacity import check_trainable
from core.training.further import give_data, knows_its_data, trains_on
from core.training.run import DataSplit, Run, new_run, split_data
from core.training.train import Control, train
from gui.session.bridge import TrainingBridge
from gui.session.messages import Message, error_message
from gui.session.phase import Phase, Situation
from gui.session.undo import Replace

_MAX_SEED = 2**31 - 1
_MAX_EDITS = 200  # of the setup that can be undone


class Session(QObject):
    """Recipe, data, run and phase, and all that can be done with them.

    Signals:
        situation_changed(): which commands make sense has changed.
        recipe_changed(): another recipe is in force.
        data_changed(): other images are in use, or they are split otherwise.
        putting_away(Run): this network is about to give way to another, or to none.
        run_changed(): another network is in use, or none.
        weights_replaced(): the network has weights that no iteration led to: it was taught
            at rest, or a training that failed was put back.
        received(list[Event]): what the training reported, after the session's own
            predictor has taken the newest weights.
        work_done(): training has changed the network: it differs from any saved file.
        message(Message): something to tell the user.
    """

    situation_changed = Signal()
    recipe_changed = Signal()
    data_changed = Signal()
    putting_away = Signal(object)
    run_changed = Signal()
    weights_replaced = Signal()
    received = Signal(list)
    work_done = Signal()
    message = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.recipe: Recipe = next(iter(presets().values()))
        self.run: Run | None = None
        self.predictor: Predictor | None = None
        self.parts: DataSplit | None = None
        self.dataset: Dataset | None = None
        self.undo_stack = QUndoStack(self)
        self.has_previous = False
        # Its clean mark is where the training began: edits before that cannot be undone
        # while it runs. Unlike an index, Qt moves it when the oldest edits are let go.
        self.undo_stack.setUndoLimit(_MAX_EDITS)
        self._redo_locked = False  # nor those redone that were undone before it
        self._train_when_ready = False
        self._control = Control()
        self._bridge = TrainingBridge(self)
        self._bridge.received.connect(self._receive)
        self._bridge.rested.connect(self.situation_changed)
        self.undo_stack.indexChanged.connect(self._index_changed)

    # What is the case ----------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        """The state of training."""
        return self._bridge.phase

    def situation(self) -> Situation:
        """Return what decides which commands make sense now."""
        edits = self.undo_stack
        locked = self.phase is not Phase.IDLE and edits.index() <= edits.cleanIndex()
        return Situation(
            phase=self.phase,
            has_data=self.parts is not None,
            has_run=self.run is not None,
            can_continue=self._can_continue(),
            finished=self.run is not None and self.phase is Phase.IDLE and self.run.finished,
            has_previous=self.has_previous,
            can_undo=edits.canUndo() and not locked,
            can_redo=edits.canRedo() and (self.phase is Phase.IDLE or not self._redo_locked),
        )

    def _can_continue(self) -> bool:
        return (
            self.run is not None
            and self.parts is not None
            and trains_on(self.run, self.parts)
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
            self.parts = split_data(self.recipe, self.dataset)
            self.data_changed.emit()

    # Training ------------------------------------------------------------------------

    def train(self) -> None:
        """Start, resume, continue or train further: whatever is next."""
        if self.phase is not Phase.IDLE:
            self.resume()
        elif self._ready():
            self._start(self._next_run, paused=False)

    def start_again(self, seed: int | None = None) -> None:
        """Train a fresh network, with the same seed or another one."""
        if self.phase is not Phase.IDLE or not self._ready(fresh=True):
            return
        if seed is not None:
            changed = replace(self.recipe, seed=seed % (_MAX_SEED + 1), key="")
            self.edit_recipe(changed, f"Change seed to {changed.seed}")
        self._start(self._fresh_run, paused=False)

    def step(self) -> None:
        """Do one iteration and rest."""
        if self.phase is Phase.PAUSED:
            self._control.single = True
            self._bridge.allow_step()
            self.situation_changed.emit()
        elif self.phase is Phase.IDLE and self._ready():
            self._start(self._next_run, paused=True)

    def pause(self) -> None:
        """Hold the training after the present iterations."""
        if self.phase is Phase.RUNNING:
            self._control.single = True
            self._bridge.set_paused(True)
            self.situation_changed.emit()

    def resume(self) -> None:
        """Go on after a pause."""
        if self.phase in (Phase.PAUSED, Phase.PAUSING):
            self._control.single = False
            self._bridge.set_paused(False)
            self.situation_changed.emit()

    def stop(self) -> None:
        """End the training and keep the network."""
        self._train_when_ready = False
        if self.phase not in (Phase.IDLE, Phase.STOPPING):
            self._bridge.request_stop()
            self.situation_changed.emit()

    def request_capture(self) -> None:
        """Ask the running training for a snapshot: a Captured event follows."""
        if self.phase is not Phase.IDLE:
            self._control.capture = True

    def resting_run(self) -> Run | None:
        """Return the run if nothing is changing it now, else None."""
        resting = self.phase is Phase.IDLE or (self.phase is Phase.PAUSED and self._bridge.resting)
        return self.run if resting else None

    def set_has_previous(self, has_previous: bool) -> None:
        """Say whether a network can be brought back; see `gui.features.recovery.previous`."""
        if has_previous != self.has_previous:
            self.has_previous = has_previous
            self.situation_changed.emit()

    def adopt(self, run: Run | None) -> None:
        """Use another network (or none); the present one can be brought back."""
        if self.run is not None:
            self.putting_away.emit(self.run)
        self.run = run
        self.predictor = None if run is None else Predictor(run.network, run.loss, run.params)
        self.run_changed.emit()
        self.situation_changed.emit()

    def spread_weights(self) -> None:
        """Let everybody see the weights that the run was given at rest, as by a lesson."""
        assert self.run is not None
        assert self.predictor is not None
        self.predictor.set_params(self.run.params)
        self.work_done.emit()
        self.weights_replaced.emit()

    def shut_down(self) -> None:
        """End the training and its thread; for closing the program only."""
        self._bridge.shut_down()

    def _ready(self, *, fresh: bool = False) -> bool:
        self._train_when_ready = self.parts is None
        if self.parts is None:
            self.message.emit(Message("info", "Training starts as soon as the digits are ready."))
            return False
        if len(self.parts.images) == 0:
            self.message.emit(
                Message("error", "There are no images to train on.", "Lower the validation split.")
            )
            return False
        try:
            check_trainable(self.recipe, self.parts, has_network=not fresh and self._can_continue())
        except TooLargeError as error:
            self.message.emit(error_message(error))
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
        if self.dataset is not None and not knows_its_data(run):
            give_data(run, self.dataset)
        changed = length != run.recipe.duration_steps(len(self.parts.images))
        run.recipe, run.learning_rate = self.recipe, self.recipe.optimizer.learning_rate
        if run.finished:
            run.start_step, run.target = run.step, run.step + length
        elif changed and length > run.step:
            run.target = length
        return run

    def _start(self, choose: Callable[[], Run], paused: bool) -> None:
        """Train the run that `choose` gives; if that cannot be, say so and stay as we are."""
        assert self.parts is not None
        try:
            run = choose()
            if run is not self.run:
                self.adopt(run)
            self._control = Control(single=paused)
            self._bridge.start(train(run, self.parts, self._control), paused)
        except InklingError as error:
            self.message.emit(error_message(error))
            return
        self.undo_stack.setClean()
        self._redo_locked = self.undo_stack.canRedo()
        self.situation_changed.emit()

    def _index_changed(self, _index: int) -> None:
        self.situation_changed.emit()

    def _receive(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, WeightsSeen) and self.predictor is not None:
                self.predictor.set_params(event.params)
        ended = [event for event in events if isinstance(event, (RunFinished, RunFailed))]
        if ended:
            self._finish(ended[-1])
        self.received.emit(events)
        if any(isinstance(event, RunFailed) for event in ended):
            self.weights_replaced.emit()
        self.work_done.emit()
        if ended:
            self.situation_changed.emit()

    def _finish(self, event: RunFinished | RunFailed) -> None:
        assert self.run is not None
        assert self.predictor is not None
        self.predictor.set_params(self.run.params)
        if isinstance(event, RunFailed):
            self.message.emit(error_message(InklingError(event.message, event.hint)))
        elif event.note:
            self.message.emit(Message("info", "Training ended early.", event.note))
