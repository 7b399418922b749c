"""The way into the program: what its first word means."""

from core.cli.command import COMMANDS
from core.cli.console import build_parser
from gui.__main__ import COMMAND_NAMES, main


def test_the_names_that_mean_a_command_are_the_commands():
    assert build_parser().prog == "inkling"
    assert set(COMMANDS) == COMMAND_NAMES


def test_a_command_is_one_even_where_a_folder_is_called_so(tmp_path, monkeypatch, capsys):
    (tmp_path / "predict").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["predict", "nowhere.h5", "nowhere.png", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere.h5" in err


def test_version_and_help_need_no_window(capsys):
    assert main(["--version"]) == 0
    assert main(["--help"]) == 0
    assert "inkling tour OUTDIR" in capsys.readouterr().out


def test_an_empty_word_is_no_folder_to_open(capsys):
    assert main([""]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_word_too_long_for_a_file_is_no_command(capsys):
    assert main(["x" * 5000]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
