import json

import numpy as np
import pytest

from core.exchange.formats.packed import pack, unpack
from core.exchange.portable import PRECISIONS, outputs, rounded
from tests.support.networks import network, pictures


@pytest.mark.parametrize("precision", PRECISIONS)
def test_what_was_packed_is_unpacked_as_rounded(precision):
    portable = network("elu", (20, 10), batch=True, standardized=True)
    steps, numbers = pack(portable, precision)
    read = unpack(portable, json.loads(json.dumps(steps)), numbers)
    images = pictures()
    wanted = outputs(rounded(portable, precision), images)
    np.testing.assert_array_equal(outputs(read, images), wanted)


def test_steps_that_do_nothing_are_left_out():
    steps, _ = pack(network("linear", (5,)), "float32")
    assert [step["kind"] for step in steps] == ["scale", "dense", "dense"]


@pytest.mark.parametrize("change", [lambda numbers: numbers[:-1], lambda numbers: numbers + b"a"])
def test_too_few_or_too_many_bytes_are_refused(change):
    steps, numbers = pack(network(), "int8")
    with pytest.raises(ValueError, match=r"byte|buffer"):
        unpack(network(), steps, change(numbers))
