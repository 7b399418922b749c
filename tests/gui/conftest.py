"""What the window's tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.style.dressing import dress
from gui.style.theme import LIGHT, Themes
from tests.support.program import Driver, make_program, write_digits


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application, dressed once for all tests: whichever runs first finds it so."""
    dress(qapp, LIGHT)
    return qapp


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """Delete at once what a test let go of, and leave the light theme behind."""
    yield
    app = QCoreApplication.instance()
    if app is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if isinstance(app, QApplication):
        dress(app, LIGHT)


@pytest.fixture
def themes(qapp: QApplication) -> Iterator[Themes]:
    """Themes of the running program, light to begin with."""
    made = Themes(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture(scope="session")
def digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 600 images that are easy to tell apart, as IDX files."""
    return write_digits(tmp_path_factory.mktemp("digits"))


@pytest.fixture
def make_driver(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[], Driver]]:
    """Starts the real program, as often as called, without data; all are ended at last."""
    made: list[Driver] = []

    def make() -> Driver:
        made.append(Driver(make_program(qapp, tmp_path), qtbot))
        return made[-1]

    yield make
    for driver in made:  # all first: each looks whether any thread is left
        driver.all.shut_down()
    for driver in made:
        driver.close()


@pytest.fixture
def program(make_driver: Callable[[], Driver], digits_folder: Path) -> Driver:
    """The real program with the small digits loaded."""
    driver = make_driver()
    driver.all.datasets.load(str(digits_folder))
    driver.wait(lambda: driver.session.parts is not None)
    return driver
