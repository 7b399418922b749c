"""A hand that knows nothing plays with the window: the short form of `make fuzz`."""

import pytest

from tests.fuzz.clicks import EARLY, Played, play

_MOVES = 150


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Digits that were written once, for all plays."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(4))
def test_random_moves_find_nothing_wrong(seed, tmp_path, cache):
    played = play(seed, _MOVES, tmp_path, cache)
    assert not played.wrong, str(played)
    assert len(played.memory) == 1  # it has come to the end


def test_a_fault_is_reported_with_the_moves_before_it(tmp_path, cache):
    (tmp_path / "toys").write_text("no folder", encoding="utf-8")  # the player needs one
    played = play(0, 3, tmp_path, cache)
    assert "toys" in str(played)
    assert "FAULT" in str(played)


def test_growth_is_told_of_plays_that_came_to_their_end():
    def played(memory):
        return Played(0, 3000, [], [], memory, (0.0, "")).growth

    assert played({EARLY: 100, 3000: 130}) == 30
    assert played({EARLY: 100}) is None
    assert played({}) is None
