"""The habits of a hand: how it holds the pen, and how far it strays."""

from dataclasses import dataclass

from core.base.fields import check_limits, real


@dataclass(frozen=True, slots=True)
class Hand:
    """What makes one person's digits differ from another's, and from each other.

    Lengths are in half heights of a digit; each spread is a standard deviation, and random
    numbers are cut at two of them. The defaults were tuned on MNIST's training images.
    """

    slant: float = real(
        "Slant", default=0.12, low=-1.0, high=1.0, help="How far the top leans right."
    )
    slant_spread: float = real("Slant varies by", default=0.32, low=0.0, high=1.0)
    turn: float = real("Turn varies by", default=0.13, low=0.0, high=0.8, unit=" rad")
    width_spread: float = real(
        "Width varies by", default=0.18, low=0.0, high=0.6, help="From narrow to wide digits."
    )
    pen: float = real("Pen", default=0.122, low=0.03, high=0.4, help="Half the width of the line.")
    pen_spread: float = real("Pen varies by", default=0.37, low=0.0, high=1.0)
    pressure: float = real(
        "Pressure",
        default=0.75,
        low=0.0,
        high=1.5,
        help="How much the ink fades and darkens along a line.",
    )
    jitter: float = real(
        "Jitter",
        default=0.105,
        low=0.0,
        high=0.4,
        help="How far each point strays from its template.",
    )
    rounding: float = real(
        "Rounding",
        default=0.3,
        low=0.0,
        high=1.0,
        help="How far corners are cut. 0 follows the templates exactly.",
    )
    stretch: float = real(
        "Stretch",
        default=0.15,
        low=0.0,
        high=0.5,
        help="One side of a digit larger than the other.",
    )
    bend: float = real(
        "Bend", default=0.13, low=0.0, high=0.5, help="Straight lines become curved."
    )
    wave: float = real("Waves", default=0.095, low=0.0, high=0.4, help="Ripples across the digit.")

    def __post_init__(self) -> None:
        check_limits(self)


DEFAULT_HAND = Hand()
