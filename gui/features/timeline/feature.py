"""The time line: any past moment of the training is looked at, exported, trained on from."""

from types import SimpleNamespace

from gui.features.timeline.controller import TimelineController
from gui.features.timeline.panel import TimelinePanel
from gui.session.feature import Feature, Placed
from gui.session.services import Services
from gui.session.targets import RunToExport


def build(services: Services) -> Feature:
    """Build it."""
    timeline = TimelineController(
        services.session, services.answering, services.jobs, services.window
    )
    model = timeline.model
    panel = TimelinePanel(model, services.themes)
    panel.moved.connect(timeline.look)
    panel.back_wanted.connect(timeline.back_to_now)
    panel.train_wanted.connect(timeline.train_on)
    panel.export_wanted.connect(timeline.export)
    timeline.export_wanted.connect(lambda run: services.show(RunToExport(run)))
    timeline.message.connect(services.say)
    services.documents.past = lambda: model.moments
    return Feature(
        "timeline",
        panels=(Placed("timeline", "", "below", panel),),
        parts=SimpleNamespace(controller=timeline, panel=panel),
    )
