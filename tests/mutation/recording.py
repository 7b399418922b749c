"""Which tests run which lines, and how long each takes: recorded once, before any mutant.

Python's own tracing does it, so that nothing has to be installed. What a fixture of a whole
module or session runs counts for every test that uses it.
"""

import json
import sys
import threading
from collections import defaultdict
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

Lines = set[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Recording:
    """What was seen of the tests that pass.

    Attributes:
        seconds: how long each takes, by its node id.
        tests: the node ids of those that run a line, by file and line.
    """

    seconds: dict[str, float]
    tests: dict[str, dict[int, list[str]]]

    def covering(self, file: str, lines: range) -> list[str]:
        """Return the tests that run one of these lines, the quickest first."""
        by_line = self.tests.get(file, {})
        found = {test for line in lines for test in by_line.get(line, ())}
        return sorted(found, key=lambda test: (self.seconds[test], test))

    def after_import(self, file: str) -> list[str]:
        """Return all tests, those that run any line of this file first, the quickest first."""
        nearest = {test for tests in self.tests.get(file, {}).values() for test in tests}
        return sorted(self.seconds, key=lambda t: (t not in nearest, self.seconds[t], t))

    def save(self, path: Path) -> None:
        """Write it to a file."""
        path.write_text(json.dumps({"seconds": self.seconds, "tests": self.tests}))

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read what `save` has written."""
        found = json.loads(path.read_text())
        tests = {
            file: {int(line): ids for line, ids in by_line.items()}
            for file, by_line in found["tests"].items()
        }
        return cls(found["seconds"], tests)


class Tracer:
    """A pytest plugin that notes the lines of some folders that each test runs."""

    def __init__(self, root: Path, folders: list[str]) -> None:
        self._root = root
        self._prefixes = tuple(f"{root / folder}/" for folder in folders)
        self._lines: Lines = set()
        self._of_fixture: dict[str, Lines] = defaultdict(set)
        self._of_test: dict[str, Lines] = {}
        self._fixtures: dict[str, tuple[str, ...]] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Trace one test, with all that is set up for it."""
        with self._noting() as lines:
            answer = yield
        self._of_test[item.nodeid] = lines
        self._fixtures[item.nodeid] = tuple(getattr(item, "fixturenames", ()))
        return answer

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, Any, Any]:
        """Note apart what more than one test stands on."""
        if fixturedef.scope == "function":
            return (yield)
        with self._noting() as lines:
            answer = yield
        self._of_fixture[fixturedef.argname] |= lines
        return answer

    @contextmanager
    def _noting(self) -> Iterator[Lines]:
        before, traced = self._lines, sys.gettrace()
        self._lines = lines = set[tuple[str, int]]()
        sys.settrace(self._enter)
        threading.settrace(self._enter)
        try:
            yield lines
        finally:
            self._lines = before
            sys.settrace(traced)
            threading.settrace(traced)

    def _enter(self, frame: FrameType, event: str, arg: Any) -> Any:
        return self._step if frame.f_code.co_filename.startswith(self._prefixes) else None

    def _step(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "line":
            self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._step

    def tests(self, passed: dict[str, float]) -> dict[str, dict[int, list[str]]]:
        """Return the tests of those that passed that run each line, by file and line."""
        found: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for test in passed:
            lines = set(self._of_test.get(test, ()))
            for fixture in self._fixtures.get(test, ()):
                lines |= self._of_fixture.get(fixture, set())
            for path, line in lines:
                found[str(Path(path).relative_to(self._root))][line].append(test)
        return found


class Stopwatch:
    """A pytest plugin that times each test.

    Attributes:
        seconds: by node id.
        failed: node ids of those that fail.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the parts of what passes; put what fails apart."""
        if report.failed:
            self.failed.append(report.nodeid)
        elif report.passed and report.nodeid not in self.failed:
            before = self.seconds.get(report.nodeid, 0.0)
            self.seconds[report.nodeid] = before + report.duration

    @property
    def passed(self) -> dict[str, float]:
        """The seconds of the tests that pass."""
        return {test: s for test, s in self.seconds.items() if test not in self.failed}
