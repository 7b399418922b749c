"""The table of commands, and the situations that allow them."""

import pytest

from gui.session.phase import Phase, Situation
from gui.shell.actions import MENUS, all_actions, keys_of
from gui.style.icons import icon
from gui.style.theme import LIGHT

BUSY = [phase for phase in Phase if phase is not Phase.IDLE]


def allowed(key, **facts):
    spec = next(spec for spec in all_actions() if spec.key == key)
    return spec.allowed(Situation(**facts))


def mnemonics(texts):
    return [text[text.index("&") + 1].lower() for text in texts if "&" in text]


def test_keys_are_unique():
    keys = [spec.key for spec in all_actions()]
    assert len(set(keys)) == len(keys)


def test_no_two_shortcuts_of_any_command_are_the_same(qapp):
    shortcuts = [keys.toString() for spec in all_actions() for keys in keys_of(spec)]
    assert len(shortcuts) > 15
    assert sorted(set(shortcuts)) == sorted(shortcuts)


@pytest.mark.parametrize("title", [title for title, _ in MENUS])
def test_the_mnemonics_of_a_menu_are_unique(title):
    specs = dict(MENUS)[title]
    letters = mnemonics([spec.text for spec in specs if spec is not None])
    assert len(letters) == sum(spec is not None for spec in specs)
    assert len(set(letters)) == len(letters)


def test_the_mnemonics_of_the_menu_bar_are_unique():
    letters = mnemonics([title for title, _ in MENUS])
    assert len(set(letters)) == len(MENUS)


@pytest.mark.parametrize("words", ["Train", "Resume", "Continue", "Train further"])
def test_what_train_is_called_shares_no_mnemonic_with_its_menu(words):
    others = [spec for spec in dict(MENUS)["&Train"] if spec and spec.key != "run.train"]
    assert words[0].lower() not in mnemonics([spec.text for spec in others])


def test_every_command_has_a_tip_and_an_icon_that_exists(qapp):
    for spec in all_actions():
        assert spec.tip, spec.key
        if spec.icon:
            assert not icon(spec.icon, LIGHT).isNull(), spec.icon


@pytest.mark.parametrize("phase", BUSY)
def test_what_would_take_the_network_away_waits_for_the_trainings_end(phase):
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
def test_each_phase_allows_what_makes_sense_in_it(key, phases):
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
def test_a_command_waits_for_what_it_needs(key, fact):
    assert not allowed(key)
    assert allowed(key, **{fact: True})
