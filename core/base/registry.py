"""Named entries that menus, forms, tests and files go through."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Generic, TypeVar

from core.base.errors import UnknownNameError, quoted

T = TypeVar("T")
_LONGEST_NAME = 80  # characters that are compared; comparing takes the square of their number


class Registry(Generic[T]):
    """Maps stable keys to entries, in the order they were registered.

    Keys are written into saved files, so a key is never renamed or reused.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, key: str, entry: T) -> T:
        """File `entry` under `key`, once and for all."""
        if key in self._entries:
            raise ValueError(f"{self.kind} {key!r} is registered twice")
        self._entries[key] = entry
        return entry

    def register(self, key: str) -> Callable[[T], T]:
        """Return a decorator that files what it decorates under `key`."""
        return lambda entry: self.add(key, entry)

    def key_of(self, entry: T) -> str:
        """Return the key `entry` is filed under. Raises KeyError if it is not."""
        for key, candidate in self._entries.items():
            if candidate is entry:
                return key
        raise KeyError(entry)

    def __getitem__(self, key: str) -> T:
        try:
            return self._entries[key]
        except KeyError:
            raise UnknownNameError(
                f"There is no {self.kind} called {quoted(key)}.", suggestion(key, self)
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries


def suggestion(name: str, known: "Registry[T] | list[str]") -> str:
    """Say which of the `known` names was probably meant."""
    near = get_close_matches(name[:_LONGEST_NAME], list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."


def chosen(text: str, choices: Mapping[str, str], what: str) -> str:
    """Return which of some choices a person means.

    They are meant by their key, their label, or as much of the beginning of either as is
    needed to tell them apart. Upper case, spaces and dashes do not matter.

    Args:
        text: what was written.
        choices: the label of each key.
        what: is chosen: "Activation".

    Raises:
        UnknownNameError: none is meant, or more than one; all are listed.
    """
    if text in choices:
        return text
    wanted = _folded(text)
    names = {key: (_folded(key), _folded(label)) for key, label in choices.items()}
    exact = [key for key, both in names.items() if wanted in both]
    begun = [key for key, both in names.items() if any(one.startswith(wanted) for one in both)]
    meant = exact or begun
    if wanted and len(meant) == 1:
        return meant[0]
    if wanted and meant:
        raise UnknownNameError(f"{what}: {text!r} may mean {', '.join(meant)}.", "Write it out.")
    near = get_close_matches(wanted, [key.casefold() for key in choices], n=1)
    guess = f"Did you mean {near[0]!r}? " if near else ""
    raise UnknownNameError(f"{what}: there is no {text!r}.", f"{guess}Known: {', '.join(choices)}.")


def _folded(text: str) -> str:
    return re.sub(r"(?<=\w)[\s_-]+(?=\w)", "-", text.strip().casefold())
