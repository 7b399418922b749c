"""The processes that are compared, and how one talks to them."""

import json
import os
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_OWN, _PEERS = ROOT / ".venv/bin/python", ROOT / ".peers/bin/python"
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]

# Variables that would slow down matrix products here and on no user's desktop.
SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

_PATIENCE_S = 300.0  # for one answer


@dataclass(frozen=True, slots=True)
class Kind:
    """A contestant by name: its module in `peers`, and the interpreter that has its library."""

    label: str
    module: str
    python: Path


KINDS = {
    kind.module: kind
    for kind in (
        Kind("**Inkling**", "inkling", _OWN),
        Kind("prototype", "prototype", _OWN),
        Kind("floor: products only", "floor", _OWN),
        Kind("PyTorch, eager", "torch_eager", _PEERS),
        Kind("PyTorch, DataLoader", "torch_loader", _PEERS),
        Kind("PyTorch, torch.compile", "torch_compile", _PEERS),
        Kind("JAX, scan", "jax_scan", _PEERS),
        Kind("Keras on JAX", "keras_jax", _PEERS),
        Kind("scikit-learn", "sklearn_mlp", _PEERS),
        Kind("naive NumPy", "naive_numpy", _OWN),
    )
}


class Missing(Exception):
    """A contestant cannot do what was asked; the text says why."""


def environment(threads: int, tree: Path = ROOT) -> dict[str, str]:
    """Return the environment of a contestant with that many threads; core/ is taken from `tree`."""
    found = {name: value for name, value in os.environ.items() if name not in SLOWING}
    found |= dict.fromkeys(_THREADS, str(threads))
    found["PYTHONPATH"] = os.pathsep.join(map(str, dict.fromkeys((tree, ROOT))))
    found["JAX_PLATFORMS"] = "cpu"
    found["TORCHINDUCTOR_COMPILE_THREADS"] = "1"
    if threads == 1:
        found["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    return found


@dataclass
class Contestant:
    """One process, stopped (SIGSTOP) while it is not asked, so that it disturbs nobody.

    Attributes:
        label, version, blas: what it is, in words.
        absent: why it cannot take part in anything, or "".
        missing: why it cannot take part in the workload, or "".
        note: a remark on how it does the workload.
        rounds: seconds per update or prediction, one for each round.
    """

    kind: Kind
    threads: int
    tree: Path = ROOT
    version: str = ""
    blas: list[str] = field(default_factory=list)
    absent: str = ""
    missing: str = ""
    note: str = ""
    accuracy: float | None = None
    rounds: list[float] = field(default_factory=list)
    images_per_update: float = 0.0
    _process: Any = None
    _log: Any = None

    def start(self) -> None:
        """Start the process; without its library it is `absent` from now on."""
        if not self.kind.python.exists():
            self.absent = "not installed: make peers"
            return
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - `close` closes it
        command = [self.kind.python, "-P", "-m", f"tests.bench.peers.{self.kind.module}"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
            bufsize=1, env=environment(self.threads, self.tree), preexec_fn=self._pin,
        )  # fmt: skip
        try:
            hello = self._receive()
        except Missing as error:
            self.absent = str(error)
            return
        self.version, self.blas = hello["version"], hello["blas"]
        self._signal("SIGSTOP")

    def ask(self, **question: Any) -> dict[str, Any]:
        """Let it run for one answer.

        Raises:
            Missing: it cannot, or it has died.
        """
        if self._process is None or self._process.poll() is not None:
            raise Missing(self.absent or "its process has ended")
        self._signal("SIGCONT")
        self._process.stdin.write(json.dumps(question) + "\n")
        answer = self._receive()
        self._signal("SIGSTOP")
        if "missing" in answer:
            raise Missing(answer["missing"])
        return answer

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process.stdin.close()
            self._process.stdout.close()
            self._log.close()

    def _receive(self) -> dict[str, Any]:
        patience = threading.Timer(_PATIENCE_S, self._process.kill)
        patience.start()
        line = self._process.stdout.readline()
        patience.cancel()
        if line:
            found: dict[str, Any] = json.loads(line)
            return found
        self._process.wait()
        self._log.seek(0)
        words = self._log.read().strip().splitlines()
        raise Missing(words[-1][:150] if words else "its process ended without a word")

    def _pin(self) -> None:
        # One and the same core for everybody: the sure way to one thread.
        if self.threads == 1 and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {CORES[-1]})

    def _signal(self, name: str) -> None:
        if hasattr(signal, name):
            self._process.send_signal(getattr(signal, name))
