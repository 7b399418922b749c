"""Good files of every kind that the program opens: what hostile ones are made from."""

import gzip
import pickle
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import h5py
import numpy as np
from PIL import Image

from core.data.drawings.userfile import write_userset
from core.imaging.ink import draw
from core.imaging.synthesis.own import DEFAULT_STYLE, OwnTemplate, Style
from core.imaging.synthesis.style_file import write_style
from tests.fuzz.networks import FORMATS, write_seeds
from tests.support.own_drawings import drawing
from tests.support.program import write_digits

_TEMPLATE = OwnTemplate(7, (((1.5, 1.0), (4.0, 1.25), (7.5, 1.0), (5.0, 5.0), (4.0, 8.5)),))

SAMPLE_STYLE = Style(DEFAULT_STYLE.hand, (_TEMPLATE,), "both")


def models(folder: Path) -> list[Path]:
    """Write networks: our own files of every version, and all that can be imported."""
    for key in FORMATS:
        write_seeds(key, folder)
    return sorted(folder.iterdir())


def digits(folder: Path) -> list[Path]:
    """Write digits, labelled, for every reader."""
    rng = np.random.default_rng(1)
    labels = (np.arange(60) % 10).astype(np.uint8)
    images = rng.integers(0, 60, (60, 8, 8), np.uint8)
    images[np.arange(60), labels % 8] = 255
    rows = np.column_stack([labels, images.reshape(60, -1)])
    np.savetxt(folder / "table.csv", rows, "%d", ",")
    (folder / "packed.csv.gz").write_bytes(gzip.compress((folder / "table.csv").read_bytes()))
    np.savez_compressed(folder / "arrays.npz", images=images, labels=labels)
    book = pickle.dumps({"images": images, "labels": labels}, 2)
    (folder / "book.pkl").write_bytes(book)
    (folder / "book.pkl.gz").write_bytes(gzip.compress(book))
    with h5py.File(folder / "digits.hdf5", "w") as file:
        file["images"], file["labels"] = images, labels
    write_userset(folder / "own.h5", [drawing(label, label) for label in range(10)])
    write_style(folder / "hand.toml", SAMPLE_STYLE)
    _write_matlab(folder / "course.mat", images, labels)
    idx = write_digits(folder / "idx", 60)
    for path in idx.iterdir():
        shutil.copy(path, folder / path.name)
    shutil.rmtree(idx)
    return sorted(folder.iterdir())


def _write_matlab(path: Path, images: np.ndarray, labels: np.ndarray) -> None:
    from scipy.io import savemat  # noqa: PLC0415 - takes a quarter of a second

    savemat(path, {"X": images.reshape(len(images), -1) / 255.0, "y": labels[:, None] + 1.0})


def pictures(folder: Path) -> list[Path]:
    """Write a page with a digit in every format that is read."""
    seven = draw([np.array([[60, 60], [200, 66], [110, 220]], np.float32)], 12.0)
    page = np.full((60, 90), 240, np.uint8)
    page[10:38, 20:48] = np.minimum(page[10:38, 20:48], 255 - seven)
    for suffix in (".png", ".jpg", ".bmp", ".gif", ".tif", ".webp"):
        Image.fromarray(page).save(folder / f"page{suffix}")
    Image.fromarray(page).save(folder / "progressive.jpg", progressive=True)
    return sorted(folder.iterdir())


def recipes(folder: Path) -> list[Path]:
    """Write the recipes that the program ships."""
    for preset in files("resources").joinpath("recipes").iterdir():
        if preset.name.endswith(".toml"):
            (folder / preset.name).write_bytes(preset.read_bytes())
    return sorted(folder.iterdir())


KINDS: dict[str, Callable[[Path], list[Path]]] = {
    "model": models, "digits": digits, "picture": pictures, "recipe": recipes,
}  # fmt: skip


def write_samples(folder: Path) -> dict[str, list[Path]]:
    """Write good files of all kinds, each kind in a folder of its own; return them by kind."""
    made = {}
    for kind, write in KINDS.items():
        (folder / kind).mkdir(parents=True)
        made[kind] = write(folder / kind)
    return made
