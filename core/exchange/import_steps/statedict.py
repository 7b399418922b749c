"""A network from its weights alone: matrices, vectors and their names.

The names say what belongs together, the shapes in which order it comes. The functions
between the layers are not in such a file; they are asked for.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.base.arrays import FloatArray
from core.exchange.import_steps.validating import unfit, validated
from core.exchange.import_steps.weightnames import HINT, Block, blocks_of, natural
from core.exchange.importer import UNKNOWN, ImportedNetwork
from core.exchange.portable import Stage

TORCH_EPSILON = 1e-5  # of BatchNorm1d, unless its module says otherwise


def network_of_weights(
    path: Path,
    arrays: Mapping[str, FloatArray],
    likely: Mapping[str, Any] | None = None,
    epsilon: float = TORCH_EPSILON,
) -> ImportedNetwork:
    """Return the imported of a network of which only the weights are known.

    Args:
        path: the file.
        arrays: by name.
        likely: answers to begin with.
        epsilon: of batch normalization.

    Raises:
        ModelFileError: they are not those of fully connected layers in a row.
    """
    blocks = _ordered(path, blocks_of(path, arrays))
    return validated(path, list(_stages(path, blocks, epsilon)), {}, likely or {})


def _stages(path: Path, blocks: list[Block], epsilon: float) -> Iterator[Stage]:
    """Yield the layers, and a function after each hidden one.

    Between a layer and its normalization there is none, unless a gap in the numbers of
    the modules shows that there was.
    """
    due = False
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        yield _dense(block) if block.is_dense else _normalization(path, block, epsilon)
        due = due or block.is_dense
        if due and following is not None and (following.is_dense or _gap(block, following)):
            yield UNKNOWN
            due = False


# Putting blocks in order ------------------------------------------------------------------------


def _ordered(path: Path, blocks: list[Block]) -> list[Block]:
    """Return blocks in an order in which their shapes fit, matrices as (inputs, outputs)."""
    dense = [block for block in blocks if block.is_dense]
    if not dense:
        raise unfit(path, "holds no weights of fully connected layers")
    if len(blocks) > 2 * 20:
        raise unfit(path, f"has {len(blocks)} layers, more than this program represents")
    by_name = sorted(blocks, key=lambda block: natural(block.name))
    for candidate in (blocks, by_name):
        for turned in _turns(candidate):
            if _fits(turned):
                return turned
    for turned in _turns(by_name):
        found = _chained(turned)
        if found is not None:
            return found
    shapes = ", ".join("×".join(map(str, block.arrays["w"].shape)) for block in dense[:8])
    raise unfit(path, f"has weights that do not fit in a row ({shapes})", HINT)


def _turns(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Return the blocks as PyTorch, the others and Coursera mean them."""
    columns = [each for each in map(_first_column_apart, blocks) if each is not None]
    if len(columns) == len(blocks) and _is_square(columns[0].arrays["w"].shape[0]):
        yield columns
    transposed = [_transposed(block) for block in blocks]
    # With a square in front both may fit: PyTorch's words tell.
    of_torch = any(block.name and "w" in block.arrays and "." in block.name for block in blocks)
    yield from (transposed, list(blocks)) if of_torch else (list(blocks), transposed)


def _is_square(count: int) -> bool:
    return math.isqrt(count) ** 2 == count


def _transposed(block: Block) -> Block:
    if not block.is_dense:
        return block
    return Block(block.name, {**block.arrays, "w": np.ascontiguousarray(block.arrays["w"].T)})


def _first_column_apart(block: Block) -> Block | None:
    """Return a matrix (outputs, 1 + inputs) without biases as Coursera means it."""
    if not block.is_dense or set(block.arrays) != {"w"} or block.arrays["w"].shape[1] < 2:
        return None
    whole = block.arrays["w"]
    return Block(block.name, {"w": np.ascontiguousarray(whole[:, 1:].T), "b": whole[:, 0].copy()})


def _fits(blocks: Sequence[Block]) -> bool:
    width: int | None = None
    for block in blocks:
        after = _width_after(block, width)
        if after is None:
            return False
        width = after
    first = blocks[0].arrays
    # An image has more pixels than there are classes: so a matrix stands the right way.
    return width is not None and blocks[0].is_dense and first["w"].shape[0] >= width


def _width_after(block: Block, width: int | None) -> int | None:
    """Return how many numbers come out if `width` come in; None if that cannot be."""
    if not block.is_dense:
        fits = width is None or all(len(array) == width for array in block.arrays.values())
        return len(next(iter(block.arrays.values()))) if fits else None
    inputs, outputs = block.arrays["w"].shape
    if width not in (None, inputs) or block.arrays.get("b", np.empty(outputs)).shape != (outputs,):
        return None
    return int(outputs) if set(block.arrays) <= {"w", "b"} else None


def _chained(blocks: list[Block]) -> list[Block] | None:
    """Return blocks in the order of their shapes; None if that is not clear."""
    dense = [block for block in blocks if block.is_dense]
    ordered = dense if _fits(dense) else _by_shape(dense)
    if ordered is None:
        return None
    for norm in (block for block in blocks if not block.is_dense):
        width = len(next(iter(norm.arrays.values())))
        places = [
            index + 1
            for index, (block, following) in enumerate(
                zip(ordered, [*ordered[1:], None], strict=True)
            )
            if block.is_dense
            and block.arrays["w"].shape[1] == width
            and (following is None or following.is_dense)
        ]
        if not places:
            return None
        ordered = [*ordered[: places[0]], norm, *ordered[places[0] :]]
    return ordered if _fits(ordered) else None


def _by_shape(dense: Sequence[Block]) -> list[Block] | None:
    outputs = {block.arrays["w"].shape[1] for block in dense}
    starts = [block for block in dense if block.arrays["w"].shape[0] not in outputs]
    if len(starts) != 1:
        return None
    ordered, left = starts, [block for block in dense if block is not starts[0]]
    while left:
        width = ordered[-1].arrays["w"].shape[1]
        following = [block for block in left if block.arrays["w"].shape[0] == width]
        if len(following) != 1:
            return None
        ordered = [*ordered, following[0]]
        left.remove(following[0])
    return ordered


# Stages -------------------------------------------------------------------------------------


def _dense(block: Block) -> Stage:
    weights = block.arrays["w"]
    biases = block.arrays.get("b", np.zeros(weights.shape[1], np.float32))
    return Stage("dense", arrays={"weights": weights, "biases": biases})


def _normalization(path: Path, block: Block, epsilon: float) -> Stage:
    """Return batch normalization; what has no running means is something else."""
    if not {"mean", "variance"} <= block.arrays.keys():
        raise unfit(
            path, f"has a layer that this program does not know (“{block.name[:60]}”)", HINT
        )
    mean, variance = block.arrays["mean"], block.arrays["variance"]
    if np.any(variance < 0):
        raise unfit(path, f"has a negative variance (“{block.name[:60]}”)")
    arrays = {
        "gamma": block.arrays.get("w", np.ones_like(mean)).reshape(-1),
        "beta": block.arrays.get("b", np.zeros_like(mean)),
        "mean": mean,
        "variance": variance,
    }
    return Stage("batch-normalization", "", arrays, {"epsilon": epsilon})


def _gap(block: Block, following: Block) -> bool:
    """Tell whether something without weights stands between modules 0 and 2."""
    first, second = (re.search(r"(\d+)$", each.name) for each in (block, following))
    if first is None or second is None:
        return False
    same = block.name[: first.start()] == following.name[: second.start()]
    return same and int(second[1]) - int(first[1]) > 1
