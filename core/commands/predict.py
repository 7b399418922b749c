"""`inkling predict`: read pictures of digits with a saved network."""

import argparse
from pathlib import Path

from core.command import COMMANDS, Command, print_error, print_json, print_line
from core.errors import ImageError
from core.modelfile import load_model
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
    parser.add_argument("--json", action="store_true", help="print one JSON object per image")


def _run(options: argparse.Namespace) -> int:
    run = load_model(options.model)
    predictor = Predictor(run.network, run.loss, run.params)
    status = 0
    for path in options.images:
        try:
            _predict(path, run, predictor, options.json)
        except ImageError as error:  # one bad picture does not spoil the others
            print_error(error.sentence)
            status = 2
    return status


def _predict(path: Path, run: Run, predictor: Predictor, as_json: bool) -> None:
    image = fit_shape(read_picture(path), run.image_shape)
    answer = [float(value) for value in predictor.probabilities(image[None])[0]]
    best = max(range(len(answer)), key=answer.__getitem__)
    if as_json:
        print_json(
            {
                "path": str(path),
                "label": _label(run.class_names[best]),
                "probability": answer[best],
                "probabilities": answer,
            }
        )
    else:
        print_line(f"{path}: {run.class_names[best]} ({answer[best]:.1%})")


def _label(name: str) -> int | str:
    return int(name) if name.isdecimal() else name


COMMANDS.add("predict", Command("read pictures of digits", _add_arguments, _run))
