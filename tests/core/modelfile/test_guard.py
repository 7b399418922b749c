"""Damaged and hostile model files: each is refused with a sentence, and none does harm."""

import json
import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.base.errors import ModelFileError
from core.modelfile import load_model, read_thumbnail, save_model
from core.modelfile.content import SEAL
from core.modelfile.course import MOST_EVALUATIONS
from core.modelfile.thumbnail import encode_png
from tests.support.examples import examples
from tests.support.model_files import RICH, content_in, resealed, reworked, trained

_LOSS = "trainer/history/batch/loss"
_KERNEL = "model_weights/dense/dense/kernel"


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.h5"
    save_model(path, trained(37, RICH))
    return path


def test_copies_made_here_are_good_where_nothing_is_changed(saved, tmp_path):
    wanted = load_model(saved).params
    sealed = resealed(saved, tmp_path, lambda content: None)
    np.testing.assert_array_equal(load_model(sealed).params, wanted)
    untouched = reworked(saved, tmp_path, lambda file: None)
    np.testing.assert_array_equal(load_model(untouched).params, wanted)


# Damage --------------------------------------------------------------------------------


def test_every_truncation_is_refused_in_words(saved, tmp_path):
    whole, path = saved.read_bytes(), tmp_path / "cut.h5"
    for length in range(0, len(whole), 64):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelFileError) as caught:
            load_model(path)
        assert "cut.h5" in caught.value.sentence


@examples(3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)),
                       min_size=1, max_size=3))  # fmt: skip
def test_any_changed_byte_is_refused_or_harmless(saved, tmp_path, places):
    whole = bytearray(saved.read_bytes())
    for share, flip in places:
        whole[int(share * len(whole))] ^= flip
    path = tmp_path / "flipped.h5"
    path.write_bytes(whole)
    try:
        back = load_model(path)
    except ModelFileError:
        return
    good = load_model(saved)
    np.testing.assert_array_equal(back.params, good.params)
    assert (back.recipe, back.model_id, back.data) == (good.recipe, good.model_id, good.data)


def _places(path):
    """Return where the first, a middle and the last byte of all data and texts lie."""
    whole = path.read_bytes()
    with h5py.File(path, "r", locking=False) as file:
        found = {name: file[name].id.get_offset() for name in content_in(path).arrays}
    for name, value in content_in(path).arrays.items():
        if value.nbytes:
            yield from {found[name] + at for at in (0, value.nbytes // 2, value.nbytes - 1)}
    for values in content_in(path).attributes.values():
        for value in values.values():
            if value.dtype.kind == "S" and whole.count(value.tobytes()) == 1:
                yield whole.index(value.tobytes())


@pytest.mark.slow
def test_every_flipped_bit_of_data_and_attributes_shows(saved, tmp_path):
    whole, path = saved.read_bytes(), tmp_path / "flipped.h5"
    places = list(_places(saved))
    assert len(places) > 100
    for place in places:
        flipped = bytearray(whole)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        with pytest.raises(ModelFileError, match="flipped"):
            load_model(path)


# Content of another make, which an honest check sum does not make better ------------------


def _document(name, change):
    def rewrite(content):
        path = f"trainer/{name}"
        values = change(json.loads(content.arrays[path].tobytes()))
        content.arrays[path] = np.frombuffer(json.dumps(values).encode(), np.uint8)

    return rewrite


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("step", -1), ("step", 3), ("step", 10**30), ("step", None), ("target", -1),
        ("target", 10**30), ("learning_rate", float("nan")), ("learning_rate", -0.1),
        ("learning_rate", float("inf")), ("learning_rate", "fast"), ("seconds", float("nan")),
        ("seconds", -1), ("steps_per_epoch", -3), ("leg", -1), ("random_state", {}),
        ("random_state", None), ("random_state", {"bit_generator": "MT19937"}), ("best", [1]),
        ("best", ["x", 1.0]), ("best", [10**18, 1.0]), ("best", [-1, 1.0]), ("leg", 10**18),
        ("learning_rate", 1e300), ("learning_rate", 101), ("seconds", 1e300), ("target", 10**18),
        ("steps_per_epoch", 10**18), ("anchor", {"step": -1}),
    ],
)  # fmt: skip
def test_a_state_no_training_leaves_is_refused_in_words(saved, tmp_path, key, value):
    change = _document("training", lambda plain: {**plain, key: value})
    with pytest.raises(ModelFileError, match="changed.h5"):
        load_model(resealed(saved, tmp_path, change))


