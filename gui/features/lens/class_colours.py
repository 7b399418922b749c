"""A colour for each class, the same wherever classes are told apart by colour."""

from PySide6.QtGui import QColor

from gui.style.theme import Theme

# The theme's own series has seven colours and a gray, which would look like no class at all.
_COLOURS = 7
_MORE_ON_LIGHT = ("#c4264e", "#4f7a00", "#8a5a3c")
_MORE_ON_DARK = ("#ff6f91", "#9bd34a", "#c99a7a")
_GOLDEN = 0.618034  # of the circle of hues, between one class and the next


def class_colour(theme: Theme, index: int) -> QColor:
    """Return the colour of class `index`, counted from 0, on the theme's ground."""
    known = (*theme.series[:_COLOURS], *(_MORE_ON_DARK if theme.dark else _MORE_ON_LIGHT))
    if index < len(known):
        return QColor(known[index])
    lightness = 0.65 if theme.dark else 0.4
    return QColor.fromHslF((index * _GOLDEN) % 1.0, 0.6, lightness)
