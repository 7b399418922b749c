"""The window: builds everything and ties it together."""
