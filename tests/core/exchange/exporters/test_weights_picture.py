import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from core.base.errors import ExportError
from core.exchange.exporter import REPORTS, report
from core.exchange.exporters.weights_picture import WeightsPng, WeightsSvg
from core.exchange.formats.colour_map import diverging
from core.nn.weight_images import weight_images
from core.recipe.hidden_layer import HiddenLayer
from core.training.run import new_run, split_data
from tests.support.networks import HOSTILE
from tests.support.small_data import small_dataset, small_recipe

_SVG = "{http://www.w3.org/2000/svg}"
KEYS = ("weights-svg", "weights-png")
TWELVE = (HiddenLayer(12, "relu"),)


def run_of(hidden=TWELVE, names=None):
    data = small_dataset(100)
    recipe = small_recipe(hidden=hidden)
    run = new_run(recipe, data, split_data(recipe, data))
    run.class_names = names or run.class_names
    return run


def texts(run):
    tree = ElementTree.fromstring(WeightsSvg().encode(run).decode())
    return [element.text for element in tree.iter(f"{_SVG}text")]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_file_holds_every_units_weights_in_colours(tmp_path, key, count):
    run = run_of((HiddenLayer(count, "relu"),))
    path = tmp_path / f"x{REPORTS[key].suffix}"
    assert report(path, run, key) == path.stat().st_size
    assert REPORTS[key].agrees(path, run)
    run.params[:] *= np.linspace(0.5, 1, len(run.params), dtype=np.float32)
    assert not REPORTS[key].agrees(path, run)


def test_tiles_of_the_drawing_are_the_weights_seen_with_one_scale():
    run = run_of()
    tree = ElementTree.fromstring(WeightsSvg().encode(run).decode())
    images = [i for i in tree.iter(f"{_SVG}image") if i.get("class") == "tile"]
    weights = weight_images(run.network, run.params, run.image_shape)
    wanted = diverging(weights, float(np.abs(weights).max()), theme_is_dark=False)
    assert len(images) == len(wanted) == 12
    for image, tile in zip(images, wanted, strict=True):
        content = base64.b64decode(image.get("href").partition(",")[2])
        np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(content))), tile)


def test_units_are_numbered_and_classes_named():
    assert [str(k) for k in range(1, 13)] == texts(run_of())[2:14]
    assert list("0123456789") == texts(run_of(hidden=()))[2:12]


def test_no_name_breaks_the_drawing_or_the_picture():
    run = run_of(hidden=(), names=(*HOSTILE[:9], "\x00\ud800 " * 30))
    shown = texts(run)[2:12]
    assert shown[1] == 'a"b'
    assert shown[4] == "two lines"
    assert shown[5] == "字"
    assert all(len(text) <= 12 for text in shown)
    assert Image.open(io.BytesIO(WeightsPng().encode(run))).format == "PNG"


def test_nothing_in_the_drawing_points_outside():
    text = WeightsSvg().encode(run_of()).decode()
    assert set(re.findall(r'href="([a-z]+:)', text)) == {"data:"}
    assert "<script" not in text


def test_weights_that_are_all_zero_have_a_picture_too():
    run = run_of()
    run.params[:] = 0
    for key in KEYS:
        assert REPORTS[key].encode(run)


@pytest.mark.parametrize("key", KEYS)
def test_the_same_run_gives_the_same_bytes(key):
    assert REPORTS[key].encode(run_of()) == REPORTS[key].encode(run_of())


@pytest.mark.parametrize("key", KEYS)
def test_another_picture_in_the_files_place_is_noticed(tmp_path, key):
    path = tmp_path / "x"
    path.write_bytes(REPORTS[key].encode(run_of((HiddenLayer(5, "relu"),))))
    try:
        same = REPORTS[key].agrees(path, run_of())
    except ValueError:
        same = False
    assert not same


def test_a_report_that_reads_back_otherwise_is_not_written(tmp_path):
    class Wrong(WeightsSvg):
        def encode(self, run):
            return super().encode(run_of((HiddenLayer(3, "tanh"),)))

    REPORTS._entries["wrong"] = Wrong()
    try:
        (tmp_path / "x.svg").write_text("old")
        with pytest.raises(ExportError, match="came out wrong"):
            report(tmp_path / "x.svg", run_of(), "wrong")
    finally:
        del REPORTS._entries["wrong"]
    assert (tmp_path / "x.svg").read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["x.svg"]
