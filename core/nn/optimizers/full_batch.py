"""Methods for the whole data set at once, from SciPy: they need no learning rate."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.base.arrays import FloatArray
from core.base.blas_threads import limit_scipy
from core.base.fields import check_limits, integer
from core.nn.optimizer import OPTIMIZERS, Objective


def _minimize(
    method: str, objective: Objective, start: FloatArray, callback: Any, **options: Any
) -> None:
    # SciPy's optimizers take a fifth of a second to import; most trainings need none.
    from scipy.optimize import minimize  # noqa: PLC0415

    limit_scipy()
    minimize(objective, start, jac=True, method=method, callback=callback, options=options)


@OPTIMIZERS.register("conjugate-gradient")
@dataclass(frozen=True, slots=True)
class ConjugateGradient:
    """Nonlinear conjugate gradients, with a line search for each step.

    Source: Nocedal and Wright, Numerical Optimization (2006), section 5.2
    (Polak-Ribiere), as in `scipy.optimize.minimize(method="CG")`.
    """

    label: ClassVar[str] = "Conjugate gradient"
    help: ClassVar[str] = "Looks at all images for every step and needs no learning rate."
    full_batch: ClassVar[bool] = True
    slot_names: ClassVar[tuple[str, ...]] = ()
    learning_rate: ClassVar[float] = 1.0  # it chooses its own steps
    vectors: ClassVar[int] = 12

    def minimize(
        self, objective: Objective, start: FloatArray, iterations: int, callback: Any
    ) -> None:
        """Go down from `start` (T,) for at most so many iterations."""
        _minimize("CG", objective, start, callback, maxiter=iterations, gtol=1e-9)


@OPTIMIZERS.register("l-bfgs")
@dataclass(frozen=True, slots=True)
class Lbfgs:
    """Quasi-Newton steps from the last few gradients.

    Source: Liu and Nocedal 1989, Mathematical Programming 45:503, as in
    `scipy.optimize.minimize(method="L-BFGS-B")`.
    """

    label: ClassVar[str] = "L-BFGS"
    help: ClassVar[str] = "Learns the loss's curvature from all images; few, very good steps."
    full_batch: ClassVar[bool] = True
    slot_names: ClassVar[tuple[str, ...]] = ()
    learning_rate: ClassVar[float] = 1.0  # it chooses its own steps

    memory: int = integer(
        "Memory",
        default=50,
        low=1,
        high=1000,
        unit=" steps",
        help="How many past steps the curvature is estimated from.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    @property
    def vectors(self) -> int:
        """Two for each step that is remembered, and those of the present one."""
        return 2 * self.memory + 12

    def minimize(
        self, objective: Objective, start: FloatArray, iterations: int, callback: Any
    ) -> None:
        """Go down from `start` (T,) for at most so many iterations."""
        _minimize(
            "L-BFGS-B",
            objective,
            start,
            callback,
            maxiter=iterations,
            maxfun=20 * iterations,
            maxcor=self.memory,
            ftol=0.0,
            gtol=1e-9,
        )
