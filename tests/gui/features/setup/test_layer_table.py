import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from core.nn.layer import activation_choices
from core.recipe.hidden_layer import MAX_HIDDEN_LAYERS, HiddenLayer
from gui.features.setup.layer_table import LayerTable
from gui.style.theme import Themes

A, B, C = HiddenLayer(32), HiddenLayer(64, "sigmoid"), HiddenLayer(96, "tanh", 0.5)
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def themes(qapp):
    return Themes(qapp, "light")


@pytest.fixture
def make_table(qtbot, themes):
    def make_table(*layers):
        table = LayerTable(themes)
        table.edits = []
        table.edited.connect(lambda *edit: table.edits.append(edit))
        qtbot.addWidget(table)
        table.show_value(layers)
        table.resize(264, 300)
        table.show()
        table.activateWindow()
        qtbot.waitUntil(table.isActiveWindow)
        return table

    return make_table


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_layers_shown_are_read_back_and_nothing_is_emitted(make_table):
    table = make_table(A, B, C)
    assert table.value() == (A, B, C)
    table.show_value((C,))
    assert table.value() == (C,)
    table.show_value(())
    assert table.value() == ()
    assert table.edits == []


def test_add_appends_a_layer_like_the_last_one(make_table):
    table = make_table(A, B)
    click(table.add)
    assert table.edits == [((A, B, B), "Add layer", -1)]


def test_add_begins_with_the_default_layer(make_table):
    table = make_table()
    click(table.add)
    assert table.value() == (HiddenLayer(),)


def test_a_full_network_takes_no_more_layers_and_says_why(make_table):
    table = make_table(*[A] * (MAX_HIDDEN_LAYERS - 1))
    assert table.add.isEnabled()
    click(table.add)
    assert len(table.value()) == MAX_HIDDEN_LAYERS
    assert not table.add.isEnabled()
    assert f"at most {MAX_HIDDEN_LAYERS}" in table.add.toolTip()


def test_remove_takes_the_layer_of_its_row(make_table):
    table = make_table(A, B, C)
    click(table.rows[1].remove)
    assert table.edits == [((A, C), "Remove layer 2", -1)]


def test_even_the_last_hidden_layer_can_be_removed(make_table):
    table = make_table(A)
    click(table.rows[0].remove)
    assert table.value() == ()


def test_the_arrow_buttons_reorder(make_table):
    table = make_table(A, B, C)
    click(table.rows[2].up)
    assert table.value() == (A, C, B)
    click(table.rows[0].down)
    assert table.value() == (C, A, B)
    assert [text for _, text, _ in table.edits] == ["Move layer 3 up", "Move layer 1 down"]


def test_arrows_that_lead_nowhere_are_disabled(make_table):
    table = make_table(A, B)
    assert [row.up.isEnabled() for row in table.rows] == [False, True]
    assert [row.down.isEnabled() for row in table.rows] == [True, False]


@pytest.mark.parametrize("part", range(3))
def test_alt_and_an_arrow_key_move_the_row_and_the_keyboard_stays_on_it(make_table, qtbot, part):
    table = make_table(A, B, C)
    table.rows[2].parts[part].setFocus()
    qtbot.keyClick(table.rows[2].parts[part], Qt.Key.Key_Up, ALT)
    assert table.value() == (A, C, B)
    assert table.rows[1].parts[part].hasFocus()
    qtbot.keyClick(table.rows[1].parts[part], Qt.Key.Key_Down, ALT)
    assert table.value() == (A, B, C)
    assert table.rows[2].parts[part].hasFocus()


def test_a_number_being_typed_moves_with_its_row(make_table, qtbot):
    table = make_table(A, B)
    units = table.rows[1].units
    units.selectAll()
    qtbot.keyClicks(units, "100")
    qtbot.keyClick(units, Qt.Key.Key_Up, ALT)
    assert table.value() == (HiddenLayer(100, "sigmoid"), A)


def test_moving_past_the_end_does_nothing(make_table, qtbot):
    table = make_table(A, B)
    qtbot.keyClick(table.rows[0].units, Qt.Key.Key_Up, ALT)
    assert table.edits == []