def _layers(change):
    return _document("architecture", lambda plain: {**plain, "layers": change(plain["layers"])})


def _sides(*sides):
    return _document("architecture", lambda plain: {**plain, "image_shape": list(sides)})


def _units(count):
    def widen(layers):
        layers[1]["settings"]["units"] = count
        return layers

    return _layers(widen)


@pytest.mark.parametrize(
    "change",
    [
        _sides(-8, -8), _sides(64), _sides(10**9, 10**9), _sides(4, 4), _sides(8, 8, 1),
        _sides(16384, 16384), _layers(lambda layers: []), _layers(lambda layers: layers * 50),
        _layers(lambda layers: layers[:-1]), _layers(lambda layers: [{"layer": "no-such"}]),
        _layers(lambda layers: "deep"), _units(0), _units(13), _units(4096), _units(10**12),
        _units(2.5), _units("many"), _document("labels", lambda names: names[:-1]),
        _document("labels", lambda names: names * 100), _document("labels", lambda _: None),
    ],
)  # fmt: skip
def test_an_architecture_that_does_not_fit_is_refused_in_words(saved, tmp_path, change):
    with pytest.raises(ModelFileError, match="changed.h5"):
        load_model(resealed(saved, tmp_path, change))


def _said(**changes):
    return _document("dataset", lambda plain: {**plain, **changes})


def _settings(**changes):
    return _document("recipe", lambda plain: {**plain, **changes})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_said(source="x" * 100_000), "100,000 characters"),
        (_said(name="x" * 100_000), "100,000 characters"),
        (_said(key=["x"] * 100_000), "characters"),
        (_said(**{"x" * 100_000: ""}), "characters"),
        (_said(**{str(key): "" for key in range(1000)}), "its data"),
        (_said(correction={"scale": "x" * 100_000}), "characters"),
        (_said(correction={str(key): "" for key in range(1000)}), "data were taken"),
        (_said(counts={"train": [-5] * 10}), "how many images"),
        (_said(counts={"train": [10**18] * 10}), "how many images"),
        (_said(counts={"train": [1] * 100_000}), "how many images"),
        (_said(counts={"x" * 100_000: [1]}), "characters"),
        (_document("labels", lambda names: ["x" * 400_000, *names[1:]]), "name of a class"),
        (_document("labels", lambda names: [5, *names[1:]]), "no text"),
        (_document("lessons", lambda _: [{"step": 1}] * 100_000), "too many"),
        (_document("lessons", lambda _: [{"step": 10**30}]), "a lesson"),
        (_document("lessons", lambda _: [{"step": "soon"}]), "its lessons"),
        (_document("lessons", lambda _: [{"time": "x" * 100_000}]), "a lesson"),
        (_document("lessons", lambda _: [{"x" * 100_000: 1}]), "a lesson"),
        (_document("lessons", lambda _: [{"deep": [[1]]}]), "a lesson"),
        (_settings(label="x" * 100_000), "label is"),
        (_settings(description="x" * 100_000), "description is"),
        (_settings(key="x" * 100_000), "key is"),
        (_settings(seed=-1), "outside"),
        (_settings(training={"duration": 10**18}), "outside"),
        (_settings(optimizer={"kind": "adamw", "learning_rate": 1e300}), "outside"),
        (_settings(hidden=[{"units": 1}] * 50_000), "too deep"),
        (lambda content: content.note("", "created", "x" * 1000), "when it was made"),
    ],
)
def test_words_and_numbers_beyond_all_measure_are_refused_in_few_words(
    saved, tmp_path, change, words
):
    with pytest.raises(ModelFileError, match=words) as caught:
        load_model(resealed(saved, tmp_path, change))
    assert "changed.h5" in caught.value.sentence
    assert len(caught.value.sentence) < 400


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_PARTS = ("architecture", "recipe", "labels", "dataset", "training", "lessons")


