"""`inkling evaluate`: how well a saved network reads a set of digits."""

import argparse

from core.base.blas_threads import single_threaded
from core.certainty.calibration import Judge
from core.certainty.reliability import Reliability, reliability
from core.cli.arguments import add_data, file_name, open_digits
from core.cli.command import COMMANDS, Command, ProgressBar, print_json, print_line
from core.cli.judging import check_fits, measured_part
from core.data.dataset import ImageSet
from core.modelfile import load_model
from core.nn.evaluation import Evaluator
from core.nn.predictor import Predictor
from core.training.run import Run


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=file_name, help="a model saved by Inkling (.h5)")
    add_data(parser, "what to measure it on", required=True)
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    run = load_model(options.model)
    bar = ProgressBar()
    dataset = open_digits(options.data, bar)
    bar.clear()
    part = measured_part(dataset)
    check_fits(run, dataset, options.data)
    with single_threaded():
        found = Evaluator(run.network, run.loss, run.params).measure(part.images, part.labels)
        before, after, strange = _certainty(run, part)
    if options.json:
        print_json(
            {
                "accuracy": found.accuracy,
                "loss": found.loss,
                "images": len(part),
                "calibration_error_before": before.error,
                "calibration_error": after and after.error,
                "temperature": run.calibration.temperature if run.calibration and after else None,
                "strange": strange,
                "reliability": {"before": _rows(before), "after": after and _rows(after)},
            }
        )
    else:
        print_line(
            f"{found.accuracy:.2%} of {len(part):,} images read right. Loss {found.loss:.4f}."
        )
        _print_certainty(before, after, strange)
    return 0


def _certainty(run: Run, part: ImageSet) -> tuple[Reliability, Reliability | None, float | None]:
    """Return reliability before and after calibration, and the share of strange images.

    The last two are None if the network has no calibration.
    """
    predictor = Predictor(run.network, run.loss, run.params)
    before = reliability(predictor.probabilities(part.images), part.labels)
    if run.calibration is None or not run.calibration.belongs_to(run.params):
        return before, None, None
    judgement = Judge(predictor, run.calibration).judge(part.images)
    after = reliability(judgement.probabilities, part.labels)
    return before, after, float(judgement.strange.mean())


def _rows(curve: Reliability) -> list[list[float]]:
    """Return [answers, certainty, share right] of each bin that is not empty."""
    table = zip(curve.counts, curve.confidence, curve.accuracy, strict=True)
    return [[int(count), float(sure), float(right)] for count, sure, right in table if count]


def _print_certainty(before: Reliability, after: Reliability | None, strange: float | None) -> None:
    if after is None or strange is None:
        print_line(f"Expected calibration error: {before.error:.2%}. It is not calibrated.")
    else:
        print_line(
            f"Expected calibration error: {before.error:.2%} as trained,"
            f" {after.error:.2%} calibrated. {strange:.2%} do not look like any digit it knows."
        )
    print_line("how sure it says it is, and how often it is then right:")
    for name, curve in (("as trained", before), ("calibrated", after)):
        if curve is None:
            continue
        print_line(f"  {name}:")
        for count, sure, right in _rows(curve):
            print_line(f"    {sure:7.1%}  {right:7.1%}  of {count:,}")


COMMANDS.add("evaluate", Command("measure a saved network on data", _add_arguments, _run))
