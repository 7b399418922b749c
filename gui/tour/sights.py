"""Stations of the tour beyond training: lens, teaching, handwriting, reliability, export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.features.drawing.words import answer_text
from gui.shell.app import Inkling
from gui.tour import hands

_SCRIBBLE = [(0.15, 0.5), (0.4, 0.1), (0.2, 0.9), (0.6, 0.15), (0.45, 0.9), (0.85, 0.2), (0.7, 0.9)]
_LOOK_S = 0.6  # until what is made in the background is there


class Sights:
    """Visits the features of one window; pictures and records go to the tour's own."""

    def __init__(
        self,
        inkling: Inkling,
        folder: Path,
        picture: Callable[[str, str], None],
        record: dict[str, Any],
    ) -> None:
        self._all, self._folder = inkling, folder
        self._picture, self._record = picture, record

    def look_through_the_lens(self) -> None:
        """See each step from the strokes to the network's image, and the map of answers."""
        self._show("lens")
        lens = self._all.features["lens"].parts.model
        hands.wait_until(lambda: lens.map is not None, "the map of answers")
        self._picture("lens", "The lens: from strokes to what the network receives")

    def scribble(self) -> None:
        """Draw something that is no digit."""
        canvas = self._all.features["drawing"].parts.panel.canvas
        drawing = self._all.drawing
        hands.wait_until(lambda: self._all.answering.calibration is not None, "the calibration")
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        width, height = canvas.width(), canvas.height()
        side = min(width, height)
        left, top = (width - side) / 2, (height - side) / 2
        hands.draw(canvas, [[(left + x * side, top + y * side) for x, y in _SCRIBBLE]])
        hands.wait_until(lambda: drawing.probabilities is not None, "an answer")
        self._record["scribble"] = {"strange": drawing.strange, "words": answer_text(drawing)}
        self._show("reliability")
        hands.rest(_LOOK_S)
        self._picture("reliability", "A scribble, and how far certainty can be trusted")

    def teach(self) -> None:
        """Keep a drawing as what it is."""
        teaching = self._all.features["my_digits"].parts.controller
        before = len(teaching.keeper.drawings)
        hands.click(teaching.row.classes.buttons[4])
        hands.wait_until(lambda: len(teaching.keeper.drawings) > before, "the drawing to be kept")
        self._record["kept_drawings"] = len(teaching.keeper.drawings) - before
        self._show("my-digits")
        hands.rest(_LOOK_S)
        self._picture("my-digits", "A drawing of one's own is kept")

    def play_with_handwriting(self) -> None:
        """Look at the hand that writes the built-in digits."""
        self._show("handwriting")
        hands.rest(_LOOK_S)
        self._picture("handwriting", "The hand that writes the built-in digits")

    def export(self) -> None:
        """Write an ONNX file, and wait until it was found right."""
        target = self._folder / "tour-model.onnx"
        target.unlink(missing_ok=True)
        hands.choose_menu(self._all.window, "File", "file.export")
        exporting = self._all.features["export"].parts.controller
        hands.wait_until(lambda: exporting.dialog is not None, "the export dialog")
        dialog = exporting.dialog
        assert dialog is not None
        dialog.path.selectAll()
        QTest.keyClicks(dialog.path, str(target))
        hands.click(dialog.export)
        hands.wait_until(
            lambda: bool(exporting.model.result or exporting.model.problem), "the ONNX file"
        )
        self._record["exported"] = {
            "bytes": target.stat().st_size if target.exists() else 0,
            "words": exporting.model.result or exporting.model.problem,
        }
        dialog.close()
        self._all.window.show_panel("training")

    def _show(self, key: str) -> None:
        tabs = self._all.window.tabs
        names = {"lens": "Lens", "my-digits": "My digits", "handwriting": "Handwriting"}
        title = names.get(key, "Reliability")
        titles = [tabs.tabText(index) for index in range(tabs.count())]
        hands.show_tab(tabs, titles.index(title))
