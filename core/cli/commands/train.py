"""`inkling train`: a whole training without a window."""

import argparse
from contextlib import closing, suppress
from pathlib import Path

from core.base.blas_threads import single_threaded
from core.base.errors import OutputError, SaveError
from core.base.events import Event
from core.base.interrupts import Interrupted, Request, held, status_of
from core.cli.arguments import (
    add_data,
    add_recipe,
    check_model_target,
    file_name,
    open_digits,
    recipe_of,
)
from core.cli.command import COMMANDS, Command, ProgressBar, print_error
from core.cli.keeping import keep_model
from core.cli.reporting import Course, report
from core.data.dataset import Dataset
from core.training.calibrate import calibrate
from core.training.capacity import check_trainable
from core.training.estimate import about_text, estimate_seconds
from core.training.run import DataSplit, Run, new_run, split_data
from core.training.train import train


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_recipe(parser, "quick-start")
    add_data(parser, "what to learn from", "builtin")
    parser.add_argument("--out", type=file_name, metavar="model.h5", help="save the network here")
    parser.add_argument("--json", action="store_true", help="one JSON object per epoch and a last")


def _run(options: argparse.Namespace) -> int:
    recipe = recipe_of(options)
    if options.out is not None:
        check_model_target(options.out, options.data, options.recipe)
    bar = ProgressBar()
    dataset = open_digits(options.data, bar)
    parts = split_data(recipe, dataset)
    check_trainable(recipe, parts)
    run = new_run(recipe, dataset, parts)
    _warn_of_long_lesson(run, parts)
    with held() as request:
        work = _Work(run, parts, options, bar, request)
        work.train(Course(run, parts, bar, options.json))
        work.keep()
    work.report(dataset)
    return status_of(Interrupted(request.number)) if request else 0


def _warn_of_long_lesson(run: Run, parts: DataSplit) -> None:
    """Say how long numerical gradients will take before they are begun."""
    if run.recipe.training.gradient != "numerical":
        return
    held_out = 0 if parts.held_out is None else len(parts.held_out)
    count, classes = len(parts.images), len(parts.class_names)
    seconds = estimate_seconds(run.recipe, parts.pixel_count, classes, count, held_out)
    print_error(f"Numerical gradients: this will take {about_text(seconds)}. Ctrl+C stops it.")


class _Work:
    """A training and what becomes of it, while requests to end are held.

    What is to be saved is saved first, whatever else goes wrong; `report` tells of that.
    """

    def __init__(
        self,
        run: Run,
        parts: DataSplit,
        options: argparse.Namespace,
        bar: ProgressBar,
        request: Request,
    ) -> None:
        self._run, self._parts, self._bar, self._request = run, parts, bar, request
        self._out: Path | None = options.out
        self._as_json: bool = options.json
        self._unsaid: OutputError | None = None  # why nothing can be printed any more
        self._unsaved: SaveError | None = None  # why the network is not where it should be

    def train(self, course: Course) -> None:
        """Train to the end, or until a signal comes.

        Raises:
            OutputError: nobody hears of the training, and nothing else would come of it.
        """
        with closing(train(self._run, self._parts)) as events:
            for event in events:
                if self._request:  # heard between two events, where the run is whole
                    break
                if self._unsaid is None:
                    self._show(course, event)

    def _show(self, course: Course, event: Event) -> None:
        try:
            # A terminal that is stopped, or a pipe that nobody reads, may hold this for ever.
            with suppress(KeyboardInterrupt), self._request.passing():
                course.show(event)
        except OutputError as error:
            if self._out is None:
                raise
            self._unsaid = error

    def keep(self) -> None:
        """Calibrate the network, and save it. Nothing is printed before it is safe."""
        if self._request:
            self._save()  # at once: who asked may not wait any longer
            self._tell_stop()
        with suppress(KeyboardInterrupt), self._request.passing(), single_threaded():
            self._run.calibration = calibrate(self._run, self._parts, self._show_calibrating)
        if self._unsaved is None:
            self._save()
        self._bar.clear()

    def _tell_stop(self) -> None:
        self._bar.clear()
        what = f"Stopped at iteration {self._run.step:,} of {self._run.target:,}."
        if self._out is None:
            print_error(f"{what} Without --out the network is not saved.")
        elif self._unsaved is None:
            print_error(f"{what} The network is saved as {self._out}.")
        else:
            print_error(what)  # where it is instead is said at the end

    def _show_calibrating(self, share: float) -> None:
        self._bar.show(share, "calibrating")

    def _save(self) -> None:
        if self._out is None:
            return
        try:
            keep_model(self._out, self._run)
        except SaveError as error:
            self._unsaved = error

    def report(self, dataset: Dataset) -> None:
        """Print the figures.

        Raises:
            SaveError: the network is not where it should be.
            OutputError: it is, but not all could be printed, and no signal took the terminal.
        """
        saved = self._out if self._unsaved is None else None
        try:
            if self._unsaid is None:
                report(self._run, self._parts, dataset, saved, self._as_json)
        except OutputError as error:
            self._unsaid = error
        if self._unsaved is not None:
            raise self._unsaved
        if self._unsaid is not None and not self._request:  # else the signal says why
            where = f"The network is saved as {saved}." if saved else ""
            raise OutputError(self._unsaid.message, where, unread=self._unsaid.unread)


COMMANDS.add("train", Command("train a network and save it", _add_arguments, _run))
