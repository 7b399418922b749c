"""Lets children save models for ever, one after the other; to be killed by a test.

For each line that comes in, a child begins to save to that path and this program says its
process id. Children are forked, so that nothing is imported anew.
"""

import os
import sys
from pathlib import Path

from core.modelfile import save_model
from core.modelfile.autosave import Autosave
from core.modelfile.filed import Filed
from core.modelfile.previous import PreviousNetworks
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe


def _states(count):
    dataset, recipe = small_dataset(60), small_recipe()
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    made = []
    for _ in range(count):
        run.target = run.step + 1
        for _ in train(run, parts):
            pass
        made.append(run.copy())
    return made


def _save_for_ever(path, states, told):
    if path.name == "previous":
        networks = PreviousNetworks(path, most=3)
        save = lambda _path, run: networks.put(run, str(run.step), Filed())  # noqa: E731
    elif path.suffix:
        save = save_model
    else:
        store = Autosave(path)
        save = lambda _path, run: store.keep(run)  # noqa: E731 - both are called alike
    done = 0
    while True:
        save(path, states[done % len(states)])
        done += 1
        os.write(told, b".")


def main():
    states = _states(5)
    print("ready", flush=True)
    for line in sys.stdin:
        hears, tells = os.pipe()
        child = os.fork()
        if not child:
            os.close(hears)
            _save_for_ever(Path(line.strip()), states, tells)
        os.close(tells)
        os.read(hears, 1)  # the first is safe: from now on any moment will do
        print(child, flush=True)
        os.waitpid(child, 0)
        with os.fdopen(hears, "rb") as rest:
            print(1 + len(rest.read()), flush=True)


main()
