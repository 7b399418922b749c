"""What is done to a gradient between backpropagation and the optimizer."""

import numpy as np

from core.base.arrays import FloatArray
from core.training.param_layout import ParamLayout
from core.training.run import Run


class GradientTransform:
    """Adds the penalties' gradient, and shortens what is too long.

    Attributes:
        active: False if it leaves every gradient as it is.
    """

    def __init__(self, run: Run, layout: ParamLayout, grads: FloatArray) -> None:
        self._penalty, self._clip_norm = run.recipe.penalty, run.recipe.training.clip_norm
        self._grads = grads
        self._weights = layout.weight_views(layout.params)
        self._weight_grads = layout.weight_views(grads)
        self.active = self._penalty.active or self._clip_norm > 0

    def gradient(self, reachable: int, scale: float) -> int:
        """Change the gradient in place; return how much of it is reachable now.

        Args:
            reachable: how much of the gradient is written.
            scale: the factor that it carries.
        """
        if self._penalty.active:
            self._grads[reachable:] = 0
            self._penalty.add_gradient(self._weights, self._weight_grads, scale)
            reachable = len(self._grads)
        if self._clip_norm:
            clip(self._grads[:reachable], self._clip_norm * scale)
        return reachable


def clip(grads: FloatArray, longest: float) -> None:
    """Shorten a gradient in place to a Euclidean norm of at most `longest`.

    Source: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1.
    """
    norm = float(np.sqrt(grads.dot(grads)))
    if norm > longest:
        grads *= grads.dtype.type(longest / norm)
