"""Networks of real Keras and PyTorch answer here as they do there; what cannot be is named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import core.exchange.exporters
import core.exchange.importers  # noqa: F401 - fill the registries
from core.base.errors import ConfigError, ModelFileError
from core.exchange.exporter import EXPORTERS
from core.exchange.import_steps.resolving import resolve
from core.exchange.importer import (
    IMPORTERS,
    ImportOptions,
    importer_for,
    open_questions,
    read_network,
)
from core.exchange.portable import accuracy, logits, outputs, portable_of, probabilities, rounded
from core.exchange.run_from_portable import run_from
from tests.fuzz.networks import small_network
from tests.support.coursera import coursera_digits
from tests.support.trained import sigmoid_outputs, usual

FOREIGN = Path(__file__).parents[2] / "data" / "foreign"
with np.load(FOREIGN / "answers.npz") as stored:
    ANSWERS = dict(stored)
with np.load(FOREIGN / "images.npz") as stored:
    IMAGES, LABELS = stored["images"], stored["labels"]
_NOISE = np.random.default_rng(5).integers(0, 256, (40, 8, 8), np.uint8)


def imported(path, **answers):
    """Return a file's network as it is trained here, made plain again."""
    imported = read_network(path)
    return portable_of(run_from(resolve(imported, replace(imported.guess, **answers))))


def refused(path):
    """Return the sentence with which a file is refused."""
    with pytest.raises(ModelFileError) as caught:
        read_network(path)
    assert path.name in caught.value.message
    assert caught.value.hint
    return caught.value.message


# Answers of the real programs -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["keras3_usual.keras", "keras3_usual.h5", "keras2_usual.h5", "keras3_only.weights.h5",
     "keras3_many.keras", "keras3_many.h5"],
)  # fmt: skip
def test_keras_models_answer_as_in_keras(name):
    np.testing.assert_allclose(
        outputs(imported(FOREIGN / name), IMAGES), ANSWERS[name], rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize(
    "name", ["keras3_straight.keras", "keras3_straight.h5", "keras2_straight.h5"]
)
def test_functional_models_in_a_row_answer_as_in_keras(name):
    found, wanted = logits(imported(FOREIGN / name), IMAGES), ANSWERS[name]
    assert np.abs(found - wanted).max() < 1e-6 * np.abs(wanted).max()


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("torch_plain.pt", {}),
        ("torch_checkpoint.pt", {"activation": "tanh"}),
        ("torch_late_norm.pt", {}),
        ("torch_bfloat16.pt", {"activation": "sigmoid"}),
    ],
)
def test_pytorch_weights_answer_as_in_pytorch(name, answers):
    found = outputs(imported(FOREIGN / name, **answers), IMAGES)
    np.testing.assert_allclose(found, ANSWERS[name], rtol=1e-5, atol=2e-6)


def test_mnists_mean_and_deviation_are_pytorchs():
    found = outputs(imported(FOREIGN / "torch_plain.pt", scaling="mnist"), IMAGES)
    # Logits of hundreds: PyTorch's float32 is off by 1e-5 of a probability itself.
    np.testing.assert_allclose(found, ANSWERS["torch_plain.pt mnist"], rtol=1e-4, atol=2e-5)


def test_dark_ink_on_light_is_inverted():
    found = outputs(imported(FOREIGN / "torch_plain.pt", polarity="low"), 255 - IMAGES)
    np.testing.assert_allclose(found, ANSWERS["torch_plain.pt"], rtol=1e-5, atol=2e-6)


