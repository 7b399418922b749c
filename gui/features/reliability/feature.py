"""How far the network's certainty can be trusted: it is calibrated, and the result is shown."""

from types import SimpleNamespace

from core.base.errors import InklingError
from gui.features.reliability.controller import Calibrating
from gui.features.reliability.model import ReliabilityModel
from gui.features.reliability.panel import ReliabilityPanel
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.messages import Message, error_message
from gui.session.services import Services
from gui.toolkit.deferred import Deferred

_VIEW = ActionSpec(
    "view.reliability", "Relia&bility", "How far the network's certainty can be trusted", "chart",
    "Ctrl+8",
)  # fmt: skip


def build(services: Services) -> Feature:
    """Build it; its panel when it is first seen. Drawings are answered as it finds."""
    calibrating = Calibrating(services.session, services.jobs, services.window)
    model = ReliabilityModel()
    _follow(services, calibrating, model)
    panel = Deferred(lambda: _panel(services, model))
    return Feature(
        "reliability",
        panels=(Placed("reliability", "Reliability", "centre", panel, _VIEW),),
        parts=SimpleNamespace(controller=calibrating, model=model),
    )


def _follow(services: Services, calibrating: Calibrating, model: ReliabilityModel) -> None:
    session = services.session

    def name_classes() -> None:
        if session.run is not None:
            model.set_class_names(session.run.class_names)

    calibrating.changed.connect(services.answering.set_calibration)
    calibrating.changed.connect(model.set_calibration)
    calibrating.judged.connect(model.set_strangest)
    calibrating.failed.connect(lambda error: services.say(error_message(error)))
    session.situation_changed.connect(lambda: model.show_situation(session.situation()))
    session.run_changed.connect(name_classes)
    session.weights_replaced.connect(calibrating.refresh)


def _panel(services: Services, model: ReliabilityModel) -> ReliabilityPanel:
    panel = ReliabilityPanel(model, services.themes)

    def tell(name: str) -> None:
        services.say(Message("success", f"Exported as “{name}”."))

    def refuse(error: InklingError) -> None:
        services.say(error_message(error))

    panel.exported.connect(tell)
    panel.failed.connect(refuse)
    return panel
