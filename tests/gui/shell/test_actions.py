"""The table of commands, and the situations that allow them."""

import pytest
from PySide6.QtCore import QSettings

from gui.session.action import ActionSpec, keys_of
from gui.session.feature import Command
from gui.session.phase import Phase, Situation
from gui.session.settings import Settings
from gui.shell.actions import SKELETON, menus_with, specs_of
from gui.shell.app import Inkling
from gui.style.icons import icon
from gui.style.theme import LIGHT
from tests.support.program import end_program

BUSY = [phase for phase in Phase if phase is not Phase.IDLE]


@pytest.fixture(scope="module")
def menus(qapp, tmp_path_factory):
    """The menus of the real program, with the commands of all its features."""
    folder = tmp_path_factory.mktemp("menus")
    store = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    inkling = Inkling(qapp, Settings(store), folder)
    yield inkling.window.menus
    end_program(inkling)


@pytest.fixture
def specs(menus):
    return specs_of(menus)


@pytest.fixture
def allowed(specs):
    def tell(key, **facts):
        spec = next(spec for spec in specs if spec.key == key)
        return spec.allowed(Situation(**facts))

    return tell


def mnemonics(texts):
    return [text[text.index("&") + 1].lower() for text in texts if "&" in text]


def test_keys_are_unique(specs):
    keys = [spec.key for spec in specs]
    assert len(set(keys)) == len(keys)


def test_no_two_shortcuts_of_any_command_are_the_same(specs):
    shortcuts = [keys.toString() for spec in specs for keys in keys_of(spec)]
    assert len(shortcuts) > 15
    assert sorted(set(shortcuts)) == sorted(shortcuts)


@pytest.mark.parametrize("title", [title for title, _ in SKELETON])
def test_the_mnemonics_of_a_menu_are_unique(menus, title):
    specs = dict(menus)[title]
    letters = mnemonics([spec.text for spec in specs if spec is not None])
    assert len(letters) == sum(spec is not None for spec in specs)
    assert len(set(letters)) == len(letters)


def test_the_mnemonics_of_the_menu_bar_are_unique():
    letters = mnemonics([title for title, _ in SKELETON])
    assert len(set(letters)) == len(SKELETON)


@pytest.mark.parametrize("words", ["Train", "Resume", "Continue", "Train further"])
def test_what_train_is_called_shares_no_mnemonic_with_its_menu(menus, words):
    others = [spec for spec in dict(menus)["&Train"] if spec and spec.key != "run.train"]
    assert words[0].lower() not in mnemonics([spec.text for spec in others])


def test_every_command_has_a_tip_and_an_icon_that_exists(specs):
    for spec in specs:
        assert spec.tip, spec.key
        if spec.icon:
            assert not icon(spec.icon, LIGHT).isNull(), spec.icon


@pytest.mark.parametrize("phase", BUSY)
def test_what_would_take_the_network_away_waits_for_the_trainings_end(allowed, phase):
    for key in ("file.new", "file.open", "data.builtin", "run.again", "run.previous"):
        assert not allowed(key, phase=phase, has_data=True, has_run=True, has_previous=True)


@pytest.mark.parametrize(
    ("key", "phases"),
    [
        ("run.train", {Phase.IDLE, Phase.PAUSING, Phase.PAUSED}),
        ("run.pause", {Phase.RUNNING}),
        ("run.step", {Phase.IDLE, Phase.PAUSED}),
        ("run.stop", {Phase.RUNNING, Phase.PAUSING, Phase.PAUSED}),
        ("file.save", set(Phase)),
        ("file.quit", set(Phase)),
    ],
)
def test_each_phase_allows_what_makes_sense_in_it(allowed, key, phases):
    facts = {"has_data": True, "has_run": True}
    assert {phase for phase in Phase if allowed(key, phase=phase, **facts)} == phases


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ("file.save", "has_run"),
        ("file.save_as", "has_run"),
        ("run.step", "has_data"),
        ("run.again", "has_data"),
        ("run.previous", "has_previous"),
        ("edit.undo", "can_undo"),
        ("edit.redo", "can_redo"),
    ],
)
def test_a_command_waits_for_what_it_needs(allowed, key, fact):
    assert not allowed(key)
    assert allowed(key, **{fact: True})


def added(key, group):
    return Command(ActionSpec(key, key, "A command of a test"), lambda: None, group)


def keys_in(menus, title):
    return [spec and spec.key for spec in dict(menus)[title]]


def test_commands_of_features_stand_in_their_groups_in_their_order():
    menus = menus_with([added("x.one", "data"), added("x.two", "data"), added("x.three", "docks")])
    file, view = keys_in(menus, "&File"), keys_in(menus, "&View")
    first = file.index("data.open_folder")
    assert file[first : first + 5] == [
        "data.open_folder", "x.one", "x.two", "data.builtin", None,
    ]  # fmt: skip
    assert view[-3:] == [None, "x.three", "view.reset"]


def test_a_group_without_commands_leaves_no_line():
    for _, lines in menus_with([]):
        assert lines[0] is not None
        assert lines[-1] is not None
        assert all(lines[i] or lines[i + 1] for i in range(len(lines) - 1))
    assert keys_in(menus_with([]), "&Edit") == ["edit.undo", "edit.redo"]


def test_a_command_for_a_group_that_is_not_there_is_a_fault():
    with pytest.raises(ValueError, match="'nowhere'.*data"):
        menus_with([added("x.one", "nowhere")])
