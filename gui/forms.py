"""Forms made from dataclass fields: declare a setting in core, and it can be edited here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.config import limits_of
from core.errors import ConfigError
from core.recipe import describe_fields
from core.registry import Registry
from gui.theme import SPACE_S, SPACE_XS, Themes
from gui.widgets.choice_field import ChoiceField
from gui.widgets.field_row import FieldRow, lower_first, make_editor, with_mnemonic
from gui.widgets.numbers import is_whole

_LABEL_MODEL = "Validation split"  # labels of all forms in a panel are as wide as this one


class Form(QWidget):
    """Edits the described fields of one frozen dataclass value.

    Args:
        config: the value to begin with; its class decides the fields.
        only: the fields to show, in order; all of them if left out.
        beside: fields that stand to the right of another one, without a label of
            their own, as {name: name of the other}.
        mnemonics: the letter that, with Alt, leads to a field.

    Signals:
        edited(config, text, gesture): the user changed a field; the new value, what was
            done in words, and the gesture it was part of.
    """

    edited = Signal(object, str, int)

    def __init__(
        self,
        config: Any,
        themes: Themes,
        *,
        only: Sequence[str] | None = None,
        beside: Mapping[str, str] | None = None,
        mnemonics: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._config = config
        self._rows: dict[str, FieldRow] = {}
        names = describe_fields(config) if only is None else only
        for name in names:
            self._add_row(name, themes, (mnemonics or {}).get(name, ""))
        self._lay_out(beside or {})
        self.show_value(config)

    # -- value ---------------------------------------------------------------------------

    def value(self) -> Any:
        """Return the config as its fields show it."""
        shown = {name: row.editor.value() for name, row in self._rows.items()}
        return replace(self._config, **shown)

    def show_value(self, config: Any) -> None:
        """Show another value of the same class; nothing is emitted."""
        self._config = config
        for name, row in self._rows.items():
            row.editor.show_value(getattr(config, name))

    def row(self, name: str) -> FieldRow:
        """Return the widgets of one field. Raises KeyError if it is not shown here."""
        return self._rows[name]

    def __contains__(self, name: object) -> bool:
        return name in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    # -- state ---------------------------------------------------------------------------

    def set_open(self, names: Collection[str] | None) -> None:
        """Let the user edit these fields only; None: all."""
        for name, row in self._rows.items():
            row.set_enabled(names is None or name in names)

    def set_notes(self, notes: Mapping[str, str]) -> None:
        """Show a sentence under each field named here, and none under the others."""
        for name, row in self._rows.items():
            row.message.set_note(notes.get(name, ""))

    # -- inside --------------------------------------------------------------------------

    def _add_row(self, name: str, themes: Themes, mnemonic: str) -> None:
        limits = limits_of(self._config, name)
        if limits is None:
            raise TypeError(f"the field {name!r} is not described")
        default = self._config.__dataclass_fields__[name].default
        editor = make_editor(name, limits, whole=is_whole(default), themes=themes)
        row = FieldRow(name, limits, editor, mnemonic, self)
        row.edited.connect(lambda value, gesture: self._edit(row, value, gesture))
        self._rows[name] = row

    def _lay_out(self, beside: Mapping[str, str]) -> None:
        grid = form_grid(self)
        cells: dict[str, QHBoxLayout] = {}
        for name, row in self._rows.items():
            if beside.get(name) in cells:
                cells[beside[name]].addWidget(row.editor, 1)
                row.label.hide()
                row.label.setParent(self)
                row.message.setParent(self)
                continue
            line = grid.rowCount()
            cells[name] = cell = QHBoxLayout()
            cell.setSpacing(SPACE_XS)
            cell.addWidget(row.editor, 1)
            grid.addWidget(row.label, line, 0)
            grid.addLayout(cell, line, 1)
            grid.addWidget(row.message, line + 1, 0, 1, 2)

    def _edit(self, row: FieldRow, value: Any, gesture: int) -> None:
        try:
            config = replace(self._config, **{row.name: value})
        except ConfigError as error:
            # Each number is within its own limits, so two settings contradict each other.
            row.editor.show_value(getattr(self._config, row.name))
            self._rows.get(error.field, row).message.set_problem(error.sentence)
            return
        row.message.set_problem("")
        self._config = config
        what = lower_first(row.limits.label)
        self.edited.emit(config, f"Change {what} to {row.text_of(value)}", gesture)


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
        self._extra_column = _column(self.extra)
        self.kind = ChoiceField()
        self.kind.set_choices([(key, registry[key].label, registry[key].help) for key in registry])
        self.kind.setAccessibleName(label)
        self.kind.edited.connect(self._choose)
        self.label = QLabel(with_mnemonic(label, self._mnemonics.get("kind", "")))
        self.label.setBuddy(self.kind)
        column = _column(self)
        head = QWidget()
        grid = form_grid(head)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.kind, 0, 1)
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
        self.kind.setToolTip(f"<p>{member.help}</p>")
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
        """Show a sentence under each field named here, and none under the others."""
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


def form_grid(parent: QWidget) -> QGridLayout:
    """Return the two-column layout that lines up all forms of a panel."""
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE_S)
    grid.setVerticalSpacing(SPACE_XS)
    grid.setColumnMinimumWidth(0, parent.fontMetrics().horizontalAdvance(_LABEL_MODEL))
    grid.setColumnStretch(1, 1)
    return grid


def _column(parent: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_XS)
    column.setAlignment(Qt.AlignmentFlag.AlignTop)
    return column
