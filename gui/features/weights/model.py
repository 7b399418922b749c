"""What each unit of the first layer looks for, as pictures that follow the training."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray, IndexArray
from core.base.events import Event, RunFinished, WeightsSeen
from core.exchange.formats.colour_map import diverging
from core.nn.layers.dense import Dense
from core.nn.network import Network
from core.nn.weight_images import weight_images
from gui.session.viewmodel import ViewModel
from gui.session.words import number

SCALES = (("common", "Common scale"), ("own", "Own scale"))
ORDERS = (("number", "By number"), ("strength", "By strength"))
MAX_TILES = 512  # more are too small to see, and too many to redraw ten times a second

_ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_SLACK = 0.6  # the common limit stays while the weights fill at least this share of it
_PEAK_SHARE = 0.5  # of the units stay within the common limit


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    network: Network
    params: FloatArray
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]
    step: int

    @property
    def weights(self) -> FloatArray:
        """The first layer's weights (D, units), a view."""
        return self.network.views(self.params, self.network.first_layer)["weights"]

    @property
    def biases(self) -> FloatArray:
        """The first layer's biases (units,), a view."""
        return self.network.views(self.params, self.network.first_layer)["biases"]

    @property
    def units_are_classes(self) -> bool:
        """True without a hidden layer: the first layer is the last."""
        return sum(isinstance(layer, Dense) for layer in self.network.layers) == 1


