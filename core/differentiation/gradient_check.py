"""Backpropagation checked against central differences, in float64."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.base.generators import result_of
from core.differentiation.numerical_gradient import relative_error
from core.nn.loss import Loss, one_hot
from core.nn.network import Network, Workspace
from core.nn.penalty import Penalty

STEP = 1e-5  # eps^(1/3) in float64: the best compromise between rounding and curvature
_SMALL_STEP = 1e-7  # tried where the first step disagrees: a unit may cross its kink in it
_SUSPECT = 1e-5  # error of a single weight from which it is looked at again
_NOISE_SEED = 0


@dataclass(frozen=True, slots=True, eq=False)
class CheckedArray:
    """One array of weights, with its gradient found in both ways.

    Attributes:
        layer, name: where it belongs: index of the layer, "weights" or "biases".
        label: of the layer, for people.
        by_backpropagation, by_differences: the gradients, float64, of the array's shape.
        error: |a - b| / |a + b| of the two, over the whole array.
        errors: |a - b| / max(|a|, |b|) for each weight; 0 where both are 0.
    """

    layer: int
    name: str
    label: str
    by_backpropagation: FloatArray
    by_differences: FloatArray
    error: float
    errors: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """The gradients of a whole network, found in both ways.

    Attributes:
        arrays: every array of weights, in the order of the layers.
        error: |a - b| / |a + b| over all weights together. About 1e-9 where
            backpropagation is right; above 1e-4 where it is wrong.
    """

    arrays: tuple[CheckedArray, ...]
    error: float


class Cost:
    """Loss and penalty of some images as a function of all weights, in float64.

    Attributes:
        params: (P,) float64, the weights; to be changed freely.
        grads: (T,) float64, written by `gradient`.
    """

    def __init__(
        self,
        network: Network,
        loss: Loss,
        penalty: Penalty,
        params: FloatArray,
        x: FloatArray,
        labels: IndexArray,
    ) -> None:
        """Allocate for images x (N, D), in the network's units of input, labels (N,)."""
        self._loss, self._penalty, self._labels = loss, penalty, np.asarray(labels, np.intp)
        self.params: FloatArray = np.array(params, np.float64)
        self.grads: FloatArray = np.zeros(network.trained_count)
        self._noise = np.random.default_rng(_NOISE_SEED)
        self._noise_state = self._noise.bit_generator.state
        self._space = Workspace(network, self.params, len(x), self.grads, self._noise)
        self._space.x[...] = x
        self._bound = loss.bind(self._space.logits, self._space.d_logits)
        self._targets = one_hot(self._labels, network.class_count, np.dtype(np.float64))
        self._weights = network.weight_views(self.params)
        self._weight_grads = network.weight_views(self.grads)

    def value(self) -> float:
        """Return the mean loss plus the penalty at `params`."""
        # The same dice each time: dropout would make it another function.
        self._noise.bit_generator.state = self._noise_state
        logits = self._space.forward(True)
        loss = float(self._loss.values(logits, self._labels).mean())
        return loss + self._penalty.value(self._weights)

    def gradient(self) -> FloatArray:
        """Return the gradient (T,) at `params` by backpropagation."""
        self.value()
        self._bound.step(self._targets, 1.0)
        self._space.backward()
        self._penalty.add_gradient(self._weights, self._weight_grads, 1.0)
        return self.grads

    def difference(self, index: int, step: float = STEP) -> float:
        """Return one element of the gradient at `params` by a central difference."""
        at = self.params[index]
        self.params[index] = at + step
        above = self.value()
        self.params[index] = at - step
        below = self.value()
        self.params[index] = at
        return (above - below) / (2 * step)

    def difference_near(self, index: int, expected: float) -> float:
        """Return `difference`, by a smaller step if that comes closer to what is expected.

        A ReLU whose input is 0 within the step has a kink there: the wide difference then
        shows the slopes of both sides. A wrong gradient is as wrong with either step.
        """
        wide = self.difference(index)
        largest = max(abs(wide), abs(expected))
        if abs(wide - expected) <= _SUSPECT * largest:
            return wide
        near = self.difference(index, _SMALL_STEP)
        return min(wide, near, key=lambda found: abs(found - expected))


def check_gradients(
    network: Network,
    loss: Loss,
    penalty: Penalty,
    params: FloatArray,
    x: FloatArray,
    labels: IndexArray,
) -> GradientCheck:
    """Compare backpropagation with central differences for every weight.

    Two passes for each weight: meant for small networks, or few images.

    Args:
        network, loss, penalty: what is checked.
        params: (P,) the weights to check at.
        x: (N, D) images, as the network takes them (0..255 where it scales).
        labels: (N,).
    """
    return result_of(iter_check(network, loss, penalty, params, x, labels))


def iter_check(
    network: Network,
    loss: Loss,
    penalty: Penalty,
    params: FloatArray,
    x: FloatArray,
    labels: IndexArray,
) -> Generator[float, None, GradientCheck]:
    """Do as `check_gradients`, yielding the share done after each weight."""
    cost = Cost(network, loss, penalty, params, x, labels)
    exact = cost.gradient().copy()
    measured = np.zeros_like(exact)
    for index in range(len(exact)):
        measured[index] = cost.difference_near(index, exact[index])
        yield (index + 1) / len(exact)
    arrays = tuple(
        _checked(network, spec.layer, spec.name, exact, measured)
        for spec in network.specs
        if spec.trained
    )
    return GradientCheck(arrays, relative_error(exact, measured))


def _checked(
    network: Network, layer: int, name: str, exact: FloatArray, measured: FloatArray
) -> CheckedArray:
    one = network.views(exact, layer)[name].copy()
    other = network.views(measured, layer)[name].copy()
    largest = np.maximum(np.abs(one), np.abs(other))
    errors = np.abs(one - other) / np.where(largest > 0, largest, 1.0)
    label = network.layers[layer].label
    return CheckedArray(layer, name, label, one, other, relative_error(one, other), errors)
