"""From plain arithmetic to a run: a network that was made elsewhere, to be used and trained.

Stages become the layers that this program trains: input scaling, then dense layers, each
followed by what the file has. What stands between without weights of its own, such as a
scaling in the middle, is multiplied into the weights beside it; the answers stay the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from core.base.arrays import FloatArray, aligned
from core.base.errors import InklingError, TooLargeError
from core.base.memory import shortage
from core.exchange.portable import Portable, Stage
from core.nn.layer import LAYERS, Layer
from core.nn.layers.batch_norm import BatchNormalization
from core.nn.layers.dense import Dense
from core.nn.layers.dropout import Dropout
from core.nn.layers.elu import Elu
from core.nn.layers.leaky_relu import LeakyRelu
from core.nn.layers.scaling import BYTE, Scaling
from core.nn.losses.logistic import Logistic
from core.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from core.nn.network import Network
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.training.run import Run

_NOISE = (0, 3)  # the stream of dropout's randomness of a run with seed 0
_MOST_DROPOUT = 0.9
_OPENED = 5  # times its arrays while it is opened: in double precision, as it is, as it answers
_RUNNING = "running_"  # begins the names of what batch normalization follows
NO_DATA: dict[str, Any] = {
    "key": "",
    "name": "unknown digits",
    "source": "",
    "fingerprint": "",
    "correction": {},
    "counts": {},
}


@dataclass(slots=True, eq=False)
class _Affine:
    """x * factor + shift, each (D,) float64: what is to be multiplied into a layer."""

    factor: FloatArray
    shift: FloatArray

    def then(self, factor: FloatArray, shift: FloatArray) -> None:
        """Do another one afterwards."""
        self.factor = self.factor * factor
        self.shift = self.shift * factor + shift


def run_from(portable: Portable, data: dict[str, Any] | None = None) -> Run:
    """Return a run with this network, as if it had just been made: no iteration, no curves.

    Args:
        portable: the network.
        data: the identity of the digits that it will be trained on further
            (`core.training.run.data_identity`); unknown ones if left out.

    Raises:
        InklingError: its stages do not make a network of this program.
        TooLargeError: it needs more memory than there is.
    """
    held = sum(array.nbytes for stage in portable.stages for array in stage.arrays.values())
    if short := shortage(_OPENED * held):
        raise TooLargeError(f"Opening this network {short}.", "Close other programs first.")
    scaling, rest = _input(portable)
    pieces = _merged(rest)
    layers = [scaling[0], *(_layer(stage) for stage in pieces)]
    network = Network(tuple(layers), portable.input_size)
    params: FloatArray = aligned((network.param_count,))
    for index, stage in enumerate((scaling[1], *pieces)):
        for name, view in network.views(params, index).items():
            view[...] = stage.arrays[name.removeprefix(_RUNNING)]
    if not np.isfinite(params).all():
        raise InklingError("The weights of this network are too large for the numbers here.")
    recipe = _recipe(portable, scaling[0], pieces)
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=params,
        stored_slots={
            name: aligned((network.trained_count,)) for name in recipe.optimizer.slot_names
        },
        noise=np.random.default_rng(_NOISE),
        target=0,
        learning_rate=recipe.optimizer.learning_rate,
        image_shape=portable.image_shape,
        class_names=portable.class_names,
        data=dict(data or NO_DATA),
        notes=f"Imported: {portable.name}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


# The input --------------------------------------------------------------------------------------


def _input(portable: Portable) -> tuple[tuple[Scaling, Stage], list[Stage]]:
    """Put all that comes before the first weights into one scaling."""
    count = portable.input_size
    whole = _Affine(np.ones(count), np.zeros(count))
    stages = list(portable.stages)
    while stages and stages[0].kind in ("scale", "batch-normalization", "dropout"):
        stage = stages.pop(0)
        if stage.kind != "dropout":
            whole.then(*_affine_of(stage))
    if not stages or stages[0].kind != "dense":
        raise InklingError("A function of the pixels before the first weights is not possible.")
    if np.all(whole.factor == whole.factor[0]) and not whole.shift.any():
        return _uniform(float(whole.factor[0]), stages)
    flat = whole.factor == 0  # a pixel that does not matter, but for what it adds
    factor = np.where(flat, 1 / BYTE, whole.factor)
    offset = np.where(flat, 0.0, -whole.shift / np.where(flat, 1.0, factor))
    if flat.any():
        weights, biases = _float64(stages[0])
        biases = biases + np.where(flat, whole.shift, 0.0) @ weights
        stages[0] = _dense(np.where(flat[:, None], 0.0, weights), biases)
    arrays = {"offset": offset.astype(np.float32), "factor": factor.astype(np.float32)}
    return (Scaling("standardize"), Stage("scale", arrays=arrays)), stages


def _uniform(factor: float, stages: list[Stage]) -> tuple[tuple[Scaling, Stage], list[Stage]]:
    """Scale to 0..1; what is left of the factor goes into the first weights."""
    rest = factor * BYTE
    if abs(rest - 1) > 1e-6:
        weights, biases = _float64(stages[0])
        stages = [_dense(weights * rest, biases), *stages[1:]]
    return (Scaling("unit"), Stage("scale")), stages


def _affine_of(stage: Stage) -> tuple[FloatArray, FloatArray]:
    """Return factor and shift of a scaling or a batch normalization, float64."""
    arrays = {name: array.astype(np.float64) for name, array in stage.arrays.items()}
    if stage.kind == "scale":
        return arrays["factor"], -arrays["offset"] * arrays["factor"]
    factor = arrays["gamma"] / np.sqrt(arrays["variance"] + stage.settings["epsilon"])
    return factor, arrays["beta"] - arrays["mean"] * factor


# The rest ---------------------------------------------------------------------------------------


def _merged(stages: Sequence[Stage]) -> list[Stage]:
    """Multiply scalings into the weights beside them; end with a dense layer."""
    last = max(index for index, stage in enumerate(stages) if stage.kind == "dense")
    made: list[Stage] = []
    pending: _Affine | None = None
    for index, stage in enumerate(stages):
        if stage.kind == "scale" or (stage.kind == "batch-normalization" and index > last):
            factor, shift = _affine_of(stage)
            if made[-1].kind == "dense":
                made[-1] = _after(made[-1], factor, shift)
            else:
                pending = pending or _Affine(np.ones(()), np.zeros(()))
                pending.then(factor, shift)
        elif stage.kind == "dense":
            made.append(stage if pending is None else _before(stage, pending))
            pending = None
        elif index < last:
            if pending is not None and stage.kind != "dropout":
                raise InklingError("A scaling between two functions is not possible here.")
            made.append(stage)
        elif stage.kind != "dropout":
            raise InklingError("A function after the last layer is not possible here.")
    return made


def _after(stage: Stage, factor: FloatArray, shift: FloatArray) -> Stage:
    weights, biases = _float64(stage)
    return _dense(weights * factor, biases * factor + shift)


def _before(stage: Stage, affine: _Affine) -> Stage:
    weights, biases = _float64(stage)
    factor = np.broadcast_to(affine.factor, len(weights))
    shift = np.broadcast_to(affine.shift, len(weights))
    return _dense(factor[:, None] * weights, biases + shift @ weights)


def _float64(stage: Stage) -> tuple[FloatArray, FloatArray]:
    return stage.arrays["weights"].astype(np.float64), stage.arrays["biases"].astype(np.float64)


def _dense(weights: FloatArray, biases: FloatArray) -> Stage:
    with np.errstate(over="ignore"):  # what becomes infinite is refused
        arrays = {"weights": weights.astype(np.float32), "biases": biases.astype(np.float32)}
    return Stage("dense", arrays=arrays)


def _layer(stage: Stage) -> Layer:
    if stage.kind == "dense":
        return Dense(int(stage.arrays["weights"].shape[1]))
    if stage.kind == "batch-normalization":
        return BatchNormalization(epsilon=stage.settings["epsilon"])
    if stage.kind == "dropout":
        return Dropout(stage.settings["rate"])
    if stage.name == "leaky-relu":
        return LeakyRelu(stage.settings["slope"])
    if stage.name == "elu":
        return Elu(stage.settings["alpha"])
    return LAYERS[stage.name]()


def _recipe(portable: Portable, scaling: Scaling, pieces: Sequence[Stage]) -> Recipe:
    """Return the recipe that comes nearest: it trains this network further."""
    hidden: list[HiddenLayer] = []
    for stage in pieces:
        if stage.kind == "dense":
            units = int(stage.arrays["weights"].shape[1])
            hidden.append(HiddenLayer(units=units, activation="linear"))
        elif stage.kind == "batch-normalization":
            hidden[-1] = replace(hidden[-1], normalization="batch")
        elif stage.kind == "dropout":
            rate = min(stage.settings["rate"], _MOST_DROPOUT)
            hidden[-1] = replace(hidden[-1], dropout=rate)
        else:
            hidden[-1] = replace(hidden[-1], activation=stage.name)
    loss = Logistic() if portable.output == "sigmoid" else SoftmaxCrossEntropy()
    return Recipe(
        label=portable.name[:80] or "Imported network",
        description="Imported from another program.",
        scaling=scaling,
        hidden=tuple(hidden[:-1]),
        loss=loss,
    )
