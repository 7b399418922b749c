"""The network, or pictures and tables of it, for other programs."""

from types import SimpleNamespace

from gui.features.export.controller import Exporting
from gui.session.action import ActionSpec, when_run
from gui.session.feature import Command, Feature
from gui.session.services import Services
from gui.session.targets import RunToExport

_EXPORT = ActionSpec(
    "file.export", "&Export…",
    "Write the network for other programs: ONNX, Keras, Python, a web page …", "export", "Ctrl+E",
    when_run, toolbar=True,
)  # fmt: skip


def build(services: Services) -> Feature:
    """Build it; its dialog when it is first wanted."""
    exporting = Exporting(
        services.session, services.jobs, services.window, services.themes, services.settings
    )
    return Feature(
        "export",
        commands=(Command(_EXPORT, exporting.show, "save"),),
        shows={RunToExport: lambda target: exporting.show(target.run)},
        parts=SimpleNamespace(controller=exporting),
    )
