"""Targets find the one who shows them."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from gui.session.targets import PanelTarget, PictureFile, Showing


def test_a_target_is_shown_by_who_shows_its_type():
    showing, pictures, panels = Showing(), [], []
    showing.add({PictureFile: pictures.append})
    showing.add({PanelTarget: panels.append})
    showing.show(PanelTarget("lens"))
    assert (pictures, panels) == ([], [PanelTarget("lens")])


def test_what_nobody_shows_is_a_fault_that_says_what_is_shown():
    showing = Showing()
    showing.add({PictureFile: print})
    with pytest.raises(TypeError, match="nothing shows a PanelTarget; shown are: PictureFile"):
        showing.show(PanelTarget("lens"))


def test_two_who_show_the_same_type_are_a_fault():
    showing = Showing()
    showing.add({PictureFile: print})
    with pytest.raises(ValueError, match="PictureFile is shown by two"):
        showing.add({PictureFile: repr})


def test_targets_do_not_change():
    target = PictureFile(Path("seven.png"))
    with pytest.raises(FrozenInstanceError):
        target.path = Path("eight.png")
