"""The key to the colours."""

from gui.style.theme import Themes
from gui.toolkit.colour_bar import ColourBar


def test_the_strip_runs_from_blue_over_the_ground_to_orange(qtbot, themes: Themes):
    bar = ColourBar(themes)
    qtbot.addWidget(bar)
    bar.resize(257, bar.sizeHint().height())
    image = bar.grab().toImage()
    left, middle, right = (image.pixelColor(x, 4) for x in (3, 128, 253))
    assert left.blue() > left.red() + 50
    assert middle.lightness() > 240
    assert right.red() > right.blue() + 50
    themes.choose("dark")
    assert bar.grab().toImage().pixelColor(128, 4).lightness() < 40


def test_the_ends_are_named(qtbot, themes: Themes):
    bar = ColourBar(themes)
    qtbot.addWidget(bar)
    bar.resize(200, bar.sizeHint().height())
    bar.set_limit(0.25)
    assert bar.accessibleName() == "Colours from −0.25 over 0 to 0.25"
    image = bar.grab().toImage()
    inked = [
        x
        for x in range(200)
        if any(image.pixelColor(x, y).lightness() < 180 for y in range(10, image.height()))
    ]
    assert min(inked) < 10
    assert max(inked) > 190
    assert any(90 < x < 110 for x in inked)


def test_amounts_start_at_nought(qtbot, themes: Themes):
    bar = ColourBar(themes, diverging=False)
    qtbot.addWidget(bar)
    bar.set_limit(60, " %")
    assert bar.accessibleName() == "Colours from 0 % over 30 % to 60 %"
