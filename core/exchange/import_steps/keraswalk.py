"""A way through the layers of a Keras model: the form of an image, and the stages so far."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.exchange.import_steps.keraschain import KerasEntry, KerasError
from core.exchange.portable import Stage

_IN_255 = 0.05  # a factor below this shows that pixels of 0..255 come in

# Returns a layer's arrays by these names, those that it has.
Take = Callable[[KerasEntry, Sequence[str]], list[FloatArray]]


@dataclass(slots=True, eq=False)
class Walk:
    """A way through the layers.

    Attributes:
        take: finds weights.
        shape: of one image at this point; () before the input is known.
        image_shape: (height, width), where a layer says it.
        stages: so far.
        scaled: whether the model scales pixels of 0..255 itself.
        uneven: whether it scales its input in another way.
    """

    take: Take
    shape: Shape = ()
    image_shape: tuple[int, int] | None = None
    stages: list[Stage] = field(default_factory=list)
    scaled: bool = False
    uneven: bool = False

    def enter(self, config: dict[str, Any]) -> None:
        """Take the shape of the input from the first layer's settings."""
        said = config.get("batch_shape") or config.get("batch_input_shape")
        if isinstance(said, list) and len(said) == 1 and isinstance(said[0], list):
            said = said[0]
        if not isinstance(said, list) or len(said) < 2:
            raise KerasError("does not say what images it reads")
        self.take_form(tuple(int(side) for side in said[1:]))

    def take_form(self, shape: Shape) -> None:
        """Go on with images of this shape."""
        if not shape or min(shape) < 1 or (self.shape and math.prod(shape) != self.size):
            raise KerasError("reads images of a form that makes no sense")
        self.shape = shape
        sides = [side for side in shape if side > 1] if len(shape) > 2 else list(shape)
        if len(sides) > 2:
            raise KerasError(f"reads colour images ({' × '.join(map(str, shape))} numbers)")
        plane = len(sides) == 2 and min(sides) > 1
        if plane and self.image_shape is None and not self.stages_with_weights:
            self.image_shape = (sides[0], sides[1])

    @property
    def size(self) -> int:
        """Numbers of one image."""
        return math.prod(self.shape)

    @property
    def stages_with_weights(self) -> bool:
        """Tell whether a dense layer has been passed."""
        return any(stage.kind == "dense" for stage in self.stages)

    def spread(self, values: Any, kept: Sequence[int] | None = None) -> FloatArray:
        """Return numbers for each value of an image (D,) float64, () if all have the same.

        Args:
            values: a number, or an array that fits the last axes.
            kept: the axes that the values are for, counted without the images' own.
        """
        array: FloatArray = np.asarray(values, np.float64)
        if array.size == 1:
            return array.reshape(())
        if kept is not None:
            array = array.reshape([n if k in kept else 1 for k, n in enumerate(self.shape)])
        return np.broadcast_to(array, self.shape).ravel()

    def scale(self, offset: FloatArray, factor: FloatArray) -> None:
        """Add (x - offset) * factor."""
        if not (np.isfinite(offset).all() and np.isfinite(factor).all()):
            raise KerasError("scales its input by numbers that are not finite")
        if not self.stages_with_weights:
            self.scaled = self.scaled or bool(np.median(np.abs(factor)) < _IN_255)
            self.uneven = True
        arrays = {"offset": offset.astype(np.float32), "factor": factor.astype(np.float32)}
        self.stages.append(Stage("scale", arrays=arrays))
