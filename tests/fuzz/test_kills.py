"""The program is killed while it works, and nothing is lost: the short form of `make fuzz`."""

import pytest

from tests.fuzz.display import has_display
from tests.fuzz.kills import Killer
from tests.fuzz.promises import Promises

_LIVES = 3
_FOUND = {"drawings": ["a"], "templates": 1, "theme": "dark", "offers": [[7]], "message": ""}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", ["SIGKILL", "SIGTERM", "SIGHUP", "display"])
def test_whatever_ends_the_program_nothing_is_lost(way, tmp_path):
    if way == "display" and not has_display():
        pytest.skip("needs Xvfb and Qt's X libraries: apt install xvfb and the xcb packages")
    killer = Killer(tmp_path, seed=3, ways=(way,))
    for _ in range(_LIVES):
        wrong = killer.kill()
        assert not wrong, "\n".join([*wrong, *killer.last_words])
    assert killer.done == [way] * _LIVES


@pytest.mark.parametrize(
    ("word", "what", "told"),
    [
        ("drawings", ["a", "b"], "drawings are lost"),
        ("templates", 2, "templates"),
        ("theme", "light", "theme"),
        ("owed", [2, 5], "to be recovered"),
        ("owed", [1, 8], "iteration 8"),
    ],
)
def test_what_was_promised_and_is_not_found_is_told(word, what, told):
    promises = Promises()
    promises.hear(word, [what])
    (wrong,) = promises.lacks(_FOUND)
    assert told in wrong


def test_what_is_found_is_not_missed():
    promises = Promises()
    for word, what in {"drawings": ["a"], "templates": 1, "theme": "dark", "owed": [1, 7]}.items():
        promises.hear(word, [what])
    assert promises.lacks(_FOUND) == []
