"""The child process: reads one file within limits, and writes arrays to its output."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

from core.base.errors import InklingError
from core.untrusted.sandbox.limits import limit_this_process
from core.untrusted.sandbox.sending import ChildRefusal, write_error

_MEMORY = {"hdf5": 1536 << 20, "matlab": 4 << 30, "matlab-hdf5": 1536 << 20}


def _read(kind: str, path: Path, out: BinaryIO) -> None:
    # Imported before the limits: each needs a library that only one kind wants.
    if kind.startswith("model-"):
        from core.untrusted.sandbox.models import MEMORY, SECONDS, read_model  # noqa: PLC0415

        limit_this_process(MEMORY, SECONDS)
        read_model(kind.removeprefix("model-"), path, out)
    elif kind == "matlab":
        from core.untrusted.sandbox.matlab import read_matlab  # noqa: PLC0415

        limit_this_process(_MEMORY[kind])
        read_matlab(path, out)
    else:
        from core.untrusted.sandbox.hdf5 import read_hdf5  # noqa: PLC0415

        limit_this_process(_MEMORY[kind])
        read_hdf5(path, out, matlab=kind == "matlab-hdf5")


def main(kind: str, path: str) -> None:
    """Read the file at `path`, of kind "hdf5", "matlab", "matlab-hdf5" or "model-…"."""
    # The output is ours alone: what libraries print goes where errors go.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _read(kind, Path(path), out)
    except InklingError as error:
        write_error(out, error)
    except MemoryError:
        write_error(
            out, ChildRefusal("{name} needs more memory than it may have.", "It is damaged.")
        )
    except Exception:  # noqa: BLE001 - these libraries raise all kinds on damaged files
        write_error(
            out,
            ChildRefusal(
                "{name} is damaged: it was cut off or changed.", "Download or copy the file again."
            ),
        )


if __name__ == "__main__":
    main(*sys.argv[1:3])
