"""Work as a generator: it yields how far it has come, and returns what it found.

`yield from` passes both on inside another generator. Here is how everybody else gets at
the value: `result_of` runs the work to its end, `mapped` passes its steps on in other words,
and `Steps` is for a loop that has more to do.
"""

from collections.abc import Callable, Generator, Iterator
from typing import Any, Generic, TypeVar

Step = TypeVar("Step")
Told = TypeVar("Told")
Result = TypeVar("Result")


class Steps(Iterator[Step], Generic[Step, Result]):
    """The steps of some work, one by one.

    Attributes:
        result: what the work returned; there is none before its last step.
    """

    result: Result

    def __init__(self, work: Generator[Step, Any, Result]) -> None:
        self._work = work

    def __next__(self) -> Step:
        """Return the next step. Raises StopIteration after the last, and what the work raises."""
        try:
            return next(self._work)
        except StopIteration as end:
            self.result = end.value
            raise


def result_of(
    work: Generator[Step, Any, Result], report: Callable[[Step], object] | None = None
) -> Result:
    """Run some work to its end and return its value.

    Args:
        work: not begun yet, or somewhere on its way.
        report: called with each step; it may raise to give up.
    """
    steps = Steps(work)
    for step in steps:
        if report is not None:
            report(step)
    return steps.result


def mapped(
    work: Generator[Step, Any, Result], change: Callable[[Step], Told]
) -> Generator[Told, None, Result]:
    """Do as `work` does and return what it returns, but yield `change(step)` for each step."""
    steps = Steps(work)
    for step in steps:
        yield change(step)
    return steps.result
