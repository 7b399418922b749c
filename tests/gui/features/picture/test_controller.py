"""Pictures come from files, the clipboard and drops, and are read in the background."""

import pytest
from PySide6.QtCore import QMimeData, QSettings, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from core.base.events import WeightsSeen
from gui.features.picture.controller import Pictures
from gui.session.jobs import Jobs
from gui.session.settings import Settings
from tests.support.bar_pictures import bars
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor


@pytest.fixture
def pictures(qtbot, themes, tmp_path):
    window, jobs = QWidget(), Jobs()
    qtbot.addWidget(window)
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = Pictures(jobs, window, themes, Settings(store))
    made.panel.setParent(window)
    made.model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    yield made
    jobs.shut_down()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "row.png"
    bars(80, 200, 320).save(path)
    return path


def wait(qtbot, pictures):
    qtbot.waitUntil(lambda: not pictures.model.busy, timeout=10_000)


def on_screen(*places):
    picture = bars(*places)
    data = picture.tobytes()
    kind = QImage.Format.Format_RGB888
    return QImage(data, picture.width, picture.height, 3 * picture.width, kind).copy()


def test_a_file_is_read_in_the_background(pictures, qtbot, file):
    with qtbot.waitSignal(pictures.wanted):
        pictures.open(file)
    assert pictures.model.busy
    wait(qtbot, pictures)
    assert pictures.model.reading == "333"
    assert pictures.model.picture.name == "row.png"


def test_a_picture_in_the_clipboard_is_pasted(pictures, qtbot):
    QGuiApplication.clipboard().setImage(on_screen(80, 200))
    assert pictures.paste()
    wait(qtbot, pictures)
    assert pictures.model.reading == "33"


def test_a_file_in_the_clipboard_is_pasted(pictures, qtbot, file):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    QGuiApplication.clipboard().setMimeData(data)
    assert pictures.paste()
    wait(qtbot, pictures)
    assert pictures.model.picture.name == "row.png"


def test_an_empty_clipboard_holds_no_picture(pictures):
    QGuiApplication.clipboard().clear()  # Qt may return no data at all, not even empty ones
    assert not pictures.paste()


def test_words_in_the_clipboard_are_no_picture(pictures):
    QGuiApplication.clipboard().setText("7")
    assert not pictures.paste()
    assert pictures.model.picture is None
    assert not pictures.model.busy


def test_of_dropped_data_only_pictures_are_taken(pictures, file):
    words, picture, other = QMimeData(), QMimeData(), QMimeData()
    words.setText("7")
    picture.setUrls([QUrl.fromLocalFile(str(file))])
    other.setUrls([QUrl.fromLocalFile(str(file.with_suffix(".h5")))])
    assert [pictures.accepts(each) for each in (words, picture, other)] == [False, True, False]
    assert not pictures.take(other)


def test_a_bad_file_is_explained_and_the_picture_before_stays(pictures, qtbot, file, tmp_path):
    pictures.open(file)
    wait(qtbot, pictures)
    (tmp_path / "bad.png").write_text("Dear Sir")
    pictures.open(tmp_path / "bad.png")
    wait(qtbot, pictures)
    assert "is not a picture" in pictures.model.note
    assert pictures.model.reading == "333"


def test_turning_twice_each_way_brings_the_picture_back(pictures, qtbot, file):
    pictures.open(file)
    wait(qtbot, pictures)
    before = pictures.model.picture.shown
    for quarters in (1, 1, -1, -1):
        pictures.turn(quarters)
        wait(qtbot, pictures)
    assert (pictures.model.picture.shown == before).all()
    pictures.turn(1)
    wait(qtbot, pictures)
    assert pictures.model.picture.shown.shape[:2] == before.shape[1::-1]


def test_reading_can_be_cancelled(pictures, qtbot, file, tmp_path):
    pictures.open(file)
    wait(qtbot, pictures)
    large = tmp_path / "large.png"
    bars(80).resize((4000, 2000)).save(large)
    pictures.open(large)
    pictures.cancel()
    assert not pictures.model.busy
    assert pictures.model.picture.name == "row.png"


def test_new_weights_are_followed(pictures, qtbot, file):
    network, params = blind_network()
    reader = predictor(network, params)
    pictures.model.set_predictor(reader, NAMES, SHAPE)
    pictures.open(file)
    wait(qtbot, pictures)
    network.views(params, 0)["biases"][7] = 9.0
    reader.set_params(params)
    pictures.model.accept([WeightsSeen(1, reader.params)])
    assert pictures.model.reading == "777"


def test_a_transparent_picture_keeps_its_transparency(pictures, qtbot):
    image = on_screen(100).convertToFormat(QImage.Format.Format_RGBA8888)
    pictures.take(_holding(image))
    wait(qtbot, pictures)
    assert pictures.model.reading == "3"


def _holding(image):
    data = QMimeData()
    data.setImageData(image)
    return data


def test_asking_opens_a_dialog_that_does_not_block(pictures, qtbot, file):
    pictures.ask_open()
    dialog = pictures.parent().findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(file))
    dialog.close()
    wait(qtbot, pictures)
    assert pictures.model.reading == "333"
