"""What a feature of the window may use, and all that it knows of the rest of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gui.session.answering import Answering
from gui.session.dataset_store import DatasetStore
from gui.session.documents import Documents
from gui.session.drawing_at_hand import DrawingAtHand
from gui.session.jobs import Jobs
from gui.session.messages import Message
from gui.session.session import Session
from gui.session.settings import Settings
from gui.style.theme import Themes


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """Given to each feature when it is built.

    Attributes:
        session: recipe, data, network and training.
        jobs: short work in the background.
        settings: what is remembered from start to start.
        themes: the colours in force.
        window: the parent of dialogs and controllers.
        datasets: loads digits and holds those in use.
        documents: the model file.
        answering: which network answers now.
        drawing: the drawing at hand, and what it is read as.
        folder: where the user's own things are kept; None: where they belong on this system.
        say: tells the user something.
        do: carries out the command of a key; raises KeyError if there is none.
        show: shows a target (see `gui.session.targets`); raises TypeError if nothing does.
    """

    session: Session
    jobs: Jobs
    settings: Settings
    themes: Themes
    window: QWidget
    datasets: DatasetStore
    documents: Documents
    answering: Answering
    drawing: DrawingAtHand
    folder: Path | None
    say: Callable[[Message], None]
    do: Callable[[str], None]
    show: Callable[[object], None]
