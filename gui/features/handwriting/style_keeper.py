"""Keeps the user's handwriting in its file, so that no template is ever lost."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.base.errors import DatasetError, InklingError, SaveError, reason
from core.imaging.synthesis import DEFAULT_HAND
from core.imaging.synthesis.own import DEFAULT_STYLE, MOST_TEMPLATES, OwnTemplate, Style
from core.imaging.synthesis.style_file import read_style, write_style
from gui.session.jobs import Jobs

_JOB = "handwriting-save"
_DAMAGED, _MOST_ASIDE = "damaged", 20  # files set aside that are looked at
_SOON_MS = 700  # after the last move of a slider


class StyleKeeper(QObject):
    """Reads the file once, and writes it after every change, one writing at a time.

    Attributes:
        path: the file.
        style: what it held at first; the built-in handwriting if there was none.

    Signals:
        failed(InklingError): the file could not be read, or not be written.
        given_back(int): so many templates came back from files that were set aside as
            damaged and are not: an earlier version did not read all that it had written.
    """

    failed = Signal(object)
    given_back = Signal(int)

    def __init__(self, jobs: Jobs, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self.path = jobs, path
        self._damaged = False
        self._next: Style | None = None
        self._then: list[Callable[[], None]] = []
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._write)
        self.style = self._read()
        self._seen = set(self.style.templates)
        if not self._damaged:
            self._give_back()

    def keep(self, style: Style, *, at_once: bool, then: Callable[[], None] = lambda: None) -> None:
        """Write a style: now, or after a moment in which more may change.

        `then` is called in the window's thread once it is safe.
        """
        self._next = style
        self._seen |= set(style.templates)
        self._then.append(then)
        if at_once:
            self._write()
        else:
            self._soon.start()

    def set_aside(self, style: Style) -> Path:
        """Return the path of a new file beside the usual one to which `style` is written."""
        path = _free(self.path, "before")
        self._jobs.start(
            f"handwriting-{path.stem}",
            lambda _: write_style(path, style),
            lambda _: None,
            self.failed.emit,
        )
        return path

    def finish(self) -> None:
        """Write what is not yet written, and wait until it is."""
        while self._next is not None or self._jobs.busy(_JOB):
            self._write()
            self._jobs.wait(_JOB)

    def _read(self) -> Style:
        if not self.path.exists():
            return DEFAULT_STYLE
        try:
            return read_style(self.path)
        except DatasetError as error:
            self._damaged = True
            # Nobody listens yet.
            told = _kept(error)
            QTimer.singleShot(0, self, lambda: self.failed.emit(told))
            return DEFAULT_STYLE

    def _give_back(self) -> None:
        """Take in what was set aside as damaged and can be read, once and for all."""
        found = _whole_ones(self.path)
        style = _with_all_of(self.style, [each for _, each in found])
        count = len(style.templates) - len(self.style.templates)

        def then() -> None:
            for path, _ in found:
                with suppress(OSError):  # then it comes back again: too often, not never
                    path.rename(_free(self.path, "given-back"))
            if count:
                self.given_back.emit(count)

        if found and len(style.templates) < MOST_TEMPLATES:
            self.style = style
            self.keep(style, at_once=True, then=then)

    def _write(self) -> None:
        self._soon.stop()
        if self._next is None or self._jobs.busy(_JOB):
            return  # the one that is writing comes back here
        style, self._next = self._next, None
        then, self._then = self._then, []
        path, damaged, seen = self.path, self._damaged, frozenset(self._seen)

        def work(_: object) -> None:
            _make_folder(path)
            if damaged and path.exists():
                path.rename(_free(path, _DAMAGED))
            write_style(path, _with_others(path, style, seen))

        def done(_: None) -> None:
            self._damaged = False
            for call in then:
                call()
            self._write()

        self._jobs.start(_JOB, work, done, self._refused)

    def _refused(self, error: InklingError) -> None:
        self.failed.emit(error)
        self._write()


def _with_others(path: Path, style: Style, seen: frozenset[OwnTemplate]) -> Style:
    """Add the templates that another window has written meanwhile."""
    try:
        there = read_style(path).templates if path.exists() else ()
    except DatasetError:
        return style
    others = tuple(each for each in there if each not in seen)
    return replace(style, templates=(style.templates + others)[:MOST_TEMPLATES])


def _whole_ones(path: Path) -> list[tuple[Path, Style]]:
    """Return the files beside `path` that were set aside as damaged but are whole, oldest first."""
    found = []
    for number in range(1, _MOST_ASIDE + 1):
        aside = path.with_stem(f"{path.stem}-{_DAMAGED}-{number}")
        with suppress(DatasetError):
            found.append((aside, read_style(aside)))
    return found


def _with_all_of(style: Style, others: Sequence[Style]) -> Style:
    """Add what others have: templates that are not there, and habits where there are none."""
    for other in reversed(others):
        hand = other.hand if style.hand == DEFAULT_HAND else style.hand
        more = tuple(each for each in other.templates if each not in style.templates)
        both = (*style.templates, *more)[:MOST_TEMPLATES]
        style = replace(style, hand=hand, templates=both)
    return style


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(
            path,
            f"The folder {path.parent} could not be made: {reason(error)}.",
            "Your handwriting is kept until you close the program: save it elsewhere.",
        ) from error


def _free(path: Path, word: str) -> Path:
    """Return a path beside `path` at which there is nothing."""
    number = 1
    while (found := path.with_stem(f"{path.stem}-{word}-{number}")).exists():
        number += 1
    return found


def _kept(error: DatasetError) -> DatasetError:
    return DatasetError(
        error.path,
        error.message,
        "It is kept beside the new one as soon as you change anything here.",
    )
