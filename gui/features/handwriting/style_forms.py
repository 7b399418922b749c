"""What the playground's widgets are made of: sliders for a hand's habits, tiles for templates."""

from PySide6.QtWidgets import QWidget

from core.base.fields import Limits, limits_of
from core.imaging.synthesis import Hand
from core.imaging.synthesis.own import Style
from core.recipe.recipe import describe_fields
from gui.features.handwriting.model import Way, default_of, grouped
from gui.features.handwriting.template_tile import StripItem
from gui.session.words import with_article
from gui.toolkit.forms.field_row import explain
from gui.toolkit.forms.slider_board import Dial
from gui.toolkit.plain import TextLabel, copy_tips


def dials() -> dict[str, list[Dial]]:
    """Return a slider for every described field of a hand, by heading."""
    groups = grouped(list(describe_fields(Hand())))
    made = {}
    for group, names in groups.items():
        every = [(name, limits_of(Hand, name)) for name in names]
        made[group] = [Dial(name, limits, default_of(name)) for name, limits in every if limits]
    return made


def style_limits(name: str) -> Limits:
    """Return the limits of a described field of `Style`."""
    found = limits_of(Style, name)
    assert found is not None
    return found


def strip_item(way: Way) -> StripItem:
    """Return the tile of one way to write a digit."""
    own = way.own is not None
    digit = with_article(str(way.digit))
    whose = f"Your own way to write {digit}." if own else f"A built-in way to write {digit}."
    unused = "" if way.used else " It is not used now."
    delete = " Delete removes it." if own else ""
    caption = f"{way.digit} · yours" if own else str(way.digit)
    return StripItem(
        way.strokes, way.points, caption, f"{whose}{unused}{delete}", own, not way.used
    )


def described(text: str, editor: QWidget, name: str) -> TextLabel:
    """Return the label of an editor, after giving both their help."""
    explain(editor, style_limits(name))
    label = TextLabel(text)
    label.setBuddy(editor)
    copy_tips(editor, label)
    return label
