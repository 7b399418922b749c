"""The lens: each step from the strokes to the network's image, and maps of its answers."""

from types import SimpleNamespace

import numpy as np

from core.base.arrays import ByteArray
from core.imaging.ink import PAPER_SIDE
from core.training.run import DataSplit
from gui.features.lens.model import LensModel
from gui.features.lens.panel import LensPanel
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.services import Services
from gui.toolkit.deferred import Deferred

_VIEW = ActionSpec(
    "view.lens", "Le&ns", "Each step from your strokes to the network's image", "lens", "Ctrl+4"
)
_AVERAGED = 20_000  # images that the mean digits are made of, at most


def build(services: Services) -> Feature:
    """Build it; its panel when it is first seen."""
    model = LensModel(services.jobs)
    drawing = services.drawing
    services.answering.lead(model)
    drawing.redrawn.connect(
        lambda: model.set_strokes(drawing.strokes, drawing.pen_radius, PAPER_SIDE)
    )
    model.stages_changed.connect(drawing.set_stages)
    services.session.data_changed.connect(lambda: _find_means(services, model))
    panel = Deferred(lambda: LensPanel(model, services.themes))
    return Feature(
        "lens",
        panels=(Placed("lens", "Lens", "centre", panel, _VIEW),),
        parts=SimpleNamespace(model=model),
    )


def _find_means(services: Services, model: LensModel) -> None:
    parts = services.session.parts
    if parts is not None:
        services.jobs.start(
            "means", lambda _report: _means(parts), model.set_means, lambda _error: None
        )


def _means(parts: DataSplit) -> ByteArray:
    """Return the mean image of each class (K, H, W) uint8, for some of the training images."""
    images, labels = parts.images[:_AVERAGED], parts.labels[:_AVERAGED]
    means = [
        images[labels == label].mean(axis=0, dtype=np.float32)
        if (labels == label).any()
        else np.zeros(parts.pixel_count, np.float32)
        for label in range(len(parts.class_names))
    ]
    return np.stack(means).astype(np.uint8).reshape(-1, *parts.image_shape)
