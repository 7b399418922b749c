"""Which arrays of a file belong together, told by their names: the layers of a network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.base.arrays import FloatArray
from core.exchange.import_steps.validating import unfit

_IGNORED = ("num_batches_tracked", "count", "iteration", "iterations")
_NOT_WEIGHTS = ("optimizer", "seed_generator")
HINT = "Import the whole model, or only its fully connected layers."
# Which array of a layer a word stands for.
_ROLES = {
    **dict.fromkeys(("weight", "weights", "kernel", "w", "theta", "coefs", "gamma", "scale"), "w"),
    **dict.fromkeys(("bias", "biases", "b", "intercepts", "beta", "shift"), "b"),
    **dict.fromkeys(("running_mean", "moving_mean", "mean"), "mean"),
    **dict.fromkeys(("running_var", "running_variance", "moving_variance", "variance"), "variance"),
}
_LEAF = re.compile(
    r"(.*?)[._/ ]?(running_mean|running_variance|running_var|moving_mean|moving_variance|"
    r"num_batches_tracked|[A-Za-z]+)[._]?(\d*)",
    re.DOTALL,
)


@dataclass(slots=True)
class Block:
    """The arrays of one layer, by their roles: "w", "b", "mean", "variance"."""

    name: str
    arrays: dict[str, FloatArray] = field(default_factory=dict)

    @property
    def is_dense(self) -> bool:
        """Tell whether it is a fully connected layer."""
        return "w" in self.arrays and self.arrays["w"].ndim == 2


def blocks_of(path: Path, arrays: Mapping[str, FloatArray]) -> list[Block]:
    """Put arrays that belong together into blocks."""
    blocks: dict[str, Block] = {}
    for name, array in arrays.items():
        if re.split(r"[./]", name)[-1] in _IGNORED or name.startswith(_NOT_WEIGHTS):
            continue
        key, role = taken_apart(name)
        if array.ndim > 2:
            sides = "×".join(map(str, array.shape))
            raise unfit(path, f"has a convolution (“{name[:60]}”, {sides}), which this program"
                   " cannot represent")  # fmt: skip
        if not role or not array.size:
            raise unfit(
                path, f"holds numbers that this program does not know (“{name[:60]}”)", HINT
            )
        block = blocks.setdefault(key, Block(key))
        if role in block.arrays:
            raise unfit(
                path, f"holds numbers that this program does not know (“{name[:60]}”)", HINT
            )
        block.arrays[role] = array if role == "w" else array.reshape(-1)
    return [block for block in blocks.values() if block.arrays]


def taken_apart(name: str) -> tuple[str, str]:
    """Return what an array belongs to and its role; "" for a role that is unknown.

    "fc1.weight": "fc1", "w"; "W2": "2", "w"; "dense_1/vars/0": "dense_1", "w".
    """
    of_keras = re.fullmatch(r"(.*)/vars/(\d)", name, re.DOTALL)
    if of_keras:
        norm = "norm" in of_keras[1]
        roles = ("w", "b", "mean", "variance") if norm else ("w", "b")
        place = int(of_keras[2])
        return of_keras[1], roles[place] if place < len(roles) else ""
    match = _LEAF.fullmatch(name)
    if match is None:
        return name, ""
    return f"{match[1]}{match[3]}", _ROLES.get(match[2].lower(), "")


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts layer2 before layer10."""
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
