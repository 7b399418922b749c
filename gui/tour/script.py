"""The stations of the tour: a first hour with the program, in half a minute."""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.imaging.synthesis.templates import load_templates
from gui.session.phase import Phase
from gui.shell.app import Inkling
from gui.tour import hands
from gui.tour.choosing import choose_preset
from gui.tour.hands import Pulse
from gui.tour.sights import Sights

_DIGITS = (7, 2, 5, 3, 0, 4, 1, 9, 6, 8)
_MODEL, _BROKEN = "tour-model.h5", "broken-model.h5"
_SHARE_SEEN = 10  # of the iterations, before the first look
_SIZE = 0.36  # of the canvas: half the height of a digit


class Tour:
    """Drives one window and keeps a record."""

    def __init__(
        self, inkling: Inkling, folder: Path, say: Callable[[str], None], recipe: str
    ) -> None:
        """Write to `folder`, say what is done, and train the preset of the key `recipe`."""
        self._key = recipe
        self._all, self._folder, self._say = inkling, folder, say
        self._window, self._curves = inkling.window, inkling.features["curves"].parts.model
        self._pulse = Pulse()
        self._began = perf_counter()
        self._stations: list[dict[str, Any]] = []
        self._record: dict[str, Any] = {"recipe": recipe}
        self._sights = Sights(inkling, folder, self._picture, self._record)

    def run(self) -> dict[str, Any]:
        """Visit all stations; return the record that was written to tour.json.

        Raises:
            TourError: the window did not do what it should.
        """
        for visit in (
            self._open, self._start_quickly, self._choose, self._train, self._watch,
            self._finish, self._draw, self._sights.look_through_the_lens, self._sights.scribble,
            self._sights.teach, self._sights.play_with_handwriting, self._sights.export,
            self._save, self._reopen, self._break, self._switch_theme,
        ):  # fmt: skip
            self._pulse.doing = visit.__name__.strip("_")
            visit()
        self._record["longest_gap_at"] = self._pulse.longest_at
        self._record["longest_gap_ms"] = round(1000 * self._pulse.longest_s, 1)
        self._record["seconds"] = round(perf_counter() - self._began, 2)
        self._record["stations"] = self._stations
        text = json.dumps(self._record, indent=2) + "\n"
        (self._folder / "tour.json").write_text(text, encoding="utf-8")
        return self._record

    # Stations ------------------------------------------------------------------------

    def _open(self) -> None:
        self._all.start()
        hands.wait_until(self._window.isVisible, "the window")
        self._record["window_seconds"] = round(perf_counter() - self._all.began, 3)
        hands.wait_until(lambda: self._all.session.parts is not None, "the built-in digits")
        hands.wait_until(
            lambda: self._all.features["setup"].parts.model.estimate_s is not None,
            "the time estimate",
        )
        self._record["ready_seconds"] = round(perf_counter() - self._all.began, 3)
        hands.wait_until(
            lambda: self._all.features["curves"].parts.tab.panel is not None, "the plots"
        )
        self._pulse.start()
        self._picture("opened", "The window, ready to train")

    def _start_quickly(self) -> None:
        """Do what a newcomer does: press Train, then draw."""
        hands.click_tool(self._window, "run.train")
        hands.wait_until(lambda: self._curves.count > 0, "the first iterations")
        hands.wait_until(lambda: self._all.session.phase is Phase.IDLE, "the end of Quick start")
        run = self._all.session.run
        assert run is not None
        self._record["quick_start"] = {
            "seconds": round(run.seconds, 3),
            "validation_accuracy": run.history.evaluations[-1].validation_accuracy,
            "answers": self._read_all(),
        }
        self._picture("quick-start", "After a second of training, a drawn digit is read")

    def _choose(self) -> None:
        shortened = choose_preset(self._all, self._key)
        if shortened:
            self._record["shortened"] = shortened
            self._say(shortened)

    def _train(self) -> None:
        hands.click_tool(self._window, "run.train")
        hands.wait_until(lambda: self._all.session.run is not None, "training to begin")
        run = self._all.session.run
        assert run is not None
        first = min(900, run.target // _SHARE_SEEN)
        hands.wait_until(lambda: self._curves.count > first, f"the first {first} iterations")
        self._picture("training", "Training: loss and accuracy, live")
        self._pause()

    def _pause(self) -> None:
        """Pause, look and go on."""
        hands.click_tool(self._window, "run.pause")
        took = hands.wait_until(
            lambda: self._all.session.phase in (Phase.PAUSED, Phase.IDLE), "the pause"
        )
        if self._all.session.phase is Phase.IDLE:
            self._record["pause"] = "training had ended before it could be paused"
            self._say("Training had ended before it could be paused.")
            return
        step = self._curves.count
        hands.rest(0.2)
        self._record["pause"] = {
            "seconds": round(took, 3),
            "iteration": step,
            "held": self._curves.count == step,
        }
        self._picture("paused", "Paused: nothing moves, nothing is lost")
        hands.click_tool(self._window, "run.train")
        hands.wait_until(lambda: self._curves.count > step, "training to go on")

    def _watch(self) -> None:
        hands.show_tab(self._window.tabs, 1)
        hands.rest(0.6)
        self._picture("weights", "What each first-layer unit looks for, while it learns")
        hands.show_tab(self._window.tabs, 2)
        hands.rest(0.6)
        self._picture("digits", "Digits with the network's answers, while it learns")
        hands.show_tab(self._window.tabs, 0)

    def _finish(self) -> None:
        hands.wait_until(
            lambda: self._all.session.phase is Phase.IDLE, "the end of training", seconds=900
        )
        run = self._all.session.run
        assert run is not None
        row = run.history.evaluations[-1]
        self._record["training"] = {
            "iterations": run.step,
            "seconds": round(run.seconds, 3),
            "train_accuracy": row.train_accuracy,
            "validation_accuracy": row.validation_accuracy,
            "loss": row.train_loss,
        }
        self._picture("trained", "Trained: the whole course")

    def _draw(self) -> None:
        self._record["answers"] = self._read_all(pictures=3)

    def _read_all(self, pictures: int = 0) -> list[dict[str, Any]]:
        """Draw every digit with the mouse; return what was read."""
        canvas = self._all.features["drawing"].parts.panel.canvas
        answers = []
        for number, digit in enumerate(_DIGITS):
            canvas.setFocus()
            QTest.keyClick(canvas, Qt.Key.Key_Delete)
            hands.wait_until(lambda: self._all.drawing.probabilities is None, "an empty canvas")
            began = perf_counter()
            hands.draw(canvas, _strokes(digit, canvas.width(), canvas.height()))
            hands.wait_until(lambda: self._all.drawing.probabilities is not None, "an answer")
            took = perf_counter() - began
            found = self._all.drawing.probabilities
            assert found is not None
            answers.append(
                {
                    "drawn": digit,
                    "read": int(found.argmax()),
                    "probability": round(float(found.max()), 4),
                    "seconds": round(took, 4),
                }
            )
            if number < pictures:
                self._picture(f"drawn-{digit}", f"A drawn {digit}, read at once")
        return answers

    def _save(self) -> None:
        target = self._folder / _MODEL
        target.unlink(missing_ok=True)
        hands.click_tool(self._window, "file.save")
        hands.enter_path(self._window, target)
        hands.wait_until(
            lambda: self._all.documents.path == target and not self._all.documents.dirty,
            "the model to be saved",
        )
        self._record["saved_bytes"] = target.stat().st_size
        self._picture("saved", "Saved as one file")

    def _reopen(self) -> None:
        before = self._all.session.run
        probabilities = self._all.drawing.probabilities
        hands.click_tool(self._window, "file.new")
        hands.wait_until(lambda: self._all.session.run is None, "the network to be put away")
        hands.click_tool(self._window, "file.open")
        hands.enter_path(self._window, self._folder / _MODEL)
        hands.wait_until(lambda: self._all.session.run is not None, "the model to be opened")
        after = self._all.session.run
        assert before is not None
        assert after is not None
        again = self._all.drawing.probabilities
        self._record["reopened"] = {
            "same_weights": bool(np.array_equal(before.params, after.params)),
            "same_history": bool(np.array_equal(before.history.losses, after.history.losses)),
            "same_answer": probabilities is not None
            and again is not None
            and bool(np.allclose(probabilities, again)),
        }
        self._picture("reopened", "Reopened: the same curves, weights and answers")

    def _break(self) -> None:
        broken = self._folder / _BROKEN
        whole = (self._folder / _MODEL).read_bytes()
        broken.write_bytes(whole[: len(whole) // 2])
        hands.click_tool(self._window, "file.open")
        hands.enter_path(self._window, broken)
        hands.wait_until(
            lambda: self._all.banner.isVisible() and "damaged" in self._all.banner.text,
            "the sentence about the broken file",
        )
        self._record["broken_file"] = {
            "sentence": self._all.banner.text,
            "network_kept": self._all.session.run is not None,
        }
        self._picture("broken-file", "A broken file: one sentence, and nothing is lost")
        broken.unlink()

    def _switch_theme(self) -> None:
        other = "light" if self._all.themes.current.dark else "dark"
        hands.choose_menu(self._window, "View", f"view.theme.{other}")
        hands.wait_until(lambda: self._all.themes.current.name == other, "the other theme")
        hands.rest(0.1)
        self._record["theme"] = other
        self._picture(f"theme-{other}", f"The {other} theme")
        hands.show_tab(self._window.tabs, 1)
        self._picture(f"theme-{other}-weights", f"The {other} theme: weights")
        hands.show_tab(self._window.tabs, 2)
        self._picture(f"theme-{other}-digits", f"The {other} theme: digits")

    # Helpers -------------------------------------------------------------------------

    def _picture(self, name: str, caption: str) -> None:
        self._pulse.stop()
        hands.rest(0.1)
        number = len(self._stations) + 1
        file = f"{number:02d}-{name}.png"
        self._window.grab().save(str(self._folder / file))
        self._stations.append(
            {
                "picture": file,
                "caption": caption,
                "seconds": round(perf_counter() - self._began, 2),
            }
        )
        self._say(f"{file}  {caption}")
        self._pulse.start()


def _strokes(digit: int, width: int, height: int) -> list[list[tuple[float, float]]]:
    """Return a digit as mouse paths, in pixels of a canvas of this size."""
    templates = load_templates()
    number = templates.bounds[digit]
    places = templates.curves[number] @ templates.points[number]
    down = templates.down[number] > 0
    side = min(width, height)
    points = [
        (width / 2 + _SIZE * side * float(x), height / 2 + _SIZE * side * float(y))
        for x, y in places
    ]
    strokes = [[points[0]]]
    for point, joined in zip(points[1:], down, strict=True):
        if joined:
            strokes[-1].append(point)
        else:
            strokes.append([point])
    return strokes
