"""Fuzzes the import of one format in a process of its own: FORMAT COUNT SEED FOLDER.

Each line of the output is what came of one mutation; the last is the sum.
"""

import json
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.base.errors import InklingError
from core.exchange.import_steps import parcel
from core.exchange.import_steps.resolving import resolve
from core.exchange.importer import IMPORTERS, importer_for
from core.exchange.run_from_portable import run_from
from core.modelfile import load_model
from tests.fuzz import forked
from tests.fuzz.mutations import mutated
from tests.support.peak_memory import peak_bytes


def attempt(key: str, path: Path) -> str:
    """Import a file whole; return "refused", "read", or the fault that it led to."""
    try:
        if key == "inkling":
            load_model(path)
            return "read"
        importer_for(path)  # may not raise, whatever it says
        imported = IMPORTERS[key].read(path)
        run_from(resolve(imported, imported.guess))
    except InklingError:
        return "refused"
    except Exception:  # noqa: BLE001 - any other is what is looked for
        return traceback.format_exc()
    return "read"


def main(key: str, count: int, seed: int, folder: Path) -> None:
    """Try `count` mutations of the files in `folder`."""
    parcel.ChildProcess = forked.ForkedChild  # type: ignore[misc] - the border that is crossed
    seeds = sorted(path for path in folder.iterdir() if path.suffix != ".tried")
    contents = [path.read_bytes() for path in seeds]
    tally: Counter[str] = Counter()
    slowest, faults = 0.0, []
    for number in range(count):
        rng = random.Random(f"{key} {seed} {number}")
        chosen = rng.randrange(len(seeds))
        path = folder / f"mutant{seeds[chosen].suffix}.tried"
        path.write_bytes(mutated(contents[chosen], rng))
        start = time.monotonic()
        outcome = attempt(key, path)
        slowest = max(slowest, time.monotonic() - start)
        tally[outcome if outcome in ("refused", "read") else "fault"] += 1
        if outcome not in ("refused", "read"):
            faults.append({"number": number, "of": seeds[chosen].name, "trace": outcome[-1500:]})
    sys.stdout.write(
        json.dumps(
            {
                **{word: tally[word] for word in ("refused", "read", "fault")},
                "faults": faults[:5],
                "slowest": slowest,
                "memory": forked.memory[0] or peak_bytes(),
                "deaths": dict(Counter(forked.deaths)),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
