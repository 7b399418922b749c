"""How many examples are tried: few in `make test`, many in `make test-slow`."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

_FEWEST = 5


def examples(share: float = 1, *, quick: int | None = None, **others: Any) -> settings:
    """Return settings for a property that deserves `share` times the usual number of examples.

    Args:
        share: less than 1 where an example costs much, more where there is much to find. The
            profiles in `tests/conftest.py` say what is usual.
        quick: how many `make test` tries; None leaves that to the share.
        others: settings of Hypothesis.
    """
    count = round(share * settings.default.max_examples)
    if quick is not None and settings.get_current_profile_name() == "quick":
        count = quick
    # As in the profiles: how long examples take on a busy machine says nothing of the code.
    suppressed = [HealthCheck.too_slow, *others.pop("suppress_health_check", ())]
    return settings(max_examples=max(_FEWEST, count), suppress_health_check=suppressed, **others)


def quick_first(cases: Sequence[Any], quick: int) -> list[Any]:
    """Return cases for `parametrize`, all but the first `quick` of which are slow."""
    late = [pytest.param(case, marks=pytest.mark.slow) for case in cases[quick:]]
    return [*cases[:quick], *late]
