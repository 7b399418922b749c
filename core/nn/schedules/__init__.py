"""The schedules, one per file. Importing this package registers them all."""

from core.nn.schedules import constant, step, exponential, cosine, one_cycle, plateau  # isort: skip

__all__ = ["constant", "cosine", "exponential", "one_cycle", "plateau", "step"]
