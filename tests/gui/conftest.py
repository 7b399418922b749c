"""What the window's tests share."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from gui.theme import Themes


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[Themes]:
    """Themes of the running program, light to begin with."""
    made = Themes(qapp, "light")
    yield made
    made.deleteLater()
