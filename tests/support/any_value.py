"""Hypothesis strategies for whatever the program's own files may hold, read off its classes."""

from dataclasses import fields, is_dataclass
from typing import get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from core.base.fields import limits_of
from core.recipe.recipe import UNIONS, Recipe

# What people, programs and file systems put into names: quotes, lines, controls, half a pair.
_ODD = "\"'\\=.#[]{}\n\r\t\0\x1b\x7f\x85\u2028\u202e\ufeff\U0001f600äß漢"


def texts(longest, *, surrogates=False):
    """Return texts of up to so many characters, odd ones among them."""
    any_character = st.characters() if surrogates else st.characters(exclude_categories=("Cs",))
    odd = _ODD + ("\udc80\ud800" if surrogates else "")
    some = st.text(any_character | st.sampled_from(odd), max_size=min(longest, 40))
    return some | st.sampled_from([odd[-1] * longest, "x" * longest])


def numbers(low, high, *, whole):
    """Return numbers from `low` to `high`, both often."""
    between = st.integers(int(low), int(high)) if whole else st.floats(low, high)
    ends = [int(low), int(high)] if whole else [float(low), float(high)]
    return between | st.sampled_from(ends)


def configs(kind):
    """Return instances of a dataclass of settings: every field anywhere within its limits."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{item.name: _field(kind, item, hints) for item in fields(kind)})


def recipes():
    """Return recipes with every member of every registry."""
    return configs(Recipe)


def members(registry):
    """Return values of all kinds in a registry."""
    return st.sampled_from(list(registry)).flatmap(lambda key: configs(registry[key]))


def _field(kind, item, hints):
    hint, limits = hints[item.name], limits_of(kind, item.name)
    if kind is Recipe and item.name in UNIONS:
        return members(UNIONS[item.name])
    if "longest" in item.metadata:
        return texts(item.metadata["longest"])
    if is_dataclass(hint):
        return configs(hint)
    if get_origin(hint) is tuple:
        inner = st.lists(configs(get_args(hint)[0]), max_size=3)
        return inner.map(tuple) | configs(get_args(hint)[0]).map(lambda one: (one,) * 16)
    assert limits is not None, f"{kind.__name__}.{item.name} declares no limits"
    if limits.choices:
        return st.sampled_from([key for key, _ in limits.choices])
    return numbers(limits.low, limits.high, whole=hint is int)
