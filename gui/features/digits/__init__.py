"""A random grid of digits, and how the network reads them."""
