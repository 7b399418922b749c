"""A home of its own for a program that is played with."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens, so nothing is downloaded


def environment(
    home: Path, cache: Path | None = None, platform: str = "offscreen"
) -> dict[str, str]:
    """Return the environment of a program that lives in `home` and reaches no network.

    Args:
        home: where settings, data, state and logs go; made if it is not there.
        cache: where digits that were written once are kept, for several homes.
        platform: Qt's: "offscreen" or "xcb".
    """
    home.mkdir(parents=True, exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    return {
        **kept,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(cache or home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "QT_QPA_PLATFORM": platform,
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
        "http_proxy": _NOWHERE,
        "https_proxy": _NOWHERE,
        "no_proxy": "",
    }


def program(module: str, *words: object) -> list[str]:
    """Return the command that runs one of our modules."""
    return [sys.executable, "-m", module, *map(str, words)]
