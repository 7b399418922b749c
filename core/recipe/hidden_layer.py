"""One hidden layer of a recipe."""

from dataclasses import dataclass

import core.nn.layers  # noqa: F401 - fills the registry read below
from core.base.fields import check_limits, choice, integer, real
from core.nn.layer import activation_choices

MAX_HIDDEN_LAYERS = 16


@dataclass(frozen=True, slots=True)
class HiddenLayer:
    """One row of the layer editor: dense, then activation, then dropout."""

    units: int = integer(
        "Units",
        default=128,
        low=1,
        high=4096,
        help="How many neurons the layer has. More can learn more, and take longer.",
    )
    activation: str = choice(
        "Activation",
        default="relu",
        choices=activation_choices(),
        help="What each neuron does with its sum. ReLU trains fastest; sigmoid is the classic.",
    )
    dropout: float = real(
        "Dropout",
        default=0.0,
        low=0.0,
        high=0.9,
        step=0.05,
        help="The share of neurons that is switched off at random in each training step,"
        " so that no neuron relies on another. 0 switches it off.",
    )
    normalization: str = choice(
        "Normalization",
        default="none",
        choices=(("none", "none"), ("batch", "batch")),
        help="Batch normalization gives each neuron's sum mean 0 and variance 1 over the"
        " batch, then lets training choose scale and shift: deep networks learn faster.",
    )

    def __post_init__(self) -> None:
        check_limits(self)
