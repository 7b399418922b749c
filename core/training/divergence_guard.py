"""The last good state of a run, to fall back on when the loss explodes."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.base.arrays import FloatArray
from core.training.param_layout import ParamLayout
from core.training.run import Run

_RUINED = 4  # times the untrained network's loss: a state this bad is not worth keeping


class DivergenceGuard:
    """Keeps a copy of weights, optimizer slots and noise.

    A state is proven only by the losses computed with it, so `take` puts it on trial and
    `confirm` keeps it if they are finite and no worse than a few times those of the
    untrained network.
    """

    def __init__(self, run: Run, layout: ParamLayout) -> None:
        self._run, self._layout = run, layout
        self._good, self._trial = self._capture(), self._capture()
        self._on_trial = False

    @property
    def step(self) -> int:
        """The iteration of the good state."""
        return self._good.step

    def _capture(self) -> "_State":
        run, layout = self._run, self._layout
        slots = {name: slot.copy() for name, slot in layout.slots.items()}
        return _State(layout.params.copy(), slots, run.noise.bit_generator.state, run.step)

    def take(self) -> None:
        """Put the present state on trial."""
        run, layout, trial = self._run, self._layout, self._trial
        np.copyto(trial.params, layout.params)
        for name, slot in layout.slots.items():
            np.copyto(trial.slots[name], slot)
        trial.noise, trial.step = run.noise.bit_generator.state, run.step
        self._on_trial = True

    def confirm(self, losses: FloatArray) -> None:
        """Judge the state on trial by the losses of the iterations that followed it."""
        if self._on_trial and losses.mean() <= _RUINED * self._run.history.losses[0]:
            self._good, self._trial = self._trial, self._good
        self._on_trial = False

    def restore(self) -> None:
        """Put the run back to the good state."""
        run, layout, good = self._run, self._layout, self._good
        np.copyto(layout.params, good.params)
        for name, slot in layout.slots.items():
            np.copyto(slot, good.slots[name])
        run.noise.bit_generator.state, run.step = good.noise, good.step
        run.history.truncate(good.step)
        layout.mark_changed()


@dataclass(slots=True, eq=False)
class _State:
    params: FloatArray
    slots: dict[str, FloatArray]
    noise: Any
    step: int
