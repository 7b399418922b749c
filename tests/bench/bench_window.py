"""What the open window costs the training: the same work with and without it, in turns.

Run by `make bench`. Prints images per second of each, and the ratio; asserts no time.
"""

import os
import time
from statistics import median

import pytest
from PySide6.QtCore import QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from core.data.readers import open_dataset
from core.recipe.override import with_setting
from core.recipe.recipe import Recipe, presets
from core.training.run import new_run, split_data
from core.training.train import train
from gui.session.phase import Phase
from gui.session.settings import Settings
from gui.shell.app import Inkling
from gui.tour.hands import rest, wait_until

_ROUNDS = 5
_SECONDS = 5.0  # of training per round, about


def _alone(recipe: Recipe, dataset) -> float:
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    began = time.perf_counter()
    for _ in train(run, parts):
        pass
    return run.step * recipe.training.batch_size / (time.perf_counter() - began)


def _with_window(inkling: Inkling, recipe: Recipe) -> float:
    session = inkling.session
    session.edit_recipe(recipe, "bench")
    rest(0.5)  # the time estimate is measured meanwhile
    began = time.perf_counter()
    session.start_again()
    loop = QEventLoop()  # no polling: waking up a hundred times a second costs 5 %
    session.situation_changed.connect(lambda: loop.quit() if session.phase is Phase.IDLE else None)
    loop.exec()
    assert session.run is not None
    assert session.run.finished
    return session.run.step * recipe.training.batch_size / (time.perf_counter() - began)


_RECIPES = {
    "quick-start": presets()["quick-start"],
    "W1": presets()["two-layer-sigmoid"],
    "W2": presets()["relu-adam"],
    "W3": presets()["quadratic-sigmoid"],
    "W5": with_setting(with_setting(presets()["thorough"], "hidden", "512,512"), "threads", 1),
}


@pytest.mark.parametrize("key", list(_RECIPES))
def bench_training_with_the_plots_visible(key, qapp: QApplication, tmp_path, capsys):
    store = QSettings(str(tmp_path / "bench.ini"), QSettings.Format.IniFormat)
    inkling = Inkling(qapp, Settings(store))
    inkling.start()
    wait_until(lambda: inkling.session.parts is not None, "the digits")
    wait_until(lambda: inkling.features["curves"].parts.tab.panel is not None, "the plots")
    dataset = open_dataset("builtin")
    chosen = _RECIPES[key]
    images_per_second = _alone(with_setting(chosen, "iterations", 500), dataset)
    steps_per_second = images_per_second / chosen.training.batch_size
    recipe = with_setting(chosen, "iterations", max(500, int(steps_per_second * _SECONDS)))
    alone, window = [], []
    for _ in range(_ROUNDS):
        alone.append(_alone(recipe, dataset))
        window.append(_with_window(inkling, recipe))
    inkling.shut_down()
    inkling.window.allow_close()
    inkling.window.close()
    ratios = [seen / plain for seen, plain in zip(window, alone, strict=True)]
    with capsys.disabled():
        print(
            f"\n{key}: {median(alone):,.0f} images/s without the window,"
            f" {median(window):,.0f} with its plots visible;"
            f" ratio {median(ratios):.2f} (median of {_ROUNDS},"
            f" {min(ratios):.2f} to {max(ratios):.2f});"
            f" platform {os.environ.get('QT_QPA_PLATFORM', 'default')}"
        )
