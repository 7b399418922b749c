"""Network files that are meant to harm: each is refused with a sentence, and does nothing."""

import contextlib
import io
import json
import os
import pickle
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.base.errors import InklingError, ModelFileError
from core.exchange.exporter import EXPORTERS
from core.exchange.importer import importer_for, read_network
from tests.fuzz.networks import FORMATS, fuzz, small_network
from tests.support.bombs import zip_zeros, zlib_zeros
from tests.support.examples import examples, quick_first

FOREIGN = Path(__file__).parents[2] / "data" / "foreign"
_GIB = 1 << 30


def refused(path):
    """Return the sentence with which a file is refused, within the limits of a child."""
    with pytest.raises(ModelFileError) as caught:
        read_network(path)
    assert path.name in caught.value.message
    assert "took too long" not in caught.value.message
    return caught.value.message


def zipped(path, packing=zipfile.ZIP_STORED, **parts):
    """Write a zip; "__" in a name stands for "/"."""
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("DOT", "."), content)
    return path


def torch_file(path, pickled):
    """Write a PyTorch file with this list of tensors."""
    return zipped(path, archive__dataDOTpkl=pickled, archive__version=b"3\n")


# Pickles ------------------------------------------------------------------------------------


class _Call:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def _payloads(trap):
    """Return functions that would leave a file behind."""
    command = f"touch {trap}"
    text = f"open({str(trap)!r}, 'w').close()"
    return {
        "system": _Call(os.system, command),
        "eval": _Call(eval, text),
        "exec": _Call(exec, text),
        "open": _Call(open, str(trap), "w"),
        "getattr": _Call(getattr, _Call(__import__, "os"), "system"),
        "import": _Call(__import__, "antigravity"),
        "mkdir": _Call(os.mkdir, str(trap)),
        "memory": _Call(bytearray, 1 << 40),
    }


@pytest.mark.parametrize(
    "protocol", [2, *(pytest.param(each, marks=pytest.mark.slow) for each in (0, 4))]
)
@pytest.mark.parametrize("name", list(_payloads("")))
def test_pickles_that_call_functions_are_never_run(tmp_path, name, protocol):
    trap = tmp_path / "trap"
    content = {"0.weight": _payloads(trap)[name]}
    words = refused(torch_file(tmp_path / "bad.pt", pickle.dumps(content, protocol)))
    assert "it was not run" in words or "makes no sense" in words
    assert not trap.exists()


@pytest.mark.parametrize(
    "commands",
    quick_first(
        [
            b"(i__builtin__\neval\n.",  # INST
            b"(c__builtin__\neval\nS'1'\no.",  # OBJ
            b"\x80\x02c__builtin__\neval\nX\x01\x00\x00\x001\x81.",  # NEWOBJ
            b"\x80\x02\x82\x01.",  # EXT1
            b"Pstorage\n.",  # PERSID
            b"\x80\x02]q\x00h\x00a" + b".",  # a list in itself
            b"\x80\x02}q\x00(h\x00h\x00u.",  # a dict in itself, with itself as key
            b"\x80\x02" + b"(" * 100_000 + b".",
            b"\x80\x02" + b"]" + b"2" * 200_000 + b".",
            b"\x80\x02]" + b"]a" * 50_000 + b".",
            b"\x80\x02" + b"\x8e" + struct.pack("<Q", 1 << 62) + b".",  # BINBYTES8
            b"\x80\x02I" + b"9" * 500_000 + b"\n.",
        ],
        6,
    ),
)
def test_commands_in_disorder_are_refused(tmp_path, commands):
    refused(torch_file(tmp_path / "bad.pt", commands))


def test_nested_containers_do_not_overflow_the_stack(tmp_path):
    nested = b"\x80\x02" + b"]" * 1 + b"(" * 0
    nested += b"".join(b"]" for _ in range(200_000)) + b"a" * 200_000 + b"."
    refused(torch_file(tmp_path / "deep.pt", nested))


