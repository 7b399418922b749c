"""Figures on disk: the same curves, the same part of them."""

import numpy as np
import pytest

from core.base.errors import SaveError
from core.base.history import History
from gui.features.curves.figure import export
from gui.features.curves.model import Curves

VIEWS = {"loss": ((0.0, 100.0), (0.0, 2.0)), "accuracy": ((0.0, 100.0), (0.0, 100.0))}


@pytest.fixture
def curves(qapp):
    made, history = Curves(), History()
    history.extend(
        np.linspace(2, 0, 100, dtype=np.float32), np.linspace(0, 1, 100, dtype=np.float32)
    )
    made.load(history, 100)
    return made


def test_an_unknown_ending_is_refused_with_a_hint(curves, tmp_path):
    with pytest.raises(SaveError, match="ending") as caught:
        export(curves, tmp_path / "curves.gif", VIEWS, log_loss=False)
    assert ".png" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["PNG", "svg", "csv"])
def test_a_file_that_was_there_is_replaced_whole(curves, tmp_path, kind):
    path = tmp_path / f"curves.{kind}"
    path.write_text("old")
    export(curves, path, VIEWS, log_loss=True)
    assert path.stat().st_size > 500
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_the_same_curves_give_the_same_picture_and_another_view_another(curves, tmp_path):
    zoomed = {**VIEWS, "loss": ((10.0, 20.0), (0.0, 2.0))}
    for name, views in (("one", VIEWS), ("two", VIEWS), ("zoomed", zoomed)):
        export(curves, tmp_path / f"{name}.png", views, log_loss=False)
    one, two, other = ((tmp_path / f"{name}.png").read_bytes() for name in ("one", "two", "zoomed"))
    assert one == two != other
