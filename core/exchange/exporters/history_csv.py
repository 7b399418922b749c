"""The course of a training as a CSV file: every iteration, every evaluation."""

import csv
import io
from pathlib import Path
from typing import ClassVar

import numpy as np

from core.exchange.exporter import REPORTS
from core.exchange.formats.history_table import rows
from core.training.run import Run


class HistoryTable:
    """One row per iteration, with evaluations where there are any."""

    label: ClassVar[str] = "History"
    help: ClassVar[str] = (
        "Loss and accuracy of every iteration and every evaluation, for a spreadsheet."
    )
    suffix: ClassVar[str] = ".csv"

    def encode(self, run: Run) -> bytes:
        """Return the table as ASCII with the line ends of RFC 4180."""
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows(run.history))
        return text.getvalue().encode("ascii")

    def agrees(self, path: Path, run: Run) -> bool:
        """Tell whether the table gives back the curves, to the bit, and the evaluations."""
        with path.open(newline="", encoding="ascii") as stream:
            table = list(csv.DictReader(stream))
        curve = [row for row in table if row["loss"]]
        history = run.history
        same = all(
            np.array_equal(np.array([row[name] for row in curve], np.float32), wanted, True)
            for name, wanted in (("loss", history.losses), ("accuracy", history.accuracies))
        )
        measured = [float(row["train_loss"]) for row in table if row["train_loss"]]
        wanted = history.column("train_loss")
        return same and np.array_equal(measured, wanted[~np.isnan(wanted)])


REPORTS.add("history-csv", HistoryTable())
