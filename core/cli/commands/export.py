"""`inkling export`: write a saved network in a form that other programs open."""

import argparse
from pathlib import Path

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.base.arrays import ByteArray, LabelArray
from core.base.atomic_write import check_target
from core.base.errors import ExportError, UnknownNameError
from core.base.registry import suggestion
from core.cli.arguments import OURS, add_data, check_source_is_kept, file_name, open_digits
from core.cli.command import COMMANDS, Command, ProgressBar, print_json, print_line
from core.cli.judging import check_fits, measured_part
from core.exchange.exporter import (
    EXPORTERS,
    MOST_CHECKED,
    REPORTS,
    Exported,
    Exporter,
    Reporter,
    export,
    report,
)
from core.exchange.portable import PRECISIONS, portable_of
from core.exchange.sample_images import made_up_images
from core.modelfile import load_model
from core.training.run import Run

_COMPARED = 2_000  # images by which the loss of accuracy is measured


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    endings = ", ".join(f"{entry.suffix} ({entry.label})" for entry in _formats().values())
    parser.add_argument("model", nargs="?", type=file_name, help="a model saved by Inkling (.h5)")
    parser.add_argument(
        "out", nargs="?", type=file_name, help=f"the file to write; its ending decides: {endings}"
    )
    parser.add_argument(
        "--format",
        metavar="NAME",
        help=f"the format, where the ending does not tell it: {', '.join(_formats())}",
    )
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="of the weights; the format's usual one if left out"
    )
    add_data(parser, "real digits to try the file on, if not some that the program makes up")
    parser.add_argument("--list", action="store_true", help="list the formats")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    if options.list or options.model is None:
        for key in EXPORTERS:
            entry = EXPORTERS[key]
            print_line(f"{key:<12} {entry.suffix:<13} {', '.join(entry.precisions)}")
        for key in REPORTS:
            print_line(f"{key:<12} {REPORTS[key].suffix:<13} {REPORTS[key].label}")
        return 0
    if options.out is None:
        raise ExportError(
            options.model,
            "Two files are needed: a model, and the one to write.",
            "Write inkling export MODEL OUT.",
        )
    key = _chosen(options.out, options.format)
    check_source_is_kept(options.out, options.model, options.data or "")
    check_target(options.out)
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


def _formats() -> dict[str, Exporter | Reporter]:
    return {
        **{key: EXPORTERS[key] for key in EXPORTERS},
        **{key: REPORTS[key] for key in REPORTS},
    }


def _chosen(out: Path, name: str | None) -> str:
    known = _formats()
    told = next((key for key in known if known[key].suffix == out.suffix.lower()), None)
    if name is None:
        if told is None:
            raise ExportError(
                out,
                f"No export format has the ending {out.suffix!r}.",
                f"Use one of {', '.join(entry.suffix for entry in known.values())},"
                " or say --format.",
            )
        return told
    if name not in known:
        raise UnknownNameError(
            f"There is no export format {name!r}.", suggestion(name, list(known))
        )
    ours = out.suffix.lower() in OURS
    if ours or (told is not None and known[told].suffix != known[name].suffix):
        raise ExportError(
            out,
            f"“{out.name}” has the ending of another format than {name}"
            f" ({'Inkling models' if told is None else known[told].label}).",
            f"Write {out.with_suffix(known[name].suffix)}.",
        )
    return name


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
    dataset = open_digits(source, bar)
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
