"""The hand that writes the built-in digits: a playground, and digits written by it."""

from types import SimpleNamespace

from gui.features.handwriting.controller import HandwritingController
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.services import Services

_VIEW = ActionSpec(
    "view.handwriting", "&Handwriting", "The hand that writes the built-in digits", "draw",
    "Ctrl+7",
)  # fmt: skip


def build(services: Services) -> Feature:
    """Build it; its panel when it is first seen."""
    controller = HandwritingController(
        services.jobs, services.window, services.themes, services.datasets.load, services.folder
    )
    controller.message.connect(services.say)
    services.answering.lead(controller.model)
    return Feature(
        "handwriting",
        panels=(Placed("handwriting", "Handwriting", "centre", controller.panel, _VIEW),),
        shut_down=lambda _agreed: controller.finish(),
        parts=SimpleNamespace(controller=controller),
    )
