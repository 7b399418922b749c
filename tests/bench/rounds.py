"""Contestants in turns: round after round each works alone, so that all share the weather."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.contestants import Contestant, Missing
from tests.bench.peers.workloads import Workload

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        source: where every contestant reads the digits; `coursera` those of W4.
        rounds: how often each has its turn.
        seconds: how long a turn is, about.
        accuracies: those known already, by workload and contestant; threads do not matter.
    """

    source: str
    coursera: str
    rounds: int = 5
    seconds: float = 0.3
    accuracies: dict[tuple[str, str], float | None] = field(default_factory=dict)


def measure(work: Workload, contestants: Sequence[Contestant], plan: Plan, say: Say) -> None:
    """Fill in `rounds`, `accuracy`, `note` and `missing` of each contestant for this workload."""
    turns = {}
    for contestant in contestants:
        say(f"{work.key} · {contestant.threads} threads · preparing {contestant.kind.module}")
        contestant.rounds, contestant.accuracy, contestant.missing = [], None, contestant.absent
        try:
            answer = contestant.ask(prepare=work.key, data=plan.source, threads=contestant.threads)
            contestant.note = answer["note"]
            turns[id(contestant)] = _updates_in(contestant, plan.seconds)
        except Missing as error:
            contestant.missing = str(error)
    present = [one for one in contestants if not one.missing]
    for number in range(plan.rounds):
        say(f"{work.key} · {contestants[0].threads} threads · round {number + 1} of {plan.rounds}")
        for contestant in present:
            answer = contestant.ask(run=turns[id(contestant)])
            contestant.rounds.append(answer["seconds"] / answer["updates"])
            contestant.images_per_update = answer["images"] / answer["updates"]
    for contestant in present:
        key = work.key, contestant.kind.module
        if key not in plan.accuracies:
            say(f"{work.key} · test accuracy of {contestant.kind.module}")
            plan.accuracies[key] = _accuracy(contestant, work)
        contestant.accuracy = plan.accuracies[key]


def _updates_in(contestant: Contestant, seconds: float) -> int:
    """Find how many updates take about `seconds`; the contestant is warm afterwards."""
    contestant.ask(run=1)  # may compile
    count = 1
    while True:
        answer = contestant.ask(run=count)
        if answer["seconds"] > seconds / 4:
            return max(1, round(answer["updates"] * seconds / answer["seconds"]))
        count = 4 * max(count, answer["updates"] // 2)


def _accuracy(contestant: Contestant, work: Workload) -> float | None:
    try:
        found: float = contestant.ask(accuracy=work.updates)["accuracy"]
    except Missing:  # the floor reads nothing
        return None
    return found
