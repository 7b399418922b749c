"""Which file a network is to become, what that costs, and how it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import core.exchange.exporters  # noqa: F401 - fills both registries
from core.exchange.exporter import EXPORTERS, REPORTS, Exported
from gui.session.viewmodel import ViewModel

_BITS = {
    "float32": "32 bits a weight, exact",
    "float16": "16 bits a weight, half the size",
    "int8": "8 bits a weight, a quarter of the size",
}


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Attributes:
        key: in EXPORTERS or REPORTS.
        label, help: for people.
        suffix: of its files, with the dot.
        precisions: that its weights can have; empty for pictures and tables.
    """

    key: str
    label: str
    help: str
    suffix: str
    precisions: tuple[str, ...] = ()


def formats() -> tuple[Format, ...]:
    """Return all kinds of files: networks first, then pictures and tables."""
    networks = [(key, EXPORTERS[key]) for key in EXPORTERS]
    reports = [(key, REPORTS[key]) for key in REPORTS]
    return (
        *(Format(key, one.label, one.help, one.suffix, one.precisions) for key, one in networks),
        *(Format(key, one.label, one.help, one.suffix) for key, one in reports),
    )


class ExportModel(ViewModel):
    """What the export dialog shows.

    Attributes:
        format: the kind of file chosen.
        precision: of the weights; "" for pictures and tables.
        path: where to.
        share: 0..1 while a file is being written, else None.
        result: what came of it, in words; "" before.
        problem: what went wrong, in words; "".
        written: the file written last, or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.formats = formats()
        self.format = self.formats[0]
        self.precision = self.format.precisions[0]
        self.path = Path(f"network{self.format.suffix}")
        self.share: float | None = None
        self.result = self.problem = ""
        self.written: Path | None = None
        self._accuracies: Mapping[str, float] = {}
        self._tried_on = ""

    def start(self, folder: Path, name: str) -> None:
        """Begin with a file of this name, without its ending."""
        self.path = folder / f"{name}{self.format.suffix}"
        self._accuracies = {}
        self.forget()

    def forget(self) -> None:
        """Put away what became of the last file."""
        self.share, self.result, self.problem, self.written = None, "", "", None
        self.changed.emit()

    def choose(self, key: str) -> None:
        """Choose another kind of file; the name takes its ending."""
        before = self.format
        self.format = next(one for one in self.formats if one.key == key)
        name = self.path.name
        stem = name.removesuffix(before.suffix) if name.endswith(before.suffix) else self.path.stem
        self.path = self.path.with_name(f"{stem}{self.format.suffix}")
        if self.precision not in self.format.precisions:
            self.precision = self.format.precisions[0] if self.format.precisions else ""
        self.forget()

    def choose_precision(self, precision: str) -> None:
        """Choose how many bits a weight has."""
        self.precision = precision
        self.forget()

    def set_path(self, path: Path) -> None:
        """Choose where to; the ending of the format is added if it is left out."""
        whole = path if path.suffix else path.with_name(f"{path.name}{self.format.suffix}")
        self.path = whole
        self.forget()

    def set_accuracies(self, accuracies: Mapping[str, float], tried_on: str) -> None:
        """Tell how well the network reads with each precision, on so many of what."""
        self._accuracies, self._tried_on = accuracies, tried_on
        self.changed.emit()

    def set_share(self, share: float) -> None:
        """Say how far writing has come."""
        self.share, self.result, self.problem = share, "", ""
        self.changed.emit()

    def show_exported(self, done: Exported) -> None:
        """Say what came of a network's export."""
        self.share, self.written = None, done.path
        self.result = (
            f"Written and checked: {done.size / 1e6:,.2f} MB. Tried by {done.by}, its"
            f" probabilities are off by {done.worst:.0e} at most."
        )
        self.changed.emit()

    def show_reported(self, path: Path, size: int) -> None:
        """Say what came of a picture or table."""
        self.share, self.written = None, path
        self.result = f"Written and read back: {size / 1e3:,.0f} kB."
        self.changed.emit()

    def show_problem(self, sentence: str) -> None:
        """Say why there is no file."""
        self.share, self.problem = None, sentence
        self.changed.emit()

    # -- in words --------------------------------------------------------------------------

    @property
    def precision_choices(self) -> list[tuple[str, str, str]]:
        """Key, words and tooltip of each precision that the format can hold."""
        return [(key, self._words(key), _BITS[key]) for key in self.format.precisions]

    @property
    def note(self) -> str:
        """What the precision costs."""
        if not self.format.precisions:
            return ""
        if not self._accuracies:
            return "Measuring how well it reads with fewer bits…"
        return f"Measured on {self._tried_on}."

    def _words(self, precision: str) -> str:
        if precision not in self._accuracies:
            return precision
        return f"{precision} · reads {self._accuracies[precision]:.2%}".replace("%", " %")
