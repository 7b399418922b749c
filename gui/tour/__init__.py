"""Drives the real window by itself, and takes pictures of it."""
