"""A sheet of paper on a table is found; a digit is not taken for one."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.imaging.photos.sheet import find_sheet


def photo(corners, paper=220, table=70, size=(400, 300)):
    picture = Image.new("L", size, table)
    ImageDraw.Draw(picture).polygon(corners, fill=paper)
    return picture


def gray(picture):
    return np.asarray(picture, np.float32) / 255


_TURNED = [(60, 20), (370, 50), (345, 285), (30, 250)]


@pytest.mark.parametrize(("paper", "table"), [(220, 70), (60, 180)])
def test_a_turned_sheet_is_found_without_its_edges(paper, table):
    picture = photo(_TURNED, paper, table)
    ImageDraw.Draw(picture).line([(150, 90), (150, 200)], fill=table, width=9)
    sheet = find_sheet(gray(picture))
    inside = gray(photo(_TURNED, 255, 0)) > 0.5
    assert np.all(inside[sheet])
    assert sheet.sum() > 0.8 * inside.sum()
    assert sheet[90:200, 150].all()  # what is written on it belongs to it


@pytest.mark.parametrize("turned", [False, True])
def test_half_of_a_picture_is_a_shadow_and_no_sheet(turned):
    half = np.full((300, 400), 0.9, np.float32)
    half[:, 250:] = 0.4
    assert find_sheet(half.T if turned else half) is None


def test_a_page_in_uneven_light_is_no_sheet():
    x = np.linspace(0.3, 0.95, 400, dtype=np.float32)
    assert find_sheet(np.broadcast_to(x, (300, 400))) is None


def test_a_fat_zero_is_no_sheet():
    picture = Image.new("L", (300, 400), 230)
    ImageDraw.Draw(picture).ellipse((40, 30, 260, 370), outline=20, width=70)
    assert find_sheet(gray(picture)) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (12, 12), (200, 200)])
def test_an_even_picture_has_no_sheet(shape):
    assert find_sheet(np.full(shape, 0.5, np.float32)) is None
