"""The commands, one per file. Importing this package registers them all."""

from core.cli.commands import train, evaluate, predict, check, download, export, import_  # isort: skip

__all__ = ["check", "download", "evaluate", "export", "import_", "predict", "train"]
