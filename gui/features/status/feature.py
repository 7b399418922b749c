"""Where the training stands, at the foot of the window."""

from types import SimpleNamespace

from gui.features.status.model import StatusModel
from gui.features.status.strip import StatusStrip
from gui.session.feature import Feature, Placed
from gui.session.services import Services

_FIGURES = (
    ("Epoch", "888.8 of 888", "Passes over all training images: done, and planned"),
    ("Iteration", "888,888 of 888,888", "Weight updates: done, and planned"),
    ("Speed", "8,888 k/s", "Training images per second"),
    ("Elapsed", "88 min 88 s", "Training time so far, pauses left out"),
    ("Left", "88 min 88 s", "Time until the end at the present speed"),
)


def build(services: Services) -> Feature:
    """Build it."""
    session, model = services.session, StatusModel()
    strip = StatusStrip(_FIGURES, services.themes)

    def show_run() -> None:
        model.show_run(session.run)

    def show_figures() -> None:
        strip.show_state(model.phase_text, model.share)
        strip.show_values(
            (
                model.epoch_text,
                model.iteration_text,
                model.speed_text,
                model.elapsed_text,
                model.left_text,
            )
        )

    session.received.connect(model.accept)
    session.situation_changed.connect(lambda: model.show_phase(session.phase))
    session.run_changed.connect(show_run)
    session.weights_replaced.connect(show_run)
    model.changed.connect(show_figures)
    return Feature(
        "status",
        panels=(Placed("status", "", "foot", strip),),
        parts=SimpleNamespace(model=model, strip=strip),
    )
