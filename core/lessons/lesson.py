"""What a lesson is: a small calculation of a classic tutorial, exact to the digit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.base.registry import Registry


@dataclass(frozen=True, slots=True)
class Lesson:
    """One calculation that can be shown step by step.

    Attributes:
        label: its name in menus.
        help: one sentence on what it shows.
        source: the tutorial it comes from.
        run: does it and returns a frozen value with all that there is to show.
    """

    label: str
    help: str
    source: str
    run: Callable[[], Any]


LESSONS: Registry[Lesson] = Registry("lesson")
