"""Changing one setting of a recipe by its name, as `--set key=value` does."""

from dataclasses import replace
from typing import Any

from core.base.errors import ConfigError
from core.base.fields import limits_of, to_plain
from core.base.registry import chosen, suggestion
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import UNIONS, Recipe, from_dict, to_dict

_SHORT = {
    "epochs": lambda value: {
        "training.duration": value,
        "training.duration_unit": "epochs",
    },
    "iterations": lambda value: {
        "training.duration": value,
        "training.duration_unit": "iterations",
    },
}


def with_setting(recipe: Recipe, key: str, value: Any) -> Recipe:
    """Return `recipe` with one setting changed, as `--set key=value` does.

    `key` is a path ("optimizer.learning_rate", "hidden.0.units"), or the last part of
    one where that is unambiguous ("learning_rate"). "epochs" and "iterations" set
    the duration and its unit together; "hidden" also takes "128,64". What has kinds
    ("optimizer", "scaling") is set by the name of one. Names are as in `registry.chosen`.

    Raises:
        ConfigError: no such setting, or a value that cannot be used.
        UnknownNameError: a name that is none of the choices.
    """
    plain = to_dict(recipe)
    if key in _SHORT:
        for path, item in _SHORT[key](value).items():
            _assign(plain, path, item)
    elif key == "hidden" and not isinstance(value, list):
        plain["hidden"] = _widths(recipe, str(value))
    elif (union := key.removesuffix(".kind")) in UNIONS:
        labels = {name: UNIONS[union][name].label for name in UNIONS[union]}
        plain[union] = {"kind": chosen(str(value), labels, union)}
    else:
        path = _full_path(plain, key)
        _assign(plain, path, _meant(recipe, path, value))
    return replace(from_dict(plain), key="")


def _widths(recipe: Recipe, text: str) -> list[Any]:
    like = to_plain(recipe.hidden[0] if recipe.hidden else HiddenLayer())
    try:
        return [{**like, "units": int(part)} for part in text.split(",") if part.strip()]
    except ValueError:
        raise ConfigError(
            "hidden", f"hidden: {text!r} is not a list of widths.", "Write for example 128,64."
        ) from None


def _paths(plain: Any, prefix: str = "") -> list[str]:
    if isinstance(plain, dict):
        items = [(str(key), value) for key, value in plain.items()]
    elif isinstance(plain, list):
        items = [(str(index), value) for index, value in enumerate(plain)]
    else:
        return [prefix]
    return [
        path for key, value in items for path in _paths(value, f"{prefix}.{key}" if prefix else key)
    ]


def _full_path(plain: dict[str, Any], key: str) -> str:
    paths = _paths(plain)
    if key in paths:
        return key
    if f"{key}.kind" in paths:
        return f"{key}.kind"
    matches = [path for path in paths if path.endswith("." + key)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise ConfigError(key, f"{key!r} is ambiguous.", f"Write one of: {', '.join(matches)}.")
    known = [*_SHORT, *paths, *{path.rpartition(".")[2] for path in paths}]
    raise ConfigError(key, f"There is no setting {key!r}.", suggestion(key, known))


def _meant(recipe: Recipe, path: str, value: Any) -> Any:
    """Return the name that was meant, where the setting is a choice among names."""
    config: Any = recipe
    *parents, last = path.split(".")
    for part in parents:
        config = config[int(part)] if isinstance(config, tuple) else getattr(config, part)
    limits = limits_of(config, last)
    if limits is None or not limits.choices:
        return value
    return chosen(str(value), dict(limits.choices), limits.label)


def _assign(plain: Any, path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        plain = plain[int(part)] if isinstance(plain, list) else plain[part]
    plain[last] = value
