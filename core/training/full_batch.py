"""Training on all images at once, by methods that choose their own steps."""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from core.base.arrays import FloatArray, aligned
from core.base.callback_generator import Report, stepwise
from core.nn.loss import BoundLoss, one_hot
from core.nn.network import Network, Workspace
from core.nn.optimizer import FullBatchOptimizer
from core.training.engine import Advance
from core.training.param_layout import ParamLayout, make_param_layout
from core.training.run import Anchor, DataSplit, Run

RESTART = 100  # iterations after which a method begins anew from where it is
SLICE = 500  # images carried through at a time: their activations stay in the cache
_REPORT_EVERY_S = 0.01  # a change of threads costs a tenth of a millisecond
_KEEP_BYTES = 100 << 20  # inputs up to this size are kept as float32 from pass to pass


@dataclass(frozen=True, slots=True, eq=False)
class _Reached:
    """A point the method has accepted."""

    params: FloatArray  # (T,) float64
    cost: float


@dataclass(slots=True, eq=False)
class _Slice:
    """The arrays for some of the images."""

    rows: slice
    space: Workspace
    loss: BoundLoss
    targets: FloatArray  # (K, n)


class FullBatchEngine:
    """Moves a run forward by conjugate gradients or L-BFGS.

    The method's memory of past steps is too large to be part of the run. So it begins anew
    every `RESTART` iterations, and the run keeps that point, the anchor: a training that goes
    on after Stop, or from a file, first goes the same way again from there, and is bit for
    bit the one that was never interrupted. If it does not come out where the run is (other
    data, a taught lesson, another machine), the method begins anew there.

    Attributes:
        steps_per_epoch: 1: each iteration looks at all images.
        layout: the run's vectors while it trains.
    """

    steps_per_epoch = 1

    def __init__(self, run: Run, parts: DataSplit) -> None:
        self.layout: ParamLayout = make_param_layout(run, parts)
        self._run = run
        self._cost = CostOfAll(run, parts, self.layout)
        self._steps: Generator[Any, None, None] = stepwise(self._minimize)
        run.live_params = self.layout

    def close(self) -> None:
        """End the method's thread and bring the run up to date."""
        self._steps.close()
        self.layout.mark_changed()
        self.layout.store_params()
        self.layout.store_slots()
        self.layout.close()
        self._run.live_params = None

    def advance(self, rates: list[float]) -> Advance:
        """Do one iteration for each of these (unused) learning rates."""
        losses, accuracies = [], []
        for _ in rates:
            reached = yield from self._next()
            if reached is None:
                break
            self.layout.params[: len(reached.params)] = reached.params
            self._run.step += 1
            loss, accuracy = self._cost.score(reached.cost)
            if not np.isfinite(loss):
                break
            losses.append(loss)
            accuracies.append(accuracy)
        return np.array(losses, np.float32), np.array(accuracies, np.float32)

    def _next(self) -> Generator[float, None, _Reached | None]:
        """Wait for the method's next accepted point; None if it found no better one."""
        for tries, item in enumerate(self._steps, 1):
            if isinstance(item, _Reached):
                return item
            yield 1 - 0.5**tries  # nobody knows how many tries a line search needs
        return None

    def _minimize(self, report: Report) -> None:
        with np.errstate(all="ignore"):
            while self._descend(self._anchored(), report):
                pass

    def _anchored(self) -> Anchor:
        """Return where the method began, or begins now."""
        run, anchor = self._run, self._run.anchor
        known = anchor is not None and len(anchor.params) == run.network.param_count
        if anchor is None or not known or not 0 <= run.step - anchor.step < RESTART:
            goes_on = anchor is not None and run.step - anchor.step == RESTART
            dice = anchor.random_state if anchor and goes_on else run.noise.bit_generator.state
            run.anchor = anchor = Anchor(run.step, run.params.copy(), dice)
        return anchor

    def _descend(self, anchor: Anchor, report: Report) -> bool:
        """Go on from an anchor for `RESTART` iterations; False if that gains no more."""
        run, layout = self._run, self.layout
        optimizer = cast(FullBatchOptimizer, run.recipe.optimizer)
        count, known = layout.network.trained_count, run.step - anchor.step
        now = layout.params.copy()
        layout.load(anchor.params)
        start = layout.params[:count].astype(np.float64)
        layout.params[...] = now
        self._cost.dice = anchor.random_state
        done, reported = 0, 0.0

        def objective(point: FloatArray) -> tuple[float, FloatArray]:
            nonlocal reported
            answer = self._cost.at(point)
            if time.perf_counter() - reported > _REPORT_EVERY_S:
                report(None)
                reported = time.perf_counter()
            return answer

        def callback(intermediate_result: Any) -> None:
            nonlocal done
            done += 1
            point = intermediate_result.x
            if done > known:
                report(_Reached(point.copy(), float(intermediate_result.fun)))
            elif done == known and not np.array_equal(point.astype(now.dtype), now[:count]):
                raise _LostError

        try:
            optimizer.minimize(objective, start, RESTART, callback)
        except _LostError:
            done = -1
        if done < known:
            run.anchor = None
            return True
        return done == RESTART


