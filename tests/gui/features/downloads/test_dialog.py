""" "Get digits": one click, a bar, and the digits are in use; or a sentence and a way out."""

import hashlib
import os
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.data.downloads import DownloadProgress, cache_folder
from core.data.downloads.catalogue import CATALOGUE, Download, RemoteFile
from gui.features.downloads.controller import DownloadCentre
from gui.features.downloads.model import DownloadsModel, progress_words, time_left
from gui.features.downloads.row import DownloadRow
from gui.session.jobs import Jobs
from tests.support.local_mirror import Mirror, answers, honest, stalls, wrong_bytes
from tests.support.program import own_threads

_CONTENT = np.random.default_rng(1).bytes(400_000)
_FILE = RemoteFile("big.bin", len(_CONTENT), hashlib.sha256(_CONTENT).hexdigest())
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def mirror():
    made = Mirror({"big.bin": _CONTENT}, honest)
    yield made
    made.close()


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shut_down()
    made.deleteLater()
    assert own_threads() == []


class _Asked:
    """What the centre hands over."""

    def __init__(self):
        self.used, self.own = [], []


@pytest.fixture
def asked():
    return _Asked()


@pytest.fixture
def centre(jobs, mirror, themes, qtbot, asked):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    first = Download("one", "First set", "A few digits.", "MIT", ("0",), (_FILE,), (mirror.url,))
    catalogue = {"one": first, "two": replace(first, key="two", name="Second set")}
    return DownloadCentre(
        jobs,
        window,
        themes,
        lambda folder, key: asked.used.append((folder, key)),
        lambda: asked.own.append(True),
        catalogue,
    )


def _open(centre, qtbot):
    """Show the dialog and wait until it has looked what is here."""
    centre.show()
    qtbot.waitUntil(lambda: not centre._jobs.busy("downloads-look"))
    return centre.dialog.rows["one"]


def _folder(centre, key="one"):
    return cache_folder(centre._catalogue[key])


def test_it_says_what_there_is_and_stops_nobody_from_working_on(centre, qtbot):
    row = _open(centre, qtbot)
    assert not centre.dialog.isModal()
    assert row.action.text() == "Download"
    assert row.action.accessibleName() == "Download First set"
    assert row.cancel.isHidden() or not row.cancel.isVisible()
    assert centre.model.rows["one"].facts == "0.4 MB · Licence: MIT"


def test_one_click_downloads_and_the_digits_are_used_at_once(centre, qtbot, asked):
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: bool(asked.used))
    assert asked.used == [(_folder(centre), "one")]
    assert (_folder(centre) / "big.bin").read_bytes() == _CONTENT
    assert row.action.text() == "Use"
    assert row.words.text() == "On this computer"
    assert not centre.busy


def test_what_is_here_is_used_by_a_click_without_any_mirror(centre, qtbot, asked, mirror):
    _folder(centre).mkdir(parents=True)
    (_folder(centre) / "big.bin").write_bytes(_CONTENT)
    row = _open(centre, qtbot)
    assert row.action.text() == "Use"
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: bool(asked.used))
    assert mirror.asked == []


def test_while_it_is_on_its_way_a_bar_shows_how_far(centre, qtbot, mirror, asked):
    mirror.manner = stalls(200_000)
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: 0.3 < row.share < 0.6)
    assert row.cancel.isVisible()
    assert not row.action.isVisible()
    assert row.words.text().startswith("0.2 of 0.4 MB")
    assert centre.dialog.rows["two"].action.isVisible()
    mirror.go_on.set()
    qtbot.waitUntil(lambda: bool(asked.used))
    assert not row.cancel.isVisible()


def test_cancel_keeps_what_has_arrived_and_continue_goes_on_with_it(centre, qtbot, mirror, asked):
    mirror.manner = stalls(200_000)
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: row.share > 0.3)
    qtbot.mouseClick(row.cancel, _LEFT)
    assert row.action.text() == "Continue"
    assert row.words.text() == "0.2 of 0.4 MB are here already."
    qtbot.waitUntil(lambda: own_threads() == [])
    assert [path.name for path in _folder(centre).iterdir()] == ["big.bin.part"]
    mirror.manner = honest
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: bool(asked.used))
    assert mirror.asked[-1][1].startswith("bytes=1")
    assert asked.used == [(_folder(centre), "one")]


def test_a_failure_is_told_in_the_row_with_the_ways_out(centre, qtbot, mirror, asked):
    mirror.manner = answers(404)
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(row.problem.isVisible)
    assert "does not have the file (404)" in row.problem.text()
    assert str(_folder(centre)) in row.problem.text()
    assert row.action.text() == "Try again"
    qtbot.mouseClick(row.own, _LEFT)
    assert asked.own == [True]
    mirror.manner = honest
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: bool(asked.used))
    assert not row.problem.isVisible()
    assert not row.own.isVisible()


