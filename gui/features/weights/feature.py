"""What each unit of the first layer looks for, as pictures."""

from types import SimpleNamespace

from gui.features.weights.model import WeightsModel
from gui.features.weights.panel import WeightsPanel
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.services import Services

_VIEW = ActionSpec(
    "view.weights", "&Weights", "What each first-layer unit looks for", "weights", "Ctrl+2"
)


def build(services: Services) -> Feature:
    """Build it."""
    session, model = services.session, WeightsModel()

    def show_run() -> None:
        run = session.run
        if run is None:
            model.clear()
        else:
            model.show_network(run.network, run.params, run.image_shape, run.class_names, run.step)

    session.run_changed.connect(show_run)
    session.weights_replaced.connect(show_run)
    services.answering.received.connect(model.accept)
    panel = WeightsPanel(model, services.themes)
    return Feature(
        "weights",
        panels=(Placed("weights", "Weights", "centre", panel, _VIEW),),
        parts=SimpleNamespace(model=model),
    )
