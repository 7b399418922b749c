"""The program as a process of its own: with signals, pipes and folders as users have them."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.support.small_data import write_idx_folder

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120  # until a test gives up; none waits so long unless it fails


class Home:
    """A user's folders, and small digits to train on.

    Attributes:
        folder: of the user; nothing else writes there.
        data: where the program's own data go.
        digits: a folder of IDX files.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.digits = write_idx_folder(folder / "digits")
        (folder / "tmp").mkdir()

    def environment(self, **changes: str) -> dict[str, str]:
        names = {kind: str(self.folder / kind.lower()) for kind in ("DATA", "CONFIG", "STATE")}
        return {
            **os.environ,
            **{f"XDG_{kind}_HOME": path for kind, path in names.items()},
            "TMPDIR": str(self.folder / "tmp"),
            "PYTHONPATH": str(ROOT),
            **changes,
        }

    def models(self) -> list[Path]:
        """Return every model file that lies in the user's data folder."""
        return sorted(self.data.rglob("*.h5"))


def command(*words: object) -> list[str]:
    """Return what starts the program."""
    return [sys.executable, "-m", "gui", *map(str, words)]


def training(home: Home, *words: object, epochs: int = 10_000_000) -> list[str]:
    """Return what starts a training; as it is, it does not end by itself within any test."""
    settings = ["hidden=4", "batch_size=20", f"epochs={epochs}", "learning_rate=0.001"]
    chosen = [word for item in settings for word in ("--set", item)]
    return command("train", "--data", home.digits, *chosen, *words)


def started(home: Home, words: list[str], **options) -> subprocess.Popen:
    """Start the program; its output can be read."""
    values = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": home.folder}
    environment = home.environment(**options.pop("environment", {}))
    return subprocess.Popen(words, env=environment, **{**values, **options})


def drained(process: subprocess.Popen) -> tuple[str, str]:
    """Wait for the end of a process, and return what it said."""
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()  # nothing, if it has ended
    return (out or b"").decode(), (err or b"").decode()


def wait_for_line(process: subprocess.Popen) -> bytes:
    """Wait until the program has printed a line: the training has measured once."""
    line = process.stdout.readline()
    assert line, process.stderr.read().decode()
    return line


def device(folder: Path) -> Path:
    """Return a device that a test may try to replace: root might succeed with the system's."""
    if os.geteuid() != 0:
        return Path("/dev/null")
    made = folder / "device"
    try:
        os.mknod(made, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except OSError:  # not in every container
        os.mkfifo(made)
    return made
