"""The content of a model file as a run: schema 3 and those that call themselves readable."""

import math
from typing import Any

import numpy as np

from core.base.arrays import FloatArray, aligned
from core.base.fields import from_plain
from core.base.history import History
from core.certainty.store import unpack as unpack_calibration
from core.modelfile.checks import (
    MOST_NOTES,
    MOST_PARAMS,
    checked_classes,
    checked_id,
    checked_lessons,
    checked_loss,
    checked_random,
    checked_sides,
    checked_step,
    checked_text,
    checked_training,
    data_identity_of,
    finite,
)
from core.modelfile.content import Content, ModelContentError
from core.modelfile.course import history_of
from core.modelfile.keras_form import WEIGHTS
from core.modelfile.schema import (
    ANCHOR,
    BEST,
    SLOTS,
    TIMELINE,
    TRAINER,
    array_paths,
)
from core.modelfile.texts import decode, decode_text
from core.modelfile.thumbnail import decode_png
from core.nn.layer import LAYERS
from core.nn.network import Network
from core.recipe.recipe import Recipe, from_dict
from core.training.run import Anchor, Best, Run
from core.training.timeline import Moment, PackedMoments
from core.training.timeline import unpack as unpack_moments

_MOST_LAYERS = 100
_LONGEST_TIME = 64  # characters
_STATE = {"offset", "factor"}


def run_of(content: Content) -> Run:
    """Return the run that was saved; what is left in `content` afterwards is unknown.

    Raises:
        ModelContentError: something is missing, does not fit or makes no sense.
        Exception: of other kinds, where plain values are not what they should be.
    """
    documents = {
        name: decode(content.take(f"{TRAINER}/{name}"))
        for name in ("architecture", "recipe", "labels", "dataset", "training", "lessons")
    }
    content.arrays.pop(f"{TRAINER}/preprocessing", None)  # follows from the rest
    _check_thumbnail(content)
    recipe, training = from_dict(documents["recipe"]), documents["training"]
    classes = checked_classes(documents["labels"])
    sides = checked_sides(documents["architecture"]["image_shape"])
    network = _network(documents["architecture"], sides, len(classes))
    history = _history(content)
    history.steps_per_epoch = int(training["steps_per_epoch"])
    checked_training(training, history)
    params = _params(content, network)
    slots = _slots(content, network, recipe)
    calibration = content.take_group(f"{TRAINER}/calibration")
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=params,
        stored_slots=slots,
        noise=checked_random(training["random_state"]),
        target=int(training["target"]),
        learning_rate=float(training["learning_rate"]),
        image_shape=sides,
        class_names=classes,
        data=data_identity_of(documents["dataset"]),
        step=int(training["step"]),
        start_step=int(training["leg"]),
        best=_best(content, network, training["best"]),
        anchor=_anchor(content, network, training["anchor"]),
        seconds=float(training["seconds"]),
        history=history,
        lessons=checked_lessons(documents["lessons"]),
        moments=_moments(content, network, int(training["step"])),
        calibration=unpack_calibration(calibration, network, sides) if calibration else None,
        notes=checked_text(
            decode_text(content.take(f"{TRAINER}/notes")), MOST_NOTES, "a text in it"
        ),
        model_id=checked_id(content.text("", "model_id")),
        created=_created(content),
    )


def _check_thumbnail(content: Content) -> None:
    """Refuse a picture that somebody might show. It is made anew when the run is saved."""
    if content.has(f"{TRAINER}/thumbnail_png"):
        decode_png(content.take(f"{TRAINER}/thumbnail_png"))


def _created(content: Content) -> str:
    if "created" not in content.attributes[""]:
        return ""
    return checked_text(content.text("", "created"), _LONGEST_TIME, "when it was made")


def _network(plain: Any, sides: tuple[int, int], classes: int) -> Network:
    """Build the network that the architecture describes."""
    if not isinstance(plain["layers"], list) or not 1 <= len(plain["layers"]) <= _MOST_LAYERS:
        raise ModelContentError("its layers make no sense")
    layers = tuple(
        from_plain(LAYERS[entry["layer"]], entry["settings"], entry["layer"])
        for entry in plain["layers"]
    )
    network = Network(layers, math.prod(sides))
    if network.class_count != classes or network.param_count > MOST_PARAMS:
        raise ModelContentError("its layers do not fit its images and classes")
    return network


def _params(content: Content, network: Network) -> FloatArray:
    if network.trained_count > sum(content.arrays[path].size for path in content.below(WEIGHTS)):
        raise ModelContentError("weights are missing")
    scaling = content.take_group(f"{TRAINER}/scaling")
    params: FloatArray = aligned((network.param_count,))
    for layer, name, view in array_paths(network, params):
        if name in _STATE:
            _fill(view, scaling.get(name))
        else:
            _fill(view, content.take(f"{WEIGHTS}/{layer}/{layer}/{name}"))
    _check_scaling(content.take_group(WEIGHTS), scaling)
    return finite(params)


def _check_scaling(rest: dict[str, Any], scaling: dict[str, Any]) -> None:
    """Refuse a Normalization layer that would show Keras another network."""
    of_keras = {path.rsplit("/", 1)[-1]: array for path, array in rest.items()}
    if not scaling:
        return
    width = 1 / scaling["factor"].astype(np.float64) ** 2
    same = np.array_equal(of_keras["mean"], scaling["offset"])
    if not same or not np.allclose(of_keras["variance"], width, rtol=1e-5, atol=0):
        raise ModelContentError("its two descriptions of the scaling differ")


def _slots(content: Content, network: Network, recipe: Recipe) -> dict[str, FloatArray]:
    slots: dict[str, FloatArray] = {}
    for slot in recipe.optimizer.slot_names:
        slots[slot] = aligned((network.trained_count,))
        for layer, name, view in array_paths(network, slots[slot]):
            _fill(view, content.take(f"{SLOTS}/{layer}/{name}/{slot}"))
        finite(slots[slot])
    return slots


def _best(content: Content, network: Network, plain: Any) -> Best | None:
    if plain is None:
        return None
    step, loss = plain
    return Best(checked_step(step), checked_loss(loss), _kept(content, network, BEST))


def _anchor(content: Content, network: Network, plain: Any) -> Anchor | None:
    if plain is None:
        return None
    dice = checked_random(plain["random_state"]).bit_generator.state
    return Anchor(checked_step(plain["step"]), _kept(content, network, ANCHOR), dice)


def _moments(content: Content, network: Network, step: int) -> tuple[Moment, ...]:
    past = content.take_group(TIMELINE)
    if not past:
        return ()
    try:
        return unpack_moments(PackedMoments(**past), network.param_count, step)
    except (ValueError, TypeError) as error:
        raise ModelContentError(f"it has {error}") from error


def _kept(content: Content, network: Network, place: str) -> FloatArray:
    params: FloatArray = aligned((network.param_count,))
    for layer, name, view in array_paths(network, params):
        _fill(view, content.take(f"{place}/{layer}/{layer}/{name}"))
    return finite(params)


def _fill(view: FloatArray, stored: Any) -> None:
    if stored is None or stored.shape != view.shape or stored.dtype.kind != "f":
        raise ModelContentError("weights of the wrong shape")
    view[...] = stored


def _history(content: Content) -> History:
    batch = content.take_group(f"{TRAINER}/history/batch")
    epoch = content.take_group(f"{TRAINER}/history/epoch")
    return history_of(batch["loss"], batch["accuracy"], epoch)
