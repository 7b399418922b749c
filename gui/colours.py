"""Numbers to colours: the window's name for `core.colour_map`, which exports use as well."""

from core.colour_map import diverging, diverging_table, sequential, sequential_table

__all__ = ["diverging", "diverging_table", "sequential", "sequential_table"]
