"""What a lesson brings and costs: answers, accuracies, and images that are read otherwise."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from core.base.arrays import FloatArray, IndexArray, LabelArray
from core.base.generators import mapped
from core.data.dataset import ImageSet
from core.nn.evaluation import Evaluator, Measured
from core.nn.predictor import Predictor
from core.training.run import DataSplit, Run

Measuring: TypeAlias = Generator[float, None, Measured]


@dataclass(frozen=True, slots=True, eq=False)
class Flips:
    """Held-out images whose answer is another one now.

    Attributes:
        indices: (n,) in the held-out set.
        before, after: (n,) the answers.
    """

    indices: IndexArray
    before: LabelArray
    after: LabelArray

    def __len__(self) -> int:
        return len(self.indices)


@dataclass(frozen=True, slots=True, eq=False)
class FineTuningReport:
    """What a lesson brings and costs.

    Attributes:
        labels: (n,) true classes of the drawings taught.
        before, after: (n, K) how they are answered.
        held_out_name: what the network was measured on: "Validation", "Test" or "".
        held_out_before, held_out_after: accuracy there, 0..1; NaN without such images.
        worse, better: images there that were read right before, and after.
        other: images there that are read wrong in another way.
        own_before, own_after: accuracy on all of the user's drawings, 0..1; NaN without.
    """

    labels: LabelArray
    before: FloatArray
    after: FloatArray
    held_out_name: str
    held_out_before: float
    held_out_after: float
    worse: Flips
    better: Flips
    other: Flips
    own_before: float
    own_after: float

    @property
    def learned(self) -> int:
        """How many of the drawings are read right after the lesson."""
        return int((self.after.argmax(axis=1) == self.labels).sum())

    @property
    def known(self) -> int:
        """How many of the drawings were read right before."""
        return int((self.before.argmax(axis=1) == self.labels).sum())


def make_report(
    run: Run,
    parts: DataSplit,
    drawings: ImageSet,
    own: ImageSet | None,
    weights: tuple[FloatArray, FloatArray],
) -> Generator[float, None, FineTuningReport]:
    """Measure with the weights before and after.

    Args:
        run: brings network and loss.
        parts: the images set aside to measure on.
        drawings: (n, H, W), those that were taught.
        own: all of the user's drawings, or None.
        weights: (P,) before and after.

    Yields:
        The share done, 0..1.

    Returns (as the generator's value):
        The report.
    """
    answers, accuracies, of_own = [], [], []
    predictions: list[LabelArray] = []
    held_out = parts.held_out
    for turn, params in enumerate(weights):
        predictor = Predictor(run.network, run.loss, params)
        answers.append(predictor.probabilities(drawings.images))
        of_own.append(_accuracy(predictor, own))
        if held_out is None or not len(held_out):
            accuracies.append(np.nan)
            continue
        images = held_out.images.reshape(len(held_out), -1)
        slices = Evaluator(run.network, run.loss, params).in_slices(images, held_out.labels)
        measured = yield from _half(slices, turn / 2)
        predictions.append(measured.predictions)
        accuracies.append(measured.accuracy)
    worse, better, other = _flips(predictions, held_out)
    return FineTuningReport(
        drawings.labels, answers[0], answers[1], parts.held_out_name if predictions else "",
        accuracies[0], accuracies[1], worse, better, other, of_own[0], of_own[1],
    )  # fmt: skip


def _half(slices: Measuring, start: float) -> Measuring:
    return mapped(slices, lambda done: start + done / 2)


def _accuracy(predictor: Predictor, own: ImageSet | None) -> float:
    if own is None or not len(own):
        return float("nan")
    return float((predictor.logits(own.images).argmax(axis=1) == own.labels).mean())


def _flips(predictions: list[LabelArray], held_out: ImageSet | None) -> tuple[Flips, Flips, Flips]:
    """Return what was read right before, after, and neither: of images read otherwise."""
    if held_out is None or not predictions:
        nothing = np.empty(0, np.uint8)
        none = Flips(np.empty(0, np.intp), nothing, nothing)
        return none, none, none
    before, after = predictions
    flipped = before != after
    was, now = before == held_out.labels, after == held_out.labels

    def those(chosen: Any) -> Flips:
        rows = np.flatnonzero(chosen)
        return Flips(rows, before[rows], after[rows])

    return those(flipped & was), those(flipped & now), those(flipped & ~was & ~now)
