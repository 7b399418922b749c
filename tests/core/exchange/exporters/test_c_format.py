"""The exported header is compiled, as C and as C++, and called."""

import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.base.errors import ExportError
from core.exchange.exporter import EXPORTERS, export
from core.exchange.exporters import c_format
from core.exchange.exporters.c_format import CHeader
from core.exchange.formats import c_compiler
from core.exchange.portable import outputs, probabilities, rounded
from core.nn.layer import activation_choices
from tests.support.networks import HOSTILE, network, pictures

IMAGES = pictures()
STRICT = ("-Wall", "-Wextra", "-pedantic", "-Werror", "-Wconversion", "-Wshadow")
_DOORS = """
#include "digits.h"
#ifdef __cplusplus
extern "C"
#endif
int read_digit(const unsigned char *image, float *shares);
int read_digit(const unsigned char *image, float *shares)
{
    return inkling_predict(image, shares);
}
#ifdef __cplusplus
extern "C"
#endif
const char *name_of(int k);
const char *name_of(int k)
{
    return inkling_class_name(k);
}
"""
needs_compiler = pytest.mark.skipif(c_compiler.compiler() is None, reason="no C compiler here")
needs_cpp = pytest.mark.skipif(shutil.which("g++") is None, reason="g++ is not installed")


def compiled(folder: Path, portable, precision="float32", language="c99", more=()):
    """Compile the header without a warning; return the library."""
    (folder / "digits.h").write_bytes(CHeader().encode(portable, precision))
    source = folder / ("doors.c" if language == "c99" else "doors.cpp")
    source.write_text(_DOORS)
    tool = c_compiler.compiler() if language == "c99" else "g++"
    command = [tool, f"-std={language}", *STRICT, *more, "-O1", "-shared", "-fPIC"]
    done = subprocess.run(
        [*command, "-o", str(folder / "digits.so"), str(source), "-lm"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    library = ctypes.CDLL(str(folder / "digits.so"))
    library.name_of.restype = ctypes.c_char_p
    return library


def asked(library, images, classes=10):
    """Return the classes and the probabilities (N, K) that a library answers."""
    shares, best = np.zeros((len(images), classes), np.float32), []
    for image, row in zip(np.ascontiguousarray(images), shares, strict=True):
        best.append(library.read_digit(image.ctypes, row.ctypes))
    return np.array(best), shares


@needs_compiler
@pytest.mark.parametrize("activation", [key for key, _ in activation_choices()])
@pytest.mark.parametrize("batch", [False, True])
def test_every_activation_computes_the_same(tmp_path, activation, batch):
    portable = network(activation, batch=batch)
    best, shares = asked(compiled(tmp_path, portable), IMAGES)
    wanted = probabilities(portable, IMAGES)
    np.testing.assert_allclose(shares, wanted, atol=1e-6)
    np.testing.assert_array_equal(best, wanted.argmax(axis=1))


@needs_compiler
@pytest.mark.parametrize("precision", CHeader.precisions)
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
@pytest.mark.parametrize("sizes", [(), (9,), (9, 30, 7, 50, 5)])
def test_any_precision_depth_scaling_and_output(tmp_path, precision, output, sizes):
    portable = network("tanh", sizes, output=output, standardized=True, shape=(8, 6))
    images = pictures(shape=(8, 6))
    _, shares = asked(compiled(tmp_path, portable, precision), images)
    wanted = probabilities(rounded(portable, precision), images)
    np.testing.assert_allclose(shares, wanted, atol=1e-5)


@needs_compiler
def test_with_float_arithmetic_it_agrees_to_the_fifth_digit(tmp_path):
    portable = network(batch=True)
    more = ("-DINKLING_REAL=float",)
    _, shares = asked(compiled(tmp_path, portable, more=more), IMAGES)
    np.testing.assert_allclose(shares, probabilities(portable, IMAGES), atol=1e-5)


@needs_cpp
@pytest.mark.parametrize("precision", CHeader.precisions)
def test_it_is_cpp_as_well(tmp_path, precision):
    portable = network("gelu", batch=True)
    _, shares = asked(compiled(tmp_path, portable, precision, "c++11"), IMAGES)
    np.testing.assert_allclose(
        shares, probabilities(rounded(portable, precision), IMAGES), atol=1e-6
    )


@needs_compiler
def test_names_cannot_break_out_of_the_header(tmp_path):
    library = compiled(tmp_path, network(names=HOSTILE))
    assert [library.name_of(k).decode() for k in range(10)] == list(HOSTILE)


def test_it_asks_for_no_memory_and_needs_only_the_mathematics():
    text = CHeader().encode(network("elu"), "float32").decode()
    assert re.findall(r"#include (\S+)", text.partition("#ifndef")[2]) == ["<math.h>"]
    assert not re.search(r"\b(malloc|calloc|realloc|new)\b", text)


@needs_compiler
@pytest.mark.parametrize("precision", CHeader.precisions)
def test_the_export_compiles_and_runs_it(tmp_path, precision):
    portable = network("gelu", batch=True, standardized=True)
    labels = outputs(portable, IMAGES).argmax(axis=1).astype(np.uint8)
    done = export(tmp_path / "x.h", portable, "c", precision, IMAGES, labels)
    assert done.worst < 1e-6
    assert "compiled and run" in done.by


@pytest.mark.parametrize("precision", CHeader.precisions)
def test_without_a_compiler_its_numbers_are_read_back(tmp_path, precision, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    portable = network("gelu", batch=True, standardized=True)
    labels = np.zeros(len(IMAGES), np.uint8)
    done = export(tmp_path / "x.h", portable, "c", precision, IMAGES, labels)
    assert done.worst < 1e-9
    assert "read back" in done.by


def test_a_compiler_that_does_not_work_is_as_good_as_none(tmp_path, monkeypatch):
    tool = tmp_path / "cc"
    tool.write_text("#!/bin/sh\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "x.h"
    path.write_bytes(CHeader().encode(network(), "float32"))
    assert "read back" in CHeader().check(path, network(), IMAGES).by


@needs_compiler
def test_a_header_that_does_not_compile_is_refused(tmp_path):
    path = tmp_path / "x.h"
    path.write_bytes(CHeader().encode(network(), "float32").replace(b"static", b"statik", 1))
    with pytest.raises(ExportError, match="refuses"):
        CHeader().check(path, network(), IMAGES)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.replace(b"f,", b"f, 1.0f,", 1),
        lambda text: text[: len(text) // 2],
        lambda text: text.replace(b"f,", b"x,", 1),
    ],
)
def test_a_damaged_header_cannot_be_read_back(tmp_path, damage, monkeypatch):
    monkeypatch.setattr(c_format, "_MOST_COMPILED", 0)
    path = tmp_path / "x.h"
    path.write_bytes(damage(CHeader().encode(network(), "float32")))
    with pytest.raises(ExportError, match="read back"):
        CHeader().check(path, network(), IMAGES)


def test_the_same_network_gives_the_same_bytes():
    assert CHeader().encode(network(), "int8") == CHeader().encode(network(), "int8")


def test_it_is_in_the_menu():
    assert EXPORTERS["c"].suffix == ".h"
