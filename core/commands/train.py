"""`inkling train`: a whole training without a window."""

import argparse
import contextlib
import math
import os
import tempfile
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.blas import single_threaded
from core.calibrate import calibrate
from core.capacity import check_trainable
from core.command import COMMANDS, Command, ProgressBar, print_error, print_json, print_line
from core.dataset import Dataset, ImageSet
from core.datasets import open_dataset
from core.errors import ConfigError, SaveError, reason
from core.estimate import about_text, estimate_seconds
from core.evaluation import Evaluator
from core.events import Evaluated, Progress, RunFinished, Working
from core.modelfile import save_model
from core.override import with_setting
from core.recipe import Recipe, find_recipe, presets
from core.run import Parts, Run, new_run, split_parts
from core.training import train


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe",
        default="quick-start",
        metavar="NAME|FILE.toml",
        help=f"a preset ({', '.join(presets())}) or a recipe file; default quick-start",
    )
    parser.add_argument(
        "--data",
        default="builtin",
        metavar="builtin|PATH",
        help="the built-in digits, or an IDX file or a folder of them; default builtin",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one setting of the recipe, e.g. epochs=3, learning_rate=0.5, hidden=100,50",
    )
    parser.add_argument("--seed", type=int, metavar="N", help="fixes all that is random")
    parser.add_argument("--out", type=Path, metavar="model.h5", help="save the network here")
    parser.add_argument("--json", action="store_true", help="one JSON object per epoch and a last")


def _run(options: argparse.Namespace) -> int:
    recipe = _recipe(options)
    if options.out is not None:
        _check_writable(options.out)
    bar = ProgressBar()
    dataset = open_dataset(options.data, lambda share: bar.show(share, "preparing the digits"))
    parts = split_parts(recipe, dataset)
    check_trainable(recipe, parts)
    run = new_run(recipe, dataset, parts)
    _warn_of_long_lesson(run, parts)
    interrupted = False
    try:
        _train(run, parts, bar, options.json)
    except KeyboardInterrupt:
        interrupted = True
        bar.clear()
        print_error("Stopped. The network is kept as it is.")
    with single_threaded():
        run.calibration = calibrate(run, parts, lambda share: bar.show(share, "calibrating"))
    bar.clear()
    if options.out is not None:
        save_model(options.out, run, datetime.now(UTC))
    _report(run, parts, dataset, options)
    return 130 if interrupted else 0


def _warn_of_long_lesson(run: Run, parts: Parts) -> None:
    """Say how long numerical gradients will take before they are begun."""
    if run.recipe.training.gradient != "numerical":
        return
    held_out = 0 if parts.held_out is None else len(parts.held_out)
    count, classes = len(parts.images), len(parts.class_names)
    seconds = estimate_seconds(run.recipe, parts.pixel_count, classes, count, held_out)
    print_error(f"Numerical gradients: this will take {about_text(seconds)}. Ctrl+C stops it.")


def _recipe(options: argparse.Namespace) -> Recipe:
    recipe = find_recipe(options.recipe)
    for item in options.set:
        key, equals, text = item.partition("=")
        if not equals:
            raise ConfigError(key, f"--set {item!r} has no value.", "Write --set key=value.")
        recipe = with_setting(recipe, key.strip(), _value(text.strip()))
    return recipe if options.seed is None else replace(recipe, seed=options.seed)


