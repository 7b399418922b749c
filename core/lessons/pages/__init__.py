"""The lessons, one per file. Importing this package registers them all, in reading order."""

from core.lessons.pages import neuron, error, descent, apples, affine, people, regression  # isort: skip

__all__ = ["affine", "apples", "descent", "error", "neuron", "people", "regression"]
