"""`inkling import`: take over a network that another program made."""

import argparse
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.base.arrays import ByteArray, LabelArray
from core.base.digits import DIGITS
from core.base.errors import ConfigError, DatasetError
from core.base.fields import limits_of
from core.base.registry import chosen, suggestion
from core.cli.arguments import add_data, check_model_target, file_name, open_digits
from core.cli.command import COMMANDS, Command, ProgressBar, print_json, print_line
from core.cli.judging import measured_part
from core.data.dataset import Dataset
from core.exchange.import_steps.guessing import best_answers
from core.exchange.import_steps.resolving import resolve
from core.exchange.import_steps.words import answer_words, layer_rows, summary
from core.exchange.importer import (
    IMPORTERS,
    ImportedNetwork,
    ImportOptions,
    importer_for,
    open_questions,
    read_network,
)
from core.exchange.portable import Portable, accuracy
from core.exchange.run_from_portable import run_from
from core.exchange.sample_images import made_up_images
from core.imaging.framing import SHAPE
from core.modelfile import save_model
from core.training.further import give_data


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = [f"{IMPORTERS[key].label} ({' '.join(IMPORTERS[key].patterns)})" for key in IMPORTERS]
    parser.add_argument("file", type=file_name, help=f"one of: {', '.join(kinds)}")
    parser.add_argument("-o", "--out", type=file_name, help="the model file to write (.h5)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=f"answer what the file leaves open: {', '.join(ImportOptions.__dataclass_fields__)}",
    )
    add_data(parser, "digits to find the answers by, if not some that the program makes up")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _run(options: argparse.Namespace) -> int:
    if options.out is not None:
        check_model_target(options.out, options.file, options.data or "")
    imported, bar = read_network(options.file), ProgressBar()
    given = _given(imported, options.set)
    digits = _digits(imported, options, bar)
    answers = imported.guess
    if digits is not None:
        found = best_answers(imported, *digits[:2], lambda share: bar.show(share, "trying it"))
        answers = found
    bar.clear()
    answers = replace(answers, **given)
    portable = resolve(imported, answers)
    share = None if digits is None else accuracy(portable, *digits[:2])
    if options.out is not None:
        run = run_from(portable)
        if digits is not None and digits[2] is not None:
            give_data(run, digits[2], named=bool(imported.class_names))
        save_model(options.out, run)
    if options.json:
        _print_object(options, imported, answers, portable, share)
    else:
        _print(options, imported, answers, portable)
        if digits is not None:
            print_line(f"It reads {share:.1%} of {len(digits[0]):,} digits right.")
        if options.out is not None:
            print_line(f"Written: {options.out}")
    return 0


def _given(imported: ImportedNetwork, settings: list[str]) -> dict[str, Any]:
    """Return the answers of the command line. Raises ConfigError."""
    given: dict[str, Any] = {}
    for text in settings:
        key, _, value = text.partition("=")
        known = list(ImportOptions.__dataclass_fields__)
        if key not in known:
            raise ConfigError(key, f"There is no question {key!r}.", suggestion(key, known))
        if key not in imported.asks:
            said = answer_words(key, imported.guess)[1]
            raise ConfigError(key, f"{key}: the file says it itself ({said}).", "Leave it out.")
        given[key] = _answer(key, value)
        replace(imported.guess, **given)  # refuses what cannot be
    return given


def _answer(key: str, text: str) -> int | str:
    limits = limits_of(ImportOptions, key)
    if limits is not None and limits.choices:
        return chosen(text, dict(limits.choices), limits.label)
    try:
        return int(text)
    except ValueError:
        return text


def _digits(
    imported: ImportedNetwork, options: argparse.Namespace, bar: ProgressBar
) -> tuple[ByteArray, LabelArray, Dataset | None] | None:
    """Return digits to try the network on, or None if there are none of its size.

    Returns:
        Images (N, H, W), labels (N,), and the data they are of, if the user named some.
    """
    if options.data is None:
        if (imported.input_size, imported.class_count) != (math.prod(SHAPE), len(DIGITS)):
            return None
        return *made_up_images(SHAPE, len(DIGITS)), None
    dataset = open_digits(options.data, bar)
    part = measured_part(dataset)
    height, width = dataset.image_shape
    if height * width != imported.input_size or dataset.class_count > imported.class_count:
        raise DatasetError(
            Path(options.data),
            f"The network reads images of {imported.input_size:,} pixels and {imported.class_count}"
            f" classes; these have {height * width:,} and {dataset.class_count}.",
            "Choose data like those it was trained on, or leave out --data.",
        )
    return part.images, part.labels, dataset


def _print(
    options: argparse.Namespace,
    imported: ImportedNetwork,
    answers: ImportOptions,
    portable: Portable,
) -> None:
    kind = IMPORTERS[importer_for(options.file) or ""].label
    print_line(f"{options.file.name}: {kind}, {summary(imported)}.")
    for name, details in layer_rows(portable):
        print_line(f"  {name:<22}{details}")
    asked = open_questions(imported)
    if asked:
        print_line("The file does not say, and this was assumed (change it with --set):")
    for name in asked:
        label, words = answer_words(name, answers)
        setting = f"{name}={getattr(answers, name)}"
        print_line(f"  {setting:<22}{label}: {words}{_others(name)}")


def _others(name: str) -> str:
    limits = limits_of(ImportOptions, name)
    keys = [key for key, _ in limits.choices] if limits else []
    return f"  [{', '.join(keys)}]" if keys else ""


def _print_object(
    options: argparse.Namespace,
    imported: ImportedNetwork,
    answers: ImportOptions,
    portable: Portable,
    share: float | None,
) -> None:
    print_json(
        {
            "format": importer_for(options.file),
            "layers": [list(row) for row in layer_rows(portable)],
            "open": {name: getattr(answers, name) for name in open_questions(imported)},
            "accuracy": share,
            "out": str(options.out) if options.out else None,
        }
    )


COMMANDS.add("import", Command("take over a network of another program", _add_arguments, _run))
