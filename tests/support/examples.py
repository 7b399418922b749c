"""How many examples a property is tried with: few in `make test`, many in `make test-slow`."""

from typing import Any

from hypothesis import settings

_FEWEST = 5


def examples(share: float, **others: Any) -> settings:
    """Return settings for a property that deserves `share` times the usual number of examples.

    Less where an example costs much, more where a property has many ways to fail. The
    profiles in `tests/conftest.py` say what is usual; `others` are settings of Hypothesis.
    """
    count = round(share * settings.default.max_examples)
    return settings(max_examples=max(_FEWEST, count), **others)
