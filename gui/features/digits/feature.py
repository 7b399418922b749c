"""A random handful of digits that the network never trained on, and how it reads them."""

from types import SimpleNamespace

from core.data.dataset import ImageSet
from core.training.run import DataSplit
from gui.features.digits.model import DigitsModel
from gui.features.digits.panel import DigitsPanel
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.services import Services

_VIEW = ActionSpec(
    "view.digits", "&Digits", "Digits with the network's answers", "digits", "Ctrl+3"
)


def build(services: Services) -> Feature:
    """Build it."""
    session, answering, model = services.session, services.answering, DigitsModel()

    def give_predictor() -> None:
        parts = session.parts
        fits = parts is not None and parts.image_shape == answering.image_shape
        model.set_predictor(answering.predictor if fits else None)

    def show_data() -> None:
        parts = session.parts
        if parts is not None:
            images, name = parts.held_out or _training_set(parts), parts.held_out_name
            model.show_images(images, parts.class_names, name or "Training")
            give_predictor()

    session.data_changed.connect(show_data)
    answering.changed.connect(give_predictor)
    answering.received.connect(model.accept)
    panel = DigitsPanel(model, services.themes)
    return Feature(
        "digits",
        panels=(Placed("digits", "Digits", "centre", panel, _VIEW),),
        parts=SimpleNamespace(model=model),
    )


def _training_set(parts: DataSplit) -> ImageSet:
    return ImageSet(parts.images.reshape(-1, *parts.image_shape), parts.labels)
