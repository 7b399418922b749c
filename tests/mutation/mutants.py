"""The mutants of one file: every place where a small fault could stand.

What no test should look at is left as it is: strings (docstrings, labels, help, messages),
annotations, decorators, what errors say, how a field is shown, and assertions for mypy.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.mutation.operators import OPERATORS

_FIELDS = ("real", "integer", "choice", "text")  # of core.base.fields
_SHOWN = ("help", "log", "step")  # of a field: how it is shown
_SKIPPED = {"annotation", "returns", "decorator_list", "bases", "type_params"}
_CLOSED = (ast.Raise, ast.JoinedStr, ast.Assert, ast.Import, ast.ImportFrom)
_TYPING = ("TypeVar", "TypeAlias", "Literal")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault in one file.

    Attributes:
        number: which of the file's it is.
        line: where it is.
        lines: of the statement that it is in: tests that run one of them may notice it.
        kind: the operator that made it.
        change: what stood there and what stands there now, for the reader.
        at_import: the statement runs when the file is imported, not when a test calls something.
    """

    number: int
    line: int
    lines: range
    kind: str
    change: str
    at_import: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """A node of the tree, where it hangs, and the statement it belongs to."""

    node: ast.expr | ast.stmt
    parent: ast.AST
    field: str
    index: int | None
    lines: range
    at_import: bool

    def put(self, new: ast.AST) -> None:
        ast.fix_missing_locations(ast.copy_location(new, self.node))
        if self.index is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.index] = new


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a file, from its first line to its last."""
    found = [
        Mutant(
            number, place.node.lineno, place.lines, kind, _words(place.node, new), place.at_import
        )
        for number, (place, kind, new) in enumerate(_all(ast.parse(source)))
    ]
    return sorted(found, key=lambda mutant: (mutant.line, mutant.number))


def mutated(source: str, number: int) -> ast.Module:
    """Return the file's tree with one fault in it."""
    tree = ast.parse(source)
    for found, (place, _, new) in enumerate(_all(tree)):
        if found == number:
            place.put(new)
            return tree
    raise IndexError(number)


def _all(tree: ast.Module) -> Iterator[tuple[_Place, str, ast.AST]]:
    _note_functions(tree)
    for place in _places(tree, tree, range(0), at_import=True):
        for kind, operator in OPERATORS.items():
            for new in operator(place.node):
                yield place, kind, new


def _words(old: ast.AST, new: ast.AST) -> str:
    before, after = (" ".join(_head(node).split())[:100] for node in (old, new))
    return f"{before}  ->  {after}"


def _head(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text.partition("\n")[0] if isinstance(node, ast.If | ast.While) else text


# -- which nodes may be changed ----------------------------------------------------------------


def _places(tree: ast.AST, parent: ast.AST, lines: range, at_import: bool) -> Iterator[_Place]:
    for field in parent._fields:
        if field in _SKIPPED or (field == "keywords" and isinstance(parent, ast.ClassDef)):
            continue
        called = isinstance(parent, ast.FunctionDef | ast.Lambda) and field == "body"
        value = getattr(parent, field, None)
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(node, ast.AST) or _uninteresting(node, parent):
                continue
            its_lines = _lines(node) if isinstance(node, ast.stmt) else lines
            its_import = at_import and not called
            if isinstance(node, ast.expr | ast.stmt):
                yield _Place(node, parent, field, index, its_lines, its_import)
            if not isinstance(node, _CLOSED):
                yield from _places(tree, node, its_lines, its_import)


def _lines(statement: ast.stmt) -> range:
    """Return the lines of a statement; of one that holds others, those of its head."""
    body = getattr(statement, "body", None)
    end = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(end, statement.lineno) + 1)


def _uninteresting(node: ast.AST, parent: ast.AST) -> bool:
    """Tell whether nothing in this node means anything to a test."""
    if isinstance(node, ast.keyword) and isinstance(parent, ast.Call):
        return getattr(parent.func, "id", "") in _FIELDS and node.arg in _SHOWN
    if isinstance(node, ast.Assign | ast.AnnAssign):
        words = ast.unparse(node)
        return words.startswith("__") or any(word in words for word in _TYPING)
    return False


def _note_functions(tree: ast.Module) -> None:
    """Write on each statement which function it is in: inner ones come after outer ones."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.stmt):
                    node.function = function  # type: ignore[attr-defined]
