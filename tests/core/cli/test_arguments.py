"""Every argument of every command, with whatever a user may write there: a sentence, status 2."""

import argparse
import os
import socket
from functools import cache
from pathlib import Path

import pytest

from core.base.errors import SaveError
from core.cli.arguments import check_model_target
from core.cli.command import COMMANDS
from core.cli.console import build_parser, main
from core.data.reader import READERS
from core.data.readers import kinds_of_data
from core.exchange.exporter import EXPORTERS, REPORTS
from core.exchange.importer import IMPORTERS, ImportOptions
from core.imaging.photos.picture import FORMATS
from core.modelfile import load_model
from core.recipe.recipe import Recipe, to_dict
from tests.support.command_line import device
from tests.support.small_data import write_idx_folder

FOREIGN = Path(__file__).parents[2] / "data" / "foreign"
_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0

_NUMBERS = ("", " ", "nan", "inf", "-inf", "1e999", "-1", "1.5", "0x1", "one", "9" * 500, "²", "--")
_NAMES = ("", " ", "nan", "no such thing", "n" * 500, "../..", "-", "\udcff")
_INPUTS = (
    "", " ", ".", "/", "{folder}/at/all", "{folder}", "{junk}", "{empty}", "{file}/inside",
    "{loop}", "{dangling}", "n" * 300, "\udcff\udcfe.h5", "two\nlines", "-x", "--", "~nobody/x",
    "{secret}",
)  # fmt: skip
_OUTPUTS = (
    "", " /x", ".", "/", "{folder}", "{folder}/at/all.{end}", "{file}/inside.{end}", "{pipe}",
    "{socket}", "{to_pipe}", "{loop}", "{device}", "n" * 300, "-x", "--",
    "{guarded}/m.{end}",
)  # fmt: skip
_FOLDERS = (
    "", "{file}", "{file}/inside", "{pipe}", "{socket}", "{to_pipe}", "{loop}", "{device}",
    "n" * 300, "-x", "--", "{guarded}/m",
)  # fmt: skip
# What an argument is, by the name under which the commands know it.
_KINDS = {
    "recipe": tuple(one for one in _INPUTS if one != "{empty}"),  # which is the default one
    # The root of a machine may well have a folder with pictures in it.
    "data": tuple(one for one in _INPUTS if one != "/"),
    "model": _INPUTS, "file": _INPUTS, "images": _INPUTS,
    "out": _OUTPUTS, "show": _FOLDERS, "seed": _NUMBERS, "count": _NUMBERS, "format": _NAMES,
    "precision": _NAMES, "name": _NAMES, "set": _NAMES,
}  # fmt: skip


_ENTRIES = (*(EXPORTERS[key] for key in EXPORTERS), *(REPORTS[key] for key in REPORTS))


