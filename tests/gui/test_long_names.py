"""Names as long as a file may have them leave the window as wide as it was."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QPushButton

from core.data.dataset import Dataset, ImageSet
from core.modelfile import save_model
from core.recipe.recipe import Recipe
from core.training.run import new_run, split_data
from gui.toolkit.class_buttons import ClassButtons

_VIEWS = ("weights", "digits", "my-digits", "handwriting", "reliability", "training")


def _data(names, name):
    rng = np.random.default_rng(len(name))
    labels = (np.arange(200) % len(names)).astype(np.uint8)
    images = ImageSet(rng.integers(0, 256, (200, 28, 28), np.uint8), labels)
    return Dataset("x", name, "", images, None, images, names)


def _width(driver, tmp_path, names, label, name):
    """Open a model with these words, look at every panel, and return the window's least width."""
    recipe, data = Recipe(label=label, description=f"{label} " * 10), _data(names, name)
    path = tmp_path / f"{len(label)}.h5"
    save_model(path, new_run(recipe, data, split_data(recipe, data)))
    driver.all.opening.open(path)
    driver.wait(lambda: name in driver.message)  # these digits are nowhere
    widths = [_least_width(driver)]
    driver.session.use_data(data)
    for view in _VIEWS:
        driver.click(f"view.{view}")
        widths.append(_least_width(driver))
    return max(widths)


def _least_width(driver):
    for _ in range(8):  # a layout tells the one around it, and that the next
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
    return driver.window.minimumSizeHint().width()


@pytest.mark.parametrize("count", [10, 100])
def test_long_names_do_not_make_the_window_wider(make_driver, tmp_path, count):
    short = tuple(f"{number}" for number in range(count))
    long = tuple(f"{number}".ljust(256, "W") for number in range(count))
    driver = make_driver()
    before = _width(driver, tmp_path, short, "Mine", "digits")
    assert _width(driver, tmp_path, long, "W" * 200, "W" * 1000) == before


def test_a_button_shows_the_beginning_of_a_long_name_and_tells_all_of_it(qtbot):
    buttons = ClassButtons()
    qtbot.addWidget(buttons)
    buttons.set_classes(["W" * 256, "R&D"])
    first, second = buttons.findChildren(QPushButton)
    assert first.text().startswith("WW")
    assert "…" in first.text()
    assert len(first.text()) < 24
    assert "W" * 256 in first.toolTip().replace("\u200b", "")  # broken into lines there
    assert second.text() == "R&&D"
