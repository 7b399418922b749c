"""Every export format holds every network, and its file answers as the network does."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import core.exchange.exporters  # noqa: F401 - fills EXPORTERS
from core.exchange.exporter import EXPORTERS, export
from core.exchange.portable import FUNCTIONS, outputs, probabilities, rounded
from tests.support.portable_networks import IMAGES, network

_PEERS = Path(".peers/bin/python")
_CASES = [(key, precision) for key in EXPORTERS for precision in EXPORTERS[key].precisions]


def tried(key, precision, portable, folder, images=IMAGES):
    """Write a file and let its format run it; return its answers as probabilities."""
    exporter = EXPORTERS[key]
    path = folder / f"digits{exporter.suffix}"
    path.write_bytes(exporter.encode(portable, precision))
    found = exporter.check(path, portable, images).answers
    return found / found.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("scaling", ["unit", "standardize"])
@pytest.mark.parametrize(("key", "precision"), _CASES)
def test_a_file_answers_as_its_network(key, precision, scaling, output, tmp_path):
    portable = network(scaling=scaling, output=output)
    found = tried(key, precision, portable, tmp_path)
    wanted = probabilities(rounded(portable, precision), IMAGES)
    np.testing.assert_allclose(found, wanted, atol=EXPORTERS[key].tolerance)


@pytest.mark.parametrize("activation", sorted(FUNCTIONS))
@pytest.mark.parametrize("key", list(EXPORTERS))
def test_every_activation_can_be_exported(key, activation, tmp_path):
    portable = network(activation)
    found = tried(key, "float32", portable, tmp_path)
    np.testing.assert_allclose(
        found, probabilities(portable, IMAGES), atol=EXPORTERS[key].tolerance
    )


@pytest.mark.parametrize("key", list(EXPORTERS))
def test_small_wide_and_strangely_named_networks_can_be_exported(key, tmp_path):
    names = ('"', "'", "</script>", "ä\\n\n", "七", "${x}", "`*/")
    portable = network(hidden=(), class_names=names, name='a </b> "c" */ ä', facts={"a": "</"})
    found = tried(key, "float32", portable, tmp_path)
    np.testing.assert_allclose(
        found, probabilities(portable, IMAGES), atol=EXPORTERS[key].tolerance
    )


@pytest.mark.parametrize(("key", "precision"), _CASES)
def test_the_same_network_gives_the_same_bytes(key, precision):
    first, again = (EXPORTERS[key].encode(network(), precision) for _ in range(2))
    assert first == again
    assert len(first) > 100


@pytest.mark.parametrize("key", list(EXPORTERS))
def test_exporting_tells_what_was_checked_and_how(key, tmp_path):
    path = tmp_path / f"net{EXPORTERS[key].suffix}"
    labels = probabilities(network(), IMAGES).argmax(axis=1).astype(np.uint8)
    done = export(path, network(), key, EXPORTERS[key].precisions[-1], IMAGES, labels)
    assert path.stat().st_size == done.size
    assert done.worst <= EXPORTERS[key].tolerance
    assert done.accuracy_before == 1.0
    assert done.by


# Judged by others ---------------------------------------------------------------------------


@pytest.mark.parametrize("activation", sorted(FUNCTIONS))
@pytest.mark.parametrize("precision", EXPORTERS["onnx"].precisions)
def test_onnxruntime_agrees(activation, precision):
    runtime = pytest.importorskip("onnxruntime")
    runtime.set_default_logger_severity(3)
    for output in ("softmax", "sigmoid"):
        portable = network(activation, output)
        content = EXPORTERS["onnx"].encode(portable, precision)
        session = runtime.InferenceSession(content, providers=["CPUExecutionProvider"])
        (found,) = session.run(None, {"image": IMAGES[:, None].astype(np.float32)})
        wanted = probabilities(rounded(portable, precision), IMAGES)
        np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_an_onnx_file_tells_its_classes():
    import onnx

    content = EXPORTERS["onnx"].encode(network(class_names=("ä", "b")), "float32")
    model = onnx.load_from_string(content)
    assert model.opset_import[0].version == 13
    facts = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(facts["class_names"]) == ["ä", "b"]


_KERAS = """
import sys, numpy as np, keras
images = np.load(sys.argv[1]).astype("float32")
for path in sys.argv[2:]:
    np.save(path + ".npy", keras.models.load_model(path).predict(images, verbose=0))
"""


def test_keras_opens_its_file_and_agrees(tmp_path):
    if not _PEERS.exists():
        pytest.skip("Keras is not there; `make peers` installs it")
    np.save(tmp_path / "images.npy", IMAGES)
    wanted = {}
    for index, activation in enumerate(sorted(FUNCTIONS)):
        output = ("softmax", "sigmoid")[index % 2]
        portable = network(activation, output, ("unit", "standardize")[index // 2 % 2])
        path = tmp_path / f"{activation}.keras"
        path.write_bytes(EXPORTERS["keras"].encode(portable, "float32"))
        wanted[path] = outputs(portable, IMAGES)
    environment = {**os.environ, "KERAS_BACKEND": "jax", "HOME": str(tmp_path)}
    done = subprocess.run(
        [_PEERS, "-c", _KERAS, tmp_path / "images.npy", *wanted],
        env=environment, capture_output=True, text=True, timeout=250, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    for path, expected in wanted.items():
        np.testing.assert_allclose(np.load(f"{path}.npy"), expected, rtol=1e-5, atol=2e-6)


def test_torch_loads_a_safetensors_state_as_the_header_says(tmp_path):
    if not _PEERS.exists():
        pytest.skip("PyTorch is not there; `make peers` installs it")
    code = """
import json, sys, numpy as np, torch
content = open(sys.argv[1], "rb").read()
length = int.from_bytes(content[:8], "little")
header = json.loads(content[8 : 8 + length])
spec = header.pop("__metadata__")
state = {}
for name, entry in header.items():
    a, b = entry["data_offsets"]
    flat = np.frombuffer(content[8 + length + a : 8 + length + b], "<f4").copy()
    state[name] = torch.from_numpy(flat.reshape(entry["shape"]))
offset, factor = state.pop("input.offset"), state.pop("input.factor")
module = eval(spec["module"])
module.load_state_dict(state, strict=False)
missing = [k for k in module.state_dict() if k not in state and "num_batches" not in k]
assert not missing, missing
module.eval()
images = torch.from_numpy(np.load(sys.argv[2]).astype("float32")).flatten(1)
with torch.no_grad():
    found = torch.softmax(module((images - offset) * factor), dim=1)
np.save(sys.argv[3], found.numpy())
"""
    np.save(tmp_path / "images.npy", IMAGES)
    for activation in sorted(FUNCTIONS):
        portable = network(activation, scaling="standardize")
        path = tmp_path / "digits.safetensors"
        path.write_bytes(EXPORTERS["safetensors"].encode(portable, "float32"))
        subprocess.run(
            [_PEERS, "-c", code, path, tmp_path / "images.npy", tmp_path / "found.npy"],
            check=True, timeout=120,
        )  # fmt: skip
        found = np.load(tmp_path / "found.npy")
        np.testing.assert_allclose(found, outputs(portable, IMAGES), atol=2e-6)


def test_npz_needs_no_pickle(tmp_path):
    path = tmp_path / "digits.npz"
    path.write_bytes(EXPORTERS["npz"].encode(replace(network(), facts={"é": "ü"}), "int8"))
    with np.load(path, allow_pickle=False) as stored:
        plain = json.loads(str(stored["architecture"]))
        assert stored["1.dense.weights"].dtype == np.int8
    assert plain["facts"] == {"é": "ü"}
