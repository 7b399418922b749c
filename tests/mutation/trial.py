"""Tests run in processes of their own, forked: nothing of one trial reaches the next.

Most faults are in functions. For those the program and its tests are imported once; then
each fork gets the faulty code put into the functions that are there, which takes no time.
A fault in what is run by the import itself is imported anew, in a fork made before.
"""

import ast
import gc
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

_LIBRARIES = (
    "h5py", "hypothesis.extra.numpy", "numpy", "onnx", "PIL.Image", "PySide6.QtWidgets",
    "scipy.io", "scipy.ndimage", "scipy.optimize",
)  # fmt: skip
_QUIET = [
    "-q", "-s", "-p", "no:cacheprovider", "-o", "timeout=0", "-o", "faulthandler_timeout=0",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",  # of libraries that are loaded before
]  # fmt: skip
_COLLECTING_S = 60  # until the tests have been imported
_WAITING = 20  # times as long, where no time is used
_LEAST_S, _TIMES = 3.0, 10  # a test that takes so many times its time is in an endless loop
_BROKEN, _OTHERWISE = 70, 71  # exit codes: of our own fault; the code cannot be exchanged

NOTICED, UNNOTICED, ENDLESS = 1, 0, -signal.SIGALRM


@dataclass(frozen=True, slots=True)
class Trial:
    """A faulty file, and the tests that may notice.

    Attributes:
        path: the file.
        tree: what is in it now.
        tests: node ids in the order in which they are tried, and the seconds each takes.
        at_import: the fault is in what is run by the import.
    """

    path: Path
    tree: ast.Module
    tests: dict[str, float]
    at_import: bool

    def code(self) -> CodeType:
        """Return the code of the file with the fault."""
        found: CodeType = compile(self.tree, str(self.path), "exec")
        return found


def load_libraries() -> None:
    """Import what every trial would import again."""
    for name in _LIBRARIES:
        importlib.import_module(name)


def in_a_fork(work: Callable[[], int]) -> int:
    """Return what `work` returns in a process of its own; minus a signal that ended it."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = _BROKEN
        try:
            os.setsid()
            code = work()
        except BaseException:  # noqa: BLE001 - said here, for nobody else hears it
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what it has started and left
    code = os.waitstatus_to_exitcode(status)
    return ENDLESS if code == -signal.SIGPROF else code


def run_tests(paths: Sequence[str], plugins: list[Any]) -> int:
    """Run pytest in this process, without a word."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return int(pytest.main([*_QUIET, *paths], plugins=plugins))


def outcomes(
    root: Path, files: Sequence[str], trials: Sequence[Callable[[], Trial]]
) -> Iterator[int]:
    """Yield whether any test notices each fault: NOTICED, UNNOTICED or ENDLESS.

    Args:
        root: of the program.
        files: of all tests.
        trials: each makes its trial when its turn has come.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with suppress(BaseException):
            run_tests(files, [_Server(root, trials, writing)])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        for trial, answer in zip(trials, answers, strict=False):
            code = int(answer)
            yield _imported_anew(root, trial()) if code == _OTHERWISE else code
    os.waitpid(child, 0)


def _file(test: str) -> str:
    return test.partition("::")[0]


# -- faults in functions -----------------------------------------------------------------------


class _Server:
    """A pytest plugin that tries faults instead of running what was collected once."""

    def __init__(self, root: Path, trials: Sequence[Callable[[], Trial]], answers: int) -> None:
        self._root, self._trials, self._answers = root, trials, answers

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try all; a failed test ends the fork it is in."""
        items = {item.nodeid: item for item in session.items}
        for make in self._trials:
            trial = make()
            code = _OTHERWISE if trial.at_import else in_a_fork(partial(_try, trial, items))
            os.write(self._answers, f"{code}\n".encode())
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End the fork: the fault was noticed."""
        if report.failed:
            os._exit(NOTICED)


def _try(trial: Trial, items: dict[str, pytest.Item]) -> int:
    if not _exchange(trial):
        return _OTHERWISE
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    chosen = [items[test] for test in trial.tests if test in items]
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        _let_end(trial.tests[item.nodeid])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return UNNOTICED


def _let_end(seconds: float) -> None:
    """End the process if a test takes far longer than it should.

    Of the processor's time: a busy machine is no endless loop. One that waits for ever is
    ended much later.
    """
    most = _LEAST_S + _TIMES * seconds
    signal.setitimer(signal.ITIMER_PROF, most)
    signal.setitimer(signal.ITIMER_REAL, _WAITING * most)


def _exchange(trial: Trial) -> bool:
    """Put the faulty code into the functions that are there; False if that cannot be."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _inner(trial.code())}
    path = str(trial.path)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == path:
            try:
                each.__code__ = codes[each.__code__.co_qualname, each.__code__.co_firstlineno]
            except (KeyError, ValueError):  # it reaches other variables of the function around it
                return False
    return True


def _inner(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _inner(each)


# -- faults in what the import runs ------------------------------------------------------------


def _imported_anew(root: Path, trial: Trial) -> int:
    def work() -> int:
        sys.meta_path.insert(0, _Faulty(root, trial))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(_COLLECTING_S)
        return run_tests(
            ["-x", *sorted(set(map(_file, trial.tests)))], [Chosen(trial.tests, limited=True)]
        )

    code = in_a_fork(work)
    return code if code in (UNNOTICED, ENDLESS) else NOTICED


class _Faulty(MetaPathFinder):
    """Finds one module with other code than its file's."""

    def __init__(self, root: Path, trial: Trial) -> None:
        name = trial.path.relative_to(root).with_suffix("").as_posix().removesuffix("/__init__")
        self._name, self._trial = name.replace("/", "."), trial

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        """Return where the module comes from; None for all others."""
        if fullname != self._name:
            return None
        loader = _Loader(fullname, str(self._trial.path))
        loader.code = self._trial.code()
        return spec_from_file_location(fullname, self._trial.path, loader=loader)


class _Loader(SourceFileLoader):
    code: CodeType

    def get_code(self, fullname: str) -> CodeType:
        """Return the code with the fault."""
        return self.code


class Chosen:
    """A pytest plugin that runs the chosen tests, in their order.

    Args:
        tests: node ids, and the seconds each takes.
        limited: whether one that takes far longer ends the process.
    """

    def __init__(self, tests: dict[str, float], *, limited: bool = False) -> None:
        self._tests, self._limited = tests, limited

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the chosen ones."""
        by_id = {item.nodeid: item for item in items}
        items[:] = [by_id[test] for test in self._tests if test in by_id]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Let an endless loop end the process."""
        if self._limited:
            _let_end(self._tests[nodeid])
