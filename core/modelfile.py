"""The model file: one HDF5 file that holds a whole run.

    /               @format "inkling-model"  @schema_version 2  @app_version  @saved
    /model_weights  /<layer>/<layer>/kernel | bias | ...  the weights, laid out as Keras does
    /trainer        @content_sha256
      /recipe /data /classes /state                       JSON, as uint8
      /optimizer    /<slot>                               (T,) float32
      /best         /params                               (P,) float32, for early stopping
      /history      /loss /accuracy                       (steps,) float32
                    /evaluations                          (rows, 9) float64

Strings are fixed-length, data sets contiguous and unfiltered, links hard: such a file is
no larger than what it declares, and the parts of the HDF5 library that crash on damaged
files are never reached. Reading checks all of this before it takes any data.
"""

import hashlib
import io
import json
import math
from collections.abc import Iterator
from dataclasses import astuple, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from core import __version__
from core.arrays import FloatArray, aligned
from core.errors import InklingError, ModelFileError, reason
from core.events import Evaluation
from core.history import History
from core.layer import LAYERS
from core.network import Network, ParamSpec
from core.recipe import from_dict, to_dict
from core.run import Best, Run
from core.safefile import write_whole

FORMAT = "inkling-model"
SCHEMA_VERSION = 2
_KERAS_NAMES = {
    "weights": "kernel",
    "biases": "bias",
    "running_mean": "moving_mean",
    "running_variance": "moving_variance",
}
_MAX_OBJECTS = 2_000
_MAX_JSON_BYTES = 1 << 20
_MAX_CLASSES = 256
_MAX_PARAMS = 1 << 28
_MAX_STEPS = 1 << 40
_EVALUATION_COLUMNS = [item.name for item in fields(Evaluation)]


def save_model(path: Path, run: Run) -> None:
    """Write `run` to `path`, whole or not at all.

    Raises:
        SaveError: it could not be written; the file that was there is untouched.
    """

    # In memory first: on a full disk the HDF5 library crashes the whole program when it
    # closes the file it could not write (HDF5 2.0, reproduced in the tests).
    content = io.BytesIO()
    with h5py.File(content, "w", libver=("earliest", "v110")) as file:
        _write(file, run)
    write_whole(path, lambda neighbour: _put(neighbour, content))


def _put(path: Path, content: io.BytesIO) -> None:
    with path.open("wb") as stream:
        stream.write(content.getbuffer())


def load_model(path: Path) -> Run:
    """Read a model file.

    Returns:
        The run exactly as it was saved; training it goes on as if never interrupted.

    Raises:
        ModelFileError: missing, not a model file, damaged, or made by a newer version.
    """
    try:
        with path.open("rb") as stream:
            signature = stream.read(8)
    except OSError as error:
        raise ModelFileError(
            path, f"“{path.name}” could not be opened: {reason(error)}."
        ) from error
    if signature != b"\x89HDF\r\n\x1a\n":
        raise ModelFileError(
            path,
            f"“{path.name}” is not a model file.",
            "Models end in .h5 and are saved by Inkling.",
        )
    try:
        with h5py.File(path, "r", locking=False) as file:
            return _read(file, path)
    except ModelFileError:
        raise
    except InklingError as error:
        raise _damaged(path, error.message) from error
    except Exception as error:  # noqa: BLE001 - h5py raises eight kinds on damaged files
        raise _damaged(path, "it was cut off or changed") from error


def _damaged(path: Path, detail: str) -> ModelFileError:
    return ModelFileError(
        path,
        f"“{path.name}” is damaged and cannot be opened ({detail.rstrip('.')}).",
        "What you have open is unchanged. Try another copy of the file.",
    )


# Writing ------------------------------------------------------------------------------


def _write(file: h5py.File, run: Run) -> None:
    file.attrs["format"] = np.bytes_(FORMAT)
    file.attrs["schema_version"] = SCHEMA_VERSION
    file.attrs["app_version"] = np.bytes_(__version__)
    file.attrs["saved"] = np.bytes_(datetime.now(UTC).isoformat(timespec="seconds"))
    weights = file.create_group("model_weights")
    names = layer_names(run.network)
    weights.attrs["layer_names"] = np.array(list(names.values()), "S")
    for index, name in names.items():
        _write_layer(weights.create_group(name), name, run, index)
    trainer = file.create_group("trainer")
    for key, value in _documents(run).items():
        text = json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        trainer.create_dataset(key, data=np.frombuffer(text, np.uint8))
    optimizer = trainer.create_group("optimizer")
    for name, slot in run.slots.items():
        optimizer.create_dataset(name, data=slot)
    if run.best is not None:
        trainer.create_group("best").create_dataset("params", data=run.best.params)
    history = trainer.create_group("history")
    history.create_dataset("loss", data=run.history.losses)
    history.create_dataset("accuracy", data=run.history.accuracies)
    rows = [astuple(row) for row in run.history.evaluations]
    table = np.array(rows, np.float64).reshape(-1, len(_EVALUATION_COLUMNS))
    history.create_dataset("evaluations", data=table)
    trainer.attrs["content_sha256"] = np.bytes_(_content_hash(file))


