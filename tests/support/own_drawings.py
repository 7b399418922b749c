"""Drawings for the tests of what keeps them."""

import numpy as np

from core.data.drawings.drawings import OwnDrawing, new_drawing


def drawing(label: int = 7, seed: int = 0, **changes) -> OwnDrawing:
    """Return a drawing of two random strokes, kept as this digit."""
    rng = np.random.default_rng(seed)
    strokes = [rng.uniform(20, 260, (12, 3)).astype(np.float32) for _ in range(2)]
    for stroke in strokes:
        stroke[:, 2] = rng.uniform(0, 1, len(stroke))
    values = {"name": str(label), "answer": "1", "confidence": 0.75, **changes}
    return new_drawing(strokes, 10.0, label, **values)


def same(one: OwnDrawing, other: OwnDrawing) -> bool:
    """Tell whether two drawings agree in every bit."""
    plain = ("key", "pen_radius", "label", "name", "time_ms", "answer", "confidence")
    return (
        all(getattr(one, name) == getattr(other, name) for name in plain)
        and np.array_equal(one.image, other.image)
        and len(one.strokes) == len(other.strokes)
        and all(np.array_equal(a, b) for a, b in zip(one.strokes, other.strokes, strict=True))
    )
