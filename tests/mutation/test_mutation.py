"""The mutation tool makes the faults it says, runs the tests that may notice, and is right."""

import ast
import os
from functools import partial

import pytest

from tests.mutation.mutants import mutants, mutated
from tests.mutation.recording import Recording, Tracer
from tests.mutation.trial import ENDLESS, NOTICED, UNNOTICED, Trial, _exchange, outcomes


def _sources(source):
    """Return what each mutant of a file looks like, without the file's other lines."""
    return {ast.unparse(mutated(source, mutant.number)) for mutant in mutants(source)}


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("y = a < b", {"y = a >= b", "y = a <= b"}),
        ("y = a == b", {"y = a != b"}),
        ("y = a * b - c", {"y = a * b + c", "y = a / b - c"}),
        ("y = a and not b", {"y = a or not b", "y = a and b"}),
        ("y = 3", {"y = 4"}),
        ("y = 0.5", {"y = 1.0"}),
        ("y = 0.0", {"y = 1.0"}),
        ("y = True", {"y = False"}),
        ("y = a[b:c]", {"y = a[:c]", "y = a[b:]"}),
        ("y = min(a, b)", {"y = max(a, b)"}),
        ("np.add(a, b, c)", {"np.subtract(a, b, c)", "pass"}),
        ("x.a, x.b = (c, d)", {"x.b, = (d,)", "x.a, = (c,)"}),
        ("y = -a", {"y = a"}),
        ("y = 'words %d' % a", {"y = 'words %d' * a"}),
        ("y = a if b else c", {"y = a if not b else c"}),
    ],
)
def test_what_could_stand_there(line, made):
    assert _sources(line) == made


@pytest.mark.parametrize(
    "line",
    [
        '"""Words."""', "import a", "x: Literal[3] = y", "@d(frozen=True)\nclass A:\n    pass",
        "assert a < 3", "def f(a: 'x[1:2]') -> 'y[2:3]':\n    return a",
        "y = real('Words', step=0.1, log=True, help=f'{a + 1}')", "__all__ = ['a']",
    ],
)  # fmt: skip
def test_what_no_test_should_look_at_is_left_alone(line):
    assert _sources(line) == set()


def test_an_error_may_be_left_out_but_its_words_stay():
    assert _sources("raise ValueError(f'{a + 1}')") == {"pass"}


def test_another_truth_or_number_is_returned():
    assert _sources("def f() -> bool:\n    return a") == {"def f() -> bool:\n    return not a"}
    assert _sources("def f() -> int:\n    return a") == {"def f() -> int:\n    return a + 1"}


def test_attributes_are_made_but_may_not_be_changed_later():
    source = "class A:\n  def __init__(self):\n    self.a = b\n  def f(self):\n    self.a = c"
    assert len(_sources(source)) == 1


def test_a_mutant_knows_its_lines_and_when_they_run():
    source = "A = 1\n\ndef f(\n    x=2,\n):\n    if x:\n        return g(\n            3)\n"
    found = {
        m.change.partition(" ")[0]: (m.line, list(m.lines), m.at_import) for m in mutants(source)
    }
    assert found["1"] == (1, [1], True)
    assert found["2"] == (4, [3, 4, 5], True)
    assert found["if"] == (6, [6], False)
    assert found["3"] == (8, [7, 8], False)


def test_tests_that_run_a_line_are_tried_the_quickest_first():
    recording = Recording(
        {"slow": 2.0, "quick": 1.0, "other": 0.1},
        {"a.py": {3: ["slow", "quick"], 9: ["other"]}},
    )
    assert recording.covering("a.py", range(3, 5)) == ["quick", "slow"]
    assert recording.covering("a.py", range(5, 6)) == []
    assert recording.quickest() == ["other", "quick", "slow"]


def test_a_recording_comes_back(tmp_path):
    recording = Recording({"a": 1.5}, {"x.py": {3: ["a"]}})
    recording.save(tmp_path / "kept")
    assert Recording.load(tmp_path / "kept") == recording


def test_code_is_put_into_functions_that_are_there(tmp_path):
    path, space = tmp_path / "some.py", {}
    source = "def outer(a):\n    def inner(b):\n        return a + b\n    return inner\n"
    exec(compile(source, str(path), "exec"), space)  # the file under test
    kept = space["outer"]
    number = next(m.number for m in mutants(source) if m.kind == "arithmetic")
    trial = Trial(path, mutated(source, number), {}, at_import=False)
    assert kept(5)(3) == 8
    assert _exchange(trial)
    assert kept(5)(3) == 2


_PROGRAM = """
LIMIT = 4

def small(x: int) -> bool:
    return x < LIMIT

def loop(x):
    while x > 0:
        x -= 1
    return x
"""
_TESTS = """
from program import loop, small

def test_small():
    assert small(3)

def test_loop():
    assert loop(2) == 0
"""


@pytest.fixture
def inner(tmp_path, monkeypatch):
    """A program with tests of its own, and the mutants that are tried on it."""
    for name, text in (("program.py", _PROGRAM), ("test_program.py", _TESTS), ("pytest.ini", "")):
        (tmp_path / name).write_text(text or "[pytest]\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no forks")
@pytest.mark.slow
def test_each_fault_is_noticed_or_not_in_a_process_of_its_own(inner):
    tests = {"test_program.py::test_small": 0.01, "test_program.py::test_loop": 0.01}
    found = mutants(_PROGRAM)
    trials = [
        partial(Trial, inner / "program.py", mutated(_PROGRAM, m.number), tests, m.at_import)
        for m in found
    ]
    fates = dict(
        zip((m.change for m in found), outcomes(inner, ["test_program.py"], trials), strict=True)
    )
    assert fates == {
        "4  ->  5": UNNOTICED,  # at import
        "return x < LIMIT  ->  return not x < LIMIT": NOTICED,
        "x < LIMIT  ->  x >= LIMIT": NOTICED,
        "x < LIMIT  ->  x <= LIMIT": UNNOTICED,
        "x > 0  ->  x <= 0": NOTICED,
        "x > 0  ->  x >= 0": NOTICED,
        "0  ->  1": NOTICED,
        "x -= 1  ->  x += 1": ENDLESS,
        "x -= 1  ->  pass": ENDLESS,
        "1  ->  2": UNNOTICED,
    }
    assert (inner / "program.py").read_text() == _PROGRAM


def test_lines_are_noted_for_what_ran_them_and_no_other(inner):
    import program  # noqa: PLC0415 - it is made by this test

    tracer = Tracer(inner.parent, [inner.name])
    with tracer._noting() as outer:
        with tracer._noting() as fixture:
            program.small(3)
        program.loop(0)
    program.loop(2)
    assert {line for _, line in fixture} == {5}
    assert {line for _, line in outer} == {8, 10}