def _write_layer(group: h5py.Group, name: str, run: Run, index: int) -> None:
    inner = group.create_group(name)
    stored = []
    for spec, view in _layer_arrays(run.network, run.params, index):
        key = _KERAS_NAMES.get(spec.name, spec.name)
        inner.create_dataset(key, data=view)
        stored.append(f"{name}/{key}")
    group.attrs["weight_names"] = np.array(stored, "S")


def _documents(run: Run) -> dict[str, Any]:
    return {
        "recipe": to_dict(run.recipe),
        "data": run.data,
        "classes": list(run.class_names),
        "state": {
            "step": run.step,
            "target": run.target,
            "leg": run.leg,
            "best": None if run.best is None else [run.best.step, run.best.loss],
            "seconds": run.seconds,
            "learning_rate": run.learning_rate,
            "image_shape": list(run.image_shape),
            "steps_per_epoch": run.history.steps_per_epoch,
            "noise": run.noise.bit_generator.state,
        },
    }


def layer_names(network: Network) -> dict[int, str]:
    """Return a name for each layer that has weights, by its index."""
    names: dict[int, str] = {}
    for index in sorted({spec.layer for spec in network.specs}):
        kind = LAYERS.key_of(type(network.layers[index])).replace("-", "_")
        number = 1 + sum(name.startswith(kind) for name in names.values())
        names[index] = f"{kind}_{number:02d}"
    return names


def _layer_arrays(
    network: Network, params: FloatArray, index: int
) -> Iterator[tuple[ParamSpec, FloatArray]]:
    views = network.views(params, index)
    for spec in network.specs:
        if spec.layer == index:
            yield spec, views[spec.name]


def _content_hash(file: h5py.File) -> str:
    """Hash every data set's path, type, shape and bytes: silent damage shows."""
    digest = hashlib.sha256()
    found: list[tuple[str, h5py.Dataset]] = []
    file.visititems(lambda name, item: found.append((name, item)))
    for name, item in sorted(found, key=lambda pair: pair[0]):
        if isinstance(item, h5py.Dataset):
            digest.update(f"{name} {item.dtype.str} {item.shape}".encode())
            digest.update(np.ascontiguousarray(item[()]).tobytes())
    return digest.hexdigest()


# Reading ------------------------------------------------------------------------------


def _read(file: h5py.File, path: Path) -> Run:
    if file.attrs.get("format") != np.bytes_(FORMAT):
        raise ModelFileError(
            path,
            f"“{path.name}” is an HDF5 file, but not a model saved by Inkling.",
            "Open a model that Inkling has saved.",
        )
    version = int(file.attrs["schema_version"])
    if version > SCHEMA_VERSION:
        raise ModelFileError(
            path, f"“{path.name}” was saved by a newer Inkling.", "Update Inkling to open it."
        )
    _check_structure(file, path)
    if file["trainer"].attrs["content_sha256"] != np.bytes_(_content_hash(file)):
        raise _damaged(path, "its check sum does not fit")
    return _rebuild(file, path)


def _check_structure(file: h5py.File, path: Path) -> None:
    """Refuse anything but plain groups and plain, bounded data sets."""
    size = path.stat().st_size
    waiting: list[h5py.Group] = [file]
    objects = budget = 0
    while waiting:
        group = waiting.pop()
        for name in group:
            objects += 1
            if objects > _MAX_OBJECTS:
                raise _damaged(path, "it holds too many parts")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise _damaged(path, "it points to other places")
            item = group[name]
            if isinstance(item, h5py.Group):
                waiting.append(item)
                continue
            budget += _checked_bytes(item, path)
            if budget > size:
                raise _damaged(path, "it declares more than it holds")


