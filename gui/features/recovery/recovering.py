"""After a crash: offering the network that was not saved, and bringing it back."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError
from core.modelfile.autosave import Generation
from core.modelfile.recovery import Abandoned, find_abandoned
from core.training.run import Run
from gui.session.jobs import Jobs
from gui.session.messages import Message
from gui.session.phase import Phase
from gui.session.session import Session

_JOB = "recovery"


class Recovering(QObject):
    """What programs left behind that did not end in order, and what becomes of it.

    An offer that is not answered is made again at the next start. What was recovered stays
    on the disk until it is kept elsewhere; what was discarded, until this program ends.

    Attributes:
        offers: what can be recovered, newest first.
        suggestion: the file that the recovered network was of, while it is in use: where
            saving might propose to put it. It is never written to unasked.

    Signals:
        message(Message): something to tell the user.
        recovered(): the network of a crash is in use; no file holds it.
    """

    message = Signal(object)
    recovered = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        folder: Path,
        find_data: Callable[[Run], Message | None],
        parent: QObject | None = None,
    ) -> None:
        """Take where to look, and what loads a network's digits, or says what to ask first."""
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self._folder, self._find_data = folder, find_data
        self.offers: list[Abandoned] = []
        self.suggestion: Path | None = None
        self._taken: list[tuple[Run, Abandoned]] = []  # recovered, and in no other place yet
        self._discarded: list[Abandoned] = []
        session.run_changed.connect(self._forget_suggestion)

    @property
    def looking(self) -> bool:
        """True while the folder is searched, or a network read."""
        return self._jobs.busy(_JOB)

    def look(self) -> None:
        """Search in the background, and offer what is found."""
        self._jobs.start(
            _JOB, lambda _report: find_abandoned(self._folder), self._found, self._refuse
        )

    def offer(self) -> None:
        """Show the newest offer, if there is one."""
        if self.offers:
            self._say("warning", f"Inkling ended without saving. {self._words()}", offering=True)

    def recover(self) -> None:
        """Bring the offered network back; what is open can be brought back after that."""
        if not self.offers or self.looking:
            return
        if self._session.phase is not Phase.IDLE:
            self._say("info", "Stop the training first, then recover the network.", offering=True)
            return
        offer = self.offers[0]
        self._jobs.start(
            _JOB,
            lambda _report: offer.load(),
            lambda found: self._adopt(offer, *found),
            self._refuse,
        )

    def discard(self) -> None:
        """Let go of the offered network; that can be undone until the program ends."""
        if self.offers:
            offer = self.offers.pop(0)
            with suppress(OSError):  # then it is deleted when the program ends
                offer.set_discarded(True)
            self._discarded.append(offer)
            more = (("Show the next", self.offer),) if self.offers else ()
            self._say("info", "The network was discarded.", actions=(("Undo", self._undo), *more))

    def kept(self, run: Run) -> None:
        """Take note that this network is safe somewhere else by now."""
        self._delete([offer for taken, offer in self._taken if taken is run])
        self._taken = [(taken, offer) for taken, offer in self._taken if taken is not run]

    def shut_down(self, agreed: bool = False) -> None:
        """Clean up; offers without an answer wait for the next start.

        Args:
            agreed: the user agreed to close: what was recovered and is in use still is
                saved, or not wanted. Else it waits, too.
        """
        if agreed:
            if self._session.run is not None:
                self.kept(self._session.run)
            self._delete(self._discarded)
        for offer in (*self.offers, *self._discarded, *(offer for _, offer in self._taken)):
            offer.release()

    def _found(self, offers: list[Abandoned]) -> None:
        self.offers = offers
        self.offer()

    def _adopt(self, offer: Abandoned, run: Run, one: Generation) -> None:
        if self._session.phase is not Phase.IDLE:  # it began meanwhile
            self.recover()
            return
        self.offers.remove(offer)
        self._taken.append((run, offer))
        self._session.edit_recipe(run.recipe_now, "Recover a network")
        self._session.adopt(run)
        self.recovered.emit()
        self.suggestion = Path(one.path) if one.path else None
        untouched = f" “{self.suggestion.name}” is as it was." if self.suggestion else ""
        more = (("Show the next", self.offer),) if self.offers else ()
        question = self._find_data(run)
        asked, answers = (f" {question.text}", question.actions) if question else ("", ())
        self._say(
            "success",
            f"The network is back: {_state_words(one)}. It is in no file yet.{untouched}{asked}",
            actions=(*answers, *more),
        )

    def _undo(self) -> None:
        if self._discarded:
            offer = self._discarded.pop()
            with suppress(OSError):
                offer.set_discarded(False)
            self.offers.insert(0, offer)
            self.offer()

    def _refuse(self, error: InklingError) -> None:
        # Of no use to anybody: but it is the user who decides.
        actions = (("Discard", self.discard),) if self.offers else ()
        self._say("error", error.sentence, actions=actions)

    def _forget_suggestion(self) -> None:
        self.suggestion = None

    def _words(self) -> str:
        newest = self.offers[0].kept[0]
        words = f"The network it was training is still here: {_state_words(newest)}"
        if newest.path:
            words += f", not yet saved in “{Path(newest.path).name}”"
        words += f". Kept {_time_words(newest.when, datetime.now().astimezone())}."
        if len(self.offers) > 1:
            words += f" (The newest of {len(self.offers)}.)"
        return words

    def _say(
        self,
        kind: str,
        text: str,
        *,
        offering: bool = False,
        actions: tuple[tuple[str, Callable[[], None]], ...] = (),
    ) -> None:
        if offering:
            actions = (("Recover", self.recover), ("Discard", self.discard))
        self.message.emit(Message(kind, text, actions=actions))

    @staticmethod
    def _delete(some: list[Abandoned]) -> None:
        while some:
            some.pop().delete()


def _state_words(one: Generation) -> str:
    """Say what it is: "Quick start, epoch 3.4 of 10, 97.2 % of held-out images right"."""
    words = f"“{one.recipe}”"
    if one.steps_per_epoch > 0:
        done, planned = one.step / one.steps_per_epoch, one.target / one.steps_per_epoch
        words += f", epoch {done:.1f} of {round(planned, 1):g}"
    else:
        words += f", iteration {one.step:,}"
    if one.accuracy is not None:
        words += f", {100 * one.accuracy:.1f} % of {one.measured_on} right"
    return words


def _time_words(when: datetime, now: datetime) -> str:
    """Say when: "today at 14:32", "yesterday at 9:05", "on 3 May 2026 at 14:32"."""
    days = (now.date() - when.date()).days
    day = {0: "today", 1: "yesterday"}.get(days, f"on {when.day} {when:%B %Y}")
    return f"{day} at {when.hour}:{when:%M}"
