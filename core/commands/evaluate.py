"""`inkling evaluate`: how well a saved network reads a set of digits."""

import argparse
from pathlib import Path

from core.blas import single_threaded
from core.command import COMMANDS, Command, ProgressBar, print_json, print_line
from core.dataset import Dataset, ImageSet
from core.datasets import open_dataset
from core.errors import DatasetError
from core.evaluation import Evaluator
from core.modelfile import load_model
from core.run import Run


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="a model saved by Inkling (.h5)")
    parser.add_argument(
        "--data",
        required=True,
        metavar="builtin|PATH",
        help="the built-in digits, or an IDX file or a folder of them",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    run = load_model(options.model)
    bar = ProgressBar()
    dataset = open_dataset(options.data, lambda share: bar.show(share, "preparing the digits"))
    bar.clear()
    part = measured_part(dataset)
    check_fits(run, dataset, options.data)
    with single_threaded():
        found = Evaluator(run.network, run.loss, run.params).measure(part.images, part.labels)
    if options.json:
        print_json({"accuracy": found.accuracy, "loss": found.loss, "images": len(part)})
    else:
        print_line(
            f"{found.accuracy:.2%} of {len(part):,} images read right. Loss {found.loss:.4f}."
        )
    return 0


def measured_part(dataset: Dataset) -> ImageSet:
    """Return the images to judge by: test, else validation, else all there are."""
    return dataset.test or dataset.validation or dataset.train


def check_fits(run: Run, dataset: Dataset, source: str) -> None:
    """Check that the network reads images of this size and knows these classes.

    Raises:
        DatasetError: it does not.
    """
    if dataset.image_shape != run.image_shape or dataset.class_count > len(run.class_names):
        height, width = run.image_shape
        other_height, other_width = dataset.image_shape
        raise DatasetError(
            Path(source),
            f"This network reads {width}×{height} images of {len(run.class_names)} classes;"
            f" these are {other_width}×{other_height} images of {dataset.class_count} classes.",
            "Choose data like those it was trained on.",
        )


COMMANDS.add("evaluate", Command("measure a saved network on data", _add_arguments, _run))
