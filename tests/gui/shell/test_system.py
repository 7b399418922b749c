"""Qt's needs are named before Qt is loaded, in sentences a user can act on."""

import subprocess
import sys
from pathlib import Path

import pytest

from gui.shell.system import (
    Library,
    explain_missing,
    is_debian,
    main,
    missing_libraries,
    no_display_sentence,
    qt_platform,
)

_ROOT = Path(__file__).parents[3]
_CURSOR = Library("libxcb-cursor.so.0", "libxcb-cursor0")


def nothing_there(soname: str) -> bool:
    return False


def all_but(*absent: str):
    return lambda soname: soname not in absent


def test_a_bare_debian_is_told_the_six_packages_every_platform_needs():
    packages = [library.package for library in missing_libraries("offscreen", nothing_there)]
    assert packages == [
        "libgl1",
        "libegl1",
        "libglib2.0-0",
        "libdbus-1-3",
        "libfontconfig1",
        "libxkbcommon0",
    ]


@pytest.mark.parametrize("platform", ["xcb", "wayland"])
def test_a_real_window_needs_more_than_an_offscreen_one(platform):
    offscreen = missing_libraries("offscreen", nothing_there)
    window = missing_libraries(platform, nothing_there)
    assert window[: len(offscreen)] == offscreen
    assert len(window) > len(offscreen)


def test_only_what_is_absent_is_missing():
    assert missing_libraries("xcb", all_but("libxcb-cursor.so.0")) == [_CURSOR]


def test_libraries_of_another_platform_are_not_asked_for():
    assert missing_libraries("offscreen", all_but("libxcb-cursor.so.0")) == []


def test_the_platform_these_tests_run_on_lacks_nothing():
    assert missing_libraries("offscreen") == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux loads by soname")
def test_the_real_loader_misses_a_library_that_does_not_exist(monkeypatch):
    unheard_of = Library("libinkling-unheard-of.so.9", "libinkling9")
    monkeypatch.setitem(sys.modules["gui.shell.system"]._ONE_PLATFORM, "fictional", (unheard_of,))
    assert missing_libraries("fictional") == [unheard_of]


def test_nothing_missing_needs_no_sentence():
    assert explain_missing([]) is None


def test_debian_users_get_a_line_to_paste():
    libraries = [_CURSOR, Library("libGL.so.1", "libgl1")]
    said = explain_missing(libraries, debian=True, root=False)
    assert said is not None
    assert said.endswith("sudo apt install libxcb-cursor0 libgl1")
    assert "\n" not in said


def test_root_is_not_told_to_use_sudo():
    said = explain_missing([_CURSOR], debian=True, root=True)
    assert said is not None
    assert said.endswith(": apt install libxcb-cursor0")


def test_other_systems_get_the_names_of_the_libraries_not_debian_packages():
    said = explain_missing([_CURSOR], debian=False)
    assert said is not None
    assert said.endswith("libxcb-cursor.so.0")
    assert "apt" not in said


@pytest.mark.parametrize(
    ("environ", "platform"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen:size=800x600"}, "offscreen"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "wayland-egl;xcb"}, "wayland"),
    ],
)
def test_the_platform_is_the_one_qt_will_open(environ, platform):
    assert qt_platform(environ, all_but()) == platform


def test_wayland_without_its_libraries_falls_back_to_the_x_display():
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert qt_platform(both, all_but("libwayland-cursor.so.0")) == "xcb"


@pytest.mark.parametrize(
    "environ", [{}, {"DISPLAY": ""}, {"QT_QPA_PLATFORM": ""}, {"QT_QPA_PLATFORM": "xcb"}]
)
def test_without_a_display_the_next_step_is_named(environ):
    said = no_display_sentence(environ, system="linux")
    assert said is not None
    assert "tour OUTDIR`" in said
    assert "train`" in said
    assert said.count(". ") == 0
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("environ", "system"),
    [
        ({"DISPLAY": ":0"}, "linux"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux"),
        ({}, "darwin"),
        ({}, "win32"),
    ],
)
def test_where_a_window_can_be_opened_nothing_is_said(environ, system):
    assert no_display_sentence(environ, system=system) is None


def test_the_makefile_can_ask_before_anything_is_installed():
    """Isolated from site-packages (-S): what a Python without our libraries would do."""
    asked = subprocess.run(
        [sys.executable, "-S", "-m", "gui.shell.system", "--packages", "offscreen"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")


def test_missing_libraries_are_printed_and_counted_as_failure(monkeypatch, capsys):
    unheard_of = Library("libinkling-unheard-of.so.9", "libinkling9")
    monkeypatch.setitem(sys.modules["gui.shell.system"]._ONE_PLATFORM, "fictional", (unheard_of,))
    if missing_libraries("fictional") == []:
        pytest.skip("this system leaves no libraries to the user")
    assert main(["--packages", "fictional"]) == 1
    assert capsys.readouterr().out == "libinkling9\n"
    assert main(["fictional"]) == 1
    assert ("apt install libinkling9" in capsys.readouterr().out) == is_debian()
