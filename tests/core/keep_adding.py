"""Adds drawings to a set for ever and says which are safe; to be killed by a test."""

import sys
from pathlib import Path

from core.own.userset import UserSet
from tests.core.own_drawings import drawing

own = UserSet(Path(sys.argv[1]))
own.load()
for seed in range(1_000_000):
    one = drawing(seed % 10, seed)
    print(f"adding {one.key}", flush=True)
    own.add(one)
    print(f"safe {one.key}", flush=True)
