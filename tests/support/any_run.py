"""Hypothesis strategies for runs: whatever a training, an import or a lesson may leave behind."""

from dataclasses import fields, replace

import numpy as np
from hypothesis import strategies as st

from core.base.events import Evaluation
from core.base.history import History
from core.nn.network import Network
from core.training.run import Anchor, Best, Run
from core.training.timeline import Moment
from tests.support.any_value import numbers, recipes, texts

STEPS = 1 << 56
_HUGE = float(np.finfo(np.float32).max)


def vectors(size, **how):
    """Return float32 vectors (size,), extreme ones among them."""
    return st.integers(0, 2**32).map(lambda seed: _vector(np.random.default_rng(seed), size, **how))


def _vector(rng, size, wild=False):
    vector = (rng.standard_normal(size) * 10.0 ** rng.integers(-6, 6)).astype(np.float32)
    spoilt = rng.random(size) < 0.1
    vector[spoilt] = rng.choice([0.0, -0.0, _HUGE, -_HUGE, 1e-45], int(spoilt.sum()))
    if wild and size and rng.random() < 0.3:
        vector[rng.integers(size)] = rng.choice([np.inf, -np.inf, np.nan])
    return vector


@st.composite
def small_recipes(draw):
    """Return recipes of networks of a few units."""
    recipe = draw(recipes())
    hidden = tuple(replace(layer, units=1 + layer.units % 5) for layer in recipe.hidden[:3])
    return replace(recipe, hidden=hidden)


def share():
    """Return accuracies."""
    return st.floats(0, 1) | st.just(float("nan"))


def _evaluation(step):
    any_loss = st.floats(0, 1e300) | st.sampled_from([float("nan"), float("inf")])
    return st.builds(
        Evaluation, st.just(step), st.floats(0, 1e7), any_loss, share(), any_loss, share(),
        st.floats(0, 1e9), st.floats(0, 100), st.floats(0, 1e300),
    )  # fmt: skip


@st.composite
def histories(draw):
    """Return the course of up to 60 iterations, measured now and then."""
    count, rng = draw(st.integers(0, 60)), np.random.default_rng(draw(st.integers(0, 99)))
    history = History()
    losses = rng.exponential(1, count).astype(np.float32)
    losses[rng.random(count) < 0.1] = _HUGE
    history.extend(losses, rng.random(count).astype(np.float32))
    steps = sorted(draw(st.sets(st.integers(0, count), max_size=5)))
    history.add_evaluations([draw(_evaluation(step)) for step in steps])
    history.steps_per_epoch = draw(numbers(0, 1 << 40, whole=True))
    return history


def identities():
    """Return what a run says of its data."""
    words = texts(200, surrogates=True)
    counts = st.lists(numbers(0, STEPS, whole=True), max_size=256)
    return st.fixed_dictionaries(
        {
            "key": words,
            "name": words,
            "source": texts(32_768, surrogates=True),
            "fingerprint": st.text("0123456789abcdef", max_size=64),
            "correction": st.dictionaries(words, words, max_size=5),
            "counts": st.dictionaries(words, counts, max_size=3),
        }
    )


def lessons():
    """Return records of lessons."""
    return st.lists(
        st.fixed_dictionaries(
            {
                "step": numbers(0, STEPS, whole=True),
                "time": texts(40),
                "learning_rate": st.floats(0, 100),
                "seed": numbers(0, 2**32, whole=True),
            }
        ),
        max_size=4,
    )


@st.composite
def runs(draw, wild=False):
    """Return runs; `wild` ones may hold numbers that are not finite besides their weights."""
    recipe, history = draw(small_recipes()), draw(histories())
    names = tuple(draw(st.lists(texts(256), min_size=1, max_size=12)))
    sides = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    network: Network = recipe.network(sides[0] * sides[1], len(names))
    params = draw(vectors(network.param_count))
    for _, _, view in _factors(network, params):
        view[...] = 1 / 255 + np.arange(view.size) / 8  # never 0, as the rules for it have it
    slots = {name: draw(vectors(network.trained_count, wild=wild))
             for name in recipe.optimizer.slot_names}  # fmt: skip
    noise = np.random.default_rng(draw(st.integers(0, 2**64)))
    steps = sorted(draw(st.sets(st.integers(0, history.count), max_size=3)))
    kept = vectors(network.param_count, wild=wild)
    loss = st.floats(0, 1e30) | (st.just(float("inf")) if wild else st.nothing())
    best = st.builds(Best, st.integers(0, history.count), loss, kept)
    anchor = st.builds(Anchor, st.integers(0, 9), kept, st.just(noise.bit_generator.state))
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=params,
        stored_slots=slots,
        noise=noise,
        target=draw(numbers(0, STEPS, whole=True)),
        learning_rate=draw(st.floats(0, 100)),
        image_shape=sides,
        class_names=names,
        data=draw(identities()),
        step=history.count,
        start_step=draw(numbers(0, history.count, whole=True)),
        seconds=draw(st.floats(0, 1e9)),
        history=history,
        best=draw(st.none() | best),
        anchor=draw(st.none() | anchor),
        lessons=draw(lessons()),
        moments=tuple(Moment(step, draw(kept)) for step in steps),
        notes=draw(texts(100_000)),
        created=draw(st.just("") | st.datetimes().map(lambda when: when.isoformat())),
    )


def _factors(network, params):
    for spec in network.specs:
        if spec.name in ("factor", "running_variance", "variance"):
            yield spec.layer, spec.name, params[spec.start : spec.stop]


def differences(one, other):
    """Return the names of what differs between two runs; NaN is equal to NaN."""
    found = []
    for item in fields(Run):
        if item.name not in ("ahead", "unknown_parts"):
            mine, its = getattr(one, item.name), getattr(other, item.name)
            if plain(mine) != plain(its):
                found.append(item.name)
    return found


def plain(value):
    """Return a value in a form that `==` compares in every bit."""
    if isinstance(value, np.ndarray):
        return (value.shape, value.tobytes())
    if isinstance(value, np.random.Generator):
        return value.bit_generator.state
    if isinstance(value, History):
        return (plain(value.losses), plain(value.accuracies), value.steps_per_epoch,
                [repr(row) for row in value.evaluations])  # fmt: skip
    if isinstance(value, (Best, Anchor, Moment)):
        return [plain(getattr(value, item.name)) for item in fields(value)]
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value
