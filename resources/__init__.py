"""Icons, recipes and texts, read through importlib.resources."""