def test_a_failure_is_still_told_when_the_dialog_is_opened_again(centre, qtbot, mirror):
    mirror.manner = wrong_bytes
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(row.problem.isVisible)
    centre.dialog.close()
    _open(centre, qtbot)
    assert "sent the wrong bytes" in row.problem.text()


def test_closing_the_dialog_lets_a_download_go_on(centre, qtbot, mirror, asked):
    mirror.manner = stalls(200_000)
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: row.share > 0.3)
    qtbot.keyClick(centre.dialog, Qt.Key.Key_Escape)
    assert not centre.dialog.isVisible()
    assert centre.busy
    assert _open(centre, qtbot) is row
    assert row.cancel.isVisible()
    assert row.share > 0.3
    centre.dialog.close()
    mirror.go_on.set()
    qtbot.waitUntil(lambda: bool(asked.used))


def test_two_sets_can_be_on_their_way_at_once(centre, qtbot, asked):
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.mouseClick(centre.dialog.rows["two"].action, _LEFT)
    qtbot.waitUntil(lambda: len(asked.used) == 2)
    assert {key for _, key in asked.used} == {"one", "two"}


def test_files_that_are_here_already_can_be_opened_from_the_dialog(centre, qtbot, asked):
    _open(centre, qtbot)
    qtbot.mouseClick(centre.dialog.own, _LEFT)
    assert asked.own == [True]


def test_all_of_it_works_by_keyboard(centre, qtbot, mirror, asked):
    mirror.manner = stalls(200_000)
    row = _open(centre, qtbot)
    row.action.setFocus()
    qtbot.keyClick(row.action, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: row.share > 0.3)
    assert centre.dialog.focusWidget() is row.cancel
    qtbot.keyClick(row.cancel, Qt.Key.Key_Space)
    assert centre.dialog.focusWidget() is row.action
    mirror.go_on.set()
    mirror.manner = honest
    qtbot.keyClick(row.action, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(asked.used))
    assert centre.dialog.focusWidget() is row.action


def test_the_program_can_end_in_the_middle_of_a_download(centre, qtbot, jobs, mirror):
    mirror.manner = stalls(200_000)
    row = _open(centre, qtbot)
    qtbot.mouseClick(row.action, _LEFT)
    qtbot.waitUntil(lambda: row.share > 0.3)
    jobs.shut_down()
    assert own_threads() == []
    assert os.listdir(_folder(centre)) == ["big.bin.part"]  # noqa: PTH208 - names, not paths


def test_a_row_can_be_read_in_both_themes_at_its_narrowest(qtbot, themes):
    row = DownloadRow(themes, "First set", "A few digits.", "0.4 MB")
    qtbot.addWidget(row)
    row.show_state("here", "Use", 1.0, "On this computer", "")
    row.show()
    row.resize(row.minimumSizeHint())
    light = row.grab().toImage()
    themes.choose("dark")
    dark = row.grab().toImage()
    assert light.pixelColor(20, 5).lightness() > 200 > 100 > dark.pixelColor(20, 5).lightness()
    assert row.action.geometry().right() <= row.width()


def test_the_real_catalogue_has_a_row_for_each_set():
    model = DownloadsModel(CATALOGUE)
    assert list(model.rows) == list(CATALOGUE)
    assert model.rows["mnist"].facts == "11.6 MB · Licence: CC BY-SA 3.0"


def test_a_row_says_it_changed_only_when_it_did():
    model, told = DownloadsModel(CATALOGUE), []
    model.row_changed.connect(told.append)
    model.set_here("mnist")
    model.set_here("mnist")
    model.set_absent("kmnist")
    assert told == ["mnist"]


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (
            DownloadProgress("connecting", 0, 10**7, 0.0, "a.org"),
            "0.0 of 10.0 MB · Connecting to a.org…",
        ),
        (
            DownloadProgress("downloading", 10**6, 10**7, 2e6),
            "1.0 of 10.0 MB · 2.0 MB/s · 4 s left",
        ),
        (DownloadProgress("downloading", 4_200_000, 561_000_000), "4.2 of 561 MB"),
        (DownloadProgress("checking", 11_600_000, 11_600_000, 2e6), "11.6 of 11.6 MB · Checking…"),
        (DownloadProgress("unpacking", 25, 100), "Unpacking… 25 %"),
    ],
)  # fmt: skip
def test_progress_is_put_into_words(progress, words):
    assert progress_words(progress) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s left"), (59, "59 s left"), (61, "1 min left"), (3500, "58 min left"),
     (3900, "1 h 5 min left")],
)  # fmt: skip
def test_the_time_left_is_put_into_words(seconds, words):
    assert time_left(seconds) == words
