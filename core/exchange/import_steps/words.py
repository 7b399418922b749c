"""What was found in a file, in words: for the window and the command line."""

import numpy as np

from core.base.fields import limits_of
from core.exchange.importer import ImportedNetwork, ImportOptions
from core.exchange.portable import Portable, Stage
from core.nn.layer import LAYERS


def layer_rows(portable: Portable) -> list[tuple[str, str]]:
    """Return each layer's kind and what to know of it: ("Dense", "784 → 128")."""
    height, width = portable.image_shape
    rows = [("Input", f"{width} × {height} pixels")]
    rows += [_row(stage) for stage in portable.stages]
    output = "softmax" if portable.output == "softmax" else "sigmoid"
    rows.append(("Output", f"{len(portable.class_names)} classes · {output}"))
    return rows


def _row(stage: Stage) -> tuple[str, str]:
    if stage.kind == "dense":
        inputs, units = stage.arrays["weights"].shape
        return "Dense", f"{inputs:,} → {units:,}"
    if stage.kind == "batch-normalization":
        return "Batch normalization", f"{len(stage.arrays['mean']):,} values"
    if stage.kind == "dropout":
        return "Dropout", f"{stage.settings['rate']:.0%}, in training only"
    if stage.kind == "scale":
        return "Input scaling", _scale(stage)
    details = [f"{name} {value:g}" for name, value in stage.settings.items()]
    return LAYERS[stage.name].label, ", ".join(details)


def _scale(stage: Stage) -> str:
    offset, factor = (stage.arrays[name] for name in ("offset", "factor"))
    if offset.size > 1 or factor.size > 1:
        return "each pixel by itself"
    shift, times = float(np.ravel(offset)[0]), float(np.ravel(factor)[0])
    minus = f"− {shift:.4g}" if shift >= 0 else f"+ {-shift:.4g}"
    first = f"(x {minus})" if shift else "x"
    return f"{first} ÷ {1 / times:.4g}" if times else "nothing"


def summary(imported: ImportedNetwork) -> str:
    """Return the widths of the layers: "784 → 128 → 10"."""
    dense = [stage.arrays["weights"] for stage in imported.stages if stage.kind == "dense"]
    return " → ".join(f"{size:,}" for size in (len(dense[0]), *(w.shape[1] for w in dense)))


def answer_words(name: str, answers: ImportOptions) -> tuple[str, str]:
    """Return the words for a question and for its answer: ("Pixels", "0 to 1")."""
    limits = limits_of(ImportOptions, name)
    assert limits is not None
    value = getattr(answers, name)
    return limits.label, dict(limits.choices).get(value, f"{value}{limits.unit}")
