"""Runs worth saving, and model files with something in them changed."""

from pathlib import Path

import h5py
import numpy as np

from core.modelfile import write_content
from core.modelfile.content import SEAL, Content
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.nn.schedule import SCHEDULES
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset()
RECIPE = small_recipe()
PARTS = split_data(RECIPE, DATA)
RICH = small_recipe(
    scaling=Scaling("standardize"),
    hidden=(HiddenLayer(12, "elu", 0.1, "batch"), HiddenLayer(8, "leaky-relu")),
    penalty=Penalty(l2=0.001),
    schedule=SCHEDULES["one-cycle"](),
    optimizer=OPTIMIZERS["adamw"](),
    training=TrainingConfig(duration=6, batch_size=32, patience=50, warmup=4),
)


def trained(steps=20, recipe=RECIPE):
    """Return a run that was stopped after so many iterations or a few more."""
    run = new_run(recipe, DATA, split_data(recipe, DATA))
    events = train(run, split_data(recipe, DATA))
    while run.step < steps:
        next(events)
    events.close()
    return run


def lively(activation="relu", loss="softmax-cross-entropy", scaling="unit", batch="batch"):
    """Return a run whose weights and states are all random, and far from what they start with."""
    hidden = (HiddenLayer(9, activation, 0.2, batch), HiddenLayer(7, activation))
    recipe = small_recipe(hidden=hidden, loss=LOSSES[loss](), scaling=Scaling(scaling))
    run = new_run(recipe, DATA, split_data(recipe, DATA))
    rng = np.random.default_rng(5)
    for spec in run.network.specs:
        view = run.params[spec.start : spec.stop].reshape(spec.shape)
        if spec.name in ("running_variance", "gamma"):
            view[...] = rng.uniform(0.5, 2, spec.shape)
        elif spec.name not in ("offset", "factor"):
            view[...] = rng.standard_normal(spec.shape) / max(spec.shape[0], 4) ** 0.5
    return run


def content_in(path: Path) -> Content:
    """Read a file that is known to be good, by h5py alone."""
    content = Content()

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            content.arrays[name] = item[()] if item.shape else np.asarray(item[()])
        for key, value in item.attrs.items():
            content.note(name, key, np.asarray(value))

    with h5py.File(path, "r", locking=False) as file:
        for key, value in file.attrs.items():
            content.note("", key, np.asarray(value))
        file.visititems(visit)
    return content


def resealed(saved: Path, folder: Path, change) -> Path:
    """Return a copy whose content `change` has worked on, and whose check sum fits again."""
    content = content_in(saved)
    change(content)
    content.note("trainer", SEAL, content.digest())
    path = folder / "changed.h5"
    write_content(path, content)
    return path


def reworked(saved: Path, folder: Path, change) -> Path:
    """Return a copy that `change` has worked on as an HDF5 file; its check sum may not fit."""
    path = folder / "changed.h5"
    path.write_bytes(saved.read_bytes())
    with h5py.File(path, "r+", locking=False) as file:
        change(file)
    return path
