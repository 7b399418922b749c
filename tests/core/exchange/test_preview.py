"""What an export would cost is told before it is written: accuracy by precision."""

import numpy as np

from core.exchange.exporter import preview
from core.exchange.portable import PRECISIONS, accuracy, outputs, rounded
from tests.support.networks import network, pictures


def test_the_preview_is_the_accuracy_of_the_rounded_network():
    portable, images = network(sizes=(300, 200)), pictures(2000)
    labels = outputs(portable, images).argmax(axis=1).astype(np.uint8)
    found = preview(portable, images, labels)
    assert tuple(found) == PRECISIONS
    assert found["float32"] == 1.0
    assert found["int8"] < 1.0  # of so many random images, some lie on an edge
    for precision, share in found.items():
        assert share == accuracy(rounded(portable, precision), images, labels)