def _checked_bytes(item: Any, path: Path) -> int:
    plain = (
        isinstance(item, h5py.Dataset)
        and item.dtype.kind in "fiu"
        and item.shape is not None
        and item.chunks is None
        and item.compression is None
        and item.external is None
        and not item.is_virtual
    )
    if not plain:
        raise _damaged(path, "it holds data of an unknown kind")
    return int(math.prod(item.shape) * item.dtype.itemsize)


def _rebuild(file: h5py.File, path: Path) -> Run:
    trainer = file["trainer"]
    recipe = from_dict(_json(trainer["recipe"]))
    data, classes, state = (_json(trainer[key]) for key in ("data", "classes", "state"))
    height, width = (int(value) for value in state["image_shape"])
    sides_fit = min(height, width) >= 1 and height * width <= _MAX_PARAMS
    if not 2 <= len(classes) <= _MAX_CLASSES or not sides_fit:
        raise _damaged(path, "its image size or classes make no sense")
    history = _read_history(trainer["history"], int(state["steps_per_epoch"]))
    _check_state(state, history)
    network = recipe.network(height * width, len(classes))
    noise = np.random.default_rng(0)
    noise.bit_generator.state = state["noise"]
    params = _read_params(file["model_weights"], network)
    slots = {name: aligned((network.trained_count,)) for name in recipe.optimizer.slot_names}
    if int(file.attrs["schema_version"]) > 1:  # the first version scaled them otherwise
        for name, slot in slots.items():
            slot[...] = _vector(trainer["optimizer"][name], network.trained_count)
    best = None
    if state.get("best") is not None:
        step, loss = state["best"]
        kept = _vector(trainer["best"]["params"], network.param_count)
        best = Best(int(step), float(loss), kept)
    for array in (params, *slots.values(), *([] if best is None else [best.params])):
        if not np.isfinite(array).all():
            raise _damaged(path, "its weights are not finite numbers")
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=params,
        stored_slots=slots,
        noise=noise,
        target=int(state["target"]),
        learning_rate=float(state["learning_rate"]),
        image_shape=(height, width),
        class_names=tuple(str(name) for name in classes),
        data=_identity(data),
        step=int(state["step"]),
        leg=int(state.get("leg", 0)),
        best=best,
        seconds=float(state["seconds"]),
        history=history,
    )


def _check_state(state: dict[str, Any], history: History) -> None:
    """Refuse numbers that no training can have left behind. Raises ValueError."""
    counts = (int(state["target"]), history.steps_per_epoch)
    if int(state["step"]) != history.count or not all(0 <= n <= _MAX_STEPS for n in counts):
        raise ValueError("iterations that do not fit together")
    if not all(0 <= float(state[key]) < math.inf for key in ("learning_rate", "seconds")):
        raise ValueError("not a time or a learning rate")


def _identity(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the file says of its data: texts, and a table of texts."""
    correction = data.pop("correction", {})
    if not isinstance(correction, dict):
        raise TypeError("the correction is no table")
    texts: dict[str, Any] = {str(key): str(value) for key, value in data.items()}
    return texts | {"correction": {str(key): str(value) for key, value in correction.items()}}


def _json(item: h5py.Dataset) -> Any:
    if item.size > _MAX_JSON_BYTES:
        raise ValueError("text too long")
    return json.loads(item[()].tobytes())


def _vector(item: h5py.Dataset, length: int) -> FloatArray:
    if item.shape != (length,):
        raise ValueError("wrong length")
    array: FloatArray = aligned((length,))
    array[...] = item[()]
    return array


def _read_params(group: h5py.Group, network: Network) -> FloatArray:
    params: FloatArray = aligned((network.param_count,))
    for index, name in layer_names(network).items():
        for spec, view in _layer_arrays(network, params, index):
            stored = group[name][name][_KERAS_NAMES.get(spec.name, spec.name)]
            if stored.shape != spec.shape:
                raise ValueError("weights of the wrong shape")
            view[...] = stored[()]
    return params


def _read_history(group: h5py.Group, steps_per_epoch: int) -> History:
    history = History()
    losses, accuracies = group["loss"][()], group["accuracy"][()]
    if losses.shape != accuracies.shape or losses.ndim != 1:
        raise ValueError("history of unequal lengths")
    history.extend(losses, accuracies)
    history.steps_per_epoch = steps_per_epoch
    for row in group["evaluations"][()].tolist():
        step, *rest = row
        history.evaluations.append(Evaluation(int(step), *rest))
    return history
