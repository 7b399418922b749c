"""One setting in a form: its label, its editor and the sentence under them."""

from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.base.fields import Limits
from gui.style.theme import Themes
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.forms.number_field import NumberField
from gui.toolkit.forms.numbers import number_text, range_text
from gui.toolkit.forms.seed_field import SeedField
from gui.toolkit.plain import TextLabel, copy_tips, set_help, set_tooltip


class Editor(Protocol):
    """What every field of a form can do, besides being a widget that emits `edited`."""

    def value(self) -> Any:
        """Return the value shown."""

    def show_value(self, value: Any) -> None:
        """Show a value; nothing is emitted."""


def make_editor(name: str, limits: Limits, *, whole: bool, themes: Themes) -> Any:
    """Return the widget that edits a field: an `Editor` with the signal `edited`."""
    if limits.choices:
        return ChoiceField(limits.choices)
    if name == "seed":
        return SeedField(limits, themes)
    return NumberField(limits, whole=whole)


class FieldRow(QObject):
    """Ties one described field's widgets together. It is no widget: the form lays them out.

    Attributes:
        label, editor, message: its widgets.

    Signals:
        edited(value, gesture): the user changed the value.
    """

    edited = Signal(object, int)

    def __init__(
        self, name: str, limits: Limits, editor: Any, mnemonic: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.name, self.limits = name, limits
        self.editor = editor
        self.label = TextLabel(with_mnemonic(limits.label, mnemonic))
        self.label.setBuddy(editor.focusProxy() or editor)
        self.message = MessageLine()
        explain(editor, limits)
        copy_tips(editor, self.label)
        editor.edited.connect(self.edited)
        if not isinstance(editor, ChoiceField):
            editor.problem_changed.connect(self.message.set_problem)

    def set_enabled(self, enabled: bool) -> None:
        """Let the user edit the field, or not."""
        self.label.setEnabled(enabled)
        self.editor.setEnabled(enabled)

    def text_of(self, value: Any) -> str:
        """Write a value as it is shown in this field."""
        if self.limits.choices:
            return dict(self.limits.choices).get(value, str(value))
        return number_text(value) + self.limits.unit


def explain(editor: QWidget, limits: Limits) -> None:
    """Give an editor its name, its help and its limits, for the eye and the screen reader."""
    allowed = "" if limits.choices else f"{range_text(limits)[:1].upper()}{range_text(limits)[1:]}."
    help_text = " ".join(part for part in (limits.help, allowed) if part)
    set_tooltip(editor, help_text)
    set_help(editor, limits.label, help_text)
    target = editor.focusProxy() or editor
    target.setAccessibleName(limits.label)
    target.setAccessibleDescription(help_text)


def with_mnemonic(label: str, letter: str) -> str:
    """Mark the first `letter` of a label as its Alt key; "" marks none."""
    place = label.lower().find(letter.lower()) if letter else -1
    text = label.replace("&", "&&")
    return f"{text[:place]}&{text[place:]}" if place >= 0 else text


def lower_first(text: str) -> str:
    """Return a label as it reads inside a sentence; names such as "ReLU" stay as they are."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
