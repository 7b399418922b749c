"""Adds drawings to a set for ever and says which are safe; to be killed by a test."""

import sys
from pathlib import Path

from core.data.drawings.userset import UserSet
from tests.support.own_drawings import drawing

own = UserSet(Path(sys.argv[1]))
own.load()
for seed in range(1_000_000):
    one = drawing(seed % 10, seed)
    print(f"adding {one.key}", flush=True)
    own.add(one)
    print(f"safe {one.key}", flush=True)
