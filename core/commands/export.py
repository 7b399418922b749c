"""`inkling export`: write a saved network in a form that other programs open."""

import argparse
from pathlib import Path

import core.exporters  # noqa: F401 - fills EXPORTERS
from core.arrays import ByteArray, LabelArray
from core.command import COMMANDS, Command, ProgressBar, print_json, print_line
from core.commands.evaluate import check_fits, measured_part
from core.datasets import open_dataset
from core.errors import ExportError, UnknownNameError
from core.exporter import (
    EXPORTERS,
    MOST_CHECKED,
    REPORTS,
    Exported,
    Exporter,
    Reporter,
    export,
    report,
)
from core.modelfile import load_model
from core.portable import PRECISIONS, portable_of
from core.registry import suggestion
from core.run import Run
from core.trial import made_up_images

_COMPARED = 2_000  # images by which the loss of accuracy is measured


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", nargs="?", type=Path, help="a model saved by Inkling (.h5)")
    parser.add_argument("out", nargs="?", type=Path, help="the file to write; its ending decides")
    parser.add_argument(
        "--format", metavar="NAME", help="the format, where the ending does not tell it"
    )
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="of the weights; the format's usual one if left out"
    )
    parser.add_argument(
        "--data",
        metavar="builtin|PATH",
        help="real digits to try the file on; otherwise the program writes some",
    )
    parser.add_argument("--list", action="store_true", help="list the formats")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    if options.list or options.model is None or options.out is None:
        for key in EXPORTERS:
            entry = EXPORTERS[key]
            print_line(f"{key:<12} {entry.suffix:<13} {', '.join(entry.precisions)}")
        for key in REPORTS:
            print_line(f"{key:<12} {REPORTS[key].suffix:<13} {REPORTS[key].label}")
        return 0
    key = _chosen(options.out, options.format)
    if key in REPORTS:
        return _write_report(options, key)
    exporter = EXPORTERS[key]
    precision = options.precision or exporter.precisions[0]
    _check_precision(options.out, exporter, precision)
    run, bar = load_model(options.model), ProgressBar()
    images, labels = _digits(run, options.data, bar)
    done = export(
        options.out, portable_of(run), key, precision, images, labels,
        lambda share: bar.show(share, f"writing {exporter.label}"),
    )  # fmt: skip
    bar.clear()
    _report(done, exporter, precision, options.json)
    return 0


def _write_report(options: argparse.Namespace, key: str) -> int:
    size = report(options.out, load_model(options.model), key)
    if options.json:
        print_json({"path": str(options.out), "bytes": size})
    else:
        print_line(f"{options.out}: {REPORTS[key].label}, {size:,} bytes, read back.")
    return 0


def _chosen(out: Path, name: str | None) -> str:
    known: dict[str, Exporter | Reporter] = {
        **{key: EXPORTERS[key] for key in EXPORTERS},
        **{key: REPORTS[key] for key in REPORTS},
    }
    if name is not None:
        if name not in known:
            raise UnknownNameError(
                f"There is no export format {name!r}.", suggestion(name, list(known))
            )
        return name
    for key, entry in known.items():
        if entry.suffix == out.suffix.lower():
            return key
    endings = ", ".join(entry.suffix for entry in known.values())
    raise ExportError(
        out,
        f"No export format has the ending {out.suffix!r}.",
        f"Use one of {endings}, or say --format.",
    )


def _check_precision(out: Path, exporter: Exporter, precision: str) -> None:
    if precision not in exporter.precisions:
        raise ExportError(
            out,
            f"{exporter.label} files do not hold {precision} weights.",
            f"They hold {', '.join(exporter.precisions)}.",
        )


def _digits(run: Run, source: str | None, bar: ProgressBar) -> tuple[ByteArray, LabelArray]:
    if source is None:
        return made_up_images(run.image_shape, len(run.class_names))
    dataset = open_dataset(source, lambda share: bar.show(share, "preparing the digits"))
    check_fits(run, dataset, source)
    part = measured_part(dataset)
    return part.images[:_COMPARED], part.labels[:_COMPARED]


def _report(done: Exported, exporter: Exporter, precision: str, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "path": str(done.path),
                "bytes": done.size,
                "precision": precision,
                "worst_difference": done.worst,
                "checked_by": done.by,
                "accuracy_before": done.accuracy_before,
                "accuracy": done.accuracy_after,
            }
        )
        return
    print_line(f"{done.path}: {exporter.label}, {precision}, {done.size:,} bytes.")
    print_line(
        f"Tried on up to {MOST_CHECKED} digits by {done.by}: its answers are off by"
        f" {done.worst:.1e} at most."
    )
    print_line(f"Read right: {done.accuracy_before:.2%} before, {done.accuracy_after:.2%} now.")


COMMANDS.add("export", Command("write a network for other programs", _add_arguments, _run))
