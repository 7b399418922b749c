"""A run as the content of a model file."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from core import __version__
from core.certainty.store import pack as pack_calibration
from core.config import to_plain
from core.framing import BOX, CENTRE, SIDE
from core.layer import LAYERS
from core.layers.scaling import Scaling
from core.modelfile.content import SEAL, Content
from core.modelfile.keras_form import add_keras_form
from core.modelfile.schema import (
    ANCHOR,
    BEST,
    EVALUATION_COLUMNS,
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
from core.optimizer import OPTIMIZERS
from core.portable import portable_of
from core.recipe import to_dict
from core.run import Run
from core.timeline import pack as pack_moments


def content_of(run: Run, saved: datetime | None = None) -> Content:
    """Return all that a file of this run holds, sealed with its check sum.

    Raises:
        Refusal: a text is too long.
    """
    content = Content()
    _add_root(content, run, saved)
    add_keras_form(content, portable_of(run))
    for name, value in _documents(run).items():
        content.arrays[f"{TRAINER}/{name}"] = encode(value)
    content.arrays[f"{TRAINER}/notes"] = encode_text(run.notes)
    content.arrays[f"{TRAINER}/thumbnail_png"] = thumbnail_of(run)
    _add_vectors(content, run)
    _add_history(content, run)
    if run.calibration is not None and run.calibration.belongs_to(run.params):
        for name, array in pack_calibration(run.calibration).items():
            content.arrays[f"{TRAINER}/calibration/{name}"] = array
    past = pack_moments(run.moments, run.history.steps_per_epoch)
    if past is not None:
        content.arrays[f"{TIMELINE}/steps"] = past.steps
        content.arrays[f"{TIMELINE}/params"] = past.params
    content.note(TRAINER, SEAL, content.digest())
    return content


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
            "leg": run.leg,
            "best": None if run.best is None else [run.best.step, run.best.loss],
            "anchor": _anchor(run),
            "seconds": run.seconds,
            "learning_rate": run.learning_rate,
            "steps_per_epoch": run.history.steps_per_epoch,
            "random_state": run.noise.bit_generator.state,
        },
        "lessons": run.lessons,
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
    history, place = run.history, f"{TRAINER}/history"
    content.arrays[f"{place}/batch/loss"] = np.array(history.losses)
    content.arrays[f"{place}/batch/accuracy"] = np.array(history.accuracies)
    for name in EVALUATION_COLUMNS:
        content.arrays[f"{place}/epoch/{name}"] = history.column(name)
