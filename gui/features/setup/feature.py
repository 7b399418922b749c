"""The setup of a training: its digits, its network, and all numbers."""

from types import SimpleNamespace

from core.base.errors import InklingError
from gui.features.setup.controller import Preparation
from gui.features.setup.model import SetupModel
from gui.features.setup.panel import SetupPanel
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.phase import Phase
from gui.session.services import Services

_VIEW = ActionSpec("view.setup", "Show &setup", "The panel on the left", "settings")


def build(services: Services) -> Feature:
    """Build it."""
    model = SetupModel()
    panel = SetupPanel(model, services.themes)
    preparation = Preparation(services.session, model, services.jobs, services.window)
    _follow(services, model, preparation)
    panel.recipe_edited.connect(services.session.edit_recipe)
    panel.preset_chosen.connect(services.session.choose_preset)
    panel.data_requested.connect(lambda way: services.do(f"data.{way}"))
    panel.cancel_load_requested.connect(services.datasets.cancel)
    return Feature(
        "setup",
        panels=(Placed("setup", "Setup", "left", panel, _VIEW),),
        parts=SimpleNamespace(model=model, panel=panel),
    )


def _follow(services: Services, model: SetupModel, preparation: Preparation) -> None:
    """Let the model show what is in force and in use."""
    session, datasets = services.session, services.datasets

    def show_loading(text: str, share: object) -> None:
        model.set_loading(share if isinstance(share, float) else None, text)

    def show_problem(error: InklingError) -> None:
        # Beside the data; it is said, too, in case the panel is scrolled or closed.
        model.set_data_error(error.sentence)

    session.recipe_changed.connect(lambda: model.set_recipe(session.recipe))
    session.situation_changed.connect(lambda: model.set_locked(session.phase is not Phase.IDLE))
    session.data_changed.connect(preparation.describe_data)
    datasets.progress.connect(show_loading)
    datasets.failed.connect(show_problem)
