"""`inkling predict`: read pictures of digits with a saved network."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.base.atomic_write import write_bytes_whole
from core.base.errors import ImageError, SaveError, reason
from core.certainty.calibration import Judge
from core.cli.arguments import file_name
from core.cli.command import COMMANDS, Command, print_error, print_json, print_line
from core.imaging.photos.digit_row import find_digits
from core.imaging.photos.picture import FORMATS, load_gray
from core.imaging.photos.preprocessing import fit_shape, read_picture
from core.imaging.png import png_bytes
from core.modelfile import load_model
from core.nn.predictor import Predictor
from core.training.run import Run


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=file_name, help="a model saved by Inkling (.h5)")
    parser.add_argument(
        "images",
        nargs="+",
        type=file_name,
        metavar="IMAGE",
        help=f"a picture ({', '.join(FORMATS)}) of one digit, dark on light or light on dark",
    )
    parser.add_argument(
        "--row", action="store_true", help="read all digits in each picture, from left to right"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per image")
    parser.add_argument(
        "--show",
        type=file_name,
        metavar="FOLDER",
        help="write what the network received into this folder, as PNG files",
    )


def _run(options: argparse.Namespace) -> int:
    run = load_model(options.model)
    reader = _Reader(run)
    status = 0
    for path in options.images:
        try:
            found = reader.row(path) if options.row else reader.single(path)
            _report(path, found, run, options)
        except ImageError as error:  # one bad picture does not spoil the others
            print_error(error.sentence)
            status = 2
    return status


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """One digit: what the network received (H, W), and what it makes of it.

    `strange` is None where the network has no calibration to tell by.
    """

    image: ByteArray
    probabilities: FloatArray
    strange: bool | None

    @property
    def best(self) -> int:
        """The likeliest class."""
        return int(self.probabilities.argmax())


class _Reader:
    """Reads pictures with one network."""

    def __init__(self, run: Run) -> None:
        self._shape = run.image_shape
        self._predictor = Predictor(run.network, run.loss, run.params)
        known = run.calibration
        fits = known is not None and known.belongs_to(run.params)
        self._judge = Judge(self._predictor, known) if known is not None and fits else None

    def single(self, path: Path) -> list[_Read]:
        """Read the one digit of a picture."""
        return [self._read(read_picture(path))]

    def row(self, path: Path) -> list[_Read]:
        """Read all digits of a picture."""
        found = find_digits(load_gray(path), self._probabilities)
        if not found:
            raise ImageError(
                path,
                f"“{path.name}” shows no digits: it is blank, or they are too faint.",
                "Use a picture of digits that stand out from their ground.",
            )
        return [self._read(digit.image) for digit in found]

    def _probabilities(self, images: ByteArray) -> FloatArray:
        fitted = np.stack([fit_shape(image, self._shape) for image in images])
        return self._predictor.probabilities(fitted)

    def _read(self, image: ByteArray) -> _Read:
        fitted = fit_shape(image, self._shape)
        if self._judge is None:
            return _Read(fitted, self._predictor.probabilities(fitted[None])[0], None)
        found = self._judge.judge(fitted[None])
        return _Read(fitted, found.probabilities[0], bool(found.strange[0]))


def _report(path: Path, found: list[_Read], run: Run, options: argparse.Namespace) -> None:
    if options.show is not None:
        _write(options.show, path, [each.image for each in found])
    names = run.class_names
    text = "".join(names[each.best] for each in found)
    if options.json and options.row:
        entries = [_entry(each, names) for each in found]
        print_json({"path": str(path), "text": text, "digits": entries})
    elif options.json:
        print_json({"path": str(path), **_entry(found[0], names)})
    else:
        words = [_words(each, names) for each in found]
        print_line(f"{path}: {text}  {'  '.join(words)}" if options.row else f"{path}: {words[0]}")


def _words(read: _Read, names: tuple[str, ...]) -> str:
    answer = f"{names[read.best]} ({float(read.probabilities[read.best]):.1%})"
    return f"{answer}, but it does not look like any digit it knows" if read.strange else answer


def _entry(read: _Read, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        "label": _label(names[read.best]),
        "probability": float(read.probabilities[read.best]),
        "probabilities": [float(value) for value in read.probabilities],
        "strange": read.strange,
    }


def _write(folder: Path, path: Path, images: list[ByteArray]) -> None:
    """Write images as PNG files named after the picture, numbered if there are several."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(
            folder,
            f"What the network received could not be written to “{folder}”: {reason(error)}.",
            "Choose another folder.",
        ) from error
    for number, image in enumerate(images, start=1):
        count = f"-{number}" if len(images) > 1 else ""
        write_bytes_whole(folder / f"{path.stem}{count}.png", png_bytes(image))


def _label(name: str) -> int | str:
    return int(name) if name.isdecimal() else name


COMMANDS.add("predict", Command("read pictures of digits", _add_arguments, _run))
