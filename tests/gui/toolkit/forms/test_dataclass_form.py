from dataclasses import dataclass, fields, replace

import pytest
from PySide6.QtCore import Qt

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.base.errors import ConfigError
from core.base.fields import check_limits, integer, limits_of
from core.nn.initializer import INITIALIZERS
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.optimizers.adam import Adam
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe, describe_fields
from core.recipe.training_config import TrainingConfig
from gui.style.theme import Themes
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.forms.dataclass_form import Form

REGISTRIES = (OPTIMIZERS, LOSSES, INITIALIZERS)
KINDS = [registry[key] for registry in REGISTRIES for key in registry]
CONFIGS = [*KINDS, TrainingConfig, HiddenLayer, Recipe]
FIELDS = [(kind, name) for kind in CONFIGS for name in describe_fields(kind())]
NUMBERS = [(kind, name) for kind, name in FIELDS if not limits_of(kind, name).choices]


def spelt(value):
    return value.__name__ if isinstance(value, type) else str(value)


@pytest.fixture(scope="module")
def themes(qapp):
    return Themes(qapp, "light")


@pytest.fixture
def make_form(qtbot, themes):
    def make_form(config, **options):
        form = Form(config, themes, **options)
        form.edits = []
        form.edited.connect(lambda *edit: form.edits.append(edit))
        qtbot.addWidget(form)
        form.show()
        return form

    return make_form


def keyboard_of(form, name):
    editor = form.row(name).editor
    return editor.focusProxy() or editor


@pytest.mark.parametrize(("kind", "name"), NUMBERS, ids=spelt)
def test_every_number_is_edited_by_the_keyboard(make_form, qtbot, kind, name):
    form, limits = make_form(kind()), limits_of(kind, name)
    wanted = limits.high if getattr(kind(), name) != limits.high else limits.low
    editor = keyboard_of(form, name)
    editor.selectAll()
    qtbot.keyClicks(editor, repr(wanted))
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    ((config, _, gesture),) = form.edits
    assert config == replace(kind(), **{name: type(getattr(kind(), name))(wanted)})
    assert gesture > 0


@pytest.mark.parametrize(("kind", "name"), NUMBERS, ids=spelt)
def test_no_number_out_of_range_gets_through(make_form, qtbot, kind, name):
    form, limits = make_form(kind()), limits_of(kind, name)
    editor = keyboard_of(form, name)
    for outside in (limits.low - 1, limits.high * 10 + 1):
        editor.selectAll()
        qtbot.keyClicks(editor, repr(outside))
        qtbot.keyClick(editor, Qt.Key.Key_Return)
        assert "use " in form.row(name).message.text()
        assert form.row(name).message.isVisible()
    assert form.edits == []
    assert form.value() == kind()


@pytest.mark.parametrize(("kind", "name"), [f for f in FIELDS if limits_of(*f).choices], ids=spelt)
def test_every_choice_is_edited_by_the_keyboard(make_form, qtbot, kind, name):
    form = make_form(kind())
    names = [key for key, _ in limits_of(kind, name).choices]
    place = names.index(getattr(kind(), name))
    key = Qt.Key.Key_Down if place + 1 < len(names) else Qt.Key.Key_Up
    qtbot.keyClick(form.row(name).editor, key)
    wanted = names[place + 1 if key is Qt.Key.Key_Down else place - 1]
    assert [config for config, _, _ in form.edits] == [replace(kind(), **{name: wanted})]


@pytest.mark.parametrize(("kind", "name"), FIELDS, ids=spelt)
def test_every_field_is_labelled_and_explained(make_form, kind, name):
    form, limits = make_form(kind()), limits_of(kind, name)
    row, target = form.row(name), keyboard_of(form, name)
    assert row.label.text().replace("&", "") == limits.label
    assert row.label.buddy() is target
    assert target.accessibleName() == limits.label
    assert limits.help
    assert limits.help in row.editor.toolTip()
    assert limits.help in row.editor.whatsThis()
    assert isinstance(target, ChoiceField) or " to " in row.editor.toolTip()


@pytest.mark.parametrize("kind", CONFIGS, ids=spelt)
def test_showing_a_value_emits_nothing(make_form, kind):
    form = make_form(kind())
    for item in fields(kind):
        limits = limits_of(kind, item.name)
        if limits is not None and not limits.choices:
            value = replace(kind(), **{item.name: type(item.default)(limits.high)})
            form.show_value(value)
            assert form.value() == value
    assert form.edits == []


def test_an_edit_is_put_into_words(make_form, qtbot):
    form = make_form(Adam())
    qtbot.keyClick(form.row("learning_rate").editor, Qt.Key.Key_Up)
    assert form.edits[0][1] == "Change learning rate to 0.002"


def test_fields_can_be_chosen_and_closed(make_form):
    form = make_form(Adam(), only=("beta_1", "learning_rate"))
    form.set_open({"learning_rate"})
    assert "epsilon" not in form
    assert form.row("learning_rate").editor.isEnabled()
    assert not form.row("beta_1").editor.isEnabled()
    form.set_open(None)
    assert form.row("beta_1").editor.isEnabled()


def test_a_problem_comes_before_a_note(make_form, qtbot):
    form = make_form(TrainingConfig(), only=("batch_size",))
    row = form.row("batch_size")
    form.set_notes({"batch_size": "That is all of them."})
    assert row.message.text() == "That is all of them."
    row.editor.selectAll()
    qtbot.keyClicks(row.editor, "0")
    qtbot.keyClick(row.editor, Qt.Key.Key_Return)
    assert row.message.text() == "0 is too small: use 1 to 10,000 images."
    qtbot.keyClick(row.editor, Qt.Key.Key_Escape)
    assert row.message.text() == "That is all of them."


@dataclass(frozen=True)
class Span:
    """Two numbers that can contradict each other."""

    first: int = integer("First", default=1, low=0, high=9, help="Where it begins.")
    last: int = integer("Last", default=5, low=0, high=9, help="Where it ends.")

    def __post_init__(self):
        check_limits(self)
        if self.first > self.last:
            raise ConfigError("last", "Last is before first.", "Raise it.")


def test_settings_that_contradict_each_other_are_explained_beside_the_field(make_form, qtbot):
    form = make_form(Span())
    editor = form.row("first").editor
    editor.selectAll()
    qtbot.keyClicks(editor, "7")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert form.edits == []
    assert form.value() == Span()
    assert form.row("last").message.text() == "Last is before first. Raise it."
