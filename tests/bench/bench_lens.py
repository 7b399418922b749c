"""What a map of answers costs, which follows each stroke. Run by `make bench`; asserts no time."""

import numpy as np
import pytest

from core.imaging.lens.lens import ALL
from core.imaging.lens.lens_map import AFTER, BEFORE, MAPS, map_answers

_ROUNDS = 7


def _answers(images):
    return np.tile(np.float32([0.2, 0.8]), (len(images), 1))


@pytest.mark.parametrize("where", [BEFORE, AFTER])
@pytest.mark.parametrize("kind", list(MAPS))
def bench_map_of_answers(benchmark, kind, where):
    """0.1 s is what feels at once."""
    angles = np.linspace(0, 2 * np.pi, 200)
    eight = [np.stack([140 + 60 * np.sin(2 * angles), 140 + 90 * np.cos(angles)], axis=1)]
    found = benchmark.pedantic(
        map_answers, (kind, eight, 9.0, ALL, 280.0, _answers, where), rounds=_ROUNDS
    )
    assert found is not None
