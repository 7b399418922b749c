"""W4: optimizers that see all images at once, compared by the cost they reach and when."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from tests.bench.contestants import Contestant, Missing
from tests.bench.peers.workloads import Workload
from tests.bench.rounds import Plan, Say
from tests.bench.tables import figure, markdown

_TURNS = 3
_EXPLANATION = """\
- Cost with its penalty, as in the course; median of 3 turns from the same first weights.
  The costs to get to are those that every L-BFGS, and that everybody, reached.
"""


def table(work: Workload, contestants: Sequence[Contestant], plan: Plan, say: Say) -> str:
    """Run every optimizer of every contestant in turns, and return their table."""
    if not plan.coursera:
        return f"**{work.key}** needs ../shared/data/coursera, which is not here.\n"
    title = f"**{work.key}: {work.title}; {contestants[0].threads} thread(s)**"
    found: dict[str, list[dict[str, Any]]] = {}
    notes: dict[str, str] = {}
    for turn in range(_TURNS):
        for one in contestants:
            say(f"{work.key} · {one.threads} threads · turn {turn + 1}: {one.kind.module}")
            try:
                one.ask(prepare=work.key, data=plan.coursera, threads=one.threads)
                for row in one.ask(full_batch=True)["rows"]:
                    found.setdefault(row["name"], []).append({**row, "version": one.version})
            except Missing as error:
                notes[one.kind.label] = f"- {one.kind.label}: missing, {error}"
    return "\n".join([title, "", _rows(found), "", *notes.values(), _EXPLANATION])


def _rows(found: dict[str, list[dict[str, Any]]]) -> str:
    if not any(turns[0]["trace"] for turns in found.values()):
        return "Nobody could."
    goals = _goals(found)
    to_cost = [f"ms to cost {goal:.4f}" for goal in goals]
    head = ["contestant", "ms", "iterations", "evaluations", "cost reached", *to_cost]
    rows = [[*head, "training accuracy", "version"]]
    return markdown(rows + [_row(name, turns, goals) for name, turns in found.items()])


def _goals(found: dict[str, list[dict[str, Any]]]) -> list[float]:
    last = {name: turns[0]["trace"][-1][1] for name, turns in found.items() if turns[0]["trace"]}
    quick = [cost for name, cost in last.items() if "BFGS" in name]
    return sorted({max(quick or last.values()), max(last.values())})


def _row(name: str, turns: Sequence[dict[str, Any]], goals: Sequence[float]) -> list[str]:
    first = turns[0]
    return [
        f"**{name}**" if name.startswith("Inkling") else name,
        figure(median(turn["seconds"] for turn in turns) * 1e3),
        str(first["iterations"] or "–"),
        str(first["evaluations"] or "–"),
        f"{first['trace'][-1][1]:.4f}" if first["trace"] else "–",
        *(_when(turns, goal) for goal in goals),
        f"{first['accuracy']:.4f}" if first["trace"] else "–",
        first["version"],
    ]


def _when(turns: Sequence[dict[str, Any]], goal: float) -> str:
    """Return the median time in ms after which the cost was not above `goal`."""
    times = [
        next((at for at, cost in turn["trace"] if cost <= goal + 1e-4), None) for turn in turns
    ]
    reached = [at for at in times if at is not None]
    return figure(median(reached) * 1e3) if reached else "–"
