"""Penalties against their formula."""

import numpy as np
import pytest

from core.nn.penalty import Penalty

_WEIGHTS = (np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[-0.5]]))


@pytest.mark.parametrize(
    ("penalty", "value"),
    [
        (Penalty(), 0.0),
        (Penalty(l2=0.3), 0.15 * (1 + 4 + 9 + 0.25)),
        (Penalty(l1=0.2), 0.2 * (1 + 2 + 3 + 0.5)),
        (Penalty(l2=0.3, l1=0.2), 0.15 * 14.25 + 0.2 * 6.5),
    ],
)
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_value_and_gradient(penalty, value, scale):
    assert penalty.value(_WEIGHTS) == pytest.approx(value)
    assert penalty.active == (value > 0)
    grads = [np.full_like(each, 7.0) for each in _WEIGHTS]
    penalty.add_gradient(_WEIGHTS, grads, scale)
    for each, grad in zip(_WEIGHTS, grads, strict=True):
        wanted = 7.0 + scale * (penalty.l2 * each + penalty.l1 * np.sign(each))
        np.testing.assert_allclose(grad, wanted)
