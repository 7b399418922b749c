"""The window: PySide6 and pyqtgraph over `core`. Importing this package loads no Qt."""
