"""The place of the training curves: empty at first, so that the window can paint."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.features.curves.model import Curves
from gui.style.theme import Themes


class CurvesTab(QWidget):
    """Builds the training panel when told to: its plots' library loads slowly.

    Signals:
        exported(str): a figure or table was written under this name.
        failed(InklingError): it could not be written.
    """

    exported = Signal(str)
    failed = Signal(object)

    def __init__(self, curves: Curves, themes: Themes) -> None:
        super().__init__()
        self._curves, self._themes = curves, themes
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.panel: QWidget | None = None

    def build(self) -> None:
        """Put the panel in place."""
        if self.panel is not None:
            return
        from gui.features.curves.panel import TrainingPanel  # noqa: PLC0415 - imports pyqtgraph

        panel = TrainingPanel(self._curves, self._themes)
        panel.exported.connect(self.exported)
        panel.failed.connect(self.failed)
        self._layout.addWidget(panel)
        self.panel = panel
