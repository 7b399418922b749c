"""`inkling check`: backpropagation against numerical differences, weight by weight."""

import argparse

import numpy as np

from core.base.blas_threads import single_threaded
from core.base.generators import result_of
from core.cli.arguments import add_data, add_recipe, open_digits, recipe_of, whole_number
from core.cli.command import COMMANDS, Command, ProgressBar, print_json, print_line
from core.differentiation.gradient_check import GradientCheck, iter_check
from core.training.run import new_run, split_data

_RIGHT = 1e-6  # relative error below which the two agree; wrong gradients are off by 1e-2
_IMAGES, _MOST_IMAGES = 3, 1000


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_recipe(parser, "quadratic-sigmoid")
    add_data(parser, "where the images come from", "builtin")
    parser.add_argument(
        "--images",
        type=whole_number(1, _MOST_IMAGES),
        default=_IMAGES,
        metavar="N",
        help=f"how many; default {_IMAGES}",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    recipe, bar = recipe_of(options), ProgressBar()
    dataset = open_digits(options.data, bar)
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    images = parts.images[: options.images].astype(np.float64)
    labels = parts.labels[: options.images].astype(np.intp)
    with single_threaded():
        steps = iter_check(run.network, run.loss, recipe.penalty, run.params, images, labels)
        words = f"{run.network.weight_count:,} weights, two passes each"
        found = result_of(steps, lambda done: bar.show(done, words))
    bar.clear()
    _report(found, options.json)
    return 0 if found.error < _RIGHT else 1


def _report(found: GradientCheck, as_json: bool) -> None:
    if as_json:
        arrays = [
            {"layer": each.layer, "label": each.label, "name": each.name, "error": each.error}
            for each in found.arrays
        ]
        print_json({"error": found.error, "arrays": arrays})
        return
    for each in found.arrays:
        print_line(
            f"layer {each.layer} · {each.label} · {each.name}: relative error {each.error:.1e}"
        )
    verdict = "right" if found.error < _RIGHT else "WRONG"
    print_line(f"Relative error over all weights: {found.error:.1e}. Backpropagation is {verdict}.")


COMMANDS.add("check", Command("check backpropagation weight by weight", _add_arguments, _run))
