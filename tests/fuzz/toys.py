"""Files to play with: good ones of every kind that the program opens, and some that are not."""

import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.exchange.exporter import EXPORTERS
from core.imaging.ink import draw
from tests.fuzz.networks import FOREIGN, small_network
from tests.support.program import write_digits

_MODELS = FOREIGN.parent
_ODD_NAMES = ("<b>bold & <img src=x>.h5", "two\nlines.png", "\x1b[31mred.csv", "%s%n.toml")


def fill(folder: Path) -> list[Path]:
    """Write the files into a folder that may be there already; return them in a fixed order."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [write_digits(folder / "idx", 300), *_tables(folder), *_pictures(folder)]
    for path in sorted((*_MODELS.glob("model-v*.h5"), *FOREIGN.glob("*.*"))):
        if path.suffix not in (".py", ".md"):
            made.append(Path(shutil.copy(path, folder)))
    for key in EXPORTERS:
        made.append(folder / f"written-{key}{EXPORTERS[key].suffix}")
        made[-1].write_bytes(EXPORTERS[key].encode(small_network(), "float32"))
    made.append(folder / "recipe.toml")
    made[-1].write_bytes(files("resources").joinpath("recipes/relu-adam.toml").read_bytes())
    return [*made, *_broken(folder, made)]


def _tables(folder: Path) -> list[Path]:
    rng = np.random.default_rng(1)
    labels = np.arange(120) % 10
    images = rng.integers(0, 60, (120, 64))
    images[np.arange(120), labels * 6] = 255
    table = folder / "digits.csv"
    np.savetxt(table, np.column_stack([labels, images]), "%d", ",")
    arrays = folder / "digits.npz"
    np.savez_compressed(
        arrays, images=images.reshape(-1, 8, 8).astype(np.uint8), labels=labels.astype(np.uint8)
    )
    return [table, arrays]


def _pictures(folder: Path) -> list[Path]:
    seven = [np.array([[60, 60], [200, 66], [110, 220]], np.float32)]
    one = 255 - draw(seven, 12.0)
    page = np.full((120, 200), 240, np.uint8)
    for left in (20, 90, 150):
        page[40:68, left : left + 28] = np.minimum(page[40:68, left : left + 28], one)
    made = [folder / f"page{suffix}" for suffix in (".png", ".jpg", ".bmp", ".gif", ".tif")]
    for path in made:
        Image.fromarray(page).save(path)
    return made


def _broken(folder: Path, whole: list[Path]) -> list[Path]:
    """Cut some files off, and write some that are of no kind at all."""
    made = []
    for path in whole:
        if path.is_file():
            made.append(folder / f"cut-{path.name}")
            content = path.read_bytes()
            made[-1].write_bytes(content[: 2 * len(content) // 3])
    for name in _ODD_NAMES:
        made.append(folder / name)
        made[-1].write_bytes(b"nothing of the kind")
    made.append(folder / "empty.h5")
    made[-1].write_bytes(b"")
    made.append(folder / "an empty folder")
    made[-1].mkdir(exist_ok=True)
    return [*made, folder / "nowhere.h5"]
