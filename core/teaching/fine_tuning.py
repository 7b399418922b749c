"""Teaching a network a few drawings, and what it costs elsewhere.

    lesson = yield from learn_from(run, parts, drawings, own)   # the run is untouched
    keep(run, lesson)                                           # now it is not
    undo(run, lesson)                                           # the former bytes again

A lesson is no training: it belongs to no iteration, draws no number from the run's own
randomness and leaves history and optimizer alone, so that training goes on from the taught
weights as it would have from the others. What it changes can no longer be repeated from
recipe and data alone; `Run.lessons` says so, in the model file, too.
"""

import hashlib
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from core.base.arrays import ByteArray, FloatArray, IndexArray, aligned
from core.base.errors import InklingError, ShapeError
from core.base.generators import mapped
from core.data.dataset import ImageSet
from core.nn.loss import one_hot
from core.nn.network import Workspace
from core.nn.optimizer import Vectors
from core.nn.optimizers.adam import Adam
from core.nn.predictor import Predictor
from core.recipe.augmentation import Augmentation, distort
from core.teaching.report import FineTuningReport, make_report
from core.training.run import Best, DataSplit, Run

STEPS = 320  # at most; an ambiguous digit takes some 60
_STEADY = 80  # steps after which the rate doubles: some losses hardly learn what is very wrong
LEARNING_RATE = 0.0002
_SURE = 0.9  # probability from which a drawing counts as learned
_PATIENCE = 3  # steps in a row for which it must be
# Images of each step. The fewer are taught, the less is forgotten: taught 16 at a time, one
# misread MNIST digit cost quick-start 0.25 % of validation accuracy, 2 at a time 0.07 %.
_BATCH, _MOST_TAUGHT = 128, 16
_STEPPING = 0.6  # share of the work that the steps are, roughly
_STREAM = 11  # keeps a lesson's randomness apart from other uses of the same seed
_DISTORTION = Augmentation(shift=1.0, rotation=8.0, scale=0.08, shear=6.0, elastic=0.6)
_NOTHING = np.empty(0, np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class FineTuning:
    """A lesson that was given to a copy of a network. (Not one of `core.lessons.pages`.)

    Attributes:
        before, after: (P,) float32, all weights.
        best: what the run kept for early stopping: untaught weights, which would take the
            lesson back at the end of a training.
        record: what `Run.lessons` keeps of it.
        report: what it brings and costs.
    """

    before: FloatArray
    after: FloatArray
    best: Best | None
    record: dict[str, Any]
    report: FineTuningReport


def learn_from(
    run: Run,
    parts: DataSplit,
    drawings: ImageSet,
    own: ImageSet | None = None,
    *,
    steps: int = STEPS,
    learning_rate: float = LEARNING_RATE,
    seed: int = 0,
) -> Generator[float, None, FineTuning]:
    """Teach drawings to a copy of a network, and see what that does.

    Each step is one of Adam's, with the run's loss, over a few distorted copies of the
    drawings among many training images drawn at random: without these a network forgets
    within some steps what it knew. It ends early when all drawings are read right
    with a probability of 0.9 three steps in a row.

    Args:
        run: at rest; it is not changed.
        parts: the images it was trained on.
        drawings: (n, H, W) in the network's size, n at least 1, with their true classes.
        own: all of the user's drawings, to measure on; may be None or empty.
        steps: at most so many, at least 1.
        learning_rate: Adam's at first; it doubles after every 80 steps.
        seed: decides all that is random. The same arguments give the same bytes.

    Yields:
        The share done, 0..1; the generator may be closed there.

    Returns (as the generator's value):
        The lesson.

    Raises:
        ShapeError: the images are not of the network's size.
        InklingError: no images to replay, or the weights stopped being finite numbers.
    """
    _check(run, parts, drawings, own)
    before = run.params.copy()
    pupil = _FineTuner(run, parts, drawings, (learning_rate, seed))
    taken = yield from pupil.steps(steps)
    if not np.isfinite(pupil.params).all():
        raise InklingError("The lesson went astray: the weights stopped being finite numbers.")
    report = yield from _from(
        make_report(run, parts, drawings, own, (before, pupil.params)), _STEPPING
    )
    record = {
        "step": run.step,
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "drawings": len(drawings),
        "drawings_sha256": _digest(drawings),
        "steps": taken,
        "learning_rate": learning_rate,
        "seed": seed,
    }
    return FineTuning(before, pupil.params, run.best, record, report)


def keep(run: Run, lesson: FineTuning) -> None:
    """Give a lesson's weights to the run, and note that it was taught.

    Raises:
        InklingError: the run has been trained or taught since.
    """
    _swap(run, lesson.before, lesson.after)
    run.best = None
    run.lessons.append(lesson.record)


def undo(run: Run, lesson: FineTuning) -> None:
    """Give back the weights from before a lesson that was kept: the same bytes.

    Raises:
        InklingError: the run has been trained or taught since.
    """
    _swap(run, lesson.after, lesson.before)
    run.best = lesson.best
    run.lessons.remove(lesson.record)


def _swap(run: Run, old: FloatArray, new: FloatArray) -> None:
    if run.live_params is not None or run.stored_params.tobytes() != old.tobytes():
        raise InklingError(
            "The network has been trained further since this lesson.", "Give the lesson anew."
        )
    run.stored_params[...] = new


def _check(run: Run, parts: DataSplit, drawings: ImageSet, own: ImageSet | None) -> None:
    for images in (drawings.images, parts.images, *([] if own is None else [own.images])):
        if len(images) and images[0].size != run.network.input_size:
            raise ShapeError(
                f"The network reads images of {run.network.input_size} pixels,"
                f" these have {images[0].size}.",
                "Use the digits it was trained on.",
            )
    if not len(parts.images) or not len(drawings):
        raise InklingError("There are no images to learn from.")


def _digest(drawings: ImageSet) -> str:
    return hashlib.sha256(drawings.images.tobytes() + drawings.labels.tobytes()).hexdigest()


class _FineTuner:
    """A copy of a network that takes the steps of one lesson."""

    def __init__(
        self, run: Run, parts: DataSplit, drawings: ImageSet, how: tuple[float, int]
    ) -> None:
        self._parts, self._labels = parts, drawings.labels
        self._rows: ByteArray = drawings.images.reshape(len(drawings), -1)
        self._rate, seed = how
        self._rng = np.random.default_rng([seed, _STREAM])
        self.params: FloatArray = aligned((run.network.param_count,))
        self.params[...] = run.params
        self._predictor = Predictor(run.network, run.loss, self.params)
        grads: FloatArray = aligned((run.network.trained_count,))
        self._taught = min(_MOST_TAUGHT, 1 + len(drawings))
        self._space = Workspace(run.network, self.params, _BATCH, grads, self._rng)
        self._loss = run.loss.bind(self._space.logits, self._space.d_logits)
        slots: dict[str, FloatArray] = {name: np.zeros_like(grads) for name in Adam.slot_names}
        self._adam = Adam().bind(Vectors(self.params[: len(grads)], grads, slots))
        self._live = len(grads)
        self._cycle = _NOTHING

    def steps(self, most: int) -> Generator[float, None, int]:
        """Step until all is learned; return how many steps it took."""
        sure = 0
        for step in range(1, most + 1):
            self._step(step)
            sure = sure + 1 if self._knows_all() else 0
            yield _STEPPING * step / most
            if sure == _PATIENCE:
                return step
        return most

    def _step(self, t: int) -> None:
        space, chosen, taught = self._space, self._next_drawings(), self._taught
        shape = self._parts.image_shape
        replayed = self._rng.integers(0, len(self._parts.images), _BATCH - taught)
        space.x[:taught] = distort(self._rows[chosen], shape, _DISTORTION, self._rng)
        space.x[taught:] = self._parts.images[replayed]
        labels = np.concatenate([self._labels[chosen], self._parts.labels[replayed]])
        space.forward(training=True)
        rate = self._rate * 2 ** ((t - 1) // _STEADY)
        scale = self._adam.prepare(rate, t)
        targets = one_hot(labels.astype(np.intp), space.logits.shape[1], space.logits.dtype)
        self._loss.step(targets, scale)
        space.backward()
        self._adam.move(self._live)

    def _next_drawings(self) -> IndexArray:
        """Return the next few drawings; each comes as often as the others."""
        while len(self._cycle) < self._taught:
            more = self._rng.permutation(len(self._rows))
            self._cycle = np.concatenate([self._cycle, more])
        chosen, self._cycle = self._cycle[: self._taught], self._cycle[self._taught :]
        return chosen

    def _knows_all(self) -> bool:
        self._predictor.set_params(self.params)
        answers = self._predictor.probabilities(self._rows)
        rows = np.arange(len(answers))
        right = answers.argmax(axis=1) == self._labels
        return bool(right.all() and (answers[rows, self._labels] >= _SURE).all())


def _from(
    work: Generator[float, None, FineTuningReport], start: float
) -> Generator[float, None, FineTuningReport]:
    """Pass on the share of work that is the rest of something, from `start` to 1."""
    return mapped(work, lambda done: start + (1 - start) * done)
