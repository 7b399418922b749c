"""Generated digits by the thousand: the same for one seed, however many are asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from core.base.arrays import ByteArray, LabelArray
from core.imaging.framing import SIDE
from core.imaging.ink import paint
from core.imaging.synthesis.hand import DEFAULT_HAND, Hand
from core.imaging.synthesis.pen import write
from core.imaging.synthesis.templates import Templates, load_templates

# Digits made at a time (2 ms). Each block has randomness of its own, so digit i depends on
# the seed and on i alone; and a block's arrays stay in the processor's cache.
BLOCK = 128


@dataclass(frozen=True, slots=True, eq=False)
class Handwriting:
    """A hand and its ways to write each digit: all that decides what is generated."""

    hand: Hand = DEFAULT_HAND
    templates: Templates = field(default_factory=load_templates)


def generate_chunks(
    count: int, seed: int, handwriting: Handwriting | None = None
) -> Iterator[tuple[ByteArray, LabelArray]]:
    """Make `count` digits, a few milliseconds' worth at a time.

    Yields:
        Images (n, 28, 28) uint8, 0 paper to 255 ink, and labels (n,) uint8, 0..9;
        n is 128 except in the last chunk.
    """
    chosen = handwriting or Handwriting()
    for first in range(0, count, BLOCK):
        rng = np.random.default_rng((seed, first // BLOCK))
        labels = rng.integers(0, 10, BLOCK, np.uint8)
        images = _written(labels, rng, chosen)
        yield images[: count - first], labels[: count - first]


def generate(
    count: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
    handwriting: Handwriting | None = None,
) -> tuple[ByteArray, LabelArray]:
    """Make `count` digits, 50,000 to 70,000 a second.

    Args:
        count: N, how many; fewer digits of the same seed are the first of these.
        seed: not negative; the same seed gives the same bytes on one machine (on another
            a pixel may differ by one grey level).
        progress: is told the share done, 0..1, every few milliseconds; it may raise to
            give up.
        handwriting: whose digits; the built-in ones if not said.

    Returns:
        Images (N, 28, 28) uint8, 0 paper to 255 ink, and labels (N,) uint8, 0..9.
    """
    images = np.empty((count, SIDE, SIDE), np.uint8)
    labels = np.empty(count, np.uint8)
    done = 0
    for some_images, some_labels in generate_chunks(count, seed, handwriting):
        stop = done + len(some_labels)
        images[done:stop], labels[done:stop] = some_images, some_labels
        done = stop
        if progress is not None:
            progress(done / count)
    return images, labels


def write_digits(
    labels: LabelArray, rng: np.random.Generator, handwriting: Handwriting | None = None
) -> ByteArray:
    """Write these digits (N,), 0..9, anew. Returns images (N, 28, 28) uint8."""
    chosen = handwriting or Handwriting()
    images = np.empty((len(labels), SIDE, SIDE), np.uint8)
    for first in range(0, len(labels), BLOCK):
        images[first : first + BLOCK] = _written(labels[first : first + BLOCK], rng, chosen)
    return images


def _written(labels: LabelArray, rng: np.random.Generator, handwriting: Handwriting) -> ByteArray:
    """Write at most some hundred digits, which stay in the processor's cache."""
    templates = handwriting.templates
    return paint(*write(templates, templates.choose(labels, rng), handwriting.hand, rng))
