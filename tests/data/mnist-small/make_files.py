"""Cut the four files of this folder out of the original ones of MNIST: see README.md.

.venv/bin/python tests/data/mnist-small/make_files.py FOLDER
"""

import gzip
import struct
import sys
from pathlib import Path

_COUNTS = {"train": 2000, "t10k": 500}


def beginning(content: bytes, count: int) -> bytes:
    """Return an IDX file (bytes, any number of axes) that holds only the first `count` items."""
    axes = content[3]
    _, *item = struct.unpack_from(f">{axes}I", content, 4)
    start, size = 4 + 4 * axes, count
    for side in item:
        size *= side
    return content[:4] + struct.pack(f">{axes}I", count, *item) + content[start : start + size]


def main(source: Path) -> None:
    for part, count in _COUNTS.items():
        for kind in ("images-idx3", "labels-idx1"):
            name = f"{part}-{kind}-ubyte.gz"
            cut = beginning(gzip.decompress((source / name).read_bytes()), count)
            (Path(__file__).parent / name).write_bytes(gzip.compress(cut, 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
