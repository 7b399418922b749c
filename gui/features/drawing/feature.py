"""Drawing a digit: the paper, what the network sees of it, and what it answers."""

from types import SimpleNamespace

from gui.features.drawing.panel import DrawPanel
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.services import Services

_VIEW = ActionSpec("view.draw", "Sh&ow drawing", "The panel on the right", "draw")


def build(services: Services) -> Feature:
    """Build it; the drawing itself is `services.drawing`."""
    settings = services.settings
    panel = DrawPanel(services.drawing, services.themes)
    panel.set_grid(settings.grid)
    panel.grid_toggled.connect(lambda on: setattr(settings, "grid", on))
    return Feature(
        "drawing",
        panels=(Placed("draw", "Draw", "right", panel, _VIEW),),
        hosts={"under-answer": panel.place_under_answer},
        parts=SimpleNamespace(panel=panel),
    )
