"""Every error is a plain sentence with a hint."""

import errno
import inspect
from pathlib import Path

import pytest

import core.base.errors
from core.base.errors import DivergedError, InklingError, reason

_KINDS = [
    kind
    for _, kind in inspect.getmembers(core.base.errors, inspect.isclass)
    if issubclass(kind, Exception)
]


@pytest.mark.parametrize("kind", _KINDS)
def test_every_error_is_caught_as_one_of_ours(kind):
    assert issubclass(kind, InklingError)


def test_message_and_hint_make_one_sentence():
    assert InklingError("It broke.", "Mend it.").sentence == "It broke. Mend it."
    assert InklingError("It broke.").sentence == "It broke."


def test_a_divergence_names_both_iterations_and_the_cure():
    error = DivergedError(12_345, 12_000)
    assert "12,345" in error.sentence
    assert "12,000" in error.sentence
    assert "learning rate" in error.hint


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.ENOENT, errno.ENOTDIR])
def test_usual_refusals_of_the_system_are_in_plain_words(number):
    words = reason(OSError(number, "Errno text", "/some/path"))
    assert "Errno" not in words
    assert "/some/path" not in words


def test_rare_refusals_are_in_the_words_of_the_system():
    assert reason(OSError(errno.ELOOP, "Too many links")) == "Too many links"
    assert reason(OSError("no number")) == "no number"
    assert reason(OSError()) == "OSError"


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    def read(path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            return reason(error)

    assert read(tmp_path / "nowhere") == "it does not exist"
