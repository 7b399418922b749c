from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea, QWidget

from core.base.fields import limits_of
from core.nn.initializer import INITIALIZERS
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.nn.schedule import SCHEDULES
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import MAX_HIDDEN_LAYERS, HiddenLayer
from core.recipe.recipe import Recipe, describe_fields, presets
from core.recipe.training_config import TrainingConfig
from gui.features.setup.data_summary import DataSummary
from gui.features.setup.model import LOCKED_HINT, SetupModel
from gui.features.setup.panel import SetupPanel
from gui.session.undo import Replace
from gui.style.theme import Themes
from gui.toolkit.forms.number_field import NumberField
from tests.support.examples import examples


def configs(kind):
    """Return a strategy for values of a config class, within all limits."""
    return st.builds(kind, **{item.name: values(kind, item) for item in described(kind)})


def described(kind):
    return [item for item in fields(kind) if limits_of(kind, item.name)]


def values(kind, item):
    limits = limits_of(kind, item.name)
    if limits.choices:
        return st.sampled_from([key for key, _ in limits.choices])
    whole = isinstance(item.default, int)
    numbers = st.integers if whole else st.floats
    return numbers(*(int(end) if whole else end for end in (limits.low, limits.high)))


def members(registry):
    return st.sampled_from(list(registry)).flatmap(lambda key: configs(registry[key]))


RECIPES = st.builds(
    Recipe,
    key=st.just(""),
    hidden=st.lists(configs(HiddenLayer), max_size=MAX_HIDDEN_LAYERS).map(tuple),
    initializer=members(INITIALIZERS),
    loss=members(LOSSES),
    scaling=configs(Scaling),
    penalty=configs(Penalty),
    optimizer=members(OPTIMIZERS),
    schedule=members(SCHEDULES),
    augmentation=configs(Augmentation),
    training=configs(TrainingConfig),
    seed=st.integers(0, 2**31 - 1),
)


class Office:
    """A panel with a model, and an undo stack in place of the session."""

    def __init__(self, themes):
        self.model, self.stack, self.presets = SetupModel(), QUndoStack(), []
        self.panel = SetupPanel(self.model, themes)
        self.panel.recipe_edited.connect(self.edit)
        self.panel.preset_chosen.connect(self.presets.append)

    def edit(self, recipe, text, gesture):
        old = self.model.recipe
        self.stack.push(Replace(text, old, recipe, self.model.set_recipe, gesture))


@pytest.fixture(scope="module")
def themes(qapp):
    return Themes(qapp, "light")


@pytest.fixture
def office(qtbot, themes):
    office = Office(themes)
    qtbot.addWidget(office.panel)
    office.panel.resize(300, 660)
    office.panel.show()
    office.panel.activateWindow()
    qtbot.waitUntil(office.panel.isActiveWindow)
    return office


def digits():
    return DataSummary(
        name="MNIST",
        source="/data/mnist",
        train_count=54_000,
        validation_count=6000,
        test_count=10_000,
        class_names=tuple("0123456789"),
        class_counts=np.full(10, 5400),
        sample_images=np.zeros((20, 28, 28), np.uint8),
        sample_labels=np.arange(20, dtype=np.uint8) % 10,
    )


def set_number(qtbot, editor, text):
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


