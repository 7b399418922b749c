"""Finding out by trying: which answers let a network read digits that are at hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from core.base.arrays import ByteArray, LabelArray
from core.base.fields import limits_of
from core.exchange.import_steps.resolving import resolve
from core.exchange.importer import ImportedNetwork, ImportOptions
from core.exchange.portable import accuracy

MOST_TRIED = 300  # images: enough to tell right from wrong, and quick
# What changes which class is chosen; the others change only how sure the network is.
_TRIED = ("activation", "scaling", "polarity", "order", "classes")
_CLEARLY = 0.05  # by so much of the images another answer must be better
_ENOUGH = 0.3  # an accuracy below this is no sign of anything


def best_answers(
    imported: ImportedNetwork,
    images: ByteArray,
    labels: LabelArray,
    progress: Callable[[float], None] | None = None,
) -> ImportOptions:
    """Return the answers under which a network reads most of some digits.

    Where nothing is clearly better than the imported's own guess, that is returned.

    Args:
        imported: what a file says.
        images, labels: (N, H, W) uint8 and (N,), of the network's size and classes.
        progress: is told the share done; may raise to give up.
    """
    fits = images.shape[1] * images.shape[2] == imported.input_size and len(images)
    if not fits or not set(_TRIED) & imported.asks:
        return imported.guess
    some, right = images[:MOST_TRIED], labels[:MOST_TRIED]
    start = imported.guess
    if "height" in imported.asks:
        start = replace(start, height=images.shape[1], width=images.shape[2])
    best, most = start, accuracy(resolve(imported, start), some, right) + _CLEARLY
    candidates = list(_candidates(imported, start))
    for index, answers in enumerate(candidates):
        found = accuracy(resolve(imported, answers), some, right)
        if found > max(most, _ENOUGH):
            best, most = answers, found
        if progress is not None:
            progress((index + 1) / len(candidates))
    return best


def _candidates(imported: ImportedNetwork, start: ImportOptions) -> Iterator[ImportOptions]:
    """Return all combinations of what is open, those nearest to the guess first."""
    names = [name for name in _TRIED if name in imported.asks]
    keys = [_ordered(name, getattr(start, name)) for name in names]
    for chosen in product(*keys):
        changes: dict[str, Any] = dict(zip(names, chosen, strict=True))
        yield replace(start, **changes)


def _ordered(name: str, first: str) -> list[str]:
    limits = limits_of(ImportOptions, name)
    assert limits is not None
    return sorted((key for key, _ in limits.choices), key=lambda key: key != first)
