"""The lessons, one a file and a line, in reading order. Importing this registers them all."""

from core.lessons.pages import (
    neuron,
    error,
    descent,
    apples,
    affine,
    people,
    regression,
)
