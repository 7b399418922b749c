"""What `inkling train` says: a line for each epoch, and the figures at the end."""

import math
from pathlib import Path

from core.base.blas_threads import single_threaded
from core.base.events import Evaluated, Event, Progress, RunFinished, Working
from core.certainty.calibration import Calibration
from core.cli.command import ProgressBar, print_error, print_json, print_line
from core.data.dataset import Dataset, ImageSet
from core.nn.evaluation import Evaluator, Measured
from core.training.run import DataSplit, Run


class Course:
    """Shows how a training goes.

    Args:
        run, parts: what is trained.
        bar: moves in between.
        as_json: one object for each epoch, in place of a line.
    """

    def __init__(self, run: Run, parts: DataSplit, bar: ProgressBar, as_json: bool) -> None:
        self._run, self._parts, self._bar, self._as_json = run, parts, bar, as_json

    def show(self, event: Event) -> None:
        """Show one event of the training. Raises OutputError."""
        run, bar = self._run, self._bar
        if isinstance(event, Progress):
            bar.show(event.step / run.target, self._progress_text(event))
        elif isinstance(event, Working):
            share = (event.step - 1 + event.done) / run.target
            bar.show(share, f"iteration {event.step:,} of {run.target:,}")
        elif isinstance(event, RunFinished) and event.note:
            bar.clear()
            print_error(event.note)
        elif isinstance(event, Evaluated) and event.step:
            bar.clear()
            self._show_epoch(event)

    def _progress_text(self, event: Progress) -> str:
        speed = event.step / event.seconds if event.seconds else 0.0
        left = (self._run.target - event.step) / speed if speed else 0.0
        return f"iteration {event.step:,} of {self._run.target:,}, {left:.0f} s left"

    def _show_epoch(self, event: Evaluated) -> None:
        row, held_out_name = event.row, self._parts.held_out_name
        is_validation = held_out_name == "Validation"
        if self._as_json:
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
            f", {held_out_name.lower()} accuracy {row.validation_accuracy:.2%}"
            if held_out_name
            else ""
        )
        penalty = f" + penalty {row.penalty:.4f}" if row.penalty else ""
        print_line(
            f"epoch {row.epoch:g} · iteration {row.step:,} · loss {row.train_loss:.4f}{penalty}"
            f" · training accuracy {row.train_accuracy:.2%}{held_out}"
        )


def report(run: Run, parts: DataSplit, dataset: Dataset, out: Path | None, as_json: bool) -> None:
    """Print what a training came to; `out` is where it was saved. Raises OutputError."""
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
    if as_json:
        _print_object(run, on_train, validation, test, speed)
        return
    found = [("training", on_train.accuracy), ("validation", validation), ("test", test)]
    texts = [f"{name} {value:.2%}" for name, value in found if value is not None]
    print_line(f"Accuracy: {', '.join(texts)}. Loss {on_train.loss:.4f}.")
    if run.calibration is not None:
        print_line(_calibration_words(run.calibration))
    print_line(f"{run.seconds:.1f} s of training, {speed:,.0f} images per second, "
               f"seed {run.recipe.seed}.")  # fmt: skip
    if out is not None:
        print_line(f"Saved as {out}.")


def _print_object(
    run: Run, on_train: Measured, validation: float | None, test: float | None, speed: float
) -> None:
    calibration = run.calibration
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


def _calibration_words(calibration: Calibration) -> str:
    return (
        f"Expected calibration error: {calibration.before.error:.2%} as trained,"
        f" {calibration.after.error:.2%} calibrated (temperature"
        f" {calibration.temperature:.3g}, from {calibration.images:,} images)."
    )
