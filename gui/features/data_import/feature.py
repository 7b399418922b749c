"""Digits in files of the user's own: looked over, and corrected, before they are used."""

from types import SimpleNamespace

from gui.features.data_import.controller import Importing
from gui.session.feature import Feature
from gui.session.services import Services
from gui.session.targets import DigitFile


def build(services: Services) -> Feature:
    """Build it; dialogs are built when they are needed."""
    datasets = services.datasets
    importing = Importing(datasets, services.jobs, services.window, services.themes)
    importing.progress.connect(datasets.progress)
    importing.failed.connect(datasets.failed)
    datasets.cancelled.connect(importing.cancel)
    return Feature(
        "data_import",
        shows={DigitFile: lambda target: importing.open(target.path)},
        parts=SimpleNamespace(controller=importing),
    )
