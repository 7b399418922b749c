"""What can be shown from anywhere in the window: frozen values for `Services.show`.

Whoever makes one need not know who shows it; each type is shown by one feature, or by the
window itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.training.run import Run


@dataclass(frozen=True, slots=True)
class PanelTarget:
    """A panel, to be brought to the front; one in a dock that is there already is put away."""

    key: str


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A photograph or scan, whose digits are to be read."""

    path: Path


@dataclass(frozen=True, slots=True)
class DigitFile:
    """Digits, a file or a folder, to be looked over before they are trained on."""

    path: Path


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """A network of another program, to be looked over before it is used."""

    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class RunToExport:
    """A network to be written for other programs; nobody changes this run any more."""

    run: Run


Show = Callable[[Any], object]


class Showing:
    """Finds who shows a target."""

    def __init__(self) -> None:
        self._shows: dict[type, Show] = {}

    def add(self, shows: Mapping[type, Show]) -> None:
        """Let targets of these types be shown so. Raises ValueError if one is shown already."""
        for kind, show in shows.items():
            if kind in self._shows:
                raise ValueError(f"{kind.__name__} is shown by two features")
            self._shows[kind] = show

    def show(self, target: object) -> None:
        """Show it. Raises TypeError if nothing shows targets of this type."""
        show = self._shows.get(type(target))
        if show is None:
            known = ", ".join(sorted(kind.__name__ for kind in self._shows))
            raise TypeError(f"nothing shows a {type(target).__name__}; shown are: {known}")
        show(target)