@examples(1, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from([*_PARTS, "preprocessing"]), value=_JSON)
def test_any_other_json_is_refused_in_words_or_harmless(saved, tmp_path, part, value):
    path = resealed(saved, tmp_path, _document(part, lambda _: value))
    try:
        back = load_model(path)
    except ModelFileError:
        return
    # What it learned from is free text; what it is comes from the architecture alone.
    assert part in ("dataset", "lessons", "preprocessing", "recipe")
    np.testing.assert_array_equal(back.params, load_model(saved).params)
    save_model(path, back)  # and what was taken can be saved


def _raw(name, content):
    def rewrite(stored):
        stored.arrays[f"trainer/{name}"] = np.frombuffer(content, np.uint8)

    return rewrite


def _array(path, change):
    def rewrite(content):
        content.arrays[path] = change(content.arrays[path])

    return rewrite


def _poisoned(value):
    def change(array):
        array = array.copy()
        array.reshape(-1)[3] = value
        return array

    return change


def _poisoned_row(value):
    def change(array):
        array = array.copy()
        array[0] = value
        return array

    return change


def _without(path):
    return lambda content: content.arrays.pop(path)


_SLOT = "trainer/optimizer/dense/kernel/first_moment"
_BEST = "trainer/best_weights/dense_1/dense_1/bias"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_array(_KERNEL, _poisoned(np.nan)), "not finite"),
        (_array(_KERNEL, _poisoned(np.inf)), "not finite"),
        (_array(_SLOT, _poisoned(-np.inf)), "not finite"),
        (_array(_BEST, _poisoned(np.nan)), "not finite"),
        (_array("trainer/scaling/factor", _poisoned(np.nan)), "differ"),
        (_array("trainer/scaling/offset", _poisoned(5)), "differ"),
        (_array("model_weights/normalization/normalization/mean", _poisoned(5)), "differ"),
        (_array(_KERNEL, np.transpose), "wrong shape"),
        (_array(_KERNEL, lambda array: array[:-1]), "wrong shape"),
        (_array(_KERNEL, lambda array: array.astype(np.int32)), "wrong shape"),
        (_array(_KERNEL, np.ravel), "wrong shape"),
        (_array(_SLOT, lambda array: array[:1]), "wrong shape"),
        (_array(_BEST, lambda array: array[:1]), "wrong shape"),
        (_array(_LOSS, lambda array: array[:-1]), "unequal"),
        (_array("trainer/history/epoch/step", lambda array: array[:-1]), "unequal"),
        (_without(_KERNEL), "missing"),
        (_without(_SLOT), "missing"),
        (_without(_LOSS), "cut off or changed"),
        (_without("trainer/recipe"), "missing"),
        (_without("trainer/notes"), "missing"),
        (_raw("training", b"[" * 100_000), "too deep"),
        (_raw("lessons", b'{"a":' * 40 + b"1" + b"}" * 40), "too deep"),
        (_raw("labels", b"[NaN, 1]"), "NaN"),
        (_raw("training", b'{"step": 1e999}'), "too large"),
        (_raw("recipe", b'"\xff\xfe"'), "cannot be read"),
        (_raw("recipe", b"{"), "cannot be read"),
        (_raw("recipe", b""), "cannot be read"),
        (_raw("notes", b"\xc3"), "cannot be read"),
        (_raw("dataset", b'"' + b"x" * (5 << 20) + b'"'), "too long"),
        (_raw("notes", b"x" * (5 << 20)), "too long"),
        (_raw("notes", b"x" * 200_000), "200,000 characters"),
        (_array("trainer/history/batch/accuracy", _poisoned(7)), "its history"),
        (_array("trainer/history/epoch/step", _poisoned_row(-1)), "its history"),
        (_array("trainer/history/epoch/step", _poisoned_row(1e300)), "its history"),
        (_array("trainer/history/epoch/epoch", _poisoned_row(-1)), "its history"),
        (_array("trainer/history/epoch/train_accuracy", _poisoned_row(2)), "its history"),
        (_array("trainer/history/epoch/seconds", _poisoned_row(-1)), "its history"),
        (_array("trainer/history/epoch/learning_rate", _poisoned_row(1e300)), "its history"),
        (_array("trainer/notes", lambda _: np.zeros((2, 2), np.uint8)), "a text in it is none"),
        (lambda content: content.note("", "model_id", "../../etc"), "number"),
        (lambda content: content.note("", "schema_version", 0), "version"),
        (lambda content: content.note("", "schema_version", np.zeros(2, int)), "schema_version"),
        (lambda content: content.attributes[""].pop("model_id"), "missing"),
    ],
)  # fmt: skip
def test_parts_that_are_not_what_they_should_be_are_refused_in_words(
    saved, tmp_path, change, words
):
    with pytest.raises(ModelFileError, match=words) as caught:
        load_model(resealed(saved, tmp_path, change))
    assert "changed.h5" in caught.value.sentence


