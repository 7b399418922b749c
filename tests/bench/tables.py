"""The tables that are printed, in Markdown, ready for RESULTS.md."""

from collections.abc import Sequence
from statistics import median

from tests.bench.contestants import Contestant
from tests.bench.peers.workloads import Workload

EXPLANATION = """\
How to read the tables:

- **µs per update**: median over the rounds, of one update (batch read, forward, backward,
  optimizer), or of one call of a prediction. **spread**: fastest and slowest round.
- **images/s**: images trained on (or read) in a second.
- **× Inkling**: how many times as long as Inkling it takes, median of the ratios of single
  rounds, in which all had the same weather. Above 1: Inkling is faster.
- **× floor**: how many times as long as the matrix products alone take, all 784 columns of
  them, into preallocated arrays. Below 1: it avoids some of these products.
- **test accuracy**: after the number of updates that stands above the table, from the same
  first weights, measured apart from the speed: nobody wins by doing less.
- One process for each contestant, all others stopped meanwhile; float32; data in memory;
  the last short batch of an epoch left out for everybody. Single-threaded: all are pinned
  to one and the same core. All cores: each library gets its threads in the way it wants
  them; the floor and the prototype try 1, 2 and all and keep the best, Inkling chooses.
"""


def speed_table(work: Workload, contestants: Sequence[Contestant]) -> str:
    """Return one workload's table, for one number of threads."""
    threads = contestants[0].threads
    title = f"{work.key}: {work.title}; " + ("one thread" if threads == 1 else f"{threads} threads")
    if work.updates:
        title += f"; accuracy after {work.updates:,} updates"
    rows = [
        ("contestant", "µs per update", "spread", "images/s", "× Inkling", "× floor",
         "test accuracy", "version"),
    ]  # fmt: skip
    notes = []
    by_name = {one.kind.module: one for one in contestants}
    for one in contestants:
        if one.missing:
            notes.append(f"{one.kind.label}: missing, {one.missing}")
            continue
        if one.note:
            notes.append(f"{one.kind.label}: {one.note}")
        middle = median(one.rounds)
        rows.append(
            (
                one.kind.label,
                figure(middle * 1e6),
                f"{figure(min(one.rounds) * 1e6)}–{figure(max(one.rounds) * 1e6)}",
                f"{one.images_per_update / middle:,.0f}",
                _ratio(one, by_name.get("inkling")),
                _ratio(one, by_name.get("floor")),
                "–" if one.accuracy is None else f"{one.accuracy:.4f}",
                one.version,
            )
        )
    lines = [f"**{title}**", "", markdown(rows), ""]
    return "\n".join([*lines, *(f"- {note}" for note in notes), ""] if notes else lines)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as a Markdown table, the first one as its head, columns aligned."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]

    def line(cells: Sequence[str]) -> str:
        first = cells[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
        return f"| {' | '.join([first, *rest])} |"

    rule = [("-" * widths[0]), *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([line(rows[0]), line(rule), *map(line, rows[1:])])


def figure(value: float) -> str:
    """Return a number with three significant digits."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _ratio(one: Contestant, other: Contestant | None) -> str:
    if other is None or other.missing or not other.rounds:
        return "–"
    ratios = [mine / its for mine, its in zip(one.rounds, other.rounds, strict=True)]
    return f"{median(ratios):.2f}"
