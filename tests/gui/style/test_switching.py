"""What was switched looks, pixel for pixel, as what was built so."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QSlider,
    QStackedWidget,
    QToolButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from gui.style.theme import DARK, LIGHT, Themes
from tests.support.gallery import Gallery
from tests.support.program import Driver, recipe

LEFT = Qt.MouseButton.LeftButton


def image(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def test_all_kinds_of_widgets_look_as_if_they_had_been_built_so(themes: Themes, qtbot):
    switched, first = Gallery(themes), Gallery(themes)
    for one in (switched, first):
        qtbot.addWidget(one)
        one.show()
        qtbot.waitExposed(one)
    light = image(switched)
    assert image(first) == light
    first.hide()
    themes.choose("dark")
    built = Gallery(themes)
    qtbot.addWidget(built)
    built.show()
    dark = image(built)
    assert dark != light
    assert image(switched) == dark
    qtbot.waitUntil(lambda: image(first) == dark)
    themes.choose("light")
    assert image(switched) == light
    assert image(built) == light
    qtbot.waitUntil(lambda: image(first) == light)


def hover(widget: QWidget) -> None:
    QTest.mouseMove(widget, QPoint(-5, -5))
    QTest.mouseMove(widget, widget.rect().center())


def press(widget: QWidget) -> None:
    QTest.mousePress(widget, LEFT, pos=widget.rect().center())


def focus(widget: QWidget) -> None:
    widget.activateWindow()
    widget.setFocus(Qt.FocusReason.TabFocusReason)


@pytest.mark.parametrize("act", [hover, press, focus])
@pytest.mark.parametrize("kind", [QPushButton, QToolButton, QSlider])
def test_states_look_as_if_built_so(
    themes: Themes, qtbot, kind: type[QWidget], act: Callable[[QWidget], None]
):
    """Hovered, held down and with the keys, each before a switch and after one."""

    def shown() -> tuple[QImage, QImage, QImage]:
        window, widget = QWidget(), kind()
        qtbot.addWidget(window)
        layout = QVBoxLayout(window)
        layout.addWidget(QLineEdit())
        layout.addWidget(widget)
        window.show()
        qtbot.waitExposed(window)
        plain = image(window)
        act(widget)
        qtbot.waitUntil(lambda: image(window) != plain)
        changed = image(window)
        themes.choose("light" if themes.current.dark else "dark")
        other = image(window)
        QTest.mouseRelease(widget, LEFT)
        window.close()
        return plain, changed, other

    plain, light, dark_after = shown()
    dark_plain, dark, light_after = shown()
    assert light == light_after != plain
    assert dark == dark_after != dark_plain


def test_popups_look_as_if_built_so(themes: Themes, qapp, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def popups() -> list[QWidget]:
        menu, box, question = QMenu(window), QComboBox(window), QMessageBox(window)
        menu.addAction("on").setCheckable(True)
        menu.addAction("off").setEnabled(False)
        menu.addSeparator()
        menu.addMenu("more")
        box.addItems(["one", "two"])
        box.show()
        question.setText("Keep it?")
        question.setStandardButtons(QMessageBox.StandardButton.Save)
        box.showPopup()
        made = [menu, box.view().window(), question]
        for popup in made:
            popup.show()
            popup.hide()
        return made

    def images(made: list[QWidget]) -> list[QImage]:
        return [image(popup) for popup in made]

    before = popups()
    light = images(before)
    themes.choose("dark")
    after = popups()
    dark = images(after)
    assert [one == other for one, other in zip(light, dark, strict=True)] == [False] * 3
    qtbot.waitUntil(lambda: images(before) == dark)
    themes.choose("light")
    qtbot.waitUntil(lambda: images(after) == light)


def test_tooltips_look_as_if_built_so(themes: Themes, qapp, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()

    def tip() -> QImage:
        QToolTip.showText(QPoint(5, 5), "What it does", window)
        (label,) = (each for each in qapp.topLevelWidgets() if each.inherits("QTipLabel"))
        made = image(label)
        assert label.isVisible()
        return made

    light = tip()
    assert light.pixelColor(3, 3) == QColor(LIGHT.raised)
    themes.choose("dark")
    dark = tip()
    assert dark.pixelColor(3, 3) == QColor(DARK.raised)
    themes.choose("light")
    assert tip() == light
    QToolTip.hideText()


def test_pages_shown_before_their_turn_are_painted_again(themes: Themes, qtbot):
    """What is on the screen counts: a picture that a widget gives of itself is always new."""
    pages = QStackedWidget()
    qtbot.addWidget(pages)
    for _ in range(2):
        page = QWidget()
        layout = QGridLayout(page)
        layout.setSpacing(0)
        for number in range(150):
            button = QPushButton(str(number))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            layout.addWidget(button, number // 10, number % 10)
        pages.addWidget(page)
    pages.show()
    qtbot.waitExposed(pages)

    def on_screen() -> QImage:
        return pages.screen().grabWindow(pages.winId()).toImage()

    pages.setCurrentIndex(1)
    pages.setCurrentIndex(0)
    qtbot.waitUntil(lambda: on_screen() == image(pages))
    light = image(pages)
    themes.choose("dark")
    dark = image(pages)
    assert dark != light
    pages.setCurrentIndex(1)
    pages.repaint()
    qtbot.waitUntil(lambda: on_screen() == dark)


# The whole program --------------------------------------------------------------------------


def pictures(driver: Driver) -> dict[str, QImage]:
    """Take a picture of the window with each tab in front, once nothing in it moves."""
    tabs = driver.window.tabs
    made: dict[str, QImage] = {}

    def rests() -> bool:
        before = made.copy()
        for number in range(tabs.count()):
            tabs.setCurrentIndex(number)
            made[tabs.tabText(number)] = image(driver.window)
        return made == before

    driver.wait(rests)
    return made


def differing(some: dict[str, QImage], others: dict[str, QImage]) -> list[str]:
    return [tab for tab in some if some[tab] != others[tab]]


def test_a_switched_program_looks_as_one_that_was_started_so(
    program: Driver, make_driver: Callable[[], Driver], digits_folder: Path
):
    """Each tab, with all that is around it."""
    pictures(program)
    program.click("view.theme.dark")
    switched = pictures(program)
    program.window.hide()
    started = make_driver()
    assert started.all.themes.current is DARK
    started.all.datasets.load(str(digits_folder))
    started.wait(lambda: started.session.parts is not None)
    assert differing(pictures(started), switched) == []


def test_after_two_switches_all_is_as_before(program: Driver):
    program.train_to_end(recipe())
    light = pictures(program)
    program.click("view.theme.dark")
    dark = pictures(program)
    assert differing(light, dark) == list(light)
    program.click("view.theme.light")
    assert differing(pictures(program), light) == []