def test_remove_by_keyboard_leaves_the_focus_in_the_table(make_table, qtbot):
    table = make_table(A, B)
    table.rows[1].remove.setFocus()
    qtbot.keyClick(table.rows[1].remove, Qt.Key.Key_Space)
    assert table.value() == (A,)
    assert table.rows[0].remove.hasFocus()
    qtbot.keyClick(table.rows[0].remove, Qt.Key.Key_Space)
    assert table.add.hasFocus()


def test_tab_walks_through_all_rows_to_the_add_button(make_table, qtbot):
    table = make_table(A, B)
    table.rows[0].units.setFocus()
    walked = []
    while not table.add.hasFocus() and len(walked) < 20:
        walked.append(table.focusWidget())
        QTest.keyClick(table.window(), Qt.Key.Key_Tab)
    expected = [part for row in table.rows for part in row.parts if part.isEnabled()]
    assert walked == expected


def test_fields_change_their_own_layer(make_table, qtbot):
    table = make_table(A, B)
    units = table.rows[1].units
    units.selectAll()
    qtbot.keyClicks(units, "100")
    qtbot.keyClick(units, Qt.Key.Key_Return)
    qtbot.keyClick(table.rows[0].activation, Qt.Key.Key_Down)
    qtbot.keyClick(table.rows[0].dropout, Qt.Key.Key_Up)
    first, second = table.value()
    assert second == HiddenLayer(100, "sigmoid")
    assert first.units == 32
    assert first.activation != "relu"
    assert first.dropout == 0.05
    assert table.edits[0][1] == "Change units of layer 2"


def test_a_number_out_of_range_is_explained_under_its_row(make_table, qtbot):
    table = make_table(A)
    row = table.rows[0]
    row.units.selectAll()
    qtbot.keyClicks(row.units, "5000")
    qtbot.keyClick(row.units, Qt.Key.Key_Return)
    assert table.edits == []
    assert row.message.text() == "5000 is too large: use 1 to 4,096."


def test_every_part_says_which_layer_it_belongs_to(make_table):
    table = make_table(A, B)
    for part in table.rows[1].parts:
        assert "layer 2" in part.accessibleName()


def test_a_row_fits_the_narrowest_panel_with_its_numbers_in_full(make_table):
    table = make_table(HiddenLayer(4096, "sigmoid", 0.25))
    assert table.minimumSizeHint().width() <= 284  # 320, less margins and scroll bar
    row = table.rows[0]
    for field in (row.units, row.dropout):
        edit = field.lineEdit()
        room = edit.width() - edit.textMargins().left() - 4
        assert edit.fontMetrics().horizontalAdvance(field.text()) <= room


@pytest.mark.parametrize("label", [text for key, text in activation_choices() if key != "linear"])
def test_the_names_of_activations_are_read_in_full_in_the_narrowest_panel(make_table, label):
    key = next(key for key, text in activation_choices() if text == label)
    table = make_table(HiddenLayer(4096, key, 0.25))
    table.resize(284, 300)
    table.layout().activate()
    field, option = table.rows[0].activation, QStyleOptionComboBox()
    field.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    room = field.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, field)
    assert field.fontMetrics().horizontalAdvance(label) <= room.width()


def test_batch_normalization_is_switched_by_mouse_and_by_keyboard(make_table, qtbot):
    table = make_table(A, B)
    toggle = table.rows[1].normalization
    click(toggle)
    assert [layer.normalization for layer in table.value()] == ["none", "batch"]
    assert table.edits[-1][1] == "Change normalization of layer 2"
    assert "Batch normalization" in toggle.toolTip()
    toggle.setFocus()
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert table.value() == (A, B)


def test_a_note_stands_under_its_layer(make_table):
    table = make_table(A, B)
    table.set_notes(["", "It learns slowly."])
    assert not table.rows[0].message.isVisible()
    assert table.rows[1].message.text() == "It learns slowly."
    table.set_notes(["", ""])
    assert not table.rows[1].message.isVisible()
