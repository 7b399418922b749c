"""One number that makes a network as certain as it is right.

Temperature scaling divides the logarithms of the answer by a number found on held-out
images; the order of the classes stays.

Source: Guo et al. 2017, arXiv:1706.04599, section 4.2.
"""

import math

import numpy as np

from core.base.arrays import FloatArray, LabelArray
from core.nn.loss import Loss, SigmoidOutputs

COLDEST, HOTTEST = 0.01, 10_000.0  # temperatures looked at
_HALVINGS = 40  # of that range, in logarithms: to nine digits


def log_answers(loss: Loss, logits: FloatArray) -> FloatArray:
    """Return the logarithms (N, K) of what `loss.probabilities` returns, never infinite.

    Softmax: log-softmax. Independent sigmoids divided by their sum: the logarithms of the
    sigmoids, normalised in the same way.
    """
    scores = -np.logaddexp(0, -logits) if isinstance(loss, SigmoidOutputs) else logits
    shifted: FloatArray = scores - scores.max(axis=1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted


def tempered(scores: FloatArray, temperature: float) -> FloatArray:
    """Return softmax(scores / temperature), (N, K) of the same dtype, for log-answers (N, K)."""
    chances: FloatArray = scores - scores.max(axis=1, keepdims=True)
    chances *= scores.dtype.type(1 / temperature)
    np.exp(chances, out=chances)
    chances /= chances.sum(axis=1, keepdims=True)
    return chances


def fit_temperature(scores: FloatArray, labels: LabelArray) -> float:
    """Return the temperature that makes the true classes least surprising.

    The mean negative log-likelihood is convex in 1 / temperature, so its slope is followed
    to zero by halving. As in Platt's scaling, the true class counts (N + 1) / (N + 2): a
    network that makes no mistake on few images is not taken to be certain.

    Args:
        scores: (N, K) float64, the logarithms of the answers, finite.
        labels: (N,) the true classes.
    """
    count, rows = len(scores), np.arange(len(scores))
    shifted = scores - scores.max(axis=1, keepdims=True)
    true = shifted[rows, labels.astype(np.intp)].mean()
    wanted = true + (shifted.mean() - true) / (count + 2)
    low, high = math.log(COLDEST), math.log(HOTTEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        chances = tempered(shifted, math.exp(middle))
        if np.einsum("ij,ij->", chances, shifted) / count > wanted:
            low = middle  # more certain than right
        else:
            high = middle
    return math.exp((low + high) / 2)
