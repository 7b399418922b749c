"""What is remembered from one start to the next."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from gui.session.settings import Settings
from tests.support.examples import examples


@pytest.fixture
def again(tmp_path):
    """Opens the same settings file anew, as the next start does."""

    def make():
        return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))

    return make


def files(folder, count):
    made = [folder / f"{number}.h5" for number in range(count)]
    for path in made:
        path.touch()
    return made


def test_theme_folder_and_layout_come_back(again, tmp_path):
    first = again()
    first.theme, first.folder = "dark", tmp_path
    first.set_layout("state", QByteArray(b"\0\1bytes"))
    first.sync()
    second = again()
    assert (second.theme, second.last_folder) == ("dark", tmp_path)
    assert second.folder == Path.home()  # until somebody has looked whether it is there
    second.trust_folder(tmp_path)
    assert second.folder == tmp_path
    assert second.layout("state") == QByteArray(b"\0\1bytes")


def test_an_empty_file_gives_the_defaults(again):
    fresh = again()
    assert fresh.theme == "system"
    assert fresh.folder == Path.home()
    assert fresh.recent == []
    assert fresh.layout("state").isEmpty()


def test_values_that_make_no_sense_give_the_defaults(tmp_path, again):
    (tmp_path / "s.ini").write_text(
        "[look]\ntheme=pink\n[files]\nfolder=not/absolute\nrecent=\n[layout]\nstate=7\n"
    )
    spoilt = again()
    assert spoilt.theme == "system"
    assert spoilt.folder == Path.home()
    assert spoilt.last_folder is None
    assert spoilt.chosen_data == []
    assert spoilt.recent == []
    assert spoilt.layout("state").isEmpty()


@pytest.mark.parametrize("count", [1, 3])
def test_recent_files_come_back_newest_first(again, tmp_path, count):
    made = files(tmp_path, count)
    first = again()
    for path in made:
        first.add_recent(path)
    first.sync()
    assert again().recent == made[::-1]


def test_a_file_opened_again_moves_to_the_top(again, tmp_path):
    one, two = files(tmp_path, 2)
    settings = again()
    for path in (one, two, one):
        settings.add_recent(path)
    assert settings.recent == [one, two]


def test_ten_recent_files_are_kept(again, tmp_path):
    made = files(tmp_path, 12)
    settings = again()
    for path in made:
        settings.add_recent(path)
    assert settings.recent == made[:1:-1]


@pytest.mark.parametrize("count", [1, 60])
def test_the_latest_digits_that_the_user_opened_are_known_again(again, count):
    first = again()
    for number in [*range(count), 0]:
        first.add_chosen_data(f"/digits/{number}")
    first.sync()
    found = again().chosen_data
    assert found[0] == "/digits/0"
    assert len(found) == len(set(found)) == min(count, 50)


def test_clearing_forgets_all_and_says_so(again, tmp_path, qtbot):
    settings = again()
    settings.add_recent(files(tmp_path, 1)[0])
    with qtbot.waitSignal(settings.recent_changed):
        settings.clear_recent()
    assert settings.recent == []


_NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="/\0"), min_size=1,
                 max_size=40).filter(lambda name: name not in (".", ".."))  # fmt: skip


@examples(0.5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(_NAMES, min_size=1, max_size=10, unique=True),
    theme=st.sampled_from(["system", "light", "dark"]),
    grid=st.booleans(),
    autosave=st.booleans(),
    layout=st.binary(max_size=300),
)
def test_whatever_is_remembered_comes_back(tmp_path_factory, names, theme, grid, autosave, layout):
    place = tmp_path_factory.mktemp("settings")
    made = [place / f"{name}.h5" for name in names]
    for path in made:
        path.touch()
    file = str(place / "s.ini")
    first = Settings(QSettings(file, QSettings.Format.IniFormat))
    first.theme, first.grid, first.autosave, first.folder = theme, grid, autosave, place
    first.set_layout("state", QByteArray(layout))
    for path in made:
        first.add_recent(path)
    first.sync()
    del first
    again = Settings(QSettings(file, QSettings.Format.IniFormat))
    assert again.recent == made[::-1]
    assert (again.theme, again.grid, again.autosave) == (theme, grid, autosave)
    assert again.last_folder == place
    assert again.layout("state").data() == layout
    assert again.set_aside is None


def test_names_that_no_system_has_are_left_out(again, tmp_path):
    (good,) = files(tmp_path, 1)
    first = again()
    first._store.setValue("files/recent", ["x" * 5000, "a\0b", str(good), *["y"] * 100_000])
    first._store.setValue("files/folder", "/" + "x" * 100_000)
    first._store.setValue("layout/state", QByteArray(b"x" * (2 << 20)))
    first.sync()
    spoilt = again()
    assert spoilt.recent == [good, *[Path("y")] * 9]  # whether they are there is not asked here
    assert spoilt.folder == Path.home()
    assert spoilt.layout("state").isEmpty()


def test_a_damaged_file_is_kept_under_another_name_and_what_is_left_of_it_counts(tmp_path):
    path, damaged = tmp_path / "torn.ini", b"[look]\ntheme=dark\n[files\nrecent=/home/me/my"
    path.write_bytes(damaged)
    torn = Settings(QSettings(str(path), QSettings.Format.IniFormat))
    assert torn.theme == "dark"
    torn.grid = True
    torn.sync()
    assert torn.set_aside == tmp_path / "torn-damaged-1.ini"
    assert torn.set_aside.read_bytes() == damaged


def test_the_window_says_that_the_settings_were_damaged(qtbot, make_driver, tmp_path):
    (tmp_path / "settings.ini").write_bytes(b"[look]\ntheme=dark\n[files\nrecent=/home/me/my")
    driver = make_driver()
    driver.all.start()
    driver.wait(lambda: "settings is damaged" in driver.message)
    assert (tmp_path / "settings-damaged-1.ini").exists()
