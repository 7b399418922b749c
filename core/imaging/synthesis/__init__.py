"""Handwriting that this program makes up itself: the built-in digits."""

from core.imaging.synthesis.generator import (
    BLOCK,
    Handwriting,
    generate,
    generate_chunks,
    write_digits,
)
from core.imaging.synthesis.hand import DEFAULT_HAND, Hand

__all__ = [
    "BLOCK",
    "DEFAULT_HAND",
    "Hand",
    "Handwriting",
    "generate",
    "generate_chunks",
    "write_digits",
]
