"""The whole main job in the real window: `inkling tour`, without and with an X display."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from core.modelfile import load_model
from tests.fuzz.display import Display, has_display

_STATIONS = [
    "opened", "quick-start", "training", "paused", "weights", "digits", "trained", "drawn-7",
    "drawn-2", "drawn-5", "lens", "reliability", "my-digits", "handwriting", "saved",
    "reopened", "broken-file", "theme-dark", "theme-dark-weights", "theme-dark-digits",
]  # fmt: skip


@pytest.fixture
def x_display() -> Iterator[str]:
    """Start an X server on a free display and give its name."""
    if not has_display():
        pytest.skip("needs Xvfb and Qt's X libraries: apt install xvfb and the xcb packages")
    with Display() as display:
        yield display.name


def _tour(folder: Path, *more: str, **environment: str) -> dict:
    clean = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "gui", "tour", str(folder), *more],
        env={**clean, **environment}, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return json.loads((folder / "tour.json").read_text(encoding="utf-8"))


def _check(found: dict, folder: Path) -> None:
    names = [station["picture"] for station in found["stations"]]
    assert names == [f"{number:02d}-{name}.png" for number, name in enumerate(_STATIONS, 1)]
    for name in names:
        with Image.open(folder / name) as picture:
            assert picture.width >= 1200
            colours = picture.convert("RGB").getcolors(maxcolors=1 << 24)
            assert colours is not None
            assert len(colours) > 50, f"{name} shows something"
    assert found["training"]["validation_accuracy"] > 0.88
    assert found["pause"]["held"]
    assert found["quick_start"]["validation_accuracy"] > 0.85
    for answers in (found["quick_start"]["answers"], found["answers"]):
        right = [answer["drawn"] == answer["read"] for answer in answers]
        assert sum(right) >= 9
        assert len(right) == 10
    assert found["reopened"] == {
        "same_weights": True, "same_history": True, "same_answer": True,
    }  # fmt: skip
    assert found["broken_file"]["network_kept"]
    assert "damaged" in found["broken_file"]["sentence"]
    assert found["theme"] == "dark"
    assert found["kept_drawings"] == 1
    assert found["exported"]["bytes"] > 100_000
    assert "Written and checked" in found["exported"]["words"]
    assert found["longest_gap_ms"] > 0


@pytest.mark.slow
def test_the_tour_without_a_display(tmp_path):
    _check(_tour(tmp_path), tmp_path)


@pytest.mark.slow
def test_the_tour_in_a_real_x_window(tmp_path, x_display):
    _check(_tour(tmp_path, DISPLAY=x_display), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["two-layer-sigmoid", "best-on-drawings"])
def test_the_tour_with_another_preset(tmp_path, key):
    found = _tour(tmp_path, "--recipe", key)
    names = [station["picture"].partition("-")[2].removesuffix(".png") for station in
             found["stations"]]  # fmt: skip
    assert [name for name in _STATIONS if name not in ("paused", *names)] == []
    assert found["recipe"] == key
    assert found["reopened"] == {
        "same_weights": True, "same_history": True, "same_answer": True,
    }  # fmt: skip
    assert "damaged" in found["broken_file"]["sentence"]
    run = load_model(tmp_path / "tour-model.h5")
    assert run.recipe.key == key
    assert run.step == found["training"]["iterations"]
    assert ("shortened" in found) == (key == "best-on-drawings")  # and if so, it is said


@pytest.mark.parametrize("key", ["thorouh", "", "mine.toml"])
def test_an_unknown_preset_is_one_sentence(tmp_path, key):
    done = subprocess.run(
        [sys.executable, "-m", "gui", "tour", str(tmp_path / "out"), "--recipe", key],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no preset called" in done.stderr
    assert "thorough" in done.stderr  # those that there are, or the nearest
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_tour_and_leaves_nothing_about(number, tmp_path):
    folders = {name: tmp_path / name for name in ("pictures", "tmp", "data")}
    folders["tmp"].mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "gui", "tour", str(folders["pictures"])],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(folders["tmp"])},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline()  # the first picture is taken
    process.send_signal(number)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 128 + number
    assert errors.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in errors
    assert list(folders["tmp"].iterdir()) == []


@pytest.mark.parametrize("arguments", [[], [""], ["a", "b"], ["-x"], ["{file}/inside"]])
def test_a_wrong_call_is_one_sentence(arguments, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    words = [word.format(file=tmp_path / "file") for word in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "gui", "tour", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_without_a_display_the_program_says_what_to_do():
    clean = {
        key: value
        for key, value in os.environ.items()
        if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-m", "gui"], env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert "tour" in done.stderr
    assert "train" in done.stderr
