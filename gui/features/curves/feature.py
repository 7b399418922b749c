"""The training curves: loss and accuracy, live."""

from types import SimpleNamespace

from PySide6.QtCore import QTimer

from core.base.errors import InklingError
from gui.features.curves.model import Curves
from gui.features.curves.tab import CurvesTab
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.messages import Message, error_message
from gui.session.services import Services

_VIEW = ActionSpec("view.training", "&Training curves", "Loss and accuracy", "chart", "Ctrl+1")


def build(services: Services) -> Feature:
    """Build it, but for the plots: their library takes longer to load than all the rest."""
    curves = Curves()
    tab = CurvesTab(curves, services.themes)
    _follow(services, curves)

    def tell(name: str) -> None:
        services.say(Message("success", f"Exported as “{name}”."))

    def refuse(error: InklingError) -> None:
        services.say(error_message(error))

    tab.exported.connect(tell)
    tab.failed.connect(refuse)
    return Feature(
        "curves",
        panels=(Placed("training", "Training", "centre", tab, _VIEW),),
        start=lambda: QTimer.singleShot(0, tab.build),  # the window is painted first
        parts=SimpleNamespace(model=curves, tab=tab),
    )


def _follow(services: Services, curves: Curves) -> None:
    """Let the curves be those of the network in use."""
    session = services.session

    def show_run() -> None:
        if session.run is None:
            curves.clear()
        else:
            curves.unit = session.run.loss.unit
            curves.load(session.run.history, session.run.target)

    def name_held_out() -> None:
        if session.parts is not None:
            curves.validation_name = session.parts.held_out_name or "Validation"

    session.received.connect(curves.accept)
    session.run_changed.connect(show_run)
    session.weights_replaced.connect(show_run)  # its course may be put back with them
    session.data_changed.connect(name_held_out)
