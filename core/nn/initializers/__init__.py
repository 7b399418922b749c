"""The initializers, one a file and a line, in menu order. Importing this registers them all."""

from core.nn.initializers import (
    normal,
    glorot,
    glorot_normal,
    he,
    lecun,
    zeros,
)