class _LostError(Exception):
    """Going the same way again did not lead to where the run is."""


def slice_size(network: Network, count: int) -> int:
    """Return how many of `count` images are carried through at a time."""
    # Batch normalization must see all images together.
    return count if network.param_count > network.trained_count else SLICE


def keeps_inputs(network: Network, count: int) -> bool:
    """Tell whether each slice of `count` images keeps arrays of its own from pass to pass."""
    return count * network.input_size * 4 <= _KEEP_BYTES


class CostOfAll:
    """Loss, penalty and gradient over all training images, in slices.

    Attributes:
        dice: the state of dropout's randomness, at every point.
    """

    def __init__(self, run: Run, parts: DataSplit, layout: ParamLayout) -> None:
        network = layout.network
        self._run, self._layout = run, layout
        self._labels = parts.labels.astype(np.intp)
        self._params = layout.params.copy()
        self._grads: FloatArray = aligned((network.trained_count,))
        self._weights = layout.weight_views(self._params)
        self._weight_grads = layout.weight_views(self._grads)
        self.dice = run.noise.bit_generator.state
        self._slices = list(self._cut(len(parts.images)))
        self._logits = np.empty((network.class_count, len(parts.images)), np.float32)
        self._losses: dict[float, float] = {}

    def _cut(self, count: int) -> Iterator[_Slice]:
        size = slice_size(self._layout.network, count)
        keep = keeps_inputs(self._layout.network, count)
        shared: dict[int, Workspace] = {}
        for start in range(0, count, size):
            rows = slice(start, min(start + size, count))
            length = rows.stop - rows.start
            space = None if keep else shared.get(length)
            if space is None:
                space = Workspace(
                    self._layout.network, self._params, length, self._grads, self._run.noise
                )
                shared[length] = space
            loss = self._run.loss.bind(space.logits, space.d_logits)
            targets = one_hot(self._labels[rows], space.logits.shape[1], space.logits.dtype)
            if keep:
                self._load(space, rows)
                self._layout.feed.keep(space)
            yield _Slice(rows, space, loss, targets)
        self._kept = keep

    def _load(self, space: Workspace, rows: slice) -> None:
        places = np.arange(rows.start, rows.stop)
        self._layout.feed.load(0, rows.start, places, len(places))
        self._layout.feed.put(0, space)

    def at(self, point: FloatArray) -> tuple[float, FloatArray]:
        """Return cost and gradient (T,) float64 at a point (T,) float64."""
        run, count = self._run, len(self._labels)
        self._params[: len(point)] = point
        # The same dice at every point: dropout would make it another function each time.
        run.noise.bit_generator.state = self.dice
        total = np.zeros(len(point))
        for each in self._slices:
            if not self._kept:
                self._load(each.space, each.rows)
            self._logits[:, each.rows] = each.space.forward(True).T
            self._grads[...] = 0
            each.loss.step(each.targets, len(each.targets.T) / count)
            each.space.backward()
            total += self._grads
        losses = run.loss.values(self._logits.T, self._labels)
        loss = float(losses.mean(dtype=np.float64))
        cost = loss + run.recipe.penalty.value(self._weights)
        if run.recipe.penalty.active:
            self._grads[...] = 0
            run.recipe.penalty.add_gradient(self._weights, self._weight_grads, 1.0)
            total += self._grads
        self._losses[cost] = loss
        return cost, total

    def score(self, cost: float) -> tuple[float, float]:
        """Return loss without penalty, and accuracy (0..1), of a point that was looked at.

        The accuracy is that of the last point that was looked at: of a line search, that is
        nearly always the one that is accepted.
        """
        loss = self._losses.get(cost, next(reversed(self._losses.values())))
        self._losses = {cost: loss}
        top = self._logits.max(axis=0)
        right = self._logits[self._labels, np.arange(len(self._labels))]
        return loss, np.count_nonzero(right == top) / len(self._labels)
