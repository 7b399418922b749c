"""How well the built-in handwriting teaches: `make bench-data`, `make bench-data ARGS=speed`.

Networks are trained on generated digits only and then read MNIST's test images, once each.
Prints Markdown tables for RESULTS.md; everything takes ten minutes or less.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time

from core.base.events import Evaluated
from core.data.dataset import Dataset, ImageSet
from core.data.readers import open_dataset
from core.imaging.synthesis import generate
from core.nn.evaluation import Evaluator
from core.recipe.override import with_setting
from core.recipe.recipe import Recipe, find_recipe
from core.training.run import new_run, split_data
from core.training.train import train
from tests.bench.tables import markdown

MNIST = Path(__file__).parents[2].parent / "shared" / "data" / "mnist"
_CORES = 2  # that training may use
_SPEED_COUNT, _SPEED_ROUNDS = 20_000, 5


@dataclass(frozen=True, slots=True)
class Reading:
    """How a network read MNIST's test images.

    Attributes:
        title: of the network, for the table.
        epochs: of the training; `seconds` it took, the making of fresh images included.
        accuracy: of all images, 0..1.
        per_digit: (10,) of the images of each digit.
    """

    title: str
    epochs: int
    seconds: float
    accuracy: float
    per_digit: Sequence[float]


def fixed() -> Recipe:
    """Return 784-256-128-10 on 60,000 fixed images for ten epochs."""
    recipe = with_setting(find_recipe("thorough"), "schedule", "cosine")
    return replace(recipe, label="784-256-128-10, 60,000 fixed images")


def best() -> Recipe:
    """Return the preset for drawings: fresh images in every epoch."""
    return find_recipe("best-on-drawings")


_TRAININGS: dict[str, Callable[[], Recipe]] = {"fixed": fixed, "best": best}
_SPEED = "speed"


def main() -> None:
    """Measure what the command line asks for."""
    options = _options()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:_CORES])
    wanted = [name for name in _TRAININGS if name in options.what]
    if wanted and not options.mnist.exists():
        sys.exit(f"MNIST's test images are needed: {options.mnist} is not there. Say --mnist.")
    if wanted:
        digits, test = open_dataset("builtin"), open_dataset(str(options.mnist)).test
        assert test is not None, "a folder with MNIST's files has a test part"
        readings = [_read(_TRAININGS[name](), digits, test, options.seed) for name in wanted]
        print(_table(readings), flush=True)
    if _SPEED in options.what:
        print(f"\nImages a second on one core: {_images_per_second():,.0f}.")


def _read(recipe: Recipe, digits: Dataset, test: ImageSet, seed: int) -> Reading:
    """Train on generated digits; the test images are looked at once, at the end."""
    parts = split_data(recipe, digits)
    run = new_run(replace(recipe, seed=seed), digits, parts)
    began = perf_counter()
    for event in train(run, parts):
        if isinstance(event, Evaluated) and event.step:
            _say(f"{recipe.label}: epoch {event.row.epoch:g}, {perf_counter() - began:.0f} s")
    seconds = perf_counter() - began
    found = Evaluator(run.network, run.loss, run.params).measure(test.images, test.labels)
    right = found.predictions == test.labels
    per_digit = [float(right[test.labels == digit].mean()) for digit in range(10)]
    return Reading(recipe.label, recipe.training.duration, seconds, found.accuracy, per_digit)


def _table(readings: Sequence[Reading]) -> str:
    head = ("trained on generated digits only", "epochs", "s", "MNIST test set", *"0123456789")
    rows = [
        (
            reading.title,
            str(reading.epochs),
            f"{reading.seconds:.0f}",
            f"{reading.accuracy:.2%}",
            *(f"{share:.1%}" for share in reading.per_digit),
        )
        for reading in readings
    ]
    return markdown([head, *rows])


def _images_per_second() -> float:
    """Return the best of some rounds, by processor time: other programs take some of the clock."""
    generate(1000, 0)
    rounds = []
    for seed in range(_SPEED_ROUNDS):
        began = process_time()
        generate(_SPEED_COUNT, seed)
        rounds.append(_SPEED_COUNT / (process_time() - began))
    return max(rounds)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    everything = (*_TRAININGS, _SPEED)
    parser = argparse.ArgumentParser(prog="python -m tests.bench.data", description=__doc__)
    parser.add_argument("what", nargs="*", help=f"of {', '.join(everything)}; default all")
    parser.add_argument("--seed", type=int, default=0, help="of the training; default 0")
    parser.add_argument("--mnist", type=Path, default=MNIST, help="folder with its test files")
    options = parser.parse_args()
    if unknown := set(options.what) - set(everything):
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose of {', '.join(everything)}")
    options.what = options.what or everything
    return options


if __name__ == "__main__":
    main()
