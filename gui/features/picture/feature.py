"""Photographs and scans: digits are found in them and read."""

from types import SimpleNamespace

from PySide6.QtGui import QKeySequence

from gui.features.picture.controller import Pictures
from gui.session.action import ActionSpec
from gui.session.feature import Command, Feature, Placed
from gui.session.messages import Message
from gui.session.services import Services
from gui.session.targets import PanelTarget, PictureFile

_VIEW = ActionSpec("view.picture", "&Picture", "Photographs and scans of digits", "image", "Ctrl+5")
_READ = ActionSpec(
    "file.picture", "Read a &picture…", "Read the digits in a photograph or scan", "image",
    "Ctrl+Shift+O",
)  # fmt: skip
_PASTE = ActionSpec(
    "edit.paste", "&Paste a picture", "Read the digits in the picture in the clipboard", "paste",
    QKeySequence.StandardKey.Paste,
)  # fmt: skip


def build(services: Services) -> Feature:
    """Build it."""
    pictures = Pictures(services.jobs, services.window, services.themes, services.settings)
    services.answering.lead(pictures.model)
    pictures.wanted.connect(lambda: services.show(PanelTarget("picture")))

    def paste() -> None:
        if not pictures.paste():
            services.say(
                Message(
                    "info",
                    "There is no picture in the clipboard.",
                    "Copy a picture, or a picture file, and paste it here.",
                )
            )

    return Feature(
        "picture",
        panels=(Placed("picture", "Picture", "centre", pictures.panel, _VIEW),),
        commands=(Command(_READ, pictures.ask_open, "read"), Command(_PASTE, paste, "paste")),
        shows={PictureFile: lambda target: pictures.open(target.path)},
        parts=SimpleNamespace(controller=pictures),
    )
