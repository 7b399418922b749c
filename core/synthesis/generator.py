"""Generated digits by the thousand: the same for one seed, however many are asked for."""

from collections.abc import Callable, Iterator

import numpy as np

from core.arrays import ByteArray, LabelArray
from core.framing import SIDE
from core.ink import paint
from core.synthesis.pen import write
from core.synthesis.templates import load_templates

# Digits made at a time (2 ms). Each block has randomness of its own, so digit i depends on
# the seed and on i alone; and a block's arrays stay in the processor's cache.
BLOCK = 128


def generate_chunks(count: int, seed: int) -> Iterator[tuple[ByteArray, LabelArray]]:
    """Make `count` digits, a few milliseconds' worth at a time.

    Yields:
        Images (n, 28, 28) uint8, 0 paper to 255 ink, and labels (n,) uint8, 0..9;
        n is 128 except in the last chunk.
    """
    for first in range(0, count, BLOCK):
        images, labels = _block(first // BLOCK, seed)
        yield images[: count - first], labels[: count - first]


def generate(
    count: int, seed: int, progress: Callable[[float], None] | None = None
) -> tuple[ByteArray, LabelArray]:
    """Make `count` digits, 50,000 to 70,000 a second.

    Args:
        count: N, how many; fewer digits of the same seed are the first of these.
        seed: not negative; the same seed gives the same bytes on one machine (on another
            a pixel may differ by one grey level).
        progress: is told the share done, 0..1, every few milliseconds; it may raise to
            give up.

    Returns:
        Images (N, 28, 28) uint8, 0 paper to 255 ink, and labels (N,) uint8, 0..9.
    """
    images = np.empty((count, SIDE, SIDE), np.uint8)
    labels = np.empty(count, np.uint8)
    done = 0
    for some_images, some_labels in generate_chunks(count, seed):
        stop = done + len(some_labels)
        images[done:stop], labels[done:stop] = some_images, some_labels
        done = stop
        if progress is not None:
            progress(done / count)
    return images, labels


def _block(number: int, seed: int) -> tuple[ByteArray, LabelArray]:
    """Make the 128 digits of one block."""
    rng = np.random.default_rng((seed, number))
    templates = load_templates()
    labels = rng.integers(0, 10, BLOCK, np.uint8)
    chosen = rng.integers(templates.bounds[labels], templates.bounds[labels + 1])
    return paint(*write(templates, chosen, rng)), labels
