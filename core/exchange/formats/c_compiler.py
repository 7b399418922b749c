"""Trying out an exported C header with the machine's own compiler, if it has one."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.base.errors import ExportError

_SECONDS = 120  # for compiling or running; usual ones take one
_COMPILERS = ("cc", "gcc", "clang")
_PROGRAM = """
#include <stdio.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif
#include "digits.h"
int main(void)
{
    static unsigned char image[INKLING_PIXELS];
    inkling_real outputs[INKLING_CLASSES];
#ifdef _WIN32
    _setmode(_fileno(stdin), _O_BINARY);
#endif
    while (fread(image, 1, INKLING_PIXELS, stdin) == INKLING_PIXELS) {
        int k;
        inkling_outputs(image, outputs);
        for (k = 0; k < INKLING_CLASSES; k++)
            printf("%.17g\\n", (double)outputs[k]);
    }
    return 0;
}
"""
_EMPTY = "#include <math.h>\n#include <stdio.h>\nint main(void) { return 0; }\n"


def compiler() -> str | None:
    """Return the path of a C compiler, or None."""
    if sys.platform == "darwin":
        # Without the developer's tools, `cc` is a stub that opens a window asking for them.
        asked = subprocess.run(["xcode-select", "-p"], capture_output=True, check=False)
        if asked.returncode != 0:
            return None
    return next((path for name in _COMPILERS if (path := shutil.which(name))), None)


def compiled_answers(path: Path, images: ByteArray, classes: int) -> tuple[FloatArray, str] | None:
    """Compile a header and run its `inkling_outputs`.

    Args:
        path: of the header, whatever its suffix.
        images: (N, H, W) uint8.
        classes: K.

    Returns:
        The outputs (N, K) float64 and what compiled it; None if this machine has no
        compiler that works.

    Raises:
        ExportError: the compiler refuses the header, or the program does not end well.
    """
    tool = compiler()
    if tool is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.copyfile(path, folder / "digits.h")
        program = _compiled(tool, folder, _PROGRAM)
        if program is None:
            if _compiled(tool, folder, _EMPTY) is None:
                return None
            raise ExportError(path, "The C compiler of this machine refuses the header.")
        try:
            done = subprocess.run(
                [program],
                input=np.ascontiguousarray(images).tobytes(),
                capture_output=True,
                timeout=_SECONDS,
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise ExportError(path, "The compiled header does not run.") from error
    answers = np.array(done.stdout.split(), np.float64).reshape(-1, classes)
    return answers, f"{Path(tool).name}, compiled and run"


def _compiled(tool: str, folder: Path, source: str) -> Path | None:
    """Compile a program in `folder`; return its path, or None."""
    (folder / "main.c").write_text(source, "utf-8")
    program = folder / "program.exe"
    command = [tool, "-std=c99", "-O1", "-o", str(program), "main.c", "-lm"]
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=_SECONDS, check=True)
    except (subprocess.SubprocessError, OSError):
        return None
    return program
