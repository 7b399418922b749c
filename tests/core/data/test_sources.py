"""Where a model says its digits lay: what is not even looked at, and what is refused then."""

import os

import pytest

from core.base.errors import DatasetError
from core.data.sources import find_source, plausible_source


@pytest.mark.parametrize(
    "text",
    ["/home/eve/mnist", "/media/usb/train-images-idx3-ubyte.gz", "/Users/eve/my digits.csv",
     "/run/media/eve/stick/a.npz", "/tmp/…/digits", "/devices/a", "/home/proc/a"],
)  # fmt: skip
def test_ordinary_places_are_plausible(text):
    assert str(plausible_source(text, windows=False)) == text


@pytest.mark.parametrize(
    "text",
    ["", "digits", "./digits", "~/digits", "/", "//machine/share/x", r"\\machine\share\x",
     r"\/machine/share", "/proc/self/environ", "/proc", "/sys/x", "/dev/stdin", "/dev/shm/x",
     "/net/machine/x", "/Network/x", "/afs/x", "/home/../proc/x", "/home/a\nb", "/home/a\0b",
     "/home/" + 5000 * "a", "C:\\digits", "file:///home/x", "/home/\N{RIGHT-TO-LEFT OVERRIDE}a"],
)  # fmt: skip
def test_other_names_are_not(text):
    assert plausible_source(text, windows=False) is None


@pytest.mark.parametrize("text", [r"C:\Users\eve\mnist", "d:/digits/a.csv"])
def test_drives_of_windows_are_plausible_there(text):
    assert plausible_source(text, windows=True) is not None


@pytest.mark.parametrize(
    "text",
    [r"\\machine\share\x", "//machine/share/x", r"\\?\C:\x", r"\\.\COM1", r"C:x", "C:\\", r"\x",
     r"C:\x\NUL", r"C:\com1.txt", r"C:\a.txt:hidden", r"C:\a\..\b", "/home/eve", "http://x/y"],
)  # fmt: skip
def test_names_of_machines_and_devices_are_not_plausible_on_windows(text):
    assert plausible_source(text, windows=True) is None


def test_what_is_there_is_found(tmp_path):
    (tmp_path / "a").touch()
    assert find_source(tmp_path / "a") == tmp_path / "a"
    assert find_source(tmp_path) == tmp_path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_is_gone_special_or_leads_elsewhere_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/proc/self/environ")
    (tmp_path / "null").symlink_to("/dev/null")
    for name, words in {
        "gone": "no file or folder", "pipe": "named pipe", "link": "no place for digits",
        "null": "a device",
    }.items():  # fmt: skip
        with pytest.raises(DatasetError, match=words):
            find_source(tmp_path / name)