def _tensor(key="0", dtype="FloatStorage", count=4, offset=0, shape=(2, 2), strides=(2, 1)):
    """Return the pickle of a state dict with one tensor that claims all this."""

    def whole(number):
        return b"\x8a\x09" + number.to_bytes(9, "little", signed=True)

    def numbers(items):
        return b"(" + b"".join(map(whole, items)) + b"t"

    return (
        b"\x80\x02}X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage"
        b"ctorch\n" + dtype.encode() + b"\nX" + struct.pack("<I", len(key)) + key.encode()
        + b"X\x03\x00\x00\x00cpu" + whole(count) + b"tQ" + whole(offset) + numbers(shape)
        + numbers(strides) + b"\x89}tRs."
    )  # fmt: skip


@pytest.mark.parametrize(
    "claims",
    quick_first(
        [
            {"shape": (1 << 30, 1 << 30), "strides": (0, 0)},
            {"shape": (60_000, 60_000), "strides": (0, 0)},
            {"offset": -4},
            {"offset": 1 << 60},
            {"strides": (-2, 1)},
            {"strides": (1 << 40, 1)},
            {"shape": (-2, 2)},
            {"shape": (2,) * 9, "strides": (1,) * 9},
            {"key": "../../../etc/passwd"},
            {"key": "1"},
            {"dtype": "QUInt8Storage"},
        ],
        5,
    ),
)
def test_tensors_that_claim_more_than_there_is_are_refused(tmp_path, claims):
    path = zipped(
        tmp_path / "bad.pt",
        a__dataDOTpkl=_tensor(**claims),
        a__data__0=np.zeros(4, "<f4").tobytes(),
    )
    refused(path)


def test_an_honest_tensor_of_the_same_form_is_understood(tmp_path):
    pickled = _tensor(count=128, shape=(2, 64), strides=(64, 1))
    path = zipped(
        tmp_path / "good.pt", a__dataDOTpkl=pickled, a__data__0=np.ones(128, "<f4").tobytes()
    )
    assert read_network(path).input_size == 64


# Bombs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["data.pkl", "data/0"])
def test_a_zip_bomb_in_a_pytorch_file_is_not_unpacked(tmp_path, part):
    path = tmp_path / "bomb.pt"
    pickled = _tensor(count=1 << 26, shape=(1, 1 << 26), strides=(1, 1))
    others = {} if part == "data.pkl" else {"a__dataDOTpkl": pickled}
    path.write_bytes(zip_zeros(f"a/{part}", 400 << 20, **others))
    refused(path)


def test_a_zip_bomb_in_a_keras_file_is_not_unpacked(tmp_path):
    parts = {"metadata.json": b"{}", "config.json": b"{}", "model.weights.h5": b""}
    for inner in ("config.json", "model.weights.h5"):
        others = {name.replace(".", "DOT"): parts[name] for name in parts if name != inner}
        path = tmp_path / "bomb.keras"
        path.write_bytes(zip_zeros(inner, 400 << 20, **others))
        refused(path)


def test_an_npz_that_declares_more_than_it_holds_is_refused(tmp_path):
    path = tmp_path / "bomb.npz"
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (1 << 17, 1 << 13)}
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W1.npy", header.getvalue() + bytes(1 << 20))
    assert importer_for(path) is None or refused(path)


def test_a_matlab_bomb_is_not_unpacked(tmp_path):
    packed = zlib_zeros(512 << 20)
    start = zlib.compress(struct.pack("<IIIIIIII", 14, 1 << 29, 6, 8, 6, 0, 5, 8) + b"Theta1")
    head = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    elements = struct.pack("<II", 15, len(start)) + start + struct.pack("<II", 15, len(packed))
    (tmp_path / "bomb.mat").write_bytes(head + elements + packed)
    assert importer_for(tmp_path / "bomb.mat") == "matlab"
    refused(tmp_path / "bomb.mat")


# HDF5 ---------------------------------------------------------------------------------------


def _config():
    with h5py.File(FOREIGN / "keras3_usual.h5") as file:
        return str(file.attrs["model_config"])


@pytest.fixture
def hostile(tmp_path):
    """Return a function that writes a Keras file whose first weights are made by another."""

    def write(make):
        path = tmp_path / "bad.h5"
        path.write_bytes((FOREIGN / "keras3_usual.h5").read_bytes())
        with h5py.File(path, "r+") as file:
            group = file["model_weights/dense/sequential/dense"]
            del group["kernel"]  # all else is as it should be
            make(group, tmp_path)
        return path

    return write


