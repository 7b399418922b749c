"""The workloads as Inkling's own recipes, in the form of its TOML files."""

from typing import Any

from tests.bench.peers.workloads import ITERATIONS, L2, Workload

_LOSSES = {"softmax": "softmax-cross-entropy", "quadratic": "quadratic", "logistic": "logistic"}
_STARTS = {
    "small": {"kind": "normal", "std": 0.01},
    "normal": {"kind": "normal", "std": 1.0, "bias_std": 1.0},
    "glorot": {"kind": "glorot-uniform"},
}
_ENDLESS = 10_000_000


def recipe(work: Workload) -> dict[str, Any]:
    """Return the recipe as plain values: the whole one where it has epochs, else endless."""
    found: dict[str, Any] = {
        "label": work.title,
        "hidden": [
            {"units": units, "activation": work.hidden, "dropout": work.dropout}
            for units in work.sizes[1:-1]
        ],
        "loss": _LOSSES[work.loss],
        "initializer": _STARTS[work.start],
        "optimizer": {"kind": work.optimizer, "learning_rate": work.rate},
        "training": {
            "duration": work.epochs or _ENDLESS,
            "duration_unit": "epochs" if work.epochs else "iterations",
            "batch_size": min(work.batch, 10_000),
            "sampling": "shuffled",
            "validation_split": 0.0,
        },
    }
    if work.optimizer == "adam":
        found["optimizer"]["epsilon"] = 1e-7
    return found


def endless(work: Workload) -> dict[str, Any]:
    """Return the recipe for a run that is stopped from outside, and never measures itself."""
    found = recipe(work)
    found["training"] |= {
        "duration": _ENDLESS,
        "duration_unit": "iterations",
        "evaluate_every": _ENDLESS,
    }
    return found


def full_batch(work: Workload, optimizer: str) -> dict[str, Any]:
    """Return the recipe of a full-batch optimizer, a hundred iterations."""
    found = endless(work)
    found["optimizer"] = {"kind": optimizer}
    found["penalty"] = {"l2": L2 / work.batch}
    found["training"]["duration"] = ITERATIONS
    return found
