"""The layers of a Keras model in the order in which an image passes them.

Sequential models say it; functional ones are followed from their input, and must be one
straight chain.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_LAYERS = 200
_FUNCTIONAL = ("Functional", "Model")
_DEEPEST = 12


class KerasError(Exception):
    """What cannot be represented; the sentence goes on from the file's name."""


@dataclass(frozen=True, slots=True, eq=False)
class KerasEntry:
    """One layer as described.

    Attributes:
        class_name: "Dense".
        name: "dense_1".
        config: its settings.
    """

    class_name: str
    name: str
    config: dict[str, Any]


def chain(description: Any) -> list[KerasEntry]:
    """Return the layers of a described model, its input first if it has an entry.

    Raises:
        KerasError: it is no straight chain.
        KeyError, TypeError, ValueError, AttributeError: it makes no sense.
    """
    kind, config = str(description["class_name"]), description["config"]
    listed = config if isinstance(config, list) else config["layers"]
    if not isinstance(listed, list) or len(listed) > MOST_LAYERS:
        raise KerasError(f"has more than {MOST_LAYERS} layers")
    entries = [_entry(plain) for plain in listed]
    if kind == "Sequential":
        return _with_input(entries, config)
    if kind not in _FUNCTIONAL:
        raise KerasError(f"is a model of a class of its own ({kind[:60]}), which is program code")
    return _followed(entries, listed, config)


def _entry(plain: Any) -> KerasEntry:
    config = plain["config"]
    if not isinstance(config, dict):
        raise TypeError("no settings")
    name = str(plain.get("name") or config.get("name", ""))
    return KerasEntry(str(plain["class_name"]), name[:80], config)


def _with_input(entries: list[KerasEntry], config: Any) -> list[KerasEntry]:
    """Put the shape of the input in front, where only the model itself says it."""
    shape = config.get("build_input_shape") if isinstance(config, dict) else None
    first = entries[0].config if entries else {}
    if shape is None or "batch_shape" in first or "batch_input_shape" in first:
        return entries
    return [KerasEntry("InputLayer", "", {"batch_shape": shape}), *entries]


def _followed(entries: list[KerasEntry], listed: list[Any], config: Any) -> list[KerasEntry]:
    by_name = {entry.name: entry for entry in entries}
    for key in ("input_layers", "output_layers"):
        if len(set(_ends(config[key]))) != 1:
            word = "inputs" if key == "input_layers" else "outputs"
            raise KerasError(f"has several {word}")
    after: dict[str, str] = {}
    for entry, plain in zip(entries, listed, strict=True):
        before = _before(entry.name, plain)
        if before is not None:
            if before in after:
                raise KerasError(f"branches after its layer “{before}”")
            after[before] = entry.name
    name, last = next(_ends(config["input_layers"])), next(_ends(config["output_layers"]))
    ordered = [by_name[name]]
    while name != last and len(ordered) <= len(entries):
        name = after[name]
        ordered.append(by_name[name])
    return ordered


def _ends(plain: Any) -> Iterator[str]:
    """Return the names in ["a", 0, 0] or [["a", 0, 0], …]."""
    if isinstance(plain, dict):
        plain = list(plain.values())
    if plain and isinstance(plain[0], str):
        yield plain[0]
    else:
        for item in plain:
            yield str(item[0])


def _before(name: str, plain: Any) -> str | None:
    """Return the layer whose output a layer takes; None for the input."""
    nodes = plain.get("inbound_nodes", [])
    if len(nodes) > 1:
        raise KerasError(f"uses its layer “{name}” more than once")
    found = sorted(set(_sources(nodes, 0)))
    if len(found) > 1:
        kind = str(plain["class_name"])[:60]
        raise KerasError(f"branches: its layer “{name}” ({kind}) joins {len(found)} others")
    return found[0] if found else None


def _sources(plain: Any, depth: int) -> Iterator[str]:
    """Walk through a node for ["name", 0, 0, …] (Keras 2) or "keras_history" (Keras 3)."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(plain, dict):
        history = plain.get("keras_history")
        if isinstance(history, list):
            yield str(history[0])
            return
        for value in plain.values():
            yield from _sources(value, depth + 1)
    elif isinstance(plain, list):
        if len(plain) >= 3 and isinstance(plain[0], str) and isinstance(plain[1], int):
            yield plain[0]
            return
        for value in plain:
            yield from _sources(value, depth + 1)
