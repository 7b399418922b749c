"""The program's own small files: whatever is written is read and equal, nonsense is neither."""

import json
import math
import socket
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.base.errors import DatasetError, SaveError
from core.certainty.calibration import Calibration
from core.certainty.novelty import Novelty
from core.certainty.reliability import BINS, Reliability
from core.certainty.store import pack, unpack
from core.certainty.temperature import COLDEST, HOTTEST
from core.data.downloads.receipt import Receipt
from core.data.drawings import usercheck, userfile
from core.data.drawings.drawings import new_drawing
from core.data.drawings.export import export_idx, export_pngs, folder_name
from core.data.drawings.userfile import DamagedFileError, read_userset, write_userset
from core.modelfile.autosave import MANIFEST, Autosave
from core.modelfile.recovery import find_abandoned
from core.teaching.scorebook import Score, add_score, read_scores
from core.training.calibrate import calibrate
from tests.support.any_run import runs
from tests.support.any_value import numbers, texts
from tests.support.examples import examples
from tests.support.own_drawings import drawing, same
from tests.support.trained import usual

_IN_ONE_FOLDER = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                  HealthCheck.data_too_large]  # fmt: skip

# Drawings ---------------------------------------------------------------------------------


@st.composite
def drawings(draw):
    """Return drawings as the program makes them, of whatever it is given."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    strokes = []
    for count in draw(st.lists(st.integers(0, 20), max_size=4)):
        stroke = rng.uniform(0, 280, (count, 3)).astype(np.float32)
        stroke[rng.random(count) < 0.2] = rng.choice([0, 1e-45, 1e8, -1e8, 1e30, np.nan, np.inf])
        strokes.append(stroke)
    # Half a surrogate pair, which a folder's name may hold, is spelt out before.
    names = texts(256)
    made = new_drawing(
        strokes,
        draw(st.floats() | st.just(10.0)),
        draw(st.integers(0, 255)),
        draw(names.filter(bool)),
        image=rng.integers(0, 256, (28, 28)).astype(np.uint8),
        answer=draw(names),
        confidence=draw(st.floats() | st.floats(0, 1)),
    )
    return replace(made, time_ms=draw(numbers(0, 253_402_300_799_000, whole=True)))


@examples(0.6, suppress_health_check=_IN_ONE_FOLDER)
@given(some=st.lists(drawings(), max_size=5))
def test_whatever_is_drawn_comes_back(tmp_path, some):
    path = tmp_path / "my-digits.h5"
    write_userset(path, some)
    back = read_userset(path)
    assert len(back) == len(some)
    assert all(same(one, other) for one, other in zip(back, some, strict=True))
    assert all(one.when for one in back)


@examples(0.4, suppress_health_check=_IN_ONE_FOLDER)
@given(some=st.lists(drawings(), min_size=1, max_size=3))
def test_whatever_is_drawn_can_be_exported(tmp_path_factory, some):
    folder = tmp_path_factory.mktemp("exported")
    for path in export_idx(some, folder):
        assert path.exists()
    assert export_pngs(some, folder) == len(some)
    for one in some:
        assert folder_name(folder_name(one.name)) == folder_name(one.name)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [("_MAX_DRAWINGS", 3, "more than 3 drawings"), ("MAX_BYTES", 2 << 20, "more than 2 MB"),
     ("_MAX_NAME_BYTES", 100, "names that are too long")],
)  # fmt: skip
def test_a_set_that_could_not_be_read_again_is_not_written(
    tmp_path, monkeypatch, limit, value, words
):
    path, few = tmp_path / "my-digits.h5", [drawing(seed=seed) for seed in range(2)]
    write_userset(path, few)
    before = path.read_bytes()
    monkeypatch.setattr(usercheck, limit, value)
    many = [drawing(seed=seed, name=f"class number {seed}") for seed in range(1000)]
    with pytest.raises(SaveError, match=words) as caught:
        write_userset(path, many)
    assert "Delete" in caught.value.hint
    assert path.read_bytes() == before
    assert len(read_userset(path)) == 2


def test_too_little_memory_is_not_called_damage(tmp_path, monkeypatch):
    path = tmp_path / "my-digits.h5"
    write_userset(path, [drawing()])

    def no_memory(*_):
        raise MemoryError

    monkeypatch.setattr(userfile, "_unpack", no_memory)
    with pytest.raises(DatasetError, match="not enough memory") as caught:
        read_userset(path)
    assert not isinstance(caught.value, DamagedFileError)


# Scores, receipts, calibrations -------------------------------------------------------------

_SHARES = st.floats(0, 1) | st.just(math.nan)
_WORDS = texts(200, surrogates=True)


@given(
    some=st.lists(
        st.builds(
            Score, numbers(0, 253_402_300_799, whole=False), _WORDS, _WORDS, _SHARES,
            numbers(0, 1 << 31, whole=True), _SHARES, _WORDS,
        ),
        max_size=5,
    )
)  # fmt: skip
def test_whatever_is_scored_comes_back(tmp_path_factory, some):
    path = tmp_path_factory.mktemp("scores") / "scores.jsonl"
    for score in some:
        add_score(path, score)
    assert repr(read_scores(path)) == repr(some)


def test_texts_of_scores_are_cut_when_they_are_written(tmp_path):
    path = tmp_path / "scores.jsonl"
    add_score(path, Score(1.0, "x" * 2_000_000, "y", 0.5, 1, 0.5, ""))
    assert path.stat().st_size < 1000
    assert read_scores(path)[0].recipe == "x" * 200


@pytest.mark.parametrize("change", [{"time": 1e300}, {"time": -1}, {"count": -3}, {"count": 1e300}])
def test_scores_beyond_all_measure_are_left_out(tmp_path, change):
    path = tmp_path / "scores.jsonl"
    plain = asdict(Score(1.0, "x", "y", 0.5, 1, 0.5, "")) | change
    path.write_text(json.dumps(plain) + "\n", encoding="utf-8")
    assert read_scores(path) == []


_FILE_NAMES = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="/\0."), min_size=1, max_size=30
)


@examples(0.3)
@given(files=st.dictionaries(_FILE_NAMES, st.binary(max_size=50), max_size=4))
def test_whatever_is_noted_of_downloads_is_known_again(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("downloads")
    first = Receipt(folder)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        first.note(name, "")
    first.write()

    def must_not_read():
        raise AssertionError("it was known")

    for name, content in files.items():
        assert Receipt(folder).holds(name, len(content), "", must_not_read)


@st.composite
def _reliabilities(draw):
    counts = np.array(draw(st.lists(st.integers(0, 999), min_size=BINS, max_size=BINS)), float)
    counts[0] += 1
    shares = np.random.default_rng(int(counts.sum())).random((2, BINS))
    shares[:, counts == 0] = np.nan
    return Reliability(counts, *shares)


_LIMIT = st.floats(-1e12, 1e12)


@given(data=st.data())
def test_whatever_is_calibrated_comes_back(data):
    run, parts = usual()
    size = len(calibrate(run.copy(), parts).novelty.weights) if not _SIZE else _SIZE[0]
    _SIZE[:] = [size]
    weights = np.random.default_rng(data.draw(st.integers(0, 99))).standard_normal(size)
    pairs = [st.tuples(st.floats(0, high), st.floats(0, high)) for high in (1, 2)]
    made = Calibration(
        data.draw(numbers(COLDEST / 2, HOTTEST * 2, whole=False)),
        Novelty(weights.astype(np.float32), data.draw(_LIMIT), data.draw(_SHARES)),
        data.draw(_reliabilities()),
        data.draw(_reliabilities()),
        data.draw(pairs[0]),
        data.draw(pairs[1]),
        data.draw(numbers(2, 1 << 40, whole=True)),
        run.image_shape,
        data.draw(numbers(0, 1 << 56, whole=True)),
        data.draw(numbers(0, 2**32 - 1, whole=True)),
    )
    back = unpack(pack(made), run.network, run.image_shape)
    for name, array in pack(made).items():
        np.testing.assert_array_equal(pack(back)[name], array)


_SIZE: list[int] = []


# Autosaves ----------------------------------------------------------------------------------

_PATHS = texts(4096, surrogates=True).filter(bool)


@examples(0.15, suppress_health_check=_IN_ONE_FOLDER)
@given(run=runs(), path=_PATHS)
def test_whatever_is_kept_is_offered_after_a_crash(tmp_path_factory, run, path):
    run.notes = run.notes[:100]  # Hypothesis warns of long values
    folder = tmp_path_factory.mktemp("kept")
    store = Autosave(folder)
    made = store.keep(run, path)
    store.abandon()
    (offer,) = find_abandoned(folder)
    assert offer.kept == (made,)
    back, one = offer.load()
    offer.release()
    assert one.path == path
    np.testing.assert_array_equal(back.params, run.params)


_LONG = "x" * 100_000


@pytest.mark.parametrize(
    "change",
    [{"step": -1}, {"target": 10**30}, {"steps_per_epoch": -5}, {"steps_per_epoch": 10**300},
     {"accuracy": 1e300}, {"accuracy": -1}, {"recipe": _LONG}, {"measured_on": _LONG},
     {"path": _LONG}, {"saved": _LONG}, {"size": -1}],
)  # fmt: skip
def test_a_list_of_copies_beyond_all_measure_is_not_believed(tmp_path, change):
    run, _ = usual()
    store = Autosave(tmp_path)
    store.keep(run.copy())
    store.abandon()
    manifest = store.place / MANIFEST
    content = json.loads(manifest.read_text())
    content["generations"][0] |= change
    manifest.write_text(json.dumps(content))
    assert find_abandoned(tmp_path) == []
    assert (store.place / "a.h5").exists()


def test_a_program_that_is_none_is_not_looked_for(tmp_path):
    run, _ = usual()
    store = Autosave(tmp_path)
    store.keep(run.copy())
    store.abandon()
    manifest = store.place / MANIFEST
    content = json.loads(manifest.read_text())
    content["program"] = {"host": socket.gethostname(), "pid": "../../etc/passwd", "started": "x"}
    manifest.write_text(json.dumps(content))
    assert find_abandoned(tmp_path) == []
