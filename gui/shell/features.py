"""All features of the window. To add one, make its folder and write its name here."""

from collections.abc import Callable, Iterable
from importlib import import_module

from gui.session.feature import Command, Feature, Placed
from gui.session.services import Services
from gui.session.targets import PanelTarget

# Folders of `gui.features`, each with a `feature.py` that has a `build`. Tabs, lines of menus
# and what is done at the end come in this order: what guards the user's work is first.
FEATURES = (
    "recovery",
    "setup",
    "curves",
    "weights",
    "digits",
    "lens",
    "picture",
    "my_digits",
    "handwriting",
    "reliability",
    "drawing",
    "timeline",
    "status",
    "data_import",
    "network_import",
    "downloads",
    "export",
)


BUILDERS: dict[str, Callable[[Services], Feature]] = {
    name: import_module(f"gui.features.{name}.feature").build for name in FEATURES
}


def build_features(services: Services) -> dict[str, Feature]:
    """Build all of them; they do not know each other. Returns them by name."""
    return {name: build(services) for name, build in BUILDERS.items()}


def commands_of(features: Iterable[Feature], services: Services) -> list[Command]:
    """Return the commands of features, those that show their panels among them."""
    commands: list[Command] = []
    for feature in features:
        commands += [_view(panel, services) for panel in feature.panels if panel.view is not None]
        commands += feature.commands
    return commands


def _view(panel: Placed, services: Services) -> Command:
    assert panel.view is not None
    group = "panels" if panel.place == "centre" else "docks"
    return Command(panel.view, lambda: services.show(PanelTarget(panel.key)), group)


def host_panels(features: Iterable[Feature]) -> None:
    """Put widgets into the panels of other features that have a place for them."""
    features = list(features)
    hosts = {place: host for feature in features for place, host in feature.hosts.items()}
    for panel in (panel for feature in features for panel in feature.panels):
        if panel.place in hosts:
            panel.on_placed(hosts[panel.place](panel.widget))
