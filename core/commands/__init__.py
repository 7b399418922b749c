"""The commands, one per file. Importing this package registers them all."""

from core.commands import train, evaluate, predict  # isort: skip

__all__ = ["evaluate", "predict", "train"]