def _many_measurements(content):
    for path in list(content.below("trainer/history/epoch")):
        column = content.arrays[path]
        content.arrays[path] = np.resize(column, 3 * MOST_EVALUATIONS)


def test_of_more_measurements_than_a_file_keeps_so_many_are_read(saved, tmp_path):
    back = load_model(resealed(saved, tmp_path, _many_measurements))
    assert len(back.history.evaluations) == MOST_EVALUATIONS


def test_a_time_line_of_very_many_moments_is_refused(saved, tmp_path):
    size = len(load_model(saved).params)

    def change(content):
        content.arrays["trainer/timeline/steps"] = np.arange(5_000)
        content.arrays["trainer/timeline/params"] = np.zeros((5_000, size), np.float32)

    with pytest.raises(ModelFileError, match="too many moments"):
        load_model(resealed(saved, tmp_path, change))


@pytest.mark.parametrize("kind", [">f4", "<f2", "<f8"])
def test_weights_of_another_precision_or_byte_order_are_read(saved, tmp_path, kind):
    path = resealed(saved, tmp_path, _array(_KERNEL, lambda array: array.astype(kind)))
    good = load_model(saved).params
    np.testing.assert_allclose(load_model(path).params, good, rtol=1e-3, atol=1e-4)


def _png(change):
    small = encode_png(np.zeros((4, 4, 3), np.uint8))
    return _raw("thumbnail_png", change(small))


@pytest.mark.parametrize(
    "change",
    [
        _png(lambda png: b""), _png(lambda png: b"GIF89a" + png), _png(lambda png: png[:-1]),
        _png(lambda png: png + b"x"), _png(lambda png: png[:40] + b"\0" + png[41:]),
        _png(lambda png: png.replace(b"IDAT", b"iCCP")), _png(lambda png: png * 2000),
        _raw("thumbnail_png", encode_png(np.zeros((300, 10, 3), np.uint8))),
        _png(lambda png: png[:16] + b"\0\0\0\1" + png[20:]), _png(lambda png: png[:20]),
    ],
)  # fmt: skip
def test_a_thumbnail_that_is_no_small_picture_is_refused_before_anyone_shows_it(
    saved, tmp_path, change
):
    path = resealed(saved, tmp_path, change)
    for read in (load_model, read_thumbnail):
        with pytest.raises(ModelFileError, match="thumbnail"):
            read(path)


# What HDF5 can do, and a model file never does -----------------------------------------------


def _replaced(path, make):
    def change(file):
        folder, _, name = path.rpartition("/")
        del file[path]
        make(file[folder], name)

    return change