def _external_link(group, folder):
    with h5py.File(folder / "other.h5", "w") as other:
        other["kernel"] = np.ones((784, 12), np.float32)
    group["kernel"] = h5py.ExternalLink(str(folder / "other.h5"), "/kernel")


def _external_storage(group, folder):
    (folder / "secret.bin").write_bytes(bytes(784 * 12 * 4))
    place = (str(folder / "secret.bin"), 0, 784 * 12 * 4)
    group.create_dataset("kernel", (784, 12), "<f4", external=[place])


def _virtual(group, folder):
    with h5py.File(folder / "other.h5", "w") as other:
        other["kernel"] = np.ones((784, 12), np.float32)
    layout = h5py.VirtualLayout((784, 12), "<f4")
    layout[:] = h5py.VirtualSource(folder / "other.h5", "kernel", (784, 12))
    group.create_virtual_dataset("kernel", layout)


def _soft_cycle(group, _):
    group["kernel"] = h5py.SoftLink("/model_weights/dense/sequential/dense/kernel")


def _hard_cycle(group, _):
    group["again"] = group


def _huge(group, _):
    group.create_dataset("kernel", (1 << 20, 1 << 20), "<f4", chunks=(1 << 10, 1 << 10))


def _zeros(group, _):
    group.create_dataset("kernel", data=np.zeros((1 << 10, 1 << 14), "<f4"), compression="gzip")


def _overrun(group, _):
    """A chunk of 16 bytes in which 64 MiB are packed."""
    item = group.create_dataset("kernel", (4,), "<f4", chunks=(4,), compression="gzip")
    item.id.write_direct_chunk((0,), zlib_zeros(64 << 20))


def _texts(group, _):
    group["kernel"] = np.array([["a" * 100] * 10] * 10, h5py.string_dtype())


def _records(group, _):
    group["kernel"] = np.zeros(4, [("a", "<f4"), ("b", "<i4")])


def _not_finite(group, _):
    group["kernel"] = np.full((784, 12), np.inf, np.float32)


def _wrong_shape(group, _):
    group["kernel"] = np.zeros((12, 784), np.float32)


def _many(group, _):
    for index in range(3000):
        group.create_group(str(index))


@pytest.mark.parametrize(
    "make",
    [_external_link, _external_storage, _virtual, _soft_cycle, _hard_cycle, _huge, _zeros,
     _overrun, _texts, _records, _not_finite, _wrong_shape, _many],
)  # fmt: skip
def test_crafted_hdf5_files_are_refused(hostile, make):
    refused(hostile(make))


def test_the_same_file_with_honest_weights_is_read(hostile):
    path = hostile(lambda group, _: group.create_dataset("kernel", data=np.ones((784, 12), "f4")))
    assert read_network(path).input_size == 784


@pytest.mark.parametrize(
    "config",
    quick_first(
        [
            "[" * 200_000,
            '{"a":' * 100_000,
            "{}",
            "null",
            '"x"',
            "9" * 100_000,
            '{"class_name": 1}',
            '{"class_name": "Sequential", "config": {"layers": [{}]}}',
            "x" * (3 << 20),
        ],
        3,
    ),
)
def test_descriptions_that_make_no_sense_are_refused(tmp_path, config):
    path = tmp_path / "bad.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = config
        file.create_group("model_weights")
    refused(path)
    parts = {"configDOTjson": config, "modelDOTweightsDOTh5": path.read_bytes()}
    refused(zipped(tmp_path / "bad.keras", metadataDOTjson="{}", **parts))


