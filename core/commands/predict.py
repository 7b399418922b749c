"""`inkling predict`: read pictures of digits with a saved network."""

import argparse
from pathlib import Path
from typing import Any

from core.arrays import ByteArray, FloatArray
from core.command import COMMANDS, Command, print_error, print_json, print_line
from core.digit_row import find_digits
from core.errors import ImageError, SaveError, reason
from core.modelfile import load_model
from core.picture import load_gray
from core.prediction import Predictor
from core.preprocessing import fit_shape, read_picture
from core.run import Run


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="a model saved by Inkling (.h5)")
    parser.add_argument(
        "images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="a PNG or JPEG of one digit, dark on light or light on dark",
    )
    parser.add_argument(
        "--row", action="store_true", help="read all digits in each picture, from left to right"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per image")
    parser.add_argument(
        "--show",
        type=Path,
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


class _Reader:
    """Reads pictures with one network; images are (N, H, W), answers (N, K)."""

    def __init__(self, run: Run) -> None:
        self._shape = run.image_shape
        self._predictor = Predictor(run.network, run.loss, run.params)

    def single(self, path: Path) -> list[tuple[ByteArray, FloatArray]]:
        """Read the one digit of a picture."""
        image = read_picture(path)
        return [(image, self._answers(image[None])[0])]

    def row(self, path: Path) -> list[tuple[ByteArray, FloatArray]]:
        """Read all digits of a picture."""
        found = [digit.image for digit in find_digits(load_gray(path), self._answers)]
        if not found:
            raise ImageError(
                path,
                f"“{path.name}” shows no digits: it is blank, or they are too faint.",
                "Use a picture of digits that stand out from their ground.",
            )
        return [(image, self._answers(image[None])[0]) for image in found]

    def _answers(self, images: ByteArray) -> FloatArray:
        fitted = [fit_shape(image, self._shape) for image in images]
        return self._predictor.probabilities(_stacked(fitted))


def _stacked(images: list[ByteArray]) -> ByteArray:
    import numpy as np

    return np.stack(images)


def _report(
    path: Path, found: list[tuple[ByteArray, FloatArray]], run: Run, options: argparse.Namespace
) -> None:
    if options.show is not None:
        _write(options.show, path, [fit_shape(image, run.image_shape) for image, _ in found])
    digits = [_digit(answer, run.class_names) for _, answer in found]
    if options.json and options.row:
        text = "".join(run.class_names[digit["best"]] for digit in digits)
        print_json({"path": str(path), "text": text, "digits": [_entry(each) for each in digits]})
    elif options.json:
        print_json({"path": str(path), **_entry(digits[0])})
    else:
        words = [f"{run.class_names[each['best']]} ({each['probability']:.1%})" for each in digits]
        text = "".join(run.class_names[each["best"]] for each in digits)
        print_line(f"{path}: {text}  {'  '.join(words)}" if options.row else f"{path}: {words[0]}")


def _digit(answer: FloatArray, names: tuple[str, ...]) -> dict[str, Any]:
    values = [float(value) for value in answer]
    best = max(range(len(values)), key=values.__getitem__)
    return {
        "best": best,
        "label": _label(names[best]),
        "probability": values[best],
        "probabilities": values,
    }


def _entry(digit: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in digit.items() if key != "best"}


def _write(folder: Path, path: Path, images: list[ByteArray]) -> None:
    """Write images as PNG files named after the picture, numbered if there are several."""
    from PIL import Image

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, image in enumerate(images, start=1):
            count = f"-{number}" if len(images) > 1 else ""
            Image.fromarray(image).save(folder / f"{path.stem}{count}.png")
    except OSError as error:
        raise SaveError(
            folder,
            f"What the network received could not be written to “{folder}”: {reason(error)}.",
            "Choose another folder.",
        ) from error


def _label(name: str) -> int | str:
    return int(name) if name.isdecimal() else name


COMMANDS.add("predict", Command("read pictures of digits", _add_arguments, _run))
