"""The training panel is built late, and once."""

import subprocess
import sys

from gui.features.curves.model import Curves
from gui.features.curves.tab import CurvesTab


def test_it_is_empty_until_built_and_then_holds_one_panel(qtbot, themes):
    tab = CurvesTab(Curves(), themes)
    qtbot.addWidget(tab)
    assert tab.panel is None
    tab.build()
    panel = tab.panel
    tab.build()
    assert tab.panel is panel
    assert panel.parentWidget() is tab


def test_exports_and_their_failures_are_passed_on(qtbot, themes, tmp_path):
    tab = CurvesTab(Curves(), themes)
    qtbot.addWidget(tab)
    tab.build()
    with qtbot.waitSignal(tab.exported):
        tab.panel.export_to(tmp_path / "curves.csv")
    with qtbot.waitSignal(tab.failed):
        tab.panel.export_to(tmp_path / "curves.odd")


def test_the_window_is_built_without_the_plots_library():
    code = "import sys, gui.shell.app; sys.exit('pyqtgraph' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
