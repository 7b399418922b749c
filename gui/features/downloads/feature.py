"""Well-known digits from the internet."""

from types import SimpleNamespace

from gui.features.downloads.controller import DownloadCentre
from gui.session.action import ActionSpec
from gui.session.feature import Command, Feature
from gui.session.services import Services

_GET = ActionSpec(
    "data.download", "&Get digits…", "Download MNIST and other well-known digits", "download",
    "Ctrl+G",
)  # fmt: skip


def build(services: Services) -> Feature:
    """Build it; its dialog when it is first wanted."""
    centre = DownloadCentre(
        services.jobs,
        services.window,
        services.themes,
        lambda folder, _key: services.datasets.load(str(folder)),
        lambda: services.do("data.open_folder"),
    )
    return Feature(
        "downloads",
        commands=(Command(_GET, centre.show, "data"),),
        parts=SimpleNamespace(controller=centre),
    )
