"""Every kind of widget that the style sheet dresses, in one window."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGroupBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTabWidget,
    QToolButton,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from gui.shell.banner import MessageBanner
from gui.style.theme import Themes
from gui.toolkit.plain import TextLabel

ROLES = ("", "title", "section", "display", "number", "muted", "small", "error", "warning", "right")


class Gallery(QWidget):
    """Every kind of widget that the style sheet dresses, in its states."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        self.banners = [MessageBanner(themes) for _ in range(4)]
        kinds = "info", "success", "warning", "error"
        for banner, kind in zip(self.banners, kinds, strict=True):
            banner.show_message(kind, "What happened.")
            layout.addWidget(banner)
        for role in ROLES:
            label = TextLabel(f"A label: {role}")
            label.setProperty("role", role)
            layout.addWidget(label)
        for widget in self._parts():
            layout.addWidget(widget)
        for widget in self.findChildren(QWidget):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # only one window has the keys

    def _parts(self) -> Iterator[QWidget]:
        for enabled in (True, False):
            for widget in self._controls():
                widget.setEnabled(enabled)
                yield widget
        card = QWidget()
        card.setProperty("surface", "panel")
        card.setMinimumHeight(8)
        yield card
        tabs = QTabWidget()
        for title in ("One", "Two", "Three"):
            tabs.addTab(TextLabel(title), title)
        tabs.setTabEnabled(2, False)
        yield tabs

    def _controls(self) -> Iterator[QWidget]:
        for kind in ("", "primary", "danger", "link"):
            button = QPushButton(kind or "button")
            button.setProperty("kind", kind)
            yield button
        checkable = QPushButton("on")
        checkable.setCheckable(True)
        checkable.setChecked(True)
        yield checkable
        for make in (QToolButton, QCheckBox, QRadioButton):
            for checked in (False, True):
                tool = make()
                tool.setText("switch")
                tool.setCheckable(True)
                tool.setAutoExclusive(False)
                tool.setChecked(checked)
                yield tool
        for invalid in ("false", "true"):
            field = QLineEdit("words")
            field.setProperty("invalid", invalid)
            yield field
        empty = QLineEdit()
        empty.setPlaceholderText("what goes here")
        box = QComboBox()
        box.addItems(["one", "two"])
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setValue(40)
        bar = QProgressBar()
        bar.setValue(40)
        words = QPlainTextEdit("words\n" * 9)
        words.selectAll()
        group = QGroupBox("group")
        rows = QListWidget()
        rows.addItems(["one", "two", "three"])
        rows.setCurrentRow(1)
        rows.setAlternatingRowColors(True)
        table = QTableWidget(2, 2)
        table.setAlternatingRowColors(True)
        tree = QTreeWidget()
        for low in (words, rows, table, tree):
            low.setFixedHeight(60)
        yield from (empty, box, QSpinBox(), slider, bar, words, group, rows, table, tree)
