"""The curves as a table, for spreadsheets: as `history_table`, with the smoothed ones."""

from collections.abc import Iterator

from core.exchange.formats import history_table
from gui.features.curves.model import METRICS, Curves

HEADER = history_table.header(tuple(f"smoothed_{name}" for name in METRICS))


def rows(curves: Curves) -> Iterator[list[str]]:
    """Yield the header, then one row per iteration, with evaluations where there are any."""
    smoothed = {f"smoothed_{name}": curves.smooth(name) for name in METRICS}
    return history_table.rows(curves.history, smoothed)