def _edited(change):
    """Return the usual model's description after `change` has had its layers."""
    config = json.loads(_config())
    change(config["config"]["layers"])
    return json.dumps(config)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda layers: layers.insert(2, {"class_name": "Lambda", "config": {"name": "l"}}),
         "program code (Lambda)"),
        (lambda layers: layers.insert(2, {"class_name": "LSTM", "config": {"name": "l"}}),
         "a recurrent layer (LSTM)"),
        (lambda layers: layers.insert(2, {"class_name": "My", "config": {"name": "l"}}), "(My)"),
        (lambda layers: layers[0]["config"].update(batch_shape=[None, 28, 28, 3]),
         "colour images"),
        (lambda layers: layers[0]["config"].update(batch_shape=[None, -1, 1 << 70]), "no sense"),
        (lambda layers: layers[0]["config"].update(batch_shape=[None, 5, 5]), "do not fit"),
        (lambda layers: layers[3]["config"].update(activation="hard_swish"), "(hard_swish)"),
        (lambda layers: layers[3]["config"].update(activation={"a": 1}), "lacks"),
        (lambda layers: layers.insert(4, {"class_name": "LeakyReLU", "config":
                                          {"name": "x", "negative_slope": 1.5}}), "slope 1.5"),
        (lambda layers: layers.insert(4, {"class_name": "ReLU", "config":
                                          {"name": "x", "max_value": 6}}), "ReLU with a maximum"),
        (lambda layers: layers.pop(2), "reads rows"),
        (lambda layers: layers.pop(), "ends in relu"),
        (lambda layers: layers.__delitem__(slice(1, None)), "no weights"),
        (lambda layers: layers.extend([layers[4]] * 300), "more than 200 layers"),
        (lambda layers: layers[1]["config"].update(scale=0), "nothing"),
        (lambda layers: layers[1]["config"].update(scale=float("nan")), "no JSON"),
    ],
)  # fmt: skip
def test_layers_that_cannot_be_are_named(tmp_path, change, words):
    path = tmp_path / "bad.h5"
    path.write_bytes((FOREIGN / "keras3_usual.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        file.attrs["model_config"] = _edited(change)
    assert words in refused(path)


# safetensors --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    quick_first([
        {"w": {"dtype": "F32", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 16]}},
        {"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [-16, 0]}},
        {"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 1 << 50]}},
        {"w": {"dtype": "F32", "shape": [2, -2], "data_offsets": [0, 16]}},
        {"w": {"dtype": "F99", "shape": [2, 2], "data_offsets": [0, 16]}},
        {"w": {"dtype": "F32", "shape": [2.0, 2], "data_offsets": [0, 16]}},
        {"w": 5},
        {"__metadata__": {"architecture": "{", "class_names": "[]"}, "input.factor":
         {"dtype": "F32", "shape": [], "data_offsets": [0, 4]}},
        {},
    ], 4),
)  # fmt: skip
def test_safetensors_that_lie_are_refused(tmp_path, header):
    text = json.dumps(header).encode()
    path = tmp_path / "bad.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text + np.ones(4, "<f4").tobytes())
    refused(path)


# Damage -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One good file of each kind that is written here, with its name."""
    folder = tmp_path_factory.mktemp("whole")
    paths = [FOREIGN / "torch_plain.pt", FOREIGN / "keras3_usual.h5"]
    for key in ("keras", "safetensors", "npz"):
        paths.append(folder / f"own{EXPORTERS[key].suffix}")
        paths[-1].write_bytes(EXPORTERS[key].encode(small_network(), "float32"))
    return [(path.suffix, path.read_bytes()) for path in paths]


@examples(0.25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.integers(0, 4), share=st.floats(0, 0.999))
def test_every_truncation_is_refused(whole, tmp_path, kind, share):
    suffix, content = whole[kind]
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ModelFileError):
        read_network(path)


@examples(0.25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.integers(0, 4), share=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_a_flipped_bit_never_leads_to_anything_but_a_sentence(whole, tmp_path, kind, share, bit):
    suffix, content = whole[kind]
    damaged = bytearray(content)
    damaged[int(share * len(damaged))] ^= 1 << bit
    path = tmp_path / f"flipped{suffix}"
    path.write_bytes(damaged)
    with contextlib.suppress(InklingError):
        assert read_network(path).input_size in (64, 784)


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
@pytest.mark.parametrize(
    ("key", "count"),
    [
        *((key, 40) for key in ("torch", "keras-h5", "inkling")),
        *(pytest.param(key, 150, marks=pytest.mark.slow) for key in FORMATS),
    ],
)
def test_a_short_fuzz_run_finds_no_fault(key, count):
    tally = fuzz(key, count, seed=7)
    assert not tally.faults
    assert tally.read + tally.refused == count
    assert min(tally.read, tally.refused) > 0
    assert tally.memory < 1.5 * _GIB
