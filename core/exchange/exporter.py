"""What an export format is, and writing one so that nobody gets a file that is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.base.atomic_write import write_whole
from core.base.errors import ExportError
from core.base.registry import Registry
from core.exchange.portable import PRECISIONS, Portable, accuracy, probabilities, rounded
from core.training.run import Run

MOST_CHECKED = 200  # real digits that each written file is tried on


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """How a written file was tried.

    Attributes:
        answers: (N, K) what it answers for the images: outputs, or probabilities.
        by: what ran it: "onnx.reference", "Python 3.11 in a process of its own".
    """

    answers: FloatArray
    by: str


class Exporter(Protocol):
    """Writes a network in one format.

    Attributes:
        label: for menus: "ONNX".
        help: one sentence: who opens it.
        suffix: of its files, with the dot.
        precisions: of PRECISIONS those that the format can hold, the usual one first.
        tolerance: the largest difference of a probability from that of the (rounded)
            network that counts as equal.
    """

    label: ClassVar[str]
    help: ClassVar[str]
    suffix: ClassVar[str]
    precisions: ClassVar[tuple[str, ...]]
    tolerance: ClassVar[float]

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the content of the file.

        Raises:
            ExportError: the format cannot hold this network.
        """
        ...

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Run the written file on images (N, H, W) uint8, as somebody who gets it would."""
        ...


EXPORTERS: Registry[Exporter] = Registry("export format")


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export.

    Attributes:
        path: the file.
        size: its bytes.
        worst: the largest difference of an answer from the network's own.
        by: what ran the file.
        accuracy_before, accuracy_after: on the images it was tried on; the second with
            the weights as the file holds them.
    """

    path: Path
    size: int
    worst: float
    by: str
    accuracy_before: float
    accuracy_after: float


def export(
    path: Path,
    portable: Portable,
    key: str,
    precision: str,
    images: ByteArray,
    labels: LabelArray,
    progress: Callable[[float], None] | None = None,
) -> Exported:
    """Write a network to `path`, and run the file on real digits before it counts as done.

    Args:
        path: where to; an old file there is replaced only if the new one is right.
        portable: the network.
        key: of the format.
        precision: of its weights, one of the format's.
        images, labels: (N, H, W) uint8 and (N,): the file is run on the first MOST_CHECKED
            of them, the loss of accuracy is measured on all.
        progress: is told the share done, 0..1; may raise to give up.

    Raises:
        ExportError: the format cannot hold the network, or the file answers otherwise.
        SaveError: the file could not be written.
    """
    exporter = EXPORTERS[key]
    tell = progress or (lambda _share: None)
    some = images[:MOST_CHECKED]
    content = exporter.encode(portable, precision)
    tell(0.4)
    shorter = rounded(portable, precision)
    wanted = probabilities(shorter, some)
    found: list[Checked] = []
    worst: list[float] = []

    def write(neighbour: Path) -> None:
        neighbour.write_bytes(content)
        found.append(exporter.check(neighbour, portable, some))
        worst.append(_worst(path, exporter, found[0].answers, wanted))

    write_whole(path, write)
    tell(1.0)
    return Exported(
        path,
        len(content),
        worst[0],
        found[0].by,
        accuracy(portable, images, labels) if len(images) else float("nan"),
        accuracy(shorter, images, labels) if len(images) else float("nan"),
    )


def _worst(path: Path, exporter: Exporter, answers: FloatArray, wanted: FloatArray) -> float:
    """Return by how much the answers differ at most; refuse what differs too much."""
    if answers.shape != wanted.shape:
        raise ExportError(path, f"“{path.name}” answers in another form than the network.")
    shares = answers / np.maximum(answers.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    worst = float(np.abs(shares - wanted).max(initial=0.0))
    if not worst <= exporter.tolerance:  # also catches NaN
        raise ExportError(
            path,
            f"“{path.name}” does not answer as the network does (off by {worst:.2g}), so it was"
            " not written.",
            "This is a fault in the program; the network is unchanged. Try another format.",
        )
    return worst


def preview(portable: Portable, images: ByteArray, labels: LabelArray) -> dict[str, float]:
    """Return the accuracy (0..1) that a network would have in each precision, before saving.

    Args:
        portable: the network.
        images, labels: (N, H, W) uint8 and (N,), at least one; 2,000 take a moment only.
    """
    return {
        precision: accuracy(rounded(portable, precision), images, labels)
        for precision in PRECISIONS
    }


# Reports ------------------------------------------------------------------------------------


class Reporter(Protocol):
    """Writes something about a run that is not a network: pictures, tables.

    Attributes:
        label: for menus: "Weight images".
        help: one sentence: what is in the file.
        suffix: of its files, with the dot.
    """

    label: ClassVar[str]
    help: ClassVar[str]
    suffix: ClassVar[str]

    def encode(self, run: Run) -> bytes:
        """Return the content of the file."""
        ...

    def agrees(self, path: Path, run: Run) -> bool:
        """Read the written file, and tell whether it says what the run does.

        Raises:
            ValueError: it is no file of this kind at all.
        """
        ...


REPORTS: Registry[Reporter] = Registry("kind of report")


def report(path: Path, run: Run, key: str) -> int:
    """Write a report to `path`, read back before it counts as done; return its bytes.

    Raises:
        ExportError: the file does not say what the run does.
        SaveError: the file could not be written.
    """
    reporter = REPORTS[key]
    content = reporter.encode(run)

    def write(neighbour: Path) -> None:
        neighbour.write_bytes(content)
        try:
            right = reporter.agrees(neighbour, run)
        except ValueError:
            right = False
        if not right:
            raise ExportError(
                path,
                f"“{path.name}” came out wrong, so it was not written.",
                "This is a fault in the program; the network is unchanged.",
            )

    write_whole(path, write)
    return len(content)
