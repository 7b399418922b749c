import pytest
from PySide6.QtCore import Qt

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.nn.initializer import INITIALIZERS
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.optimizers.adam import Adam
from core.nn.optimizers.sgd import Sgd
from gui.style.theme import Themes
from gui.toolkit.forms.union_form import UnionForm

MEMBERS = [(registry, key) for registry in (OPTIMIZERS, LOSSES, INITIALIZERS) for key in registry]


@pytest.fixture(scope="module")
def themes(qapp):
    return Themes(qapp, "light")


@pytest.fixture
def make_union(qtbot, themes):
    def make_union(registry, member, **options):
        union = UnionForm("Kind of thing", registry, member, themes, **options)
        union.edits = []
        union.edited.connect(lambda *edit: union.edits.append(edit))
        qtbot.addWidget(union)
        qtbot.addWidget(union.extra)
        union.show()
        return union

    return make_union


def choose(union, qtbot, key):
    """Walk the combo box to `key` with the arrow keys."""
    place, wanted = union.kind.currentIndex(), union.kind.findData(key)
    step = Qt.Key.Key_Down if wanted > place else Qt.Key.Key_Up
    for _ in range(abs(wanted - place)):
        qtbot.keyClick(union.kind, step)


def set_number(form, qtbot, name, text):
    editor = form.row(name).editor
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("registry", "key"), MEMBERS, ids=lambda value: getattr(value, "kind", value)
)
def test_every_member_can_be_chosen_and_comes_with_its_defaults(make_union, qtbot, registry, key):
    other = next(name for name in registry if name != key)
    union = make_union(registry, registry[other]())
    choose(union, qtbot, key)
    assert union.edits[-1][0] == registry[key]()
    assert union.value() == registry[key]()


@pytest.mark.parametrize(("registry", "key"), MEMBERS, ids=lambda it: getattr(it, "kind", it))
def test_showing_a_member_emits_nothing(make_union, registry, key):
    union = make_union(registry, registry[next(iter(registry))]())
    union.show_value(registry[key]())
    assert union.value() == registry[key]()
    assert union.edits == []


def test_every_entry_is_explained(make_union):
    union = make_union(OPTIMIZERS, Adam())
    for index, key in enumerate(OPTIMIZERS):
        assert union.kind.itemText(index) == OPTIMIZERS[key].label
        assert union.kind.itemData(index, Qt.ItemDataRole.ToolTipRole) == OPTIMIZERS[key].help


def test_a_kind_comes_back_with_the_numbers_it_was_left_with(make_union, qtbot):
    union = make_union(OPTIMIZERS, Adam())
    set_number(union.forms[0], qtbot, "learning_rate", "0.02")
    choose(union, qtbot, "sgd")
    choose(union, qtbot, "adam")
    assert union.value() == Adam(learning_rate=0.02)


def test_rare_fields_are_edited_elsewhere_and_nothing_else_is_lost(make_union, qtbot):
    union = make_union(OPTIMIZERS, Adam(), rare=("beta_1", "epsilon"))
    main, extra = union.forms
    assert "beta_1" not in main
    set_number(main, qtbot, "learning_rate", "0.5")
    set_number(extra, qtbot, "beta_1", "0.5")
    assert union.edits[-1][0] == Adam(learning_rate=0.5, beta_1=0.5)
    assert union.value() == Adam(learning_rate=0.5, beta_1=0.5)


def test_only_the_fields_of_the_kind_shown_are_visible(make_union):
    union = make_union(OPTIMIZERS, Adam())
    adam_form = union.forms[0]
    union.show_value(Sgd())
    assert not adam_form.isVisible()
    assert union.forms[0].isVisible()


def test_an_edit_is_put_into_words(make_union, qtbot):
    union = make_union(OPTIMIZERS, Adam())
    choose(union, qtbot, "rmsprop")
    assert union.edits[-1][1] == "Change kind of thing to RMSProp"


def test_all_but_some_fields_can_be_closed(make_union):
    union = make_union(OPTIMIZERS, Adam())
    union.set_open({"learning_rate"})
    assert not union.kind.isEnabled()
    assert not union.forms[0].row("epsilon").editor.isEnabled()
    assert union.forms[0].row("learning_rate").editor.isEnabled()
