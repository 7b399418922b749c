"""Arguments that several commands share, and what is found out before long work begins."""

import argparse
import contextlib
import os
import tomllib
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import core.exchange.exporters
import core.exchange.importers  # noqa: F401 - these two fill the registries read below
from core.base.atomic_write import check_target
from core.base.errors import ConfigError, SaveError
from core.base.fields import limits_of
from core.cli.command import ProgressBar
from core.data.dataset import BUILTIN, Dataset
from core.data.reader import READERS
from core.data.readers import kinds_of_data, open_dataset
from core.exchange.exporter import EXPORTERS, REPORTS
from core.exchange.importer import IMPORTERS
from core.recipe.override import with_setting
from core.recipe.recipe import Recipe, find_recipe, presets
from core.untrusted.parsing.picturelist import SUFFIXES

OURS = (".h5", ".hdf5", ".hdf")  # endings that HDF5 files have, as the models are


def file_name(text: str) -> Path:
    """Read a path. Raises ArgumentTypeError if it is empty, which `Path` takes for "."."""
    if not text:
        raise argparse.ArgumentTypeError("an empty name is no file")
    return Path(text)


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return what reads a whole number of `low` to `high`."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:  # also of more than 4,300 digits
            number = low - 1
        if not low <= number <= high:
            shown = text if len(text) < 40 else f"{text[:40]}…"
            raise argparse.ArgumentTypeError(
                f"{shown!r} is no whole number from {low:,} to {high:,}"
            )
        return number

    return read


def add_recipe(parser: argparse.ArgumentParser, default: str) -> None:
    """Declare --recipe, --set and --seed; `recipe_of` reads them."""
    parser.add_argument(
        "--recipe",
        default=default,
        metavar="NAME|FILE.toml",
        help=f"a preset ({', '.join(presets())}) or a recipe file; default {default}",
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="change one setting of the recipe, e.g. epochs=3, learning_rate=0.5, hidden=100,50,"
        " loss=quadratic, scaling=mean",
    )
    seed = limits_of(Recipe, "seed")
    assert seed is not None
    parser.add_argument(
        "--seed",
        type=whole_number(int(seed.low), int(seed.high)),
        metavar="N",
        help="fixes all that is random",
    )


def recipe_of(options: argparse.Namespace) -> Recipe:
    """Return the recipe that --recipe, --set and --seed say. Raises InklingError."""
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


def add_data(
    parser: argparse.ArgumentParser, what: str, default: str | None = None, required: bool = False
) -> None:
    """Declare --data; `what` says what the digits are for."""
    ending = f"; default {default}" if default else ""
    parser.add_argument(
        "--data",
        default=default,
        required=required,
        metavar=f"{BUILTIN}|PATH",
        help=f"{what}: {BUILTIN}, the digits that come with the program, or the path of one"
        f" of these: {', '.join(kinds_of_data())}{ending}",
    )


def open_digits(source: str, bar: ProgressBar) -> Dataset:
    """Open what --data names, and show how far that is. Raises DatasetError."""
    return open_dataset(source, lambda share: bar.show(share, "preparing the digits"))


def check_model_target(out: Path, *sources: Path | str) -> None:
    """Find out before long work that a model cannot be saved as `out`.

    Args:
        out: where it shall go.
        sources: files that the command reads; none of them may be replaced.

    Raises:
        SaveError: it cannot, or should not: the name is that of another kind of file.
    """
    check_target(out)
    _check_ending(out)
    check_source_is_kept(out, *sources)


def check_source_is_kept(out: Path, *sources: Path | str) -> None:
    """See that `out` is none of the files that the command reads. Raises SaveError."""
    for source in sources:
        with contextlib.suppress(OSError):
            if os.path.samefile(out, source):  # noqa: PTH121 - `source` may be no path at all
                raise SaveError(
                    out,
                    f"{out} is what this command reads, and would be replaced.",
                    "Choose another name; nothing was done yet.",
                )


def _check_ending(out: Path) -> None:
    name = out.name.lower()
    if name.endswith(OURS):
        return
    model = out.with_suffix(OURS[0])
    for key in (*EXPORTERS, *REPORTS):
        entry = EXPORTERS[key] if key in EXPORTERS else REPORTS[key]
        if name.endswith(entry.suffix):
            raise _other_format(
                out, entry.label, f"Write --out {model}, then: inkling export {model} {out}"
            )
    others = [(IMPORTERS[key].label, IMPORTERS[key].patterns) for key in IMPORTERS]
    others += [(READERS[key].label, READERS[key].patterns) for key in READERS]
    for label, patterns in others:
        if any(fnmatch(name, pattern) for pattern in patterns):
            raise _other_format(out, label, f"Write --out {model}")
    if name.endswith(SUFFIXES):
        raise _other_format(out, "pictures", f"Write --out {model}")


def _other_format(out: Path, label: str, hint: str) -> SaveError:
    return SaveError(
        out,
        f"“{out.name}” has the ending of another format ({label}); a model is saved as {OURS[0]}.",
        f"{hint}. Nothing was done yet.",
    )
