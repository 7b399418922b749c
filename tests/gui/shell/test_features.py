"""Features are found by one line each, and come whole: panels, menu entries, places, targets."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDockWidget, QLabel, QWidget

import gui.features
from gui.session.action import keys_of
from gui.session.feature import Feature, Placed
from gui.session.targets import PanelTarget
from gui.shell.features import FEATURES, host_panels
from tests.support.program import Driver

_FOLDER = Path(gui.features.__file__).parent
_MENUS = {"centre": "panels", "left": "docks", "right": "docks"}


def folders():
    return {path.parent.name for path in _FOLDER.glob("*/feature.py")}


def test_every_folder_is_a_feature_and_every_feature_has_a_folder():
    assert set(FEATURES) == folders()
    assert len(FEATURES) == len(folders()) > 10
    code = {path.parent.name for path in _FOLDER.glob("*/*.py")}
    assert code == folders(), "each folder of gui/features needs a feature.py"


def test_a_feature_is_called_as_its_folder(program):
    assert {name: program.all.features[name].key for name in FEATURES} == {
        name: name for name in FEATURES
    }


def test_every_panel_is_in_its_place(program):
    tabs = [program.window.tabs.tabText(i) for i in range(program.window.tabs.count())]
    panels = [panel for one in program.all.features.values() for panel in one.panels]
    assert [panel.title for panel in panels if panel.place == "centre"] == tabs
    for panel in panels:
        assert program.window.isAncestorOf(panel.widget), panel.key
        if panel.place in ("left", "right"):
            dock = program.window.findChild(QDockWidget, f"dock-{panel.key}")
            assert dock.windowTitle() == panel.title


def test_a_panel_brings_its_entry_and_its_keys_to_the_menu_view(program: Driver):
    view = [spec for spec in dict(program.window.menus)["&View"] if spec is not None]
    for feature in program.all.features.values():
        for panel in feature.panels:
            if panel.place not in _MENUS:
                assert panel.view is None
                continue
            assert panel.view is not None, panel.key
            assert panel.view.key == f"view.{panel.key}"
            assert panel.view in view
            action = program.window.actions_by_key[panel.view.key]
            assert action.shortcuts() == keys_of(panel.view)


def test_a_panel_is_shown_from_anywhere(program):
    program.all.services.show(PanelTarget("lens"))
    tabs = program.window.tabs
    assert tabs.tabText(tabs.currentIndex()) == "Lens"


def test_what_nobody_shows_is_refused(program):
    with pytest.raises(TypeError, match="nothing shows a str"):
        program.all.services.show("a seven")


def test_services_cannot_be_changed(program):
    with pytest.raises(AttributeError):
        program.all.services.folder = None


def test_the_row_under_the_answer_takes_keys_where_the_drawing_is(program):
    row = program.feature("my_digits").controller.row
    assert program.feature("drawing").panel.isAncestorOf(row)


def test_without_its_host_a_widget_stands_nowhere(qtbot):
    widget, told = QLabel("Nowhere"), []
    qtbot.addWidget(widget)
    guest = Feature("guest", (Placed("guest", "", "under-answer", widget, on_placed=told.append),))
    host_panels([guest])
    assert told == []
    assert widget.parent() is None


def test_a_host_takes_a_widget_in_and_says_where_it_is(qtbot):
    panel = QWidget()
    qtbot.addWidget(panel)
    widget, told = QLabel("Here", panel), []
    guest = Feature("guest", (Placed("guest", "", "somewhere", widget, on_placed=told.append),))
    host_panels([guest, Feature("host", hosts={"somewhere": lambda _widget: panel})])
    assert told == [panel]
