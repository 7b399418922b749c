"""What stands around the training: each part with its panel, its commands and its data.

A feature is a controller that knows nothing of the others. Here they are built, placed
and told what changed.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.downloads import DownloadCentre

if TYPE_CHECKING:
    from gui.app import Inkling


class Features(QObject):
    """All features of one program.

    Attributes:
        commands: what they add to the desk, by key.
    """

    def __init__(self, inkling: "Inkling") -> None:
        super().__init__(inkling)
        self._all = inkling
        self.downloads = DownloadCentre(
            inkling.jobs,
            inkling.window,
            inkling.themes,
            lambda folder, _key: inkling.shelf.load(str(folder)),
            lambda: inkling.desk.do("data.open_folder"),
        )
        self.commands: dict[str, Callable[[], object]] = {"data.download": self.downloads.show}
