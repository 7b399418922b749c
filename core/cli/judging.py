"""Which images a network is judged by on the command line, and whether it can read them."""

from pathlib import Path

from core.base.errors import DatasetError
from core.data.dataset import Dataset, ImageSet
from core.training.run import Run


def measured_part(dataset: Dataset) -> ImageSet:
    """Return the images to judge by: test, else validation, else all there are."""
    return dataset.test or dataset.validation or dataset.train


def check_fits(run: Run, dataset: Dataset, source: str) -> None:
    """Check that the network reads images of this size and knows these classes.

    Raises:
        DatasetError: it does not.
    """
    if dataset.image_shape != run.image_shape or dataset.class_count > len(run.class_names):
        height, width = run.image_shape
        other_height, other_width = dataset.image_shape
        raise DatasetError(
            Path(source),
            f"This network reads {width}×{height} images of {len(run.class_names)} classes;"
            f" these are {other_width}×{other_height} images of {dataset.class_count} classes.",
            "Choose data like those it was trained on.",
        )