def _value(text: str) -> Any:
    """Read a value as TOML does; what is not TOML is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):  # not TOML, or a number of thousands of digits
        with contextlib.suppress(ValueError):
            return float(text)  # forms that TOML does not know, such as .5
        return text


def _check_writable(path: Path) -> None:
    """Find out before the training, not after it, that its result cannot be saved.

    Raises:
        SaveError: `path` is a folder, or its folder does not take files.
    """
    hint = "Choose another place with --out; nothing was trained yet."
    if path.is_dir():
        raise SaveError(path, f"{path} is a folder; the model needs a file name.", hint)
    try:
        handle, name = tempfile.mkstemp(".part", ".inkling.", path.absolute().parent)
        os.close(handle)
        Path(name).unlink()
    except OSError as error:
        raise SaveError(path, f"{path} cannot be saved: {reason(error)}.", hint) from error


def _train(run: Run, parts: Parts, bar: ProgressBar, as_json: bool) -> None:
    epoch = 0
    for event in train(run, parts):
        if isinstance(event, Progress):
            bar.show(event.step / run.target, _progress_text(run, event))
        elif isinstance(event, Working):
            share = (event.step - 1 + event.done) / run.target
            bar.show(share, f"iteration {event.step:,} of {run.target:,}")
        elif isinstance(event, RunFinished) and event.note:
            bar.clear()
            print_error(event.note)
        elif isinstance(event, Evaluated) and event.step:
            bar.clear()
            epoch += 1
            _show_epoch(event, parts, run, as_json)


def _progress_text(run: Run, event: Progress) -> str:
    speed = event.step / event.seconds if event.seconds else 0.0
    left = (run.target - event.step) / speed if speed else 0.0
    return f"iteration {event.step:,} of {run.target:,}, {left:.0f} s left"


def _show_epoch(event: Evaluated, parts: Parts, run: Run, as_json: bool) -> None:
    row = event.row
    is_validation = parts.held_out_name == "Validation"
    if as_json:
        print_json(
            {
                "epoch": round(row.epoch, 4),
                "iteration": row.step,
                "loss": row.train_loss,
                "train_accuracy": row.train_accuracy,
                "validation_loss": row.validation_loss if is_validation else None,
                "validation_accuracy": row.validation_accuracy if is_validation else None,
                "test_accuracy": None if is_validation else row.validation_accuracy,
                "penalty": row.penalty,
                "learning_rate": row.learning_rate,
                "seconds": round(row.seconds, 3),
            }
        )
        return
    held_out = (
        f", {parts.held_out_name.lower()} accuracy {row.validation_accuracy:.2%}"
        if parts.held_out_name
        else ""
    )
    penalty = f" + penalty {row.penalty:.4f}" if row.penalty else ""
    print_line(
        f"epoch {row.epoch:g} · iteration {row.step:,} · loss {row.train_loss:.4f}{penalty}"
        f" · training accuracy {row.train_accuracy:.2%}{held_out}"
    )


def _report(run: Run, parts: Parts, dataset: Dataset, options: argparse.Namespace) -> None:
    evaluator = Evaluator(run.network, run.loss, run.params)

    def accuracy(images: ImageSet | None) -> float | None:
        if images is None or not len(images):
            return None
        return evaluator.measure(images.images, images.labels).accuracy

    with single_threaded():
        on_train = evaluator.measure(parts.images, parts.labels)
        validation = accuracy(parts.held_out) if parts.held_out_name == "Validation" else None
        test = accuracy(dataset.test)
    full_batch = run.recipe.optimizer.full_batch
    at_once = len(parts.images) if full_batch else run.recipe.training.batch_size
    speed = run.step * at_once / run.seconds if run.seconds else math.nan
    calibration = run.calibration
    if options.json:
        print_json(
            {
                "train_accuracy": on_train.accuracy,
                "validation_accuracy": validation,
                "test_accuracy": test,
                "loss": on_train.loss,
                "calibration_error_before": calibration and calibration.before.error,
                "calibration_error": calibration and calibration.after.error,
                "temperature": calibration and calibration.temperature,
                "seconds": round(run.seconds, 3),
                "images_per_second": round(speed, 1) if run.seconds else None,
                "seed": run.recipe.seed,
            }
        )
        return
    found = [("training", on_train.accuracy), ("validation", validation), ("test", test)]
    texts = [f"{name} {value:.2%}" for name, value in found if value is not None]
    print_line(f"Accuracy: {', '.join(texts)}. Loss {on_train.loss:.4f}.")
    if calibration is not None:
        print_line(
            f"Expected calibration error: {calibration.before.error:.2%} as trained,"
            f" {calibration.after.error:.2%} calibrated (temperature"
            f" {calibration.temperature:.3g}, from {calibration.images:,} images)."
        )
    print_line(f"{run.seconds:.1f} s of training, {speed:,.0f} images per second, "
               f"seed {run.recipe.seed}.")  # fmt: skip
    if options.out is not None:
        print_line(f"Saved as {options.out}.")


COMMANDS.add("train", Command("train a network and save it", _add_arguments, _run))
