"""The templates of a digit, which of them are used, and where a new one is drawn."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from core.base.fields import Limits
from gui.features.handwriting.template_pad import TemplatePad
from gui.features.handwriting.template_strip import TemplateStrip
from gui.features.handwriting.template_tile import StripItem
from gui.style.theme import SPACE_M, SPACE_XS, Themes
from gui.toolkit.forms.choice_field import ChoiceField
from gui.toolkit.forms.field_row import explain
from gui.toolkit.plain import TextLabel, set_tooltip

_COMBO_PX = 48  # of a choice field beside its text


class WaysRow(QWidget):
    """Lays out a strip of templates, a choice among them, and a pad to draw on.

    Attributes:
        strip, use, pad: its widgets.
    """

    def __init__(self, use: Limits, themes: Themes) -> None:
        super().__init__()
        self._title = TextLabel()
        self._title.setProperty("role", "section")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.strip, self.pad = TemplateStrip(themes), TemplatePad(themes)
        self.use = ChoiceField(use.choices)
        explain(self.use, use)
        metrics = self.use.fontMetrics()
        longest = max(metrics.horizontalAdvance(text) for _, text in use.choices)
        self.use.setMinimumWidth(longest + _COMBO_PX)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.use)
        left = QVBoxLayout()
        left.setSpacing(SPACE_XS)
        left.addLayout(top)
        left.addWidget(self.strip)
        left.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_M)
        row.addLayout(left, 1)
        row.addWidget(self.pad, 0, Qt.AlignmentFlag.AlignTop)

    def show_ways(self, title: str, about: str, items: Sequence[StripItem]) -> None:
        """Show other templates; `about` says how many of what they are."""
        self._title.setText(title)
        set_tooltip(self._title, about)
        self.strip.set_items(items)
