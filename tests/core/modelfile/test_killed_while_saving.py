"""The program dies while it saves, at any moment: a whole file is there."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.modelfile import load_model
from core.modelfile.previous import PreviousNetworks
from core.modelfile.recovery import find_abandoned

_ROOT = Path(__file__).parents[3]
_STATES = 5  # as many as tests.support.keep_saving goes through
_LONGEST_S = 0.03  # some saves long

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")


@pytest.fixture
def nursery():
    """A process whose children save for ever."""
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.support.keep_saving"],
        cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert started.stdout.readline() == "ready\n"
    yield started
    started.stdin.close()
    started.wait()
    started.stdout.close()


def kill_amid_saving(nursery, place, after_s, *, half_written=False):
    """Let a child save to `place`, kill it, and return how many saves it had done.

    It dies after `after_s` seconds, and if asked so, not before a half-written file is there.
    """
    nursery.stdin.write(f"{place}\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline())
    time.sleep(after_s)
    while half_written and not list(place.parent.glob(f".{place.name}.*")):
        pass  # a write takes a tenth of a save, so it is waited for without a pause
    os.kill(child, signal.SIGKILL)
    return int(nursery.stdout.readline())


_TIMES = pytest.mark.parametrize("kills", [10, pytest.param(60, marks=pytest.mark.slow)])


@pytest.mark.parametrize("kills", [24, pytest.param(200, marks=pytest.mark.slow)])
def test_kills_leave_a_whole_file_each_time(nursery, tmp_path, kills):
    rng = random.Random(5)
    place = tmp_path / "model.h5"
    left_halves = 0
    for number in range(kills):
        after_s = rng.uniform(0, _LONGEST_S)
        done = kill_amid_saving(nursery, place, after_s, half_written=number % 4 == 0)
        step = load_model(place).step  # raises unless it is whole
        last = 1 + (done - 1) % _STATES
        assert step in (last, 1 + done % _STATES)  # the last one done, or the one after
        halves = [one for one in tmp_path.iterdir() if one != place]
        left_halves += bool(halves)
        for one in halves:
            one.unlink()
    assert left_halves > kills // 10  # else the kills did not fall into the saves


@_TIMES
def test_a_killed_program_leaves_whole_work_in_progress_each_time(nursery, tmp_path, kills):
    rng = random.Random(6)
    for _ in range(kills):
        done = kill_amid_saving(nursery, tmp_path, rng.uniform(0, _LONGEST_S))
        (found,) = find_abandoned(tmp_path)
        run, one = found.load()
        assert run.step == one.step
        assert run.step in (1 + (done - 1) % _STATES, 1 + done % _STATES)
        found.delete()
        assert list(tmp_path.iterdir()) == []


@_TIMES
def test_a_program_killed_while_it_puts_networks_away_leaves_whole_ones(nursery, tmp_path, kills):
    rng = random.Random(7)
    folder = tmp_path / "previous"
    for _ in range(kills):
        done = kill_amid_saving(nursery, folder, rng.uniform(0, _LONGEST_S))
        store = PreviousNetworks(folder, most=3)
        cards = store.look()
        runs = [store.load(card) for card in cards]  # raises unless each is whole
        assert len(cards) >= min(done, 3)
        assert [card.words for card in cards] == [str(run.step) for run in runs]
        assert runs[0].step in (1 + (done - 1) % _STATES, 1 + done % _STATES)
    halves = [path for path in folder.iterdir() if path.suffix in (".part", ".h5")]
    for path in halves:
        os.utime(path, (0, 0))  # as if it had been long ago
    store.put(runs[0], "last", cards[0].filed)
    left = {path.stem for path in folder.iterdir()} - {"previous"}
    assert left == {card.name for card in store.look()}
