"""A network of three neurons learns to tell two sorts of people from weight and height."""

from dataclasses import dataclass

import numpy as np

from core.differentiation.operations import Array
from core.lessons.lesson import LESSONS, Lesson

# Weight (pounds) and height (inches), less about the mean; 1 is female.
PEOPLE = np.array([[-2.0, -1.0], [25.0, 6.0], [17.0, 4.0], [-15.0, -6.0]])
ANSWERS = np.array([1.0, 0.0, 0.0, 1.0])
LEARNING_RATE, EPOCHS = 0.1, 1000


@dataclass(frozen=True, slots=True, eq=False)
class Pass:
    """One person through the network, forward and backward.

    Attributes:
        hidden: (2,) outputs of the hidden neurons.
        output: the network's answer, 0..1.
        d_loss: d L / d output, with L = (answer - output)^2.
        d_weights: (9,) d L / d of w1 .. w6, b1 .. b3.
    """

    hidden: Array
    output: float
    d_loss: float
    d_weights: Array


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """The whole lesson.

    Attributes:
        first: the first person's pass where all weights are 1 and all biases 0.
        weights: (9,) after training: w1 .. w6, b1 .. b3.
        losses: (epochs + 1,) mean squared error over all people after each epoch.
        outputs: (4,) the answers at the end.
    """

    first: Pass
    weights: Array
    losses: Array
    outputs: Array


def _sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def look(weights: Array, person: Array, answer: float) -> Pass:
    """Carry one person (2,) through the network of weights (9,), and back."""
    w, b = weights[:4].reshape(2, 2), weights[6:]
    hidden = _sigmoid(w @ person + b[:2])
    output = float(_sigmoid(weights[4:6] @ hidden + b[2]))
    d_loss = -2 * (answer - output)
    d_sum = d_loss * output * (1 - output)
    d_hidden = d_sum * weights[4:6] * hidden * (1 - hidden)
    grads = [*np.outer(d_hidden, person).ravel(), *(d_sum * hidden), *d_hidden, d_sum]
    return Pass(hidden, output, d_loss, np.array(grads))


def answers(weights: Array) -> Array:
    """Return the network's answers (4,) for all people."""
    hidden = _sigmoid(PEOPLE @ weights[:4].reshape(2, 2).T + weights[6:8])
    return _sigmoid(hidden @ weights[4:6] + weights[8])


def learn(seed: int = 0) -> Trained:
    """Train person by person, from normal weights that `seed` decides."""
    weights = np.random.default_rng(seed).standard_normal(9)
    losses = [float(np.mean((ANSWERS - answers(weights)) ** 2))]
    for _ in range(EPOCHS):
        for person, answer in zip(PEOPLE, ANSWERS, strict=True):
            weights = weights - LEARNING_RATE * look(weights, person, answer).d_weights
        losses.append(float(np.mean((ANSWERS - answers(weights)) ** 2)))
    ones = np.array([1.0] * 6 + [0.0] * 3)
    first = look(ones, PEOPLE[0], ANSWERS[0])
    return Trained(first, weights, np.array(losses), answers(weights))


LESSONS.add(
    "people",
    Lesson(
        "Four people",
        "Two inputs, two hidden neurons, one output, trained one person at a time.",
        "Victor Zhou, Machine Learning for Beginners (2019)",
        learn,
    ),
)
