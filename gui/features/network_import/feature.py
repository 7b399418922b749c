"""Networks of other programs: looked over, and completed, before they are used."""

from types import SimpleNamespace

from gui.features.network_import.controller import ModelImporting
from gui.session.feature import Feature
from gui.session.services import Services
from gui.session.targets import NetworkFile


def build(services: Services) -> Feature:
    """Build it; dialogs are built when they are needed."""
    datasets = services.datasets
    importing = ModelImporting(services.session, services.jobs, services.window, services.themes)
    importing.progress.connect(datasets.progress)  # where the loading of data is shown
    importing.failed.connect(datasets.failed)
    datasets.cancelled.connect(importing.cancel)
    importing.message.connect(services.say)
    importing.adopted.connect(lambda _path: services.documents.mark_unsaved())
    return Feature(
        "network_import",
        shows={NetworkFile: lambda target: importing.open(target.path)},
        parts=SimpleNamespace(controller=importing),
    )
