"""The station at which a preset is chosen, and one that takes long made shorter."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.recipe.recipe import Recipe
from gui.shell.app import Inkling
from gui.tour import hands

_MOST_WORK = 2_500_000  # weights times epochs: half a minute or so


def choose_preset(inkling: Inkling, key: str) -> str:
    """Choose a preset by the keyboard, and put the network in use away if it is of this one.

    Returns:
        A sentence if the preset takes so long that it was shortened, else "".
    """
    preset, session = inkling.features["setup"].parts.panel.preset, inkling.session
    preset.setFocus()
    for index in range(preset.currentIndex() + 1, preset.findData(key) + 1):
        QTest.keyClick(preset, Qt.Key.Key_Down)
        wanted = preset.itemData(index)
        _wait_for(inkling, wanted)
    _wait_for(inkling, key)
    if session.run is not None and session.run.recipe.key == key:
        hands.click_tool(inkling.window, "file.new")
        hands.wait_until(lambda: session.run is None, "the network to be put away")
    return _shorten(inkling, session.recipe)


def _wait_for(inkling: Inkling, key: str) -> None:
    hands.wait_until(lambda: inkling.session.recipe.key == key, f"the preset {key}")


def _shorten(inkling: Inkling, recipe: Recipe) -> str:
    """Let a recipe that takes long run for a few epochs only."""
    parts, training = inkling.session.parts, recipe.training
    assert parts is not None
    network = recipe.network(parts.pixel_count, len(parts.class_names))
    most = max(1, _MOST_WORK // network.trained_count)
    if training.duration_unit != "epochs" or training.duration <= most:
        return ""
    shorter = replace(recipe, training=replace(training, duration=most))
    inkling.session.edit_recipe(shorter, "Shorten for the tour")
    return f"“{recipe.label}” takes long: shortened from {training.duration} epochs to {most}."
