"""The commands, one per file. Importing this package registers them all."""

from core.commands import train, evaluate, predict, check, download, export  # isort: skip

__all__ = ["check", "download", "evaluate", "export", "predict", "train"]
