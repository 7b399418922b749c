"""Shopping: what one more apple, or one more percent of tax, costs."""

from dataclasses import dataclass

from core.differentiation.graph import Node, backward, forward, variable
from core.lessons.lesson import LESSONS, Lesson


@dataclass(frozen=True, slots=True, eq=False)
class Shopping:
    """A bill as a computational graph, forward and backward done.

    Attributes:
        bill: the node of the whole sum.
        inputs: the nodes of prices, numbers and tax, by name.
    """

    bill: Node
    inputs: dict[str, Node]


def _shop(oranges: bool) -> Shopping:
    names = {"apple": 100.0, "number of apples": 2.0, "tax": 1.1}
    if oranges:
        names |= {"orange": 150.0, "number of oranges": 3.0}
    inputs = {name: variable(value, name) for name, value in names.items()}
    fruit = (inputs["apple"] * inputs["number of apples"]).named("apples")
    if oranges:
        more = (inputs["orange"] * inputs["number of oranges"]).named("oranges")
        fruit = (fruit + more).named("fruit")
    bill = (fruit * inputs["tax"]).named("bill")
    forward(bill)
    backward(bill)
    return Shopping(bill, inputs)


_SOURCE = "Saito, Deep Learning from Scratch (2016), sections 5.1 to 5.4"
LESSONS.add(
    "apples",
    Lesson(
        "Two apples",
        "Two apples and 10 % tax: by how much the bill changes with each.",
        _SOURCE,
        lambda: _shop(oranges=False),
    ),
)
LESSONS.add(
    "apples-and-oranges",
    Lesson(
        "Apples and oranges",
        "A sum in the middle passes its gradient on to both sides.",
        _SOURCE,
        lambda: _shop(oranges=True),
    ),
)
