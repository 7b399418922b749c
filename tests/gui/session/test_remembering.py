"""Remembered places: left out when they are gone, and never waited for."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gui.session.jobs import Jobs
from gui.session.remembering import Remembering
from gui.session.settings import Settings


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def settings(tmp_path):
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def remembering(settings, jobs):
    made = Remembering(settings, jobs)
    yield made
    made.deleteLater()


def test_recent_files_that_are_gone_are_left_out_but_not_forgotten(
    remembering, settings, tmp_path, qtbot
):
    here, gone = tmp_path / "here.h5", tmp_path / "gone.h5"
    here.touch()
    for path in (here, gone):
        settings.add_recent(path)
    assert remembering.recent == [gone, here]
    with qtbot.waitSignal(remembering.changed):
        remembering.look()
    assert remembering.recent == [here]
    assert settings.recent == [gone, here]  # its drive may come back


def test_the_last_folder_is_used_when_it_is_there(tmp_path, jobs, qtbot):
    (tmp_path / "s.ini").write_text(f"[files]\nfolder={tmp_path}\n")
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = Remembering(settings, jobs)
    assert settings.folder == Path.home()
    made.look()
    qtbot.waitUntil(lambda: settings.folder == tmp_path)
    made.deleteLater()


def test_a_dead_drive_keeps_nobody_waiting(remembering, settings, tmp_path, monkeypatch, qtbot):
    answer, asked = threading.Event(), threading.Event()

    def dead(path):
        asked.set()
        answer.wait()
        return False

    settings.add_recent(tmp_path / "far.h5")
    monkeypatch.setattr(Path, "is_file", dead)
    remembering.look()
    qtbot.waitUntil(asked.is_set)
    assert remembering.recent == [tmp_path / "far.h5"]
    answer.set()
    qtbot.waitUntil(lambda: remembering.recent == [])
