"""Making a network's certainty honest, and knowing when it should have none.

Both are learned from images that the network was not trained on: a temperature for its
probabilities (`core.certainty.temperature`), and what strange images look like to it
(`core.certainty.novelty`). A calibration belongs to one state of the weights.
"""

import math
import zlib
from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.base.errors import ShapeError
from core.certainty.describing import Describer
from core.certainty.novelty import Novelty, Progress, fit_novelty
from core.certainty.reliability import Reliability, brier, reliability
from core.certainty.temperature import fit_temperature, log_answers, tempered
from core.nn.loss import Loss
from core.nn.network import Network
from core.nn.predictor import Predictor

MOST_IMAGES = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What was learned about one state of a network from images held out of its training.

    Attributes:
        temperature: the logarithms of the answer are divided by it; above 1 the network
            was too sure of itself.
        novelty: the measure of strangeness.
        before, after: reliability without and with the temperature, 15 bins of equal width.
        error_by_count: expected calibration error before and after, in 15 bins of equal
            count: it does not hang on a few answers in an almost empty bin.
        brier: mean squared error of all probabilities, before and after, 0..2.
        images: how many images it stands on.
        image_shape: (height, width) of them.
        step: the iteration of the network.
        weights_sum: CRC-32 of the network's weights; see `belongs_to`.
    """

    temperature: float
    novelty: Novelty
    before: Reliability
    after: Reliability
    error_by_count: tuple[float, float]
    brier: tuple[float, float]
    images: int
    image_shape: tuple[int, int]
    step: int
    weights_sum: int

    def belongs_to(self, params: FloatArray) -> bool:
        """Tell whether it was made for exactly these weights (P,)."""
        return self.weights_sum == weights_sum(params)


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """Answers to N images, with what they are worth.

    Attributes:
        probabilities: (N, K) float32, calibrated; each row sums to 1.
        strangeness: (N,) float32, 0 for the typical image; above 1 is strange.
        strange: (N,) bool, whether an image does not look like any the network knows.
    """

    probabilities: FloatArray
    strangeness: FloatArray
    strange: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class Judge:
    """Answers for a network with calibrated certainty; for one thread.

    It copies the predictor's present weights: make another when they have changed.
    """

    def __init__(self, predictor: Predictor, calibration: Calibration) -> None:
        """Raises ShapeError if the calibration is of a network of another make."""
        self._calibration, self._loss = calibration, predictor.loss
        height, width = calibration.image_shape
        fits = height * width == predictor.network.input_size
        if fits:
            self._describer = Describer(
                predictor.network, predictor.loss, predictor.params, calibration.image_shape
            )
            fits = calibration.novelty.weights.shape == (self._describer.size,)
        if not fits:
            raise ShapeError("The calibration was made for another network.", "Calibrate again.")

    def judge(self, images: ByteArray) -> Judgement:
        """Judge uint8 images (N, H, W) of the network's size."""
        described, logits = self._describer.describe(images)
        strangeness = self._calibration.novelty.strangeness(described)
        scores = log_answers(self._loss, logits)
        probabilities = tempered(scores, self._calibration.temperature)
        return Judgement(probabilities, strangeness, strangeness > 1)


def fit(
    network: Network,
    loss: Loss,
    params: FloatArray,
    images: ByteArray,
    labels: LabelArray,
    progress: Progress | None = None,
    *,
    step: int = 0,
) -> Calibration:
    """Calibrate a network on images that it was not trained on.

    Args:
        network, loss, params: the network and its weights (P,).
        images: (N, H, W) uint8, at least 2; of more than 10,000, evenly chosen ones.
        labels: (N,) their classes.
        progress: told the share done, 0..1; may raise to give up.
        step: the iteration of the network.

    Raises:
        ShapeError: fewer than two images, or not of the network's size.
    """
    if len(images) < 2 or math.prod(images.shape[1:]) != network.input_size:
        raise ShapeError(
            f"Calibration needs images of {network.input_size} pixels that were held out.",
            "Set some aside: raise the validation split.",
        )
    if len(images) > MOST_IMAGES:
        rows = np.linspace(0, len(images) - 1, MOST_IMAGES).astype(np.intp)
        images, labels = images[rows], labels[rows]
    shape = (images.shape[1], images.shape[2])
    describer = Describer(network, loss, params, shape)
    logits = Predictor(network, loss, params).logits(images)
    scores = log_answers(loss, logits.astype(np.float64))
    temperature = fit_temperature(scores, labels)
    plain, scaled = np.exp(scores), tempered(scores, temperature)
    if progress is not None:
        progress(0.1)
    novelty = fit_novelty(
        describer,
        images,
        labels,
        None if progress is None else lambda share: progress(0.1 + 0.9 * share),
    )
    return Calibration(
        temperature=temperature,
        novelty=novelty,
        before=reliability(plain, labels),
        after=reliability(scaled, labels),
        error_by_count=(
            reliability(plain, labels, equal="count").error,
            reliability(scaled, labels, equal="count").error,
        ),
        brier=(brier(plain, labels), brier(scaled, labels)),
        images=len(images),
        image_shape=shape,
        step=step,
        weights_sum=weights_sum(params),
    )


def weights_sum(params: FloatArray) -> int:
    """Return the CRC-32 of the weights' bytes (P,): tells one state from another."""
    return zlib.crc32(np.ascontiguousarray(params).tobytes())