class WeightsModel(ViewModel):
    """The first layer's weights as tiles; pictures are made only when asked for.

    Attributes:
        scale: "common" (tiles can be compared) or "own" (each tile at full contrast).
        order: "number" or "strength" (Euclidean length of the unit's weights).
    """

    def __init__(self) -> None:
        super().__init__()
        self.scale, self.order = SCALES[0][0], ORDERS[0][0]
        self._shown: _Shown | None = None
        self._units: IndexArray = np.empty(0, np.intp)
        self._sorted_at = 0
        self._images: FloatArray | None = None  # (tiles, H, W), made from `_shown` when needed
        self._peaks: FloatArray = np.empty(0, np.float32)  # (tiles,) largest |weight| of each
        self._limit = 0.0

    # -- what is shown -----------------------------------------------------------------

    def show_network(
        self,
        network: Network,
        params: FloatArray,
        image_shape: tuple[int, int],
        class_names: Sequence[str] = (),
        step: int = 0,
    ) -> None:
        """Show a network whose weights (P,) are `params`, after `step` iterations.

        `params` is copied. `class_names` are the captions where the network has no
        hidden layer.
        """
        names = tuple(class_names) or tuple(str(k) for k in range(network.class_count))
        self._limit = 0.0
        self._show(_Shown(network, params.copy(), image_shape, names, step), sort=True)

    def clear(self) -> None:
        """Show nothing."""
        self._show(None, sort=True)

    def accept(self, events: Sequence[Event]) -> None:
        """Follow a training: its newest weights are shown.

        The order by strength is renewed when the number of iterations has doubled and
        at the end, so that tiles do not swap places in every frame.
        """
        shown = self._shown
        if shown is None:
            return
        seen = [event for event in events if isinstance(event, WeightsSeen)]
        ended = any(isinstance(event, RunFinished) for event in events)
        if seen and seen[-1].params.shape == shown.params.shape:
            new = _Shown(
                shown.network, seen[-1].params, shown.image_shape, shown.class_names, seen[-1].step
            )
            self._show(new, sort=ended or new.step >= 2 * self._sorted_at)
        elif ended:
            self._show(shown, sort=True)

    def set_scale(self, scale: str) -> None:
        """Choose one of `SCALES`."""
        self.scale = scale
        self.changed.emit()

    def set_order(self, order: str) -> None:
        """Choose one of `ORDERS`."""
        self.order = order
        self._show(self._shown, sort=True)

    def _show(self, shown: _Shown | None, sort: bool) -> None:
        self._shown, self._images = shown, None
        if sort:
            self._units = self._sorted()
            self._sorted_at = shown.step if shown else 0
        self.changed.emit()

    def _sorted(self) -> IndexArray:
        if self._shown is None:
            return np.empty(0, np.intp)
        weights = self._shown.weights
        if self.order == "number":
            return np.arange(min(weights.shape[1], MAX_TILES), dtype=np.intp)
        strength = np.einsum("du,du->u", weights, weights)
        return np.argsort(-strength, kind="stable")[:MAX_TILES]

    # -- tiles -------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Number of tiles; 0 if there is no network."""
        return len(self._units)

    def tiles(self, dark: bool) -> ByteArray:
        """Return the weights as pictures (tiles, H, W, 3), RGB, for a dark or light ground."""
        images = self._look()
        if self.scale == "own":
            return diverging(images, self._peaks, dark)
        return diverging(images, self._limit, dark)

    @property
    def limit(self) -> float | None:
        """The weight shown in the strongest colour; None if each tile has its own."""
        self._look()
        return self._limit if self.scale == "common" else None

    @property
    def captions(self) -> list[str]:
        """One short name per tile: the unit's number from 1, or the class it stands for."""
        if self._shown is None:
            return []
        if self._shown.units_are_classes:
            return [self._shown.class_names[unit] for unit in self._units]
        return [str(unit + 1) for unit in self._units]

    def hover_text(self, tile: int) -> str:
        """Describe one tile in a sentence; "" if there is no such tile."""
        if self._shown is None or not 0 <= tile < self.count:
            return ""
        unit = int(self._units[tile])
        weights = self._shown.weights[:, unit]
        kind = "Class" if self._shown.units_are_classes else "Unit"
        return (
            f"{kind} {self.captions[tile]}: weights {number(weights.min())} …"
            f" {number(weights.max())}, mean {number(weights.mean())},"
            f" bias {number(self._shown.biases[unit])}"
        )

    @property
    def summary(self) -> str:
        """How many units are shown, and after how many iterations."""
        if self._shown is None:
            return ""
        total = self._shown.weights.shape[1]
        noun = "class" if self._shown.units_are_classes else "unit"
        plural = {"class": "classes", "unit": "units"}[noun] if total != 1 else noun
        which = "first" if self.order == "number" else "strongest"
        part = f"{which} {self.count} of {total:,}" if self.count < total else f"{total:,}"
        text = f"{part} {plural} · iteration {self._shown.step:,}"
        return text[0].upper() + text[1:]

    def _look(self) -> FloatArray:
        """Return the tiles' weights (tiles, H, W), and bring the scale up to date."""
        if self._images is None:
            self._images = self._gather()
            high = self._images.max(axis=(1, 2), initial=0)
            low = self._images.min(axis=(1, 2), initial=0)
            self._peaks = np.maximum(high, -low)
            self._limit = steady_limit(self._limit, self._peaks)
        return self._images

    def _gather(self) -> FloatArray:
        shown = self._shown
        if shown is None:
            return np.empty((0, 1, 1), np.float32)
        if self.order == "number":
            return weight_images(shown.network, shown.params, shown.image_shape, MAX_TILES)
        images: FloatArray = shown.weights.T[self._units].reshape(-1, *shown.image_shape)
        return images


def steady_limit(limit: float, peaks: NDArray[np.floating]) -> float:
    """Return the weight to show in the strongest colour for tiles with these peaks.

    It fits the peaks of half the tiles, so that a few loud units do not make all others
    pale, and it changes in round steps and only when it must: the colours of a network
    in training do not flicker.

    Args:
        limit: the one in use; 0 if there is none.
        peaks: (tiles,) largest absolute weight of each tile.
    """
    finite = peaks[np.isfinite(peaks)]
    peak = float(np.quantile(finite, _PEAK_SHARE)) if len(finite) else 0.0
    if peak <= 0:
        return limit or 1.0
    if _SLACK * limit <= peak <= limit:
        return limit
    power = 10.0 ** math.floor(math.log10(peak))
    return next((step * power for step in _ROUND if step * power >= peak), peak)
