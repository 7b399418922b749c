"""Calibrating a run on the images that were set aside for measuring."""

from core.certainty.calibration import Calibration, fit
from core.certainty.novelty import Progress
from core.data.dataset import ImageSet
from core.training.run import DataSplit, Run

_FEWEST = 2


def images_for(parts: DataSplit) -> ImageSet | None:
    """Return what to calibrate on: the held-out images, else the training images.

    On its training images a network is surer and more often right than on others; still
    that is better than nothing. None if there are fewer than two images of both kinds.
    """
    if parts.held_out is not None and len(parts.held_out) >= _FEWEST:
        return parts.held_out
    if len(parts.images) < _FEWEST:
        return None
    return ImageSet(parts.images.reshape(-1, *parts.image_shape), parts.labels)


def calibrate(run: Run, parts: DataSplit, progress: Progress | None = None) -> Calibration | None:
    """Calibrate a run as it is now; None if there are no images to do it with.

    Raises:
        ShapeError: the images are not of the network's size.
    """
    images = images_for(parts)
    if images is None:
        return None
    return fit(
        run.network,
        run.loss,
        run.params,
        images.images,
        images.labels,
        progress,
        step=run.step,
    )
