"""A form for a value that is one of several kinds: an optimizer, a loss, an initializer."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.base.registry import Registry
from core.recipe.recipe import describe_fields
from gui.style.theme import Themes
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.forms.dataclass_form import Form
from gui.toolkit.forms.field_row import lower_first, with_mnemonic
from gui.toolkit.forms.form_grid import form_grid
from gui.toolkit.forms.message_line import MessageLine
from gui.toolkit.plain import TextLabel, set_tooltip
from gui.toolkit.stack import column_of


class UnionForm(QWidget):
    """Edits a value that is one of a registry's classes: which one, and its fields.

    A kind that is chosen again comes back with the numbers it was left with.

    Args:
        rare: fields that go to `extra`, a widget to be placed elsewhere.

    Attributes:
        kind: the combo box.
        extra: the form of the `rare` fields; empty for kinds that have none.

    Signals:
        edited(member, text, gesture): as of `Form`.
    """

    edited = Signal(object, str, int)

    def __init__(
        self,
        label: str,
        registry: Registry[Any],
        member: Any,
        themes: Themes,
        *,
        rare: Collection[str] = (),
        mnemonics: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._what, self._registry, self._themes = lower_first(label), registry, themes
        self._rare, self._mnemonics = rare, mnemonics or {}
        self._member = member
        self._left: dict[str, Any] = {}  # what each kind was when the user left it
        self._forms: dict[str, tuple[Form, Form]] = {}
        self.extra = QWidget()
        self._extra_column = column_of(self.extra)
        self.kind = ChoiceField()
        self.kind.set_choices([(key, registry[key].label, registry[key].help) for key in registry])
        self.kind.setAccessibleName(label)
        self.kind.edited.connect(self._choose)
        self.label = TextLabel(with_mnemonic(label, self._mnemonics.get("kind", "")))
        self.label.setBuddy(self.kind)
        column = column_of(self)
        head = QWidget()
        grid = form_grid(head)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.kind, 0, 1)
        self.message = MessageLine()
        grid.addWidget(self.message, 1, 0, 1, 2)
        column.addWidget(head)
        self._column = column
        self.show_value(member)

    # -- value ---------------------------------------------------------------------------

    def value(self) -> Any:
        """Return the member as its fields show it."""
        main, extra = self._forms[self.kind.value()]
        rare = {name: getattr(extra.value(), name) for name in self._rare if name in extra}
        return replace(main.value(), **rare)

    def show_value(self, member: Any) -> None:
        """Show another member of the registry; nothing is emitted."""
        self._member = member
        key = self._registry.key_of(type(member))
        self.kind.show_value(key)
        set_tooltip(self.kind, member.help, heading=member.label)
        self.kind.setAccessibleDescription(member.help)
        if key not in self._forms:
            self._forms[key] = self._make_forms(member)
        for other, (main, extra) in self._forms.items():
            main.setVisible(other == key and len(main) > 0)
            extra.setVisible(other == key and len(extra) > 0)
        for form in self._forms[key]:
            form.show_value(member)

    @property
    def forms(self) -> tuple[Form, Form]:
        """The form of the kind shown, and the one of its `rare` fields."""
        return self._forms[self.kind.value()]

    # -- state ---------------------------------------------------------------------------

    def set_open(self, names: Collection[str] | None) -> None:
        """Let the user edit these fields only ("kind" is the combo box); None: all."""
        for widget in (self.kind, self.label):
            widget.setEnabled(names is None or "kind" in names)
        for form in self.forms:
            form.set_open(names)

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Show a sentence under each field named here, and none under the others.

        The one for the combo box goes by the registry's kind ("optimizer").
        """
        self.message.set_note(notes.get(self._registry.kind, ""))
        for form in self.forms:
            form.set_notes(notes)

    # -- inside --------------------------------------------------------------------------

    def _make_forms(self, member: Any) -> tuple[Form, Form]:
        names = describe_fields(member)
        groups = (
            [name for name in names if name not in self._rare],
            [name for name in names if name in self._rare],
        )
        main, extra = (
            Form(member, self._themes, only=group, mnemonics=self._mnemonics) for group in groups
        )
        self._column.addWidget(main)
        self._extra_column.addWidget(extra)
        for form in (main, extra):
            form.edited.connect(self._pass_on)
        return main, extra

    def _pass_on(self, member: Any, text: str, gesture: int) -> None:
        self.show_value(member)
        self.edited.emit(member, text, gesture)

    def _choose(self, key: str, gesture: int) -> None:
        self._left[self._registry.key_of(type(self._member))] = self._member
        kind = self._registry[key]
        member = self._left.get(key) or kind()
        self.show_value(member)
        self.edited.emit(member, f"Change {self._what} to {kind.label}", gesture)
