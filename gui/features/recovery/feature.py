"""What guards the user's work: copies on the disk, offers after a crash, networks put away."""

from types import SimpleNamespace

from gui.features.recovery.controller import Recovery
from gui.session.action import ActionSpec, when_idle
from gui.session.feature import Command, Feature
from gui.session.phase import Situation
from gui.session.services import Services


def _can_bring_back(now: Situation) -> bool:
    return now.idle and now.has_previous


_RECOVER = ActionSpec(
    "file.recover", "Re&cover…", "Bring back work that was not saved when Inkling ended",
    allowed=when_idle,
)  # fmt: skip
_BACKUPS = ActionSpec(
    "file.autosave", "&Keep backups on or off",
    "Copies of the network in training, in case the program or the power goes",
)  # fmt: skip
_PREVIOUS = ActionSpec(
    "run.previous", "&Bring back the previous network",
    "Swap the network with the one it replaced", "previous", "", _can_bring_back,
)  # fmt: skip


def build(services: Services) -> Feature:
    """Build it."""
    recovery = Recovery(services)
    return Feature(
        "recovery",
        commands=(
            Command(_RECOVER, recovery.recover, "guard"),
            Command(_BACKUPS, recovery.switch_autosave, "guard"),
            Command(_PREVIOUS, recovery.previous.bring_back, "again"),
        ),
        start=recovery.look,
        amend=recovery.previous.with_note,
        before_close=recovery.before_close,
        keep_now=recovery.autosaving.keep_now,
        keep_last=recovery.autosaving.shut_down,
        shut_down=recovery.shut_down,
        parts=SimpleNamespace(autosaving=recovery.autosaving, previous=recovery.previous),
    )
