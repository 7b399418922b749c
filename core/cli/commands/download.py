"""`inkling download`: fetch a known set of digits, and say where it lies."""

import argparse

from core.base.errors import UnknownNameError
from core.base.registry import suggestion
from core.cli.command import COMMANDS, Command, ProgressBar, print_error, print_json, print_line
from core.data.downloads import CATALOGUE, Download, DownloadProgress, cached, fetch, megabytes


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help=f"which digits: {', '.join(CATALOGUE)}"
    )
    parser.add_argument("--list", action="store_true", help="list what can be downloaded")
    parser.add_argument("--json", action="store_true", help="print JSON objects, one per line")


def _run(options: argparse.Namespace) -> int:
    if options.list or options.name is None:
        for entry in CATALOGUE.values():
            _list(entry, options.json)
        return 0
    if options.name not in CATALOGUE:
        raise UnknownNameError(
            f"There are no digits called {options.name!r} to download.",
            suggestion(options.name, list(CATALOGUE)),
        )
    entry, bar = CATALOGUE[options.name], ProgressBar()
    try:
        folder = fetch(entry, progress=lambda progress: bar.show(progress.share, _words(progress)))
    finally:
        bar.clear()
    if options.json:
        print_json({"name": entry.key, "folder": str(folder)})
    else:
        print_line(str(folder))
        print_error(f"{entry.name} is here. Licence: {entry.licence}.")
    return 0


def _list(entry: Download, as_json: bool) -> None:
    folder = cached(entry)
    if as_json:
        where = str(folder) if folder else None
        print_json({"name": entry.key, "bytes": entry.size, "folder": where})
        return
    state = "here" if folder else megabytes(entry.size)
    print_line(f"{entry.key:<14} {state:>9}  {entry.name}: {entry.sentence}")


def _words(progress: DownloadProgress) -> str:
    left = progress.seconds_left
    speed = f", {megabytes(progress.speed)}/s" if progress.speed else ""
    time = f", {left:,.0f} s left" if left is not None and progress.doing == "downloading" else ""
    return f"{progress.doing} {megabytes(progress.total)}{speed}{time}"


COMMANDS.add("download", Command("download MNIST or another known set", _add_arguments, _run))
