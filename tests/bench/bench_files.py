"""What saving, opening and autosaving cost. Run by `make bench`; asserts no time."""

import threading
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from core.base.events import Captured
from core.data.readers import open_dataset
from core.exchange.exporter import preview
from core.exchange.portable import outputs
from core.modelfile import load_model, save_model
from core.modelfile.autosave import Autosave
from core.modelfile.recovery import find_abandoned
from core.nn.optimizers.adam import Adam
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig
from core.training.run import Run, new_run, split_data
from core.training.train import Control, train
from gui.features.recovery.autosaving import INTERVAL_S, MOST_SHARE
from tests.support.networks import network, pictures

_ROUNDS = 5
_SECONDS = 2.0  # of training per round, about
_NETWORKS = {"784-128-10": (128,), "784-512-512-10": (512, 512), "784-2048-2048-10": (2048, 2048)}


def _recipe(units: tuple[int, ...]) -> Recipe:
    hidden = tuple(HiddenLayer(units=count) for count in units)
    return Recipe(hidden=hidden, optimizer=Adam(), training=TrainingConfig(threads=1))


def _trained(recipe: Recipe, dataset, seconds: float) -> tuple[Run, float]:
    """Train for some seconds; return the run, and iterations in a second."""
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    began = time.perf_counter()
    events = train(run, parts)
    for _ in events:
        if time.perf_counter() - began > seconds:
            break
    events.close()
    return run, run.step / (time.perf_counter() - began)


def _times(work) -> list[float]:
    """Return how long each call took, in milliseconds; the first is not counted."""
    taken = []
    for _ in range(_ROUNDS + 1):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return taken[1:]


def _spread(taken: list[float]) -> str:
    return f"{median(taken):.0f} ms ({min(taken):.0f} to {max(taken):.0f})"


@pytest.mark.parametrize("name", list(_NETWORKS))
def bench_saving_and_opening(name: str, tmp_path: Path, capsys):
    run, _ = _trained(_recipe(_NETWORKS[name]), open_dataset("builtin"), 1.0)
    path, folder = tmp_path / "model.h5", tmp_path / "autosave"
    save = _times(lambda: save_model(path, run))
    load = _times(lambda: load_model(path))
    store = Autosave(folder)
    keep = _times(lambda: store.keep(run))
    copy = _times(run.copy)
    store.abandon()

    def find() -> None:
        for one in find_abandoned(folder):
            one.release()

    with capsys.disabled():
        print(
            f"\n{name} with Adam, {path.stat().st_size / 1e6:.1f} MB:"
            f" save {_spread(save)}, open {_spread(load)}, autosave {_spread(keep)}"
            f" after a copy of {_spread(copy)}, look after a crash {_spread(_times(find))}"
        )


@pytest.mark.parametrize("name", list(_NETWORKS))
def bench_training_with_autosave(name: str, tmp_path: Path, capsys):
    """The same training with copies as often as they can be written, and without, in turns."""
    dataset = open_dataset("builtin")
    recipe = _recipe(_NETWORKS[name])
    _, speed = _trained(recipe, dataset, 1.0)
    steps = max(50, int(speed * _SECONDS))
    training = replace(recipe.training, duration=steps, duration_unit="iterations")
    recipe = replace(recipe, training=training)
    lost, costs = [], []
    for number in range(_ROUNDS):
        plain, _ = _with_copies(recipe, dataset, None)
        with_copies, keeps = _with_copies(recipe, dataset, tmp_path / str(number))
        lost.append(1000 * (with_copies - plain) / len(keeps))
        costs += keeps
    rest = max(INTERVAL_S, median(costs) / MOST_SHARE)
    with capsys.disabled():
        print(
            f"\n{name}: each autosave takes {1000 * median(costs):.0f} ms in the background and"
            f" {_spread(lost)} off the training; once in {rest:.0f} s that is"
            f" {median(lost) / 10 / rest:.3f} %"
        )


def _with_copies(recipe: Recipe, dataset, folder: Path | None) -> tuple[float, list[float]]:
    """Return the seconds of a training, and those of each copy; None: without copies."""
    parts = split_data(recipe, dataset)
    run, control, costs = new_run(recipe, dataset, parts), Control(), []
    store = None if folder is None else Autosave(folder)
    writer = threading.Thread()

    def keep(copy: Run) -> None:
        began = time.perf_counter()
        assert store is not None
        store.keep(copy)
        costs.append(time.perf_counter() - began)

    began = time.perf_counter()
    for event in train(run, parts, control):
        if isinstance(event, Captured):
            writer = threading.Thread(target=keep, args=(event.run,))
            writer.start()
        elif store is not None and not writer.is_alive():
            control.capture = True
    took = time.perf_counter() - began
    if store is not None:
        if writer.ident is not None:
            writer.join()
        store.close()
    return took, costs


def bench_preview_of_an_export(benchmark):
    """What each precision would cost is told while the export dialog is open."""
    portable, images = network(sizes=(256, 128)), pictures(2000)
    labels = outputs(portable, images).argmax(axis=1).astype(np.uint8)
    found = benchmark.pedantic(preview, (portable, images, labels), rounds=_ROUNDS)
    assert found["float32"] == 1.0
