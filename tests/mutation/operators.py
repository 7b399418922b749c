"""Small faults that a programmer could have made.

Each operator looks at one node of the syntax tree and gives what could stand there instead.
"""

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

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
