"""Output that cannot be written: one sentence, another status, and nothing is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli.command import COMMANDS
from core.cli.console import main
from core.modelfile import load_model
from tests.support.command_line import PATIENCE_S, Home, command, drained, started, training
from tests.support.examples import quick_first

_FULL = Path("/dev/full")
_UNREAD = 141

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such streams")
needs_full = pytest.mark.skipif(not _FULL.exists(), reason="there is no /dev/full")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def model(home):
    path = home.folder / "model.h5"
    assert main(training(home, "--out", path, epochs=1)[3:]) == 0
    return path


@pytest.fixture
def commands(home, model, tmp_path):
    """Return arguments with which each command has something to say."""
    from PIL import Image

    picture = tmp_path / "digit.png"
    Image.new("L", (8, 8)).save(picture)
    Image.linear_gradient("L").resize((20, 20)).save(picture)
    foreign = Path(__file__).parents[2] / "data" / "foreign" / "torch_plain.pt"
    found = {
        "train": training(home, epochs=2)[3:],
        "evaluate": ["evaluate", model, "--data", home.digits],
        "predict": ["predict", model, picture],
        "check": ["check", "--data", home.digits, "--set", "hidden=2"],
        "download": ["download", "--list"],
        "export": ["export", model, tmp_path / "net.npz", "--data", home.digits],
        "import": ["import", foreign, "-o", tmp_path / "taken.h5"],
    }
    assert set(found) == set(COMMANDS)
    return found


def _with(home, words, how):
    """Run the program with its standard output full, closed, or a pipe that nobody reads."""
    if how == "full":
        with _FULL.open("wb") as full:
            process = started(home, command(*words), stdout=full)
            return process, drained(process)[1]
    if how == "closed":
        shell = ["sh", "-c", 'exec "$@" >&-', "sh", *command(*words)]
        process = started(home, shell, stdout=None)
        return process, drained(process)[1]
    read, write = os.pipe()
    os.close(read)
    process = started(home, command(*words), stdout=write)
    os.close(write)
    return process, drained(process)[1]


_NEEDS = {"full": [needs_full]}
_WAYS = [pytest.param("full", marks=needs_full), "closed", "unread"]


def _cases():
    """Return all commands and ways; each takes a process, so that few are quick."""
    for name in COMMANDS:
        for as_json in (False, True):
            for how in ("full", "closed", "unread"):
                quick = (how == "full" or name == "evaluate") and not as_json
                marks = [*_NEEDS.get(how, []), *([] if quick else [pytest.mark.slow])]
                words = f"{name}-{'json' if as_json else 'words'}-{how}"
                yield pytest.param(name, as_json, how, id=words, marks=marks)


@pytest.mark.parametrize(("name", "as_json", "how"), list(_cases()))
def test_every_command_says_so_in_a_sentence(name, as_json, how, commands, home):
    words = [*commands[name], *(["--json"] if as_json else [])]
    process, errors = _with(home, words, how)
    if how == "unread":
        assert (process.returncode, errors) == (_UNREAD, "")
        return
    assert process.returncode == 2
    (line,) = errors.splitlines()
    assert line.startswith("The output could not be written: ")


@pytest.mark.parametrize("how", _WAYS)
@pytest.mark.parametrize(
    "words",
    [
        ["train", "--help"],
        pytest.param(["--help"], marks=pytest.mark.slow),
        pytest.param(["--version"], marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_help_that_cannot_be_written_is_no_success(words, how, home):
    process, errors = _with(home, words, how)
    assert process.returncode == (_UNREAD if how == "unread" else 2)
    assert len(errors.splitlines()) == (how != "unread")


@pytest.mark.parametrize("how", _WAYS)
@pytest.mark.parametrize(
    "as_json", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["words", "json"]
)
def test_a_training_that_nobody_hears_of_is_done_and_saved(as_json, how, home, tmp_path):
    out = tmp_path / "m.h5"
    words = training(home, "--out", out, *(["--json"] if as_json else []), epochs=3)[3:]
    _, errors = _with(home, words, how)
    run = load_model(out)
    assert run.step == run.target
    assert (f"The network is saved as {out}." in errors) is (how != "unread")


def test_who_reads_a_line_and_goes_away_hears_no_more(home, tmp_path):
    """As `inkling train --out m.h5 | head -1` does."""
    out = tmp_path / "m.h5"
    process = started(home, training(home, "--out", out, epochs=300))
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(PATIENCE_S) == _UNREAD
    run = load_model(out)
    assert run.step == run.target
    process.stderr.close()


@pytest.mark.parametrize("redirection", quick_first([">&- 2>&- <&-", ">&- 2>&-", "2>&-"], 1))
def test_with_all_streams_closed_a_training_is_saved(redirection, home, tmp_path):
    """A file that was opened next would get the number of the error stream."""
    out = tmp_path / "m.h5"
    shell = ["sh", "-c", f'exec "$@" {redirection}', "sh"]
    done = subprocess.run(
        [*shell, *training(home, "--out", out, epochs=2)], capture_output=True, check=False,
        env=home.environment(), cwd=home.folder,
    )  # fmt: skip
    assert done.stderr == b""
    assert done.returncode == (2 if ">&- 2" in redirection else 0)
    run = load_model(out)
    assert run.step == run.target


@needs_full
def test_an_error_that_cannot_be_written_is_still_a_status(home):
    with _FULL.open("wb") as full:
        process = started(home, command("train", "--recipe", "no-such"), stderr=full)
        assert drained(process)[0] == ""
    assert process.returncode == 2