def _virtual(group, name):
    layout = h5py.VirtualLayout((8,), "f4")
    layout[:] = h5py.VirtualSource("pipe", "x", (8,))
    group.create_virtual_dataset(name, layout)


def _set(**how):
    def make(group, name):
        group.create_dataset(name, **how)

    return make


def _zero_bomb(group, name):
    """2 MB of packed zeros that would fill 2 GiB."""
    group.create_dataset(name, (1 << 29,), "f4", chunks=(1 << 20,), compression="gzip", fillvalue=0)


def _null(group, name):
    space = h5py.h5s.create(h5py.h5s.NULL)
    h5py.h5d.create(group.id, name.encode(), h5py.h5t.NATIVE_FLOAT, space)


def _typed(kind):
    def make(group, name):
        space = h5py.h5s.create_simple((8,))
        h5py.h5d.create(group.id, name.encode(), kind, space)

    return make


def _filtered(code):
    def make(group, name):
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((8,))
        plist.set_filter(code, h5py.h5z.FLAG_OPTIONAL, (1, 2))
        space = h5py.h5s.create_simple((8,))
        h5py.h5d.create(group.id, name.encode(), h5py.h5t.IEEE_F32LE, space, plist)

    return make


def _opaque():
    return h5py.h5t.create(h5py.h5t.OPAQUE, 16)


def _named(group, name):
    group.file["trainer/kind"] = np.dtype("f4")
    group.create_dataset(name, (8,), group.file["trainer/kind"])


def _deep(file):
    group = file["trainer"]
    for _ in range(100):
        group = group.create_group("x")


def _many(file):
    for number in range(20_000):
        file["trainer"].create_group(str(number))


def _attribute(value, **how):
    return lambda file: file["trainer"].attrs.create("more", value, **how)


def _many_attributes(file):
    for number in range(100):
        file["trainer"].attrs[f"more {number}"] = 1


def _vlen_root(file):
    del file.attrs["format"]
    file.attrs["format"] = "inkling-model"


def _link(target):
    return _replaced("trainer/history", lambda group, name: group.__setitem__(name, target))


