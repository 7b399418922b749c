"""What the user draws, as the network sees it, and what it makes of it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal

from core.base.arrays import ByteArray, FloatArray
from core.base.digits import DIGITS
from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.certainty.calibration import Calibration, Judge
from core.imaging.framing import SHAPE
from core.imaging.ink import PAPER_SIDE
from core.imaging.lens.lens import ALL, LensStages, look
from core.imaging.photos.preprocessing import fit_shape
from core.nn.predictor import Predictor
from gui.session.viewmodel import ViewModel


class DrawingAtHand(ViewModel):
    """Follows each stroke and each new set of weights at once.

    Attributes:
        strokes: (n, 3) each: x and y in 0..`PAPER_SIDE`, pressure 0..1.
        pen_radius: in the same units as x and y.
        image: (H, W) uint8, what the network receives.
        probabilities: (K,), or None: nothing is drawn, or no network is there.
        class_names: a name for each class.
        strangeness: of the image, above 1 strange; None without a calibration or a reading.

    Signals:
        changed(): whoever shows this should look again.
        redrawn(): strokes or pen are others; `changed` follows.
    """

    redrawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.strokes: list[NDArray[np.float32]] = []
        self.pen_radius = 1.0
        self.image: ByteArray = np.zeros(SHAPE, np.uint8)
        self.probabilities: FloatArray | None = None
        self.class_names: tuple[str, ...] = DIGITS
        self.strangeness: float | None = None
        self._stages = ALL
        self._framed: ByteArray = np.zeros(SHAPE, np.uint8)  # before it is fitted to the network
        self._image_shape: tuple[int, int] = SHAPE
        self._predictor: Predictor | None = None
        self._calibration: Calibration | None = None
        self._judge: Judge | None = None

    def set_strokes(self, strokes: Sequence[NDArray[np.float32]], pen_radius: float) -> None:
        """Read another drawing: see `strokes` and `pen_radius`."""
        self.strokes, self.pen_radius = list(strokes), pen_radius
        self.redrawn.emit()
        self._frame()

    def set_stages(self, stages: LensStages) -> None:
        """Take only these steps from the strokes to the image, from now on."""
        self._stages = stages
        self._frame()

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = SHAPE,
    ) -> None:
        """Let this network read from now on; None if there is none."""
        self._predictor, self._image_shape = predictor, image_shape
        if class_names:
            self.class_names = tuple(class_names)
        self._appoint()
        self._read()

    def set_calibration(self, calibration: Calibration | None) -> None:
        """Answer with calibrated certainty; None: with the network's own.

        One that was made for other weights than the predictor's is not used.
        """
        self._calibration = calibration
        self._appoint()
        self._read()

    def accept(self, events: Sequence[Event]) -> None:
        """Read again: the predictor has other weights now."""
        kinds = (RunStarted, WeightsSeen, RunFinished, RunFailed)
        if any(isinstance(event, kinds) for event in events):
            self._judge = None
            self._read()

    @property
    def empty(self) -> bool:
        """True if nothing is drawn."""
        return not self._framed.any()

    @property
    def readable(self) -> bool:
        """True if there is a network to read what is drawn."""
        return self._predictor is not None

    @property
    def strange(self) -> bool:
        """True if the drawing does not look like anything the network knows."""
        return self.strangeness is not None and self.strangeness > 1

    def _appoint(self) -> None:
        predictor, calibration, self._judge = self._predictor, self._calibration, None
        if predictor is None or calibration is None:
            return
        if calibration.belongs_to(predictor.params):
            self._judge = Judge(predictor, calibration)

    def _frame(self) -> None:
        self._framed = look(self.strokes, self.pen_radius, self._stages, PAPER_SIDE).image
        self._read()

    def _read(self) -> None:
        self.image = fit_shape(self._framed, self._image_shape)
        self.probabilities = self.strangeness = None
        if self._judge is not None and not self.empty:
            judgement = self._judge.judge(self.image[None])
            self.probabilities = judgement.probabilities[0]
            self.strangeness = float(judgement.strangeness[0])
        elif self._predictor is not None and not self.empty:
            self.probabilities = self._predictor.probabilities(self.image[None])[0]
        self.changed.emit()
