"""What an importer of other programs' networks is, and what it leaves to be asked.

A file says which numbers a network has, often not how its images were scaled, nor which
functions stand between its layers. An importer gives an `ImportedNetwork`: what the file
says, and the names of the questions that are left. With `ImportOptions`
`core.exchange.import_steps.resolving` makes a network.
"""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import ClassVar, Protocol

import core.nn.layers  # noqa: F401 - fills the registry read below
from core.base.errors import ModelFileError, reason
from core.base.fields import check_limits, choice, integer
from core.base.registry import Registry
from core.base.regular_file import open_regular
from core.exchange.portable import Stage
from core.imaging.framing import SIDE
from core.nn.layer import activation_choices
from core.untrusted.parsing.hdf5root import MODEL, own_format

UNKNOWN = Stage("activation", "")  # an activation function that the file does not name
LONGEST_SIDE = 1024  # pixels of an image


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a file of weights leaves open."""

    activation: str = choice(
        "Hidden layers",
        default="relu",
        choices=activation_choices(),
        help="The activation function between the layers. The file holds their weights only;"
        " ReLU is the usual one, sigmoid that of older courses.",
    )
    output: str = choice(
        "Output",
        default="softmax",
        choices=(("softmax", "Softmax"), ("sigmoid", "Sigmoid for each class")),
        help="What turns the last sums into an answer. It changes how sure the network says"
        " it is, not which class it chooses.",
    )
    scaling: str = choice(
        "Pixels",
        default="unit",
        choices=(
            ("byte", "0 to 255"),
            ("unit", "0 to 1"),
            ("signed", "−1 to 1"),
            ("mnist", "MNIST's mean and deviation"),
        ),
        help="The values of the images that the network was trained on. “MNIST's mean and"
        " deviation” is (x − 0.1307) / 0.3081, as in PyTorch's examples.",
    )
    polarity: str = choice(
        "Ink",
        default="high",
        choices=(("high", "High values (light on dark)"), ("low", "Low values (dark on light)")),
        help="MNIST has light digits on black. A network that learned from dark ink on paper"
        " reads its images inverted.",
    )
    order: str = choice(
        "Pixel order",
        default="rows",
        choices=(("rows", "Along the rows"), ("columns", "Down the columns (MATLAB)")),
        help="In which order the pixels of an image come. MATLAB and Octave go down the"
        " columns; all others along the rows.",
    )
    height: int = integer("Height", default=SIDE, low=1, high=LONGEST_SIDE, unit=" pixels")
    width: int = integer("Width", default=SIDE, low=1, high=LONGEST_SIDE, unit=" pixels")
    classes: str = choice(
        "Outputs",
        default="digits",
        choices=(("digits", "0 to 9"), ("one-based", "1 to 9, then 0 (MATLAB)")),
        help="Which digit each output stands for. MATLAB counts from 1, so 0 comes last.",
    )

    def __post_init__(self) -> None:
        check_limits(self)


@dataclass(frozen=True, slots=True, eq=False)
class ImportedNetwork:
    """A network as far as a file describes it.

    Attributes:
        name: of the file, without its ending.
        stages: what the file has; `UNKNOWN` stands for each function it does not name.
            Pixels come as the file's program had them: in its order, after its scaling.
        guess: the answers, each known or likely.
        asks: which of them are only likely.
        class_names: K names, or () if the file has none.
        notes: sentences about what the user should know.
    """

    name: str
    stages: tuple[Stage, ...]
    guess: ImportOptions = field(default_factory=ImportOptions)
    asks: frozenset[str] = frozenset()
    class_names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def input_size(self) -> int:
        """D, pixels of an image."""
        return int(self._dense[0].arrays["weights"].shape[0])

    @property
    def class_count(self) -> int:
        """K, outputs."""
        return int(self._dense[-1].arrays["weights"].shape[1])

    @property
    def _dense(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.kind == "dense"]


class Importer(Protocol):
    """Reads the networks of one kind of file, without the program that wrote it."""

    label: ClassVar[str]  # for people: "PyTorch weights"
    patterns: ClassVar[tuple[str, ...]]  # of usual file names, for dialogs: "*.pt"

    def recognises(self, path: Path) -> bool:
        """Tell whether a file is of this kind, damaged or not.

        It never raises, runs nothing, and looks at a few megabytes at most.
        """
        ...

    def read(self, path: Path) -> ImportedNetwork:
        """Read what the file says.

        Raises:
            ModelFileError: it is damaged, or holds what cannot be represented here.
        """
        ...


IMPORTERS: Registry[Importer] = Registry("kind of network file")


def importer_for(path: Path) -> str | None:
    """Return the key of the importer that knows a file, or None; Inkling's own are for others."""
    # Path's own `is_file` raises where it may not look.
    if not os.path.isfile(path) or own_format(path):  # noqa: PTH113
        return None
    return next((key for key in IMPORTERS if IMPORTERS[key].recognises(path)), None)


def read_network(path: Path) -> ImportedNetwork:
    """Read a network of another program.

    Raises:
        ModelFileError: nobody knows the file, or it cannot be used.
    """
    key = importer_for(path)
    if key is None:
        raise _not_imported(path)
    return IMPORTERS[key].read(path)


def _not_imported(path: Path) -> ModelFileError:
    """Say why nobody imports a file."""
    if own_format(path) == MODEL:
        return ModelFileError(
            path,
            f"“{path.name}” was saved by Inkling itself: there is nothing to import.",
            "Open it as it is; its history and its recipe are in it.",
        )
    try:
        open_regular(path).close()
        what = f"“{path.name}” holds no network that can be imported."
    except FileNotFoundError:
        what = f"There is no file {path}."
    except OSError as error:
        what = f"“{path.name}” could not be read: {reason(error)}."
    known = ", ".join(IMPORTERS[key].label for key in IMPORTERS)
    return ModelFileError(path, what, f"These can: {known}.")


def open_questions(imported: ImportedNetwork) -> tuple[str, ...]:
    """Return the fields of `ImportOptions` that the file leaves open, in their order."""
    return tuple(item.name for item in fields(ImportOptions) if item.name in imported.asks)
