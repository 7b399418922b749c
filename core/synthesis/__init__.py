"""Handwriting that this program makes up itself: the built-in digits."""

from core.synthesis.generator import BLOCK, generate, generate_chunks

__all__ = ["BLOCK", "generate", "generate_chunks"]