def test_numpy_weights_under_usual_names_are_understood():
    found = outputs(imported(FOREIGN / "weights.npz"), IMAGES)
    np.testing.assert_allclose(found, ANSWERS["torch_plain.pt"], rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("turned", [False, True])
def test_weights_as_outputs_by_inputs_and_biases_as_columns_are_turned(tmp_path, turned):
    with np.load(FOREIGN / "weights.npz") as weights:
        arrays = {
            "weights0": weights["W1"].T if turned else weights["W1"],
            "biases0": weights["b1"][:, None],
            "weights1": weights["W2"].T if turned else weights["W2"],
            "biases1": weights["b2"][:, None],
        }
    np.savez(tmp_path / "w.npz", **arrays)
    found = outputs(imported(tmp_path / "w.npz"), IMAGES)
    np.testing.assert_allclose(found, ANSWERS["torch_plain.pt"], rtol=1e-5, atol=2e-6)


@pytest.mark.slow
def test_courseras_weights_read_as_many_digits_as_the_course_says(shared_data):
    from core.data.readers import open_dataset  # noqa: PLC0415 - only this test needs it

    digits = open_dataset(shared_data("coursera/ex4data1_8bit.mat")).train
    found = read_network(shared_data("coursera/ex4weights.mat"))
    assert found.guess == ImportOptions(
        "sigmoid", "sigmoid", "unit", "high", "columns", 20, 20, "one-based"
    )
    network = imported(shared_data("coursera/ex4weights.mat"))
    assert accuracy(network, digits.images, digits.labels) == 0.9758


# Questions ----------------------------------------------------------------------------------


def test_only_what_a_file_leaves_open_is_asked():
    names = ("keras3_usual.keras", "keras3_straight.h5", "torch_plain.pt")
    asked = {name: open_questions(read_network(FOREIGN / name)) for name in names}
    assert asked["keras3_usual.keras"] == ("polarity", "classes")
    assert asked["keras3_straight.h5"] == ("output", "scaling", "polarity", "classes")
    assert asked["torch_plain.pt"] == (
        "activation", "output", "scaling", "polarity", "order", "classes"
    )  # fmt: skip


def test_a_model_that_scales_its_input_takes_pixels_as_they_are():
    assert read_network(FOREIGN / "keras3_usual.h5").guess.scaling == "byte"
    assert read_network(FOREIGN / "keras3_straight.h5").guess.scaling == "unit"


def test_answers_that_the_file_knows_better_change_nothing():
    imported = read_network(FOREIGN / "keras3_usual.keras")
    other = ImportOptions("tanh", "sigmoid", "mnist", "high", "columns", 14, 56)
    np.testing.assert_array_equal(
        logits(resolve(imported, other), IMAGES), logits(resolve(imported, imported.guess), IMAGES)
    )


def test_sides_that_do_not_fit_the_pixels_are_refused_at_their_field(tmp_path):
    np.savez(tmp_path / "w.npz", W1=np.ones((35, 4)), b1=np.ones(4))
    imported = read_network(tmp_path / "w.npz")
    assert {"height", "width"} <= set(open_questions(imported))
    assert imported.guess.height * imported.guess.width == 35
    assert resolve(imported, replace(imported.guess, height=7, width=5)).image_shape == (7, 5)
    with pytest.raises(ConfigError) as caught:
        resolve(imported, replace(imported.guess, height=6))
    assert caught.value.field == "height"


# Our own exports ------------------------------------------------------------------------------


@pytest.mark.parametrize("network", ["usual", "sigmoid", "all kinds"])
@pytest.mark.parametrize("key", ["keras", "safetensors", "npz"])
def test_our_own_exports_come_back_without_a_question(tmp_path, key, network):
    made = {
        "usual": lambda: portable_of(usual()[0]),
        "sigmoid": lambda: portable_of(sigmoid_outputs()[0]),
        "all kinds": small_network,
    }[network]()
    exporter = EXPORTERS[key]
    for precision in exporter.precisions:
        path = tmp_path / f"network{exporter.suffix}"
        path.write_bytes(exporter.encode(made, precision))
        assert importer_for(path) == key
        imported = read_network(path)
        back = portable_of(run_from(resolve(imported, imported.guess)))
        assert set(open_questions(imported)) <= (
            {"polarity", "classes"} if key == "keras" else set()
        )
        assert (back.image_shape, len(back.class_names)) == (made.image_shape, 10)
        wanted = probabilities(rounded(made, precision), _NOISE)
        np.testing.assert_allclose(probabilities(back, _NOISE), wanted, rtol=1e-4, atol=1e-5)


def test_class_names_travel_in_safetensors_and_npz(tmp_path):
    made = replace(small_network(), class_names=tuple("ABCDEFGHIJ"))
    for key in ("safetensors", "npz"):
        path = tmp_path / f"network{EXPORTERS[key].suffix}"
        path.write_bytes(EXPORTERS[key].encode(made, "float32"))
        assert read_network(path).class_names == tuple("ABCDEFGHIJ")


# Refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("keras3_convolution.keras", "a convolution (Conv2D)"),
        ("keras3_convolution.h5", "a convolution (Conv2D)"),
        ("keras3_branch.keras", "branches"),
        ("keras3_branch.h5", "branches"),
        ("keras3_silu.keras", "(silu)"),
        ("torch_convolution.pt", "a convolution (“0.weight”, 2×1×3×3)"),
        ("torch_whole_module.pt", "(torch.nn.modules.container.Sequential)"),
        ("torch_before_1_6.pt", "before version 1.6"),
        ("torch_script.pt", "TorchScript program"),
    ],
)
def test_what_cannot_be_represented_is_refused_by_name(name, words):
    assert words in refused(FOREIGN / name)


def test_weights_that_are_not_finite_are_refused(tmp_path):
    np.savez(tmp_path / "w.npz", W1=np.full((64, 4), np.nan), b1=np.ones(4))
    assert "not finite" in refused(tmp_path / "w.npz")
    np.savez(tmp_path / "w.npz", W1=np.full((64, 4), 1e300), b1=np.ones(4))
    assert "not finite" in refused(tmp_path / "w.npz")


def test_layers_that_are_too_wide_or_do_not_fit_are_refused(tmp_path):
    np.savez(tmp_path / "w.npz", W1=np.ones((64, 5000)), W2=np.ones((5000, 10)))
    assert "5,000 neurons" in refused(tmp_path / "w.npz")
    np.savez(tmp_path / "w.npz", W1=np.ones((64, 5)), W2=np.ones((7, 3)))
    assert "do not fit in a row (64×5, 7×3)" in refused(tmp_path / "w.npz")
    np.savez(tmp_path / "w.npz", W1=np.ones((64, 1)))
    assert "1 output" in refused(tmp_path / "w.npz")


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear network,")
    with pytest.raises(ModelFileError, match="no network that can be imported"):
        read_network(tmp_path / "letter.txt")
    with pytest.raises(ModelFileError, match="There is no file"):
        read_network(tmp_path / "absent.pt")


def test_our_own_models_and_digits_are_left_to_others(tmp_path, mnist_small):
    from core.modelfile import save_model  # noqa: PLC0415 - only this test needs it

    save_model(tmp_path / "own.h5", usual()[0])
    assert importer_for(tmp_path / "own.h5") is None
    np.savez(
        tmp_path / "mnist.npz", x_train=np.zeros((20, 28, 28), np.uint8), y_train=np.arange(20)
    )
    assert importer_for(tmp_path / "mnist.npz") is None
    assert importer_for(coursera_digits(tmp_path / "digits.mat", mnist_small)) is None


def test_every_importer_has_files_here():
    files = [path for path in FOREIGN.iterdir() if path.suffix not in (".py", ".md")]
    found = {importer_for(path) for path in files}
    assert set(IMPORTERS) <= found | {"matlab", "safetensors"}