_TEXTS = h5py.string_dtype()
_PAIR = np.dtype([("a", "f4"), ("b", "f4")])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_link(h5py.ExternalLink("pipe", "/")), "points to other places"),
        (_link(h5py.SoftLink("/trainer/optimizer")), "points to other places"),
        (_link(h5py.SoftLink("/trainer/history")), "points to other places"),
        (lambda file: file["trainer"].__setitem__("loop", file["trainer"]), "same part twice"),
        (lambda file: file["trainer"].__setitem__("loop", file), "same part twice"),
        (lambda file: file["trainer"].__setitem__("twin", file[_KERNEL]), "same part twice"),
        (_many, "too many parts"),
        (_deep, "too deep"),
        (_replaced(_LOSS, _virtual), "unknown kind"),
        (_replaced(_LOSS, _set(shape=(8,), dtype="f4", external=[("pipe", 0, 32)])), "unknown"),
        (_replaced(_LOSS, _set(data=np.ones(9), chunks=(3,), compression="gzip")), "unknown"),
        (_replaced(_LOSS, _set(data=np.ones(9), chunks=(3,), compression="lzf")), "unknown"),
        (_replaced(_LOSS, _set(data=np.ones(9), chunks=(3,), shuffle=True)), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.ones(9), chunks=(3,), fletcher32=True)), "unknown"),
        (_replaced(_LOSS, _set(data=np.arange(9), chunks=(3,), scaleoffset=4)), "unknown"),
        (_replaced(_LOSS, _set(data=np.ones(9), chunks=(3,))), "unknown kind"),
        (_replaced(_LOSS, _set(shape=(9,), maxshape=(None,), dtype="f4")), "unknown kind"),
        (_replaced(_LOSS, _filtered(32_000)), "unknown kind"),
        (_replaced(_LOSS, _filtered(511)), "unknown kind"),
        (_replaced(_LOSS, _zero_bomb), "unknown kind"),
        (_replaced(_LOSS, _set(shape=(1 << 40,), dtype="f4")), "more than it holds"),
        (_replaced(_LOSS, _set(shape=(1 << 20, 1 << 20, 1 << 20), dtype="f8")), "more than"),
        (_replaced(_LOSS, _set(shape=(900,), dtype="f4")), "more than it holds"),
        (_replaced(_LOSS, _set(data=["a"] * 3, dtype=_TEXTS)), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.array([b"a"]))), "unknown kind"),
        (_replaced(_LOSS, _set(shape=(3,), dtype=h5py.vlen_dtype(np.float32))), "unknown kind"),
        (_replaced(_LOSS, _set(shape=(3,), dtype=h5py.ref_dtype)), "unknown kind"),
        (_replaced(_LOSS, _set(shape=(3,), dtype=h5py.regionref_dtype)), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.zeros(3, _PAIR))), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.zeros(3, complex))), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.zeros(3, bool))), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.zeros(3, np.longdouble))), "unknown kind"),
        (_replaced(_LOSS, _set(data=np.zeros((1,) * 6))), "unknown kind"),
        (_replaced(_LOSS, _typed(_opaque())), "unknown kind"),
        (_replaced(_LOSS, _typed(h5py.h5t.NATIVE_B8)), "unknown kind"),
        (_replaced(_LOSS, _named), "unknown kind"),
        (_replaced(_LOSS, _null), "unknown kind"),
        (_attribute("text of variable length"), "attribute of an unknown kind"),
        (_attribute(["a", "b"], dtype=_TEXTS), "attribute of an unknown kind"),
        (_attribute(np.zeros(3, _PAIR)), "attribute of an unknown kind"),
        (_attribute(np.zeros((2, 2))), "attribute of an unknown kind"),
        (_attribute(h5py.Empty("f4")), "attribute of an unknown kind"),
        (_many_attributes, "too many attributes"),
        (_vlen_root, "attribute of an unknown kind"),
        (lambda file: file[_LOSS].attrs.__setitem__("more", "text"), "attribute of an unknown"),
        (lambda file: file.attrs.__setitem__("format", np.bytes_("other")), "its mark is gone"),
        (lambda file: file.attrs.__delitem__("format"), "its mark is gone"),
        (lambda file: file.attrs.__delitem__("schema_version"), "missing"),
        (lambda file: file["trainer"].attrs.__delitem__(SEAL), "missing"),
        (lambda file: file["trainer"].create_dataset("more", data=[1.0]), "check sum"),
        (lambda file: file["trainer"].attrs.__setitem__("more", 1), "check sum"),
        (lambda file: file.attrs.__setitem__("created", np.bytes_("1999")), "check sum"),
        (lambda file: file[_SLOT].__setitem__((0, 0), np.nan), "check sum"),
    ],
)  # fmt: skip
def test_hostile_and_foreign_content_is_refused_in_words(
    saved, tmp_path, monkeypatch, change, words
):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")  # whoever opens it to read waits for ever
    with pytest.raises(ModelFileError, match=words) as caught:
        load_model(reworked(saved, tmp_path, change))
    assert "changed.h5" in caught.value.sentence
    if words not in ("check sum", "missing"):  # a thumbnail is read without the rest
        with pytest.raises(ModelFileError):
            read_thumbnail(tmp_path / "changed.h5")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n", b"x" * 5000])
def test_what_is_no_model_file_is_named_so(tmp_path, content):
    path = tmp_path / "letter.h5"
    path.write_bytes(content)
    for read in (load_model, read_thumbnail):
        with pytest.raises(ModelFileError, match="letter"):
            read(path)
        with pytest.raises(ModelFileError, match="not exist"):
            read(tmp_path / "nowhere.h5")


def test_a_file_larger_than_any_model_is_not_even_opened(saved, tmp_path):
    path = tmp_path / "large.h5"
    path.write_bytes(saved.read_bytes())
    os.truncate(path, 1 << 40)  # a hole: it takes no room
    with pytest.raises(ModelFileError, match="larger than any model"):
        load_model(path)
