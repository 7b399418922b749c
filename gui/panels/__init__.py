"""The panels of the window, one per file: what is seen, and no logic."""
