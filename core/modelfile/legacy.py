"""Model files of schemas 1 and 2, which stay readable for ever.

Schema 1 scaled the optimizer's vectors otherwise: they begin anew.
"""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from core.base.arrays import FloatArray, aligned
from core.base.history import History
from core.certainty.store import unpack as unpack_calibration
from core.modelfile.checks import (
    MOST_PARAMS,
    checked_classes,
    checked_lessons,
    checked_loss,
    checked_random,
    checked_sides,
    checked_step,
    checked_training,
    data_identity_of,
    finite,
)
from core.modelfile.content import SEAL, Content, ModelContentError
from core.modelfile.course import history_of
from core.modelfile.keras_form import WEIGHTS, array_name
from core.modelfile.schema import EVALUATION_COLUMNS, TRAINER
from core.modelfile.texts import decode
from core.nn.layer import LAYERS
from core.nn.network import Network
from core.recipe.recipe import Recipe, from_dict
from core.training.run import Best, Run

_COLUMNS_OF_THE_FIRST = 8  # the penalty came later


def old_run_of(content: Content, version: int) -> Run:
    """Return the run in a file of schema 1 or 2. Raises as `core.modelfile.unpack.run_of`."""
    documents = {
        name: decode(content.take(f"{TRAINER}/{name}"))
        for name in ("recipe", "data", "classes", "state")
    }
    recipe, state = from_dict(documents["recipe"]), documents["state"]
    classes, sides = checked_classes(documents["classes"]), checked_sides(state["image_shape"])
    network = recipe.network(sides[0] * sides[1], len(classes))
    if network.param_count > MOST_PARAMS:
        raise ModelContentError("its layers do not fit its images and classes")
    history = _history(content, int(state["steps_per_epoch"]))
    checked_training(state, history)
    calibration = content.take_group(f"{TRAINER}/calibration")
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=_params(content, network),
        stored_slots=_slots(content, network, recipe, version),
        noise=checked_random(state["noise"]),
        target=int(state["target"]),
        learning_rate=float(state["learning_rate"]),
        image_shape=sides,
        class_names=classes,
        data=data_identity_of(documents["data"]),
        step=int(state["step"]),
        start_step=int(state.get("leg", 0)),
        best=_best(content, network, state.get("best")),
        seconds=float(state["seconds"]),
        history=history,
        lessons=checked_lessons(state.get("lessons", [])),
        calibration=unpack_calibration(calibration, network, sides) if calibration else None,
        # They had no number: the same file gets the same one each time.
        model_id=uuid5(NAMESPACE_OID, content.text(TRAINER, SEAL)).hex,
    )


def _layer_names(network: Network) -> dict[int, str]:
    names: dict[int, str] = {}
    for index in sorted({spec.layer for spec in network.specs}):
        kind = LAYERS.key_of(type(network.layers[index])).replace("-", "_")
        number = 1 + sum(name.startswith(kind) for name in names.values())
        names[index] = f"{kind}_{number:02d}"
    return names


def _params(content: Content, network: Network) -> FloatArray:
    if network.param_count > sum(content.arrays[path].size for path in content.below(WEIGHTS)):
        raise ModelContentError("weights are missing")
    params: FloatArray = aligned((network.param_count,))
    for index, layer in _layer_names(network).items():
        for name, view in network.views(params, index).items():
            stored = content.take(f"{WEIGHTS}/{layer}/{layer}/{array_name(name)}")
            if stored.shape != view.shape:
                raise ModelContentError("weights of the wrong shape")
            view[...] = stored
    return finite(params)


def _slots(
    content: Content, network: Network, recipe: Recipe, version: int
) -> dict[str, FloatArray]:
    slots: dict[str, FloatArray] = {}
    stored = content.take_group(f"{TRAINER}/optimizer")
    for name in recipe.optimizer.slot_names:
        slots[name] = aligned((network.trained_count,))
        if version > 1:
            slots[name][...] = _vector(stored[name], network.trained_count)
    return slots


def _best(content: Content, network: Network, plain: Any) -> Best | None:
    if plain is None:
        return None
    step, loss = plain
    stored = content.take(f"{TRAINER}/best/params")
    return Best(checked_step(step), checked_loss(loss), _vector(stored, network.param_count))


def _vector(stored: Any, length: int) -> FloatArray:
    if stored.shape != (length,):
        raise ModelContentError("a vector of the wrong length")
    array: FloatArray = aligned((length,))
    array[...] = stored
    return finite(array)


def _history(content: Content, steps_per_epoch: int) -> History:
    stored = content.take_group(f"{TRAINER}/history")
    rows = stored["evaluations"]
    rows = rows if rows.size else np.empty((0, _COLUMNS_OF_THE_FIRST))
    if rows.ndim != 2 or not _COLUMNS_OF_THE_FIRST <= rows.shape[1] <= len(EVALUATION_COLUMNS):
        raise ModelContentError("history of an unknown form")
    columns = dict(zip(EVALUATION_COLUMNS, rows.T, strict=False))
    columns = {name: np.zeros(len(rows)) for name in EVALUATION_COLUMNS} | columns
    history = history_of(stored["loss"], stored["accuracy"], columns)
    history.steps_per_epoch = steps_per_epoch
    return history
