"""Back to a moment of the time line: the network as it was, ready to be trained again."""

from dataclasses import replace

import numpy as np

from core.training.run import Run
from core.training.timeline import Moment


def run_at(run: Run, moment: Moment) -> Run:
    """Return a run of its own in the state of `moment`, one of `run`'s past.

    Its weights are exactly those of that iteration and its history ends there. Its
    optimizer starts with an empty memory, so with momentum or Adam it takes another course
    than the first time, and the loss may rise for some hundred iterations.
    """
    twin = run.copy()
    twin.history.truncate(moment.step)
    twin.stored_params[...] = moment.params
    for slot in twin.stored_slots.values():
        slot[...] = 0
    best = run.best if run.best is not None and run.best.step <= moment.step else None
    return replace(
        twin,
        step=moment.step,
        start_step=min(run.start_step, moment.step),
        seconds=_seconds_at(run, moment.step),
        best=best,
        lessons=[one for one in run.lessons if one.get("step", 0) <= moment.step],
        calibration=None,
    )


def _seconds_at(run: Run, step: int) -> float:
    """Return the training time at an iteration, as the measurements around it tell."""
    rows = run.history.evaluations
    steps = [0.0, *(float(row.step) for row in rows), float(run.step)]
    seconds = [0.0, *(row.seconds for row in rows), run.seconds]
    return float(np.interp(step, steps, seconds))
