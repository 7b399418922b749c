"""Networks made elsewhere become runs: the same answers, and trained further."""

from dataclasses import replace

import numpy as np
import pytest

from core.base.errors import InklingError
from core.exchange.portable import Stage, logits, portable_of, probabilities
from core.exchange.run_from_portable import run_from
from core.modelfile import load_model, save_model
from core.nn.evaluation import Evaluator
from core.nn.layers.leaky_relu import LeakyRelu
from core.nn.layers.scaling import Scaling
from core.nn.losses.logistic import Logistic
from core.nn.predictor import Predictor
from core.recipe.training_config import TrainingConfig
from core.training.run import data_identity, split_data
from core.training.train import train
from tests.fuzz.networks import small_network
from tests.support.small_data import small_dataset
from tests.support.trained import longer, sigmoid_outputs, usual

_IMAGES = np.random.default_rng(3).integers(0, 256, (50, 8, 8), np.uint8)
_RNG = np.random.default_rng(4)


def some(*shape):
    return _RNG.normal(0, 0.4, shape).astype(np.float32)


def dense(inputs, units):
    return Stage("dense", arrays={"weights": some(inputs, units), "biases": some(units)})


def scale(offset, factor):
    arrays = {"offset": np.asarray(offset, "f4"), "factor": np.asarray(factor, "f4")}
    return Stage("scale", arrays=arrays)


def norm(units):
    arrays = {"gamma": some(units), "beta": some(units), "mean": some(units)}
    arrays["variance"] = some(units) ** 2 + np.float32(0.1)
    return Stage("batch-normalization", "", arrays, {"epsilon": 1e-3})


def made_of(*stages):
    return replace(small_network(), stages=tuple(stages))


RELU = Stage("activation", "relu")
DROPOUT = Stage("dropout", settings={"rate": 0.5})
NETWORKS = {
    "all kinds": small_network(),
    "raw pixels": made_of(dense(64, 5), RELU, dense(5, 10)),
    "0 to 1": made_of(scale(0, 1 / 255), dense(64, 10)),
    "shifted": made_of(scale(127.5, 1 / 127.5), dense(64, 10)),
    "inverted": made_of(scale(255, -1 / 255), dense(64, 10)),
    "scaled twice": made_of(scale(0, 1 / 255), scale(0.13, 3.0), dense(64, 10)),
    "normalized input": made_of(scale(0, 1 / 255), norm(64), dense(64, 10)),
    "a pixel that is nothing": made_of(
        scale(np.ones(64), np.r_[0, np.full(63, 0.01)]), norm(64), dense(64, 10)
    ),
    "scaling after a layer": made_of(dense(64, 5), scale(1, 2), RELU, dense(5, 10)),
    "scaling after a function": made_of(dense(64, 5), RELU, scale(1, 0.5), DROPOUT, dense(5, 10)),
    "normalized late": made_of(dense(64, 5), RELU, norm(5), dense(5, 10)),
    "normalized logits": made_of(dense(64, 5), RELU, dense(5, 10), norm(10)),
    "two functions": made_of(dense(64, 5), RELU, Stage("activation", "tanh"), dense(5, 10)),
    "dropout everywhere": made_of(DROPOUT, dense(64, 5), DROPOUT, RELU, dense(5, 10), DROPOUT),
    "no hidden layer": made_of(dense(64, 10)),
}


@pytest.mark.parametrize("name", list(NETWORKS))
def test_a_run_answers_as_the_network_it_was_made_from(name):
    network = NETWORKS[name]
    run = run_from(network)
    wanted = logits(network, _IMAGES)
    found = logits(portable_of(run), _IMAGES)
    assert np.abs(found - wanted).max() <= 2e-6 * max(1.0, np.abs(wanted).max())
    predictor = Predictor(run.network, run.loss, run.params)
    answers = predictor.probabilities(_IMAGES)
    np.testing.assert_allclose(answers, probabilities(network, _IMAGES), rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("make", [usual, sigmoid_outputs])
def test_our_own_networks_come_back_bit_for_bit(make):
    run = make()[0]
    again = run_from(portable_of(run))
    np.testing.assert_array_equal(again.params, run.params)
    assert again.network.layers == run.network.layers
    assert type(again.loss) is type(run.loss)


def test_the_recipe_is_the_network():
    run = run_from(small_network())
    (hidden,) = run.recipe.hidden
    assert (hidden.units, hidden.normalization, hidden.activation) == (6, "batch", "leaky-relu")
    assert hidden.dropout == pytest.approx(0.2)
    assert run.recipe.scaling == Scaling("standardize")
    assert LeakyRelu(0.1) in run.network.layers
    assert (run.step, run.finished, run.history.count) == (0, True, 0)
    assert isinstance(run_from(replace(small_network(), output="sigmoid")).loss, Logistic)


@pytest.mark.parametrize("name", list(NETWORKS))
def test_every_adopted_run_is_saved_opened_and_trained_further(tmp_path, name):
    dataset = small_dataset(400, 8)
    run = run_from(NETWORKS[name], data_identity(dataset))
    save_model(tmp_path / "adopted.h5", run)
    back = load_model(tmp_path / "adopted.h5")
    np.testing.assert_array_equal(back.params, run.params)
    assert back.network == run.network
    training = TrainingConfig(duration=30, duration_unit="iterations", batch_size=20)
    back.recipe = replace(back.recipe, training=training)
    back.target = 30
    parts = split_data(back.recipe, dataset)
    for _ in train(back, parts):
        pass
    assert back.step == 30
    assert np.isfinite(back.params).all()
    assert not np.array_equal(back.params, run.params)


def test_training_further_goes_on_from_what_it_knows():
    run, parts = usual()
    before = Evaluator(run.network, run.loss, run.params).measure(parts.images, parts.labels)
    again = run_from(portable_of(run))
    again.recipe = longer(hidden=again.recipe.hidden, scaling=again.recipe.scaling)
    after = Evaluator(again.network, again.loss, again.params).measure(parts.images, parts.labels)
    assert after.accuracy == before.accuracy


@pytest.mark.parametrize(
    "stages",
    [
        (RELU, dense(64, 10)),
        (dense(64, 10), RELU),
        (dense(64, 5), RELU, scale(1, 2), RELU, dense(5, 10)),
    ],
)
def test_what_is_no_network_of_this_program_is_refused(stages):
    with pytest.raises(InklingError, match="not possible"):
        run_from(made_of(*stages))


def test_weights_that_become_infinite_are_refused():
    huge = {"weights": np.full((64, 10), 3e38, "f4"), "biases": np.zeros(10, "f4")}
    network = made_of(Stage("dense", arrays=huge))
    with pytest.raises(InklingError, match="too large"):
        run_from(network)


def test_portable_is_what_it_was():
    network = small_network()
    before = [array.copy() for stage in network.stages for array in stage.arrays.values()]
    run_from(network)
    after = [array for stage in network.stages for array in stage.arrays.values()]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