@examples(0.4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(recipe=RECIPES)
def test_any_recipe_shown_is_read_back_equal_and_nothing_is_emitted(office, recipe):
    office.model.set_recipe(recipe)
    assert office.panel.recipe() == recipe
    assert office.stack.count() == 0


def test_every_setting_has_a_field(office):
    forms = office.panel.forms
    for name in describe_fields(TrainingConfig()):
        every = (forms.usual, forms.timing, forms.stopping, forms.rare)
        assert sum(name in form for form in every) == 1
    assert describe_fields(Recipe()) == ["seed"]


@pytest.mark.parametrize("key", list(presets()))
def test_every_preset_is_shown_with_its_name_and_description(office, key):
    office.model.set_recipe(presets()[key])
    assert office.panel.preset.currentText() == presets()[key].label
    assert office.panel.description.text() == presets()[key].description
    assert office.panel.recipe() == presets()[key]


def test_choosing_a_preset_asks_for_it(office, qtbot):
    qtbot.keyClick(office.panel.preset, Qt.Key.Key_Down)
    assert office.presets == [list(presets())[1]]


def test_an_edit_marks_the_preset_as_changed_and_undo_brings_it_back(office, qtbot):
    before = office.model.recipe
    qtbot.keyClick(office.panel.forms.usual.row("batch_size").editor, Qt.Key.Key_Up)
    assert office.model.recipe.key == ""
    assert office.panel.preset.currentText() == "Quick start (changed)"
    office.stack.undo()
    assert office.model.recipe == before
    assert office.panel.preset.currentText() == "Quick start"


def test_every_kind_of_edit_can_be_undone_and_redone(office, qtbot):
    office.model.set_recipe(presets()["thorough"])  # two layers, and an optimizer with extras
    panel, states = office.panel, [office.model.recipe]
    for group in panel.groups.values():
        group.set_open(True)
    forms = panel.forms
    extra = panel.forms.optimizer.forms[1]
    for act in (
        lambda: qtbot.mouseClick(panel.forms.layers.add, Qt.MouseButton.LeftButton),
        lambda: qtbot.mouseClick(panel.forms.layers.rows[1].up, Qt.MouseButton.LeftButton),
        lambda: qtbot.mouseClick(panel.forms.layers.rows[0].remove, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(panel.forms.layers.rows[0].units, Qt.Key.Key_Up),
        lambda: qtbot.keyClick(panel.forms.initializer.kind, Qt.Key.Key_Down),
        lambda: qtbot.keyClick(panel.forms.loss.kind, Qt.Key.Key_Down),
        lambda: set_number(
            qtbot, panel.forms.optimizer.forms[0].row("learning_rate").editor, "0.5"
        ),
        lambda: set_number(qtbot, extra.row("beta_1").editor, "0.5"),
        lambda: set_number(qtbot, panel.forms.usual.row("duration").editor, "3"),
        lambda: set_number(qtbot, panel.forms.rare.row("evaluate_every").editor, "100"),
        lambda: qtbot.keyClick(panel.forms.seed.row("seed").editor.number, Qt.Key.Key_Up),
        lambda: qtbot.mouseClick(forms.layers.rows[0].normalization, Qt.MouseButton.LeftButton),
        lambda: qtbot.keyClick(forms.layers.rows[0].normalization, Qt.Key.Key_Space),
        lambda: qtbot.keyClick(forms.scaling.row("kind").editor, Qt.Key.Key_Down),
        lambda: qtbot.keyClick(forms.schedule.kind, Qt.Key.Key_Down),
        lambda: set_number(qtbot, forms.timing.row("warmup").editor, "50"),
        lambda: set_number(qtbot, forms.penalty.row("l2").editor, "0.001"),
        lambda: set_number(qtbot, forms.stopping.row("patience").editor, "4"),
        lambda: set_number(qtbot, forms.augmentation.row("rotation").editor, "10"),
        lambda: qtbot.keyClick(forms.rare.row("gradient").editor, Qt.Key.Key_Down),
        lambda: qtbot.keyClick(panel.forms.optimizer.kind, Qt.Key.Key_Up),
    ):
        act()
        assert office.model.recipe != states[-1]
        assert panel.recipe() == office.model.recipe
        states.append(office.model.recipe)
    for state in reversed(states[:-1]):
        office.stack.undo()
        assert office.model.recipe == state
        assert panel.recipe() == state
    while office.stack.canRedo():
        office.stack.redo()
    assert office.model.recipe == states[-1]


def test_held_arrow_keys_are_one_undo_step(office, qtbot):
    before = office.model.recipe
    editor = office.panel.forms.optimizer.forms[0].row("learning_rate").editor
    for _ in range(5):
        qtbot.keyClick(editor, Qt.Key.Key_Up)
    assert office.stack.count() == 1
    office.stack.undo()
    assert office.model.recipe == before


def test_a_number_out_of_range_never_changes_the_recipe(office, qtbot):
    before, row = office.model.recipe, office.panel.forms.usual.row("batch_size")
    set_number(qtbot, row.editor, "99999")
    assert office.model.recipe == before
    assert row.message.text() == "99999 is too large: use 1 to 10,000 images."


def test_while_training_only_the_learning_rate_can_be_changed(office, qtbot):
    panel = office.panel
    panel.groups["more"].set_open(True)
    office.model.set_data(digits())
    office.model.set_locked(True)
    kinds = (NumberField, QComboBox, QPushButton)
    editable = [widget for widget in panel.findChildren(QWidget) if isinstance(widget, kinds)]
    rate = panel.forms.optimizer.forms[0].row("learning_rate").editor
    assert [widget for widget in editable if widget.isEnabled() and widget.isVisible()] == [rate]
    assert panel.hint.text() == LOCKED_HINT
    assert panel.hint.isVisible()
    set_number(qtbot, rate, "0.01")
    assert office.model.recipe.optimizer.learning_rate == 0.01
    office.model.set_locked(False)
    assert all(widget.isEnabled() for widget in editable if widget.isVisible())
    assert not panel.hint.isVisible()


def test_choosing_another_optimizer_while_editing_keeps_the_lock_right(office):
    office.model.set_locked(True)
    office.model.set_recipe(presets()["two-layer-sigmoid"])
    assert office.panel.forms.optimizer.forms[0].row("learning_rate").editor.isEnabled()


def test_the_data_are_described_before_training(office):
    office.model.set_data(digits())
    card = office.panel.data
    assert card.name.text() == "MNIST"
    assert card.counts.text() == "54,000 training · 6,000 validation · 10,000 test images"
    assert "7: 5,400 images" in card.bars.accessibleDescription()
    assert card.samples.accessibleDescription().startswith("0, 1, 2")


@pytest.mark.parametrize("way", ["builtin", "download", "open_file", "open_folder"])
def test_other_data_are_asked_for(office, qtbot, way):
    with qtbot.waitSignal(office.panel.data_requested) as asked:
        qtbot.mouseClick(office.panel.data.buttons[way], Qt.MouseButton.LeftButton)
    assert asked.args == [way]


def test_loading_can_be_cancelled(office, qtbot):
    office.model.set_loading(0.3, "Reading")
    with qtbot.waitSignal(office.panel.cancel_load_requested):
        qtbot.mouseClick(office.panel.data.cancel, Qt.MouseButton.LeftButton)


def test_size_and_time_stay_in_sight_while_the_rest_is_scrolled(office):
    office.model.set_estimate(6.0)
    bar = office.panel.findChild(QScrollArea).verticalScrollBar()
    for place in (0, bar.maximum()):
        bar.setValue(place)
        bottom = office.panel.summary.mapTo(office.panel, QPoint(0, 0)).y()
        assert bottom + office.panel.summary.height() <= office.panel.height()
    assert office.panel.summary.text().endswith("parameters · about 6 s")


@pytest.mark.parametrize("width", [300, 340])
def test_nothing_is_wider_than_the_panel(office, qtbot, width):
    office.panel.groups["more"].set_open(True)
    office.model.set_data(digits())
    office.panel.resize(width, 660)
    area = office.panel.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.widget().width() == area.viewport().width()
    for label in area.widget().findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            assert label.width() >= label.sizeHint().width(), label.text()


def test_loading_ticks_leave_a_field_being_typed_in_alone(office, qtbot):
    editor = office.panel.forms.usual.row("duration").editor
    editor.setFocus()
    editor.selectAll()
    qtbot.keyClicks(editor, "2")
    office.model.set_loading(0.5, "Reading")
    qtbot.keyClicks(editor, "5")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert office.model.recipe.training.duration == 25


def test_groups_say_what_is_set_inside_while_they_are_closed(office):
    office.model.set_recipe(
        Recipe(
            penalty=Penalty(l2=0.001),
            schedule=SCHEDULES["cosine"](),
            augmentation=Augmentation(rotation=10),
            training=TrainingConfig(warmup=50, gradient="numerical"),
        )
    )
    said = {name: group.button.accessibleName() for name, group in office.panel.groups.items()}
    assert said["regularization"] == "Regularization · L2 0.001, closed"
    assert said["schedule"] == "Schedule · Cosine, warm-up 50 iterations, closed"
    assert said["augmentation"] == "Augmentation · rotation 10°, closed"
    assert said["more"] == "More · numerical differences, closed"
    office.model.set_recipe(Recipe())
    assert office.panel.groups["schedule"].button.accessibleName() == "Schedule, closed"


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if OPTIMIZERS[key].full_batch])
def test_what_a_full_batch_method_has_no_use_for_is_closed_and_it_says_why(office, key):
    office.model.set_recipe(Recipe(optimizer=OPTIMIZERS[key]()))
    office.model.set_data(digits())
    forms = office.panel.forms
    closed = [forms.usual.row("batch_size"), forms.timing.row("warmup")]
    closed += [forms.augmentation.row("shift"), forms.stopping.row("clip_norm")]
    assert not any(row.editor.isEnabled() for row in closed)
    assert not forms.schedule.kind.isEnabled()
    assert forms.penalty.row("l2").editor.isEnabled()
    assert forms.stopping.row("patience").editor.isEnabled()
    assert "all 54,000 images" in forms.optimizer.message.text()
    for row in (forms.stopping.row("clip_norm"), forms.rare.row("sampling")):
        assert OPTIMIZERS[key].label in row.message.text()
    for name in ("schedule", "augmentation"):
        assert "not used" in office.panel.groups[name].button.accessibleName()
    office.model.set_recipe(Recipe())
    assert all(row.editor.isEnabled() for row in closed)