@cache
def _actions(command):
    """Return the arguments of a command that take a value."""
    (commands,) = [
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    return [each for each in commands.choices[command]._actions if each.nargs != 0]


def _kind(command, action):
    return "count" if (command, action.dest) == ("check", "images") else action.dest


_TABLE = [
    pytest.param(command, action, value, id=f"{command}-{action.dest}-{value[:20]!r}")
    for command in COMMANDS
    for action in _actions(command)
    for value in _KINDS[_kind(command, action)]
]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Return files and folders of all sorts, by name, and arguments that every command takes."""
    place = tmp_path_factory.mktemp("places")
    found = {
        name: place / name
        for name in ("folder", "junk", "empty", "file", "loop", "dangling", "secret", "pipe",
                     "socket", "to_pipe", "guarded")
    }  # fmt: skip
    found["folder"].mkdir()
    for name in ("junk", "file", "secret"):
        found[name].write_bytes(b"junk " * 100)
    found["empty"].touch()
    found["loop"].symlink_to(found["loop"])
    found["dangling"].symlink_to(place / "nothing")
    found["secret"].chmod(0)
    os.mkfifo(found["pipe"])
    found["to_pipe"].symlink_to(found["pipe"])
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(found["socket"]))
    found["guarded"].mkdir(mode=0o500)
    found["device"] = device(place)
    return found


class _Usual:
    """Arguments with which every command does something, and their files."""

    def __init__(self, folder: Path) -> None:
        self.digits = write_idx_folder(folder / "digits", side=28)
        self.model, self.picture = folder / "model.h5", folder / "digit.png"
        words = ["train", "--data", str(self.digits), "--set", "hidden=4", "--set", "epochs=1"]
        assert main([*words, "--out", str(self.model)]) == 0

        from PIL import Image

        Image.linear_gradient("L").resize((20, 20)).save(self.picture)

    def of(self, command: str, folder: Path) -> dict[str, list[str]]:
        """Return the words of each argument that must be there, by its name."""
        digits, model = ["--data", str(self.digits)], [str(self.model)]
        found = {
            "train": {"data": digits, "set": ["--set", "epochs=1"]},
            "evaluate": {"model": model, "data": digits},
            "predict": {"model": model, "images": [str(self.picture)]},
            "check": {"data": digits, "set": ["--set", "hidden=2"]},
            "download": {"name": ["mnist"]},
            "export": {"model": model, "out": [str(folder / "net.npz")]},
            "import": {"file": [str(FOREIGN / "torch_plain.pt")]},
        }
        assert set(found) == set(COMMANDS)
        return found[command]


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    return _Usual(tmp_path_factory.mktemp("usual"))


@pytest.mark.skipif(os.name == "nt", reason="there are no such files")
@pytest.mark.parametrize(("command", "action", "value"), _TABLE)
def test_whatever_an_argument_is_the_answer_is_a_sentence(
    command, action, value, places, usual, tmp_path, monkeypatch, capsys
):
    if _ROOT and value.startswith(("{secret}", "{guarded}")):
        pytest.skip("root may read and write everything")
    end = "npz" if command == "export" else "h5"
    value = value.format(**places, end=end)
    words = {**usual.of(command, tmp_path)}
    words[action.dest] = [action.option_strings[-1], value] if action.option_strings else [value]
    order = [each.dest for each in _actions(command)]
    arguments = [word for name in order for word in words.get(name, [])]
    monkeypatch.chdir(tmp_path)
    if command == "predict" and action.dest == "show":
        arguments = [*arguments[-2:], *arguments[:-2]]
    before = {name: path.lstat().st_mode for name, path in places.items()}
    assert main([command, *arguments]) == 2, capsys.readouterr()
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert list(tmp_path.rglob("*.part")) == []
    assert before == {name: path.lstat().st_mode for name, path in places.items()}


def _leaves(plain, prefix=""):
    items = plain.items() if isinstance(plain, dict) else enumerate(plain)
    for key, value in items:
        path = f"{prefix}{key}"
        if isinstance(value, (dict, list)):
            yield from _leaves(value, f"{path}.")
        else:
            yield path


@pytest.mark.parametrize("command", ["train", "check"])
@pytest.mark.parametrize("key", sorted(_leaves(to_dict(Recipe()))))
def test_no_value_of_a_setting_is_more_than_a_sentence(command, key, capsys):
    for value in (*_NUMBERS, *_NAMES, "[" * 3000, "true", "{a=1}"):
        assert main([command, "--data", "/nowhere/at/all", "--set", f"{key}={value}"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1


@pytest.mark.parametrize("key", list(ImportOptions.__dataclass_fields__))
def test_no_answer_to_an_importer_is_more_than_a_sentence(key, capsys):
    for value in ("", "nan", "-1", "9" * 500):  # each takes a child process
        model = str(FOREIGN / "torch_plain.pt")
        assert main(["import", model, "--set", f"{key}={value}"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1


# Names that are fine ------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
@pytest.mark.parametrize(
    "name",
    [
        "-x.h5",
        "\udcff.h5",
        *(
            pytest.param(name, marks=pytest.mark.slow)
            for name in ("a b", "two\nlines.h5", "m.hdf5", "v1.2")
        ),
    ],
)
def test_odd_names_are_names(name, usual, tmp_path, capsys):
    model = tmp_path / name
    train = ["train", "--data", str(usual.digits), "--set", "hidden=4", "--set", "epochs=1"]
    assert main([*train, "--out", str(model)]) == 0
    assert load_model(model).step > 0
    assert main(["evaluate", str(model), "--data", str(usual.digits), "--json"]) == 0
    picture = tmp_path / f"{name}.png"
    picture.write_bytes(usual.picture.read_bytes())
    shown = tmp_path / f"{name} shown"
    assert main(["predict", str(model), str(picture), "--show", str(shown)]) == 0
    assert (shown / f"{name}.png").is_file()
    for entry in _ENTRIES:
        out = tmp_path / f"{name}{entry.suffix}"
        assert main(["export", str(model), str(out)]) == 0, capsys.readouterr()
        assert out.is_file()
    assert main(["import", str(tmp_path / f"{name}.npz"), "-o", str(tmp_path / f"2{name}")]) == 0
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["m.h5", "m.hdf5", "M.H5", "m", "m.v2", ".h5", "best.model"])
def test_these_are_names_of_models(name, tmp_path):
    check_model_target(tmp_path / name)


@pytest.mark.parametrize(
    "name",
    [
        *(f"m{entry.suffix}" for entry in _ENTRIES),
        *("m.pt", "m.pth", "m.mat", "m.pkl.gz", "train-images-idx3-ubyte", "mine.toml"),
        *("m.txt", "m.NPZ", "m.jpg", "m.h5.onnx"),
    ],
)
def test_the_ending_of_another_format_is_refused(name, tmp_path):
    with pytest.raises(SaveError, match="another format") as caught:
        check_model_target(tmp_path / name)
    assert ".h5" in caught.value.hint
    exported = [entry.suffix for entry in _ENTRIES if name.lower().endswith(entry.suffix)]
    assert ("inkling export" in caught.value.hint) is bool(exported)


def test_what_a_command_reads_is_not_replaced(usual, tmp_path, capsys):
    recipe, model = tmp_path / "mine", tmp_path / "m.h5"
    recipe.write_text("hidden = [{ units = 3 }]\n", encoding="utf-8")
    model.write_bytes(usual.model.read_bytes())
    before = {path: path.read_bytes() for path in (recipe, model)}
    foreign = tmp_path / "keras.h5"
    foreign.write_bytes((FOREIGN / "keras3_convolution.h5").read_bytes())
    for words in (
        ["train", "--data", usual.digits, "--recipe", recipe, "--out", recipe],
        ["train", "--data", model, "--out", model],
        ["export", model, model, "--format", "npz"],
        ["export", model, tmp_path / "other.h5", "--format", "npz"],
        ["export", model, tmp_path / "other.onnx", "--format", "npz"],
        ["import", foreign, "-o", foreign],
    ):
        assert main([str(word) for word in words]) == 2
        _, err = capsys.readouterr()
        assert len(err.splitlines()) == 1
        assert "replaced" in err or "another format" in err
    assert before == {path: path.read_bytes() for path in before}


def test_a_link_to_a_file_is_followed(usual, tmp_path):
    target, link = tmp_path / "target.h5", tmp_path / "link.h5"
    target.write_bytes(b"old")
    link.symlink_to(target)
    words = ["train", "--data", str(usual.digits), "--set", "hidden=4", "--set", "epochs=1"]
    assert main([*words, "--out", str(link)]) == 0
    assert link.is_symlink()
    assert load_model(target).step > 0


# Help, and choices --------------------------------------------------------------------------


def test_help_names_every_kind_of_file(capsys):
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert len(kinds_of_data()) == len(READERS) - 1
    assert all(kind in told for kind in kinds_of_data())
    for command in ("train", "evaluate", "check", "export", "import"):
        assert main([command, "--help"]) == 0
        told = " ".join(capsys.readouterr().out.split()).replace("- ", "-")
        assert all(kind in told for kind in kinds_of_data()), command
    assert all(IMPORTERS[key].label in told for key in IMPORTERS)
    assert main(["export", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    for entry in _ENTRIES:
        assert f"{entry.suffix} ({entry.label})" in told
    assert main(["predict", "--help"]) == 0
    told = capsys.readouterr().out
    assert all(kind in told for kind in FORMATS)


def test_an_empty_name_is_not_the_folder_one_is_in(usual, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(usual.digits)
    for words in (["train"], ["check"], ["evaluate", usual.model], ["predict", usual.model, ""]):
        source = [] if words[0] == "predict" else ["--data", ""]
        assert main([str(word) for word in (*words, *source)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "empty" in err


def test_a_folder_without_digits_is_told_what_could_be_read(tmp_path, capsys):
    assert main(["train", "--data", str(tmp_path)]) == 2
    err = capsys.readouterr().err
    assert all(kind in err for kind in kinds_of_data())


def test_check_takes_the_settings_of_a_recipe(tmp_path, usual, capsys):
    words = ["check", "--data", str(usual.digits), "--set", "hidden=2,3", "--seed", "5", "--json"]
    assert main(words) == 0
    assert capsys.readouterr().out.count('"weights"') == 3


def test_the_table_knows_every_argument():
    used = {_kind(command, action) for command in COMMANDS for action in _actions(command)}
    assert used == set(_KINDS)
