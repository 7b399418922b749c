"""The learning rate of each iteration: the base rate, the schedule and the warm-up."""

from core.nn.schedule import warmup_factor
from core.training.run import Run


def learning_rates(run: Run, count: int, steps_per_epoch: int) -> list[float]:
    """Return the learning rates of the next `count` iterations.

    The schedule runs over the present leg of the training: one that is trained further
    after its end begins a new one.
    """
    schedule, warmup = run.recipe.schedule, run.recipe.training.warmup
    first, length = run.step - run.start_step, max(run.target - run.start_step, 1)
    evaluations = [row for row in run.history.evaluations if row.step > run.start_step]

    def rate(step: int) -> float:
        factor = schedule.factor(step / length, step / steps_per_epoch, evaluations)
        return run.learning_rate * factor * warmup_factor(step, warmup)

    if not schedule.by_iteration and first >= warmup:
        return [rate(first)] * count
    return [rate(step) for step in range(first, first + count)]
