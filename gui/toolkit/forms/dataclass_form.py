"""Forms made from dataclass fields: declare a setting in core, and it can be edited here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.base.errors import ConfigError
from core.base.fields import limits_of
from core.recipe.recipe import describe_fields
from gui.style.theme import Themes
from gui.toolkit.forms.field_row import FieldRow, lower_first, make_editor
from gui.toolkit.forms.form_grid import form_grid
from gui.toolkit.forms.numbers import is_whole


class Form(QWidget):
    """Edits the described fields of one frozen dataclass value.

    Args:
        config: the value to begin with; its class decides the fields.
        only: the fields to show, in order; all of them if left out.
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
        mnemonics: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._config = config
        self._rows: dict[str, FieldRow] = {}
        names = describe_fields(config) if only is None else only
        for name in names:
            self._add_row(name, themes, (mnemonics or {}).get(name, ""))
        self._lay_out()
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

    @property
    def names(self) -> tuple[str, ...]:
        """The fields shown, in order."""
        return tuple(self._rows)

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

    def _lay_out(self) -> None:
        grid = form_grid(self)
        for index, row in enumerate(self._rows.values()):
            grid.addWidget(row.label, 2 * index, 0)
            grid.addWidget(row.editor, 2 * index, 1)
            grid.addWidget(row.message, 2 * index + 1, 0, 1, 2)

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
