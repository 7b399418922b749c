"""All that is tried at random, in its long form: `make fuzz`.

COUNT mutations of each format of network files come first; the others are in proportion: of
10,000 there follow 20,000 random moves in the window, 100 kills, and 500 hostile files for
each door. Named formats ("torch npz") are tried alone; `--only clicks` does one part.
"""

import argparse
import sys
from collections.abc import Callable

from tests.fuzz import clicks, hostile, kills, networks


def main(arguments: list[str]) -> int:
    """Try all; return how many parts found something."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("seed", type=int, nargs="?", default=0)
    parser.add_argument("formats", nargs="*", choices=[*networks.FORMATS, []], metavar="FORMAT")
    parser.add_argument("--only", choices=["networks", "clicks", "kills", "hostile"])
    chosen = parser.parse_args(arguments)
    count, seed = chosen.count, ["--seed", str(chosen.seed)]
    formats = tuple(chosen.formats) or networks.FORMATS
    parts: dict[str, Callable[[], int]] = {
        "networks": lambda: networks.main(count, chosen.seed, formats),
        "clicks": lambda: clicks.main([str(2 * count), *seed]),
        "kills": lambda: kills.main([str(max(count // 100, 1)), *seed]),
        "hostile": lambda: hostile.main([str(max(count // 20, 1)), *seed]),
    }
    wanted = "networks" if chosen.formats else chosen.only
    return sum(bool(part()) for key, part in parts.items() if wanted in (None, key))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
