"""Which network answers now, and with the weights of which moment."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.base.events import Evaluated, Event, RunFailed, WeightsSeen
from core.certainty.calibration import Calibration
from core.imaging.framing import SHAPE
from core.nn.predictor import Predictor
from core.training.timeline import Moment
from gui.session.session import Session

_OF_THE_PRESENT = (WeightsSeen, Evaluated)  # not for who looks at a past moment


class Follower(Protocol):
    """What shows answers, or weights, and keeps up with them."""

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = SHAPE,
    ) -> None:
        """Let this network answer from now on; None if there is none."""

    def accept(self, events: Sequence[Event]) -> None:
        """Look again: the predictor may have other weights by now."""


class Answering(QObject):
    """Follows the session's network, or holds one of its past moments.

    Build it before all that shows answers: the predictor has its weights before they hear.

    Attributes:
        calibration: of the network in use, or None.

    Signals:
        changed(): another network answers, or none; or the one that does has come to rest
            with other weights: what takes long to show may be shown anew.
        received(list[Event]): what the training reported, for all that shows weights and
            answers: while a past moment is held, nothing that would show the present.
        calibrated(Calibration | None): another calibration is in force.
    """

    changed = Signal()
    received = Signal(list)
    calibrated = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._held: Moment | None = None
        self.calibration: Calibration | None = None
        session.received.connect(self._receive)
        session.run_changed.connect(self._begin_anew)
        session.weights_replaced.connect(self._keep_held)

    @property
    def predictor(self) -> Predictor | None:
        """The network that answers, with the weights of the moment that is looked at."""
        return self._session.predictor

    @property
    def class_names(self) -> tuple[str, ...]:
        """A name for each class of that network; none without one."""
        return () if self._session.run is None else self._session.run.class_names

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of the images it reads."""
        return SHAPE if self._session.run is None else self._session.run.image_shape

    @property
    def holding(self) -> bool:
        """True while a past moment answers."""
        return self._held is not None

    def lead(self, follower: Follower) -> None:
        """Let `follower` show the answers of the network in use, from now on."""

        def give() -> None:
            follower.set_predictor(self.predictor, self.class_names, self.image_shape)

        self.changed.connect(give)
        self.received.connect(follower.accept)
        give()

    def set_calibration(self, calibration: Calibration | None) -> None:
        """Put a calibration in force; None if there is none."""
        self.calibration = calibration
        self.calibrated.emit(calibration)

    def hold(self, moment: Moment) -> None:
        """Answer as the network did at this moment, whatever the training does."""
        self._held = moment
        self._show(moment)

    def release(self, present: Moment) -> None:
        """Answer as the network does now."""
        self._held = None
        self._show(present)

    def settle(self) -> None:
        """Say that the moment stays for a while: what takes long to show may be shown."""
        self.changed.emit()

    def _show(self, moment: Moment) -> None:
        if self.predictor is not None:
            self.predictor.set_params(moment.params)
            self.received.emit([WeightsSeen(moment.step, moment.params)])

    def _begin_anew(self) -> None:
        self._held = None
        self.changed.emit()

    def _keep_held(self) -> None:
        if self._held is not None and self.predictor is not None:
            self.predictor.set_params(self._held.params)
        self.changed.emit()

    def _receive(self, events: Sequence[Event]) -> None:
        if any(isinstance(event, RunFailed) for event in events):
            self._held = None  # what is shown begins anew at the state it was put back to
        if self._held is not None and self.predictor is not None:
            self.predictor.set_params(self._held.params)
            events = [event for event in events if not isinstance(event, _OF_THE_PRESENT)]
        self.received.emit(list(events))