def test_a_numerical_gradient_is_a_warning_with_its_honest_time(office):
    office.model.set_recipe(Recipe(training=TrainingConfig(gradient="numerical")))
    office.model.set_estimate(3e6)
    assert office.panel.summary.property("role") == "warning"
    assert "about 35 days" in office.panel.summary.text()
    assert "Two passes" in office.panel.forms.rare.row("gradient").message.text()
    office.model.set_recipe(Recipe())
    assert office.panel.summary.property("role") != "warning"


@pytest.mark.parametrize("name", ["schedule", "regularization", "augmentation", "more"])
def test_what_is_opened_by_keyboard_at_the_lower_edge_comes_into_view(office, qtbot, name):
    panel, area = office.panel, office.panel.findChild(QScrollArea)
    panel.resize(320, 420)
    group = panel.groups[name]
    group.button.setFocus()
    area.ensureWidgetVisible(group, 0, 0)
    qtbot.keyClick(group.button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _in_view(area, group))


def _in_view(area, group):
    """Tell whether an open group is seen whole, or from its heading on if it is too tall."""
    top, view = group.mapTo(area.viewport(), QPoint(0, 0)).y(), area.viewport().height()
    if group.height() < group.sizeHint().height():  # it is still being laid out
        return False
    if group.height() >= view:
        return top == 0
    return group.is_open and top >= 0 and top + group.height() <= view


def test_while_a_method_without_learning_rate_trains_nothing_is_said_to_be_open(office):
    office.model.set_recipe(Recipe(optimizer=OPTIMIZERS["l-bfgs"]()))
    office.model.set_locked(True)
    assert office.panel.hint.text() == "Stop training to change these."


def test_a_hidden_softmax_is_explained_in_the_panel(office):
    office.model.set_recipe(Recipe(hidden=(HiddenLayer(8, "softmax"), HiddenLayer(8))))
    first, second = office.panel.forms.layers.rows
    assert "learns slowly" in first.message.text()
    assert second.message.text() == ""


def test_the_warning_about_numerical_gradients_is_never_cut(office, qtbot):
    office.model.set_recipe(Recipe(training=TrainingConfig(gradient="numerical")))
    office.model.set_estimate(3e9, 20.0)
    summary = office.panel.summary
    one_line = summary.fontMetrics().height()
    qtbot.waitUntil(lambda: summary.height() > 1.5 * one_line)
    assert summary.height() >= summary.heightForWidth(summary.width())
