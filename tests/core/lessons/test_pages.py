"""The calculations of the classic tutorials, exact to the digit."""

import numpy as np
import pytest

import core.lessons.pages  # noqa: F401 - fills the registry
from core.differentiation.numerical_gradient import numerical_gradient, relative_error
from core.lessons.lesson import LESSONS
from core.lessons.pages import people, regression


def test_one_neuron():
    found = LESSONS["neuron"].run()
    assert found.sum == 7
    assert found.output == 0.9990889488055994


def test_the_mean_squared_error_of_four_answers():
    assert LESSONS["error"].run().mean == 0.5


def test_descent_follows_the_closed_form():
    found = LESSONS["descent"].run()
    np.testing.assert_allclose(found.gradient, (6, 8), rtol=1e-10)
    np.testing.assert_allclose(found.path[200], np.array([3, 4]) * 0.98**200, rtol=1e-8)
    assert found.path.shape == (201, 2)
    assert (np.diff(found.heights) < 0).all()


def test_two_apples():
    found = LESSONS["apples"].run()
    assert found.bill.value == pytest.approx(220)
    slopes = {name: float(node.gradient) for name, node in found.inputs.items()}
    assert slopes == pytest.approx({"apple": 2.2, "number of apples": 110, "tax": 200})
    into_bill = {edge.source.name: edge for edge in found.bill.edges()}
    assert float(into_bill["apples"].gradient) == pytest.approx(1.1)
    assert float(into_bill["apples"].value) == 200
    assert float(into_bill["tax"].local) == 200


def test_apples_and_oranges():
    found = LESSONS["apples-and-oranges"].run()
    assert found.bill.value == pytest.approx(715)
    slopes = {name: float(node.gradient) for name, node in found.inputs.items()}
    assert slopes == pytest.approx(
        {"apple": 2.2, "number of apples": 110, "orange": 3.3, "number of oranges": 165, "tax": 650}
    )


def test_an_affine_layer_forward_and_backward():
    found = LESSONS["affine"].run()
    np.testing.assert_array_equal(found.output.value, [[1, 2, 3], [11, 12, 13]])
    np.testing.assert_array_equal(found.biases.gradient, [5, 7, 9])
    np.testing.assert_array_equal(found.x.gradient, [[12, 48], [30, 120]])


def test_four_people():
    found = LESSONS["people"].run()
    np.testing.assert_allclose(found.first.hidden, 0.0474, atol=5e-5)
    assert found.first.output == pytest.approx(0.524, abs=5e-4)
    assert found.first.d_weights[0] == pytest.approx(0.02147, abs=5e-6)
    for seed in range(5):
        trained = people.learn(seed)
        assert trained.losses[-1] < 0.01
        assert ((trained.outputs > 0.5) == people.ANSWERS).all()


def test_the_people_networks_gradient_is_that_of_its_loss():
    weights = np.random.default_rng(1).standard_normal(9)
    for person, answer in zip(people.PEOPLE, people.ANSWERS, strict=True):

        def loss(w, person=person, answer=answer):
            return (answer - people.look(w, person, answer).output) ** 2

        exact = people.look(weights, person, answer).d_weights
        assert relative_error(exact, numerical_gradient(loss, weights)) < 1e-8


def test_the_regression_learns_by_heart():
    for seed in range(3):
        losses = regression.fit(seed).losses
        assert losses[0] > 1e10 * losses[-1]
        assert len(losses) == 501


@pytest.mark.parametrize("key", list(LESSONS))
def test_every_lesson_names_itself_and_its_source(key):
    lesson = LESSONS[key]
    assert lesson.label
    assert lesson.help.endswith(".")
    assert "(" in lesson.source
    assert lesson.run() is not None
