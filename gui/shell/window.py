"""The main window: panels in their places, menus and toolbar from the tables. No logic."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QScrollArea,
    QTabWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.session.action import ActionSpec, keys_of
from gui.session.feature import Placed
from gui.session.phase import Situation
from gui.session.settings import Settings
from gui.shell.actions import Menus, specs_of
from gui.style.icons import icon
from gui.style.theme import Theme, Themes
from gui.toolkit.plain import button_text, one_line, set_tooltip

_LAYOUT_VERSION = 1
_LONGEST_NAME = 60  # characters of a file in the menu of recent ones
_TOOL_ICON = QSize(18, 18)
_FIRST_SIZE = QSize(1280, 760)
_DOCK_AREAS = {
    "left": Qt.DockWidgetArea.LeftDockWidgetArea,
    "right": Qt.DockWidgetArea.RightDockWidgetArea,
}
_DOCK_WIDTHS = {"setup": 336, "draw": 300}  # logical pixels, at first


class Window(QMainWindow):
    """Shows the panels and the commands, and says what the user wants.

    Attributes:
        menus: see `add_menus`.
        actions_by_key: what stands in them.

    Signals:
        triggered(str): the command of this key.
        dropped(Path): a file or folder was dropped on the window.
        closing(): the user wants to close; `allow_close` first, then `close`.
    """

    triggered = Signal(str)
    dropped = Signal(object)
    closing = Signal()

    def __init__(self, themes: Themes, settings: Settings, banner: QWidget) -> None:
        super().__init__()
        self.setObjectName("inkling")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self._settings, self._themes, self._may_close = settings, themes, False
        self._docks: dict[str, QDockWidget] = {}
        self._tabbed: list[Placed] = []
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("What to watch")
        centre = QWidget()
        self._centre = layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(banner)
        layout.addWidget(self.tabs, 1)
        self.setCentralWidget(centre)
        self.statusBar().setSizeGripEnabled(False)
        self.menus: Menus = ()
        self.actions_by_key: dict[str, QAction] = {}
        self.recent_menu = QMenu("Open &recent", self)
        self.recent_menu.setToolTipsVisible(True)
        themes.changed.connect(self._apply_theme)
        self.resize(_FIRST_SIZE)

    # Panels --------------------------------------------------------------------------

    def place(self, panels: Sequence[Placed]) -> None:
        """Put the panels in their places; those for other panels (`Feature.hosts`) are left."""
        for panel in panels:
            if panel.place in _DOCK_AREAS:
                self._dock(panel)
            elif panel.place == "centre":
                self._tabbed.append(panel)
                self.tabs.addTab(_scrolled(panel.widget), panel.title)
            elif panel.place == "below":
                self._centre.addWidget(panel.widget)
            elif panel.place == "foot":
                self.statusBar().addPermanentWidget(panel.widget, 1)
        for key, width in _DOCK_WIDTHS.items():
            if key in self._docks:
                self.resizeDocks([self._docks[key]], [width], Qt.Orientation.Horizontal)
        self._first_state = self.saveState(_LAYOUT_VERSION)

    def _dock(self, panel: Placed) -> None:
        dock = QDockWidget(panel.title, self)
        dock.setObjectName(f"dock-{panel.key}")
        dock.setWidget(panel.widget)
        self.addDockWidget(_DOCK_AREAS[panel.place], dock)
        self._docks[panel.key] = dock

    def show_panel(self, key: str) -> None:
        """Bring a panel to the front: its tab, or its dock."""
        if key in self._docks:
            dock = self._docks[key]
            dock.setVisible(dock.isHidden())
            return
        for index, panel in enumerate(self._tabbed):
            if panel.key == key:
                self.tabs.setCurrentIndex(index)
                panel.widget.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def restore_layout(self) -> None:
        """Put the window as it was left."""
        self.restoreGeometry(self._settings.layout("geometry"))
        self.restoreState(self._settings.layout("state"), _LAYOUT_VERSION)

    def reset_layout(self) -> None:
        """Put all panels where they were on the first start."""
        self.restoreState(self._first_state, _LAYOUT_VERSION)
        for dock in self._docks.values():
            dock.setFloating(False)
            dock.show()

    # Commands ------------------------------------------------------------------------

    def add_menus(self, menus: Menus) -> None:
        """Make the menus, and the toolbar of what is most wanted. To be called once."""
        self.menus = menus
        toolbar = QToolBar("Commands")
        toolbar.setObjectName("toolbar")
        toolbar.setMovable(False)
        toolbar.setIconSize(_TOOL_ICON)
        toolbar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        toolbar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(toolbar)
        for title, specs in menus:
            menu = self.menuBar().addMenu(title)
            before = len(toolbar.actions())
            for spec in specs:
                if spec is None:
                    menu.addSeparator()
                elif spec.key == "file.recent":
                    menu.addMenu(self.recent_menu)
                    self.actions_by_key[spec.key] = self.recent_menu.menuAction()
                else:
                    self._add_command(spec, menu, toolbar)
            if len(toolbar.actions()) > before and title != "&Train":
                toolbar.addSeparator()
        button = toolbar.widgetForAction(self.actions_by_key["run.train"])
        if isinstance(button, QToolButton):
            button.setProperty("kind", "primary")
            metrics = button.fontMetrics()
            # Its words change ("Continue", "Train further"); the others must not move.
            button.setMinimumWidth(metrics.horizontalAdvance("Train further") + 72)
        self._apply_theme(self._themes.current)

    def _add_command(self, spec: ActionSpec, menu: QMenu, toolbar: QToolBar) -> None:
        action = QAction(spec.text, self)
        action.setObjectName(spec.key)
        keys = keys_of(spec)
        action.setShortcuts(keys)
        shown = f" ({keys[0].toString()})" if keys else ""
        set_tooltip(action, f"{spec.tip}{shown}")
        action.setStatusTip(spec.tip)
        action.setIconText(spec.text.replace("&", "").rstrip("…").removesuffix(" model"))
        action.triggered.connect(lambda _=False, key=spec.key: self.triggered.emit(key))
        menu.addAction(action)
        if spec.toolbar:
            toolbar.addAction(action)
        self.actions_by_key[spec.key] = action

    def show_situation(self, now: Situation) -> None:
        """Enable the commands that make sense now."""
        for spec in specs_of(self.menus):
            self.actions_by_key[spec.key].setEnabled(spec.allowed(now))
        train = self.actions_by_key["run.train"]
        train.setText(f"&{now.train_text}")
        train.setIconText(now.train_text)

    def _apply_theme(self, theme: Theme) -> None:
        for spec in specs_of(self.menus):
            if spec.icon:
                action = self.actions_by_key[spec.key]
                colour = theme.on_accent if spec.key == "run.train" else ""
                action.setIcon(icon(spec.icon, theme, colour))
                action.setIconVisibleInMenu(spec.key != "run.train")

    def show_recent(self, paths: Sequence[Path], open_path: Callable[[Path], object]) -> None:
        """Fill the menu of recent files."""
        self.recent_menu.clear()
        for number, path in enumerate(paths, 1):
            name = button_text(one_line(path.name, _LONGEST_NAME))
            label = f"&{number}  {name}" if number < 10 else name
            action = self.recent_menu.addAction(label)
            set_tooltip(action, str(path))
            action.triggered.connect(lambda _=False, chosen=path: open_path(chosen))
        if not paths:
            self.recent_menu.addAction("No recent models").setEnabled(False)

    # Dropping and closing ------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files from the desktop, and nothing else."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Pass on the first file or folder that was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths[0])

    def allow_close(self) -> None:
        """Let the next `close` through."""
        self._may_close = True

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first; then remember the layout and go."""
        if not self._may_close:
            event.ignore()
            self.closing.emit()
            return
        self._settings.set_layout("geometry", self.saveGeometry())
        self._settings.set_layout("state", self.saveState(_LAYOUT_VERSION))
        self._settings.sync()
        event.accept()


def _scrolled(panel: QWidget) -> QScrollArea:
    """Let a low window scroll a panel, instead of growing beyond the screen to hold it."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(panel)
    return area
