"""The user's own drawings: kept, shown as they are read, and taught to the network."""

from types import SimpleNamespace

from gui.features.my_digits.controller import Teaching
from gui.session.action import ActionSpec
from gui.session.feature import Feature, Placed
from gui.session.services import Services

_VIEW = ActionSpec(
    "view.my-digits", "&My digits", "Your own drawings, and how they are read", "pen", "Ctrl+6"
)


def build(services: Services) -> Feature:
    """Build it."""
    teaching = Teaching(services)
    teaching.message.connect(services.say)
    return Feature(
        "my_digits",
        panels=(
            Placed("my-digits", "My digits", "centre", teaching.panel, _VIEW),
            Placed("label-row", "", "under-answer", teaching.row, on_placed=teaching.row.listen_on),
        ),
        shut_down=lambda _agreed: teaching.shut_down(),
        parts=SimpleNamespace(controller=teaching),
    )
