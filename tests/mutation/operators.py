"""Small faults that a programmer could have made: the mutants of one file.

Each operator looks at one node of the syntax tree and gives what could stand there instead.
What no test should look at is left as it is: strings (docstrings, labels, help, messages),
annotations, decorators, what errors say, how a field is shown, and assertions for mypy.
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

_FIELDS = ("real", "integer", "choice", "text")  # of core.base.fields
_SHOWN = ("help", "log", "step")  # of a field: how it is shown
_SKIPPED = {"annotation", "returns", "decorator_list", "bases", "type_params"}
_CLOSED = (ast.Raise, ast.JoinedStr, ast.Assert, ast.Import, ast.ImportFrom)
_TYPING = ("TypeVar", "TypeAlias", "Literal")
_MAKERS = ("__init__", "__post_init__")

_OPPOSITE: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_EDGE: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
_ARITHMETIC: dict[type[ast.AST], type[Any]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
_PAIRS = (
    ("min", "max"), ("minimum", "maximum"), ("any", "all"), ("floor", "ceil"), ("add", "subtract"),
    ("multiply", "divide"), ("argmin", "argmax"), ("zeros", "ones"), ("zeros_like", "ones_like"),
)  # fmt: skip
_SWAPPED = dict(_PAIRS) | {other: one for one, other in _PAIRS}


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

    node: ast.AST
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
        )  # type: ignore[attr-defined] # noqa: E501 - every place has a line
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


# -- operators: what could stand where this node stands ----------------------------------------


def _comparison(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for index, old in enumerate(node.ops):
            for table in (_OPPOSITE, _EDGE):
                if type(old) in table:
                    new = deepcopy(node)
                    new.ops[index] = table[type(old)]()
                    yield new


def _arithmetic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _ARITHMETIC:
        new = deepcopy(node)
        new.op = _ARITHMETIC[type(node.op)]()
        yield new
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def _logic(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BoolOp):
        turned = deepcopy(node)
        turned.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield turned
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    whole = ast.Compare, ast.UnaryOp, ast.Constant
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, whole):
        negated = deepcopy(node)
        negated.test = ast.UnaryOp(ast.Not(), negated.test)
        yield negated


def _number(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
    elif isinstance(node.value, float):
        yield ast.Constant(2 * node.value or 1.0)


def _function(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Call):
        return
    field = "id" if isinstance(node.func, ast.Name) else "attr"
    name = getattr(node.func, field, "")
    if name in _SWAPPED:
        new = deepcopy(node)
        setattr(new.func, field, _SWAPPED[name])
        yield new


def _bound(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Subscript):
        return
    for index, bound in enumerate(_bounds(node)):
        for side in ("lower", "upper"):
            if isinstance(bound, ast.Slice) and getattr(bound, side) is not None:
                new = deepcopy(node)
                setattr(_bounds(new)[index], side, None)
                yield new


def _bounds(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _left_out(node: ast.AST) -> Iterator[ast.AST]:
    """Leave out a statement that does something to what was there before."""
    called = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ended = isinstance(node, ast.Return) and node.value is None
    others = ast.AugAssign, ast.Raise, ast.Delete, ast.Break, ast.Continue
    if called or ended or isinstance(node, others):
        yield ast.Pass()
    # What makes an object's attributes is not left out: any test would fail, for no merit.
    if isinstance(node, ast.Assign) and _function_of(node, "name") not in _MAKERS:
        yield from _not_stored(node)


def _not_stored(node: ast.Assign) -> Iterator[ast.AST]:
    """Leave out what is put into an attribute or element; of several, one at a time."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Attribute | ast.Subscript):
        yield ast.Pass()
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for index, each in enumerate(target.elts):
            if isinstance(each, ast.Attribute | ast.Subscript):
                new = deepcopy(node)
                for part in (new.targets[0], new.value):
                    del part.elts[index]  # type: ignore[attr-defined] # both are tuples
                yield new


def _function_of(node: ast.AST, attribute: str) -> Any:
    return getattr(getattr(node, "function", None), attribute, None)


def _answer(node: ast.AST) -> Iterator[ast.AST]:
    """Return another truth or number than the one that was found."""
    if isinstance(node, ast.Return) and node.value is not None:
        kind = getattr(_function_of(node, "returns"), "id", "")
        if kind == "bool" and not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.UnaryOp(ast.Not(), node.value))
        if kind in ("int", "float"):
            yield ast.Return(ast.BinOp(node.value, ast.Add(), ast.Constant(1)))


OPERATORS: dict[str, Callable[[ast.AST], Iterator[ast.AST]]] = {
    "comparison": _comparison,
    "arithmetic": _arithmetic,
    "logic": _logic,
    "number": _number,
    "function": _function,
    "bound": _bound,
    "left out": _left_out,
    "answer": _answer,
}
