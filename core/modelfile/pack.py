"""A run as the content of a model file."""

import math
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import __version__
from core.base.fields import to_plain
from core.certainty.store import pack as pack_calibration
from core.certainty.store import unpack as unpack_calibration
from core.exchange.portable import portable_of
from core.imaging.framing import BOX, CENTRE, SIDE
from core.modelfile.checks import MOST_LESSONS, MOST_NOTES, checked_text
from core.modelfile.content import SEAL, Content
from core.modelfile.course import arrays_of
from core.modelfile.keras_form import add_keras_form
from core.modelfile.schema import (
    ANCHOR,
    BEST,
    FORMAT,
    MIN_READER_VERSION,
    SCHEMA_VERSION,
    SLOTS,
    TIMELINE,
    TRAINER,
    array_paths,
)
from core.modelfile.texts import encode, encode_text
from core.modelfile.thumbnail import thumbnail_of
from core.nn.layer import LAYERS
from core.nn.layers.scaling import Scaling
from core.nn.optimizer import OPTIMIZERS
from core.recipe.recipe import to_dict
from core.training.run import Run
from core.training.timeline import pack as pack_moments


def content_of(run: Run, saved: datetime | None = None) -> Content:
    """Return all that a file of this run holds, sealed with its check sum.

    What cannot be read again and can be done without is left out: an optimizer's memory,
    past weights or a calibration with numbers that are not finite, the oldest of very many
    measurements and lessons.

    Raises:
        ModelContentError: a text is too long.
        ValueError: a number is not finite.
    """
    run = _without_what_is_not_finite(run)
    content = Content()
    _add_root(content, run, saved)
    add_keras_form(content, portable_of(run))
    for name, value in _documents(run).items():
        content.arrays[f"{TRAINER}/{name}"] = encode(value)
    notes = checked_text(run.notes, MOST_NOTES, "the text of its notes")
    content.arrays[f"{TRAINER}/notes"] = encode_text(notes)
    content.arrays[f"{TRAINER}/thumbnail_png"] = thumbnail_of(run)
    _add_vectors(content, run)
    _add_history(content, run)
    for name, array in _calibration(run).items():
        content.arrays[f"{TRAINER}/calibration/{name}"] = array
    past = pack_moments(run.moments, run.history.steps_per_epoch)
    if past is not None:
        content.arrays[f"{TIMELINE}/steps"] = past.steps
        content.arrays[f"{TIMELINE}/params"] = past.params
    content.note(TRAINER, SEAL, content.digest())
    return content


def _without_what_is_not_finite(run: Run) -> Run:
    """Return the run, or one that differs in what it can do without."""
    best, anchor = run.best, run.anchor
    if best is not None and not (math.isfinite(best.loss) and np.isfinite(best.params).all()):
        best = None
    if anchor is not None and not np.isfinite(anchor.params).all():
        anchor = None
    slots = held = run.slots
    if not all(np.isfinite(slot).all() for slot in slots.values()):
        # Squares of gradients may overflow while weights and loss are numbers still.
        slots = {name: np.zeros_like(slot) for name, slot in slots.items()}
    moments = tuple(moment for moment in run.moments if np.isfinite(moment.params).all())
    same = best is run.best and anchor is run.anchor and len(moments) == len(run.moments)
    if same and slots is held:
        return run
    twin = replace(run, stored_params=run.params, live_params=None, best=best, anchor=anchor)
    twin.stored_slots, twin.moments = slots, moments
    return twin


def _calibration(run: Run) -> dict[str, NDArray[Any]]:
    """Return the arrays of the run's calibration; none if it is of other weights."""
    calibration = run.calibration
    if calibration is None or not calibration.belongs_to(run.params):
        return {}
    try:
        arrays = pack_calibration(calibration)
        unpack_calibration(arrays, run.network, run.image_shape)
    except ValueError:  # of a network whose numbers are beyond all measure
        return {}
    return arrays


def _add_root(content: Content, run: Run, saved: datetime | None) -> None:
    content.note("", "format", FORMAT)
    content.note("", "schema_version", SCHEMA_VERSION)
    content.note("", "min_reader_version", MIN_READER_VERSION)
    content.note("", "app_version", __version__)
    content.note("", "model_id", run.model_id)
    if run.created:
        content.note("", "created", run.created)
    if saved is not None:
        content.note("", "saved", saved.isoformat(timespec="seconds"))


def _documents(run: Run) -> dict[str, Any]:
    return {
        "architecture": {
            "image_shape": list(run.image_shape),
            "layers": [
                {"layer": LAYERS.key_of(type(layer)), "settings": to_plain(layer)}
                for layer in run.network.layers
            ],
        },
        "recipe": to_dict(run.recipe),
        "preprocessing": _preprocessing(run),
        "labels": list(run.class_names),
        "dataset": run.data,
        "training": {
            "seed": run.recipe.seed,
            "step": run.step,
            "target": run.target,
            "leg": run.start_step,
            "best": None if run.best is None else [run.best.step, run.best.loss],
            "anchor": _anchor(run),
            "seconds": run.seconds,
            "learning_rate": run.learning_rate,
            "steps_per_epoch": run.history.steps_per_epoch,
            "random_state": run.noise.bit_generator.state,
        },
        "lessons": run.lessons[-MOST_LESSONS:],
    }


def _anchor(run: Run) -> dict[str, Any] | None:
    anchor = run.anchor
    if anchor is None:
        return None
    return {"step": anchor.step, "random_state": anchor.random_state}


def _preprocessing(run: Run) -> dict[str, Any]:
    """Say what an image must be like, for whoever uses the network elsewhere."""
    height, width = run.image_shape
    framed = {"box": BOX, "centre_of_mass": CENTRE} if run.image_shape == (SIDE, SIDE) else None
    scaling = next((each for each in run.network.layers if isinstance(each, Scaling)), None)
    return {
        "input": {"height": height, "width": width, "lowest": 0, "highest": 255},
        "polarity": "0 is paper, 255 is ink",
        "framing": framed,
        "scaling": None if scaling is None else asdict(scaling),
        "scaling_is": "part of the network",
    }


def _add_vectors(content: Content, run: Run) -> None:
    scaling = run.network.layers[0]
    if isinstance(scaling, Scaling):  # Keras's variance is not the factor to the last bit
        for name, view in run.network.views(run.params, 0).items():
            content.arrays[f"{TRAINER}/scaling/{name}"] = view
    content.note(SLOTS, "kind", OPTIMIZERS.key_of(type(run.recipe.optimizer)))
    content.note(SLOTS, "step", run.step)
    for slot, vector in run.slots.items():
        for layer, name, view in array_paths(run.network, vector):
            content.arrays[f"{SLOTS}/{layer}/{name}/{slot}"] = view
    for place, kept in ((BEST, run.best), (ANCHOR, run.anchor)):
        for layer, name, view in array_paths(run.network, kept.params) if kept else ():
            content.arrays[f"{place}/{layer}/{layer}/{name}"] = view


def _add_history(content: Content, run: Run) -> None:
    for name, array in arrays_of(run.history).items():
        content.arrays[f"{TRAINER}/history/{name}"] = array
