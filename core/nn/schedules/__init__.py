"""The schedules, one a file and a line, in menu order. Importing this registers them all."""

from core.nn.schedules import (
    constant,
    step,
    exponential,
    cosine,
    one_cycle,
    plateau,
)
