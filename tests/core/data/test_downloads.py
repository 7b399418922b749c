"""Downloads from a mirror on this computer that behaves as badly as the real ones do."""

import errno
import gzip
import hashlib
import json
import struct
import subprocess
import sys
import threading
import zipfile

import numpy as np
import pytest

from core.base.errors import DownloadError, reason
from core.cli.console import main
from core.data.downloads import cache_folder, cached, entry_at, fetch, in_part, megabytes
from core.data.downloads.catalogue import CATALOGUE, Download, Member, RemoteFile
from core.data.readers import open_dataset
from core.data.readers.opening import MNIST_FINGERPRINT
from tests.support.local_mirror import (
    Mirror,
    answers,
    breaks_off,
    endless,
    honest,
    ignores_range,
    redirects_to,
    silent,
    stalls,
    web_page,
    without_length,
    wrong_bytes,
    wrong_piece,
)

_BIG = np.random.default_rng(1).bytes(400_000)
_SMALL = np.random.default_rng(2).bytes(3_000)
_FILES = {"big.bin": _BIG, "small.bin": _SMALL}
_NOBODY = "http://127.0.0.1:9/"  # the port "discard", which nothing listens on


class _Stop(Exception):  # noqa: N818 - what a caller raises to give up
    pass


def _remote(name, content):
    return RemoteFile(name, len(content), hashlib.sha256(content).hexdigest())


def _entry(files=_FILES, members=()):
    remote = tuple(_remote(name, content) for name, content in files.items())
    return Download("test", "Test digits", "A few.", "none", ("0", "1"), remote, (), members)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def serve():
    made = []

    def start(manner, files=_FILES):
        made.append(Mirror(dict(files), manner))
        return made[-1]

    yield start
    for mirror in made:
        mirror.close()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


def _fetch(folder, *mirrors, progress=None, patience=5.0, entry=None):
    urls = [mirror if isinstance(mirror, str) else mirror.url for mirror in mirrors]
    return fetch(entry or _entry(), folder, progress, urls, patience)


def _names(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def _is_whole(folder):
    return {name: (folder / name).read_bytes() for name in _names(folder)} == _FILES


def test_the_files_end_up_in_the_folder_byte_for_byte(serve, folder):
    assert _fetch(folder, serve(honest)) == folder
    assert _is_whole(folder)


def test_what_is_here_is_used_without_asking_anybody(serve, folder):
    mirror = serve(honest)
    _fetch(folder, mirror)
    mirror.asked.clear()
    assert _fetch(folder, mirror) == folder
    assert _fetch(folder, _NOBODY) == folder
    assert cached(_entry(), folder) == folder
    assert mirror.asked == []


def test_nothing_is_here_before_the_download(folder):
    assert cached(_entry(), folder) is None
    assert in_part(_entry(), folder) == 0


@pytest.mark.parametrize(
    "bad",
    [
        answers(404),
        answers(403),
        answers(500),
        answers(503),
        answers(200),  # a page that asks to log in
        answers(200, bytes(400_000)),  # the right size, by chance
        wrong_bytes,
        breaks_off(100_000),
        breaks_off(0),
        endless,
    ],
    ids=["404", "403", "500", "503", "page", "zeros", "wrong", "broken", "empty", "endless"],
)
def test_after_a_bad_mirror_the_next_one_is_asked(serve, folder, bad):
    good = serve(honest)
    _fetch(folder, serve(bad), good)
    assert _is_whole(folder)
    assert good.asked[0][0] == "big.bin"


def test_a_mirror_that_is_not_there_is_passed_over(serve, folder):
    _fetch(folder, _NOBODY, "http://nowhere.invalid/", serve(honest))
    assert _is_whole(folder)


@pytest.mark.parametrize("bad", [silent, stalls(50_000)], ids=["silent", "stalled"])
def test_a_mirror_that_says_nothing_any_more_is_given_up(serve, folder, bad):
    mirror = serve(bad)
    _fetch(folder, mirror, serve(honest), patience=0.3)
    assert _is_whole(folder)
    assert mirror.held.is_set()


def test_a_redirection_is_followed(serve, folder):
    _fetch(folder, serve(redirects_to(serve(honest).url)))
    assert _is_whole(folder)


def test_a_mirror_that_sends_us_in_circles_is_passed_over(serve, folder):
    circle = serve(honest)
    circle.manner = redirects_to(circle.url)
    with pytest.raises(DownloadError, match="in circles"):
        _fetch(folder, circle)


def test_a_mirror_that_does_not_tell_the_size_will_do(serve, folder):
    _fetch(folder, serve(without_length))
    assert _is_whole(folder)


def test_the_mirror_that_had_one_file_is_asked_first_for_the_next(serve, folder):
    bad, good = serve(answers(404)), serve(honest)
    _fetch(folder, bad, good)
    assert [name for name, _ in bad.asked] == ["big.bin"]


def test_an_interrupted_file_is_gone_on_with_where_it_broke_off(serve, folder):
    mirror = serve(breaks_off(100_000))
    good = serve(honest)
    _fetch(folder, mirror, good)
    assert good.asked[0] == ("big.bin", f"bytes={mirror_kept(good)}-")
    assert _is_whole(folder)


def mirror_kept(mirror):
    return int(mirror.asked[0][1].removeprefix("bytes=").removesuffix("-"))


def test_a_mirror_that_breaks_off_again_and_again_gets_there_in_the_end(serve, folder):
    mirror = serve(breaks_off(100_000))
    _fetch(folder, mirror)
    assert _is_whole(folder)
    assert len(mirror.asked) >= 4


def test_a_server_that_cannot_begin_in_the_middle_begins_anew(serve, folder):
    _give_up_after(serve, folder, 100_000)
    mirror = serve(ignores_range)
    _fetch(folder, mirror)
    assert mirror.asked[0][1] is not None
    assert _is_whole(folder)


def test_another_piece_than_was_asked_for_is_refused(serve, folder):
    _give_up_after(serve, folder, 100_000)
    with pytest.raises(DownloadError, match="another piece"):
        _fetch(folder, serve(wrong_piece))
    assert not (folder / "big.bin").exists()
    _fetch(folder, serve(honest))
    assert _is_whole(folder)


def test_a_web_page_does_not_cost_the_piece_that_is_kept(serve, folder):
    _give_up_after(serve, folder, 200_000)
    kept = in_part(_entry(), folder)
    with pytest.raises(DownloadError, match="a web page"):
        _fetch(folder, serve(web_page))
    assert in_part(_entry(), folder) == kept


def test_a_kept_piece_that_is_wrong_does_not_spoil_the_only_good_mirror(serve, folder):
    folder.mkdir()
    (folder / "big.bin.part").write_bytes(b"<html>Please log in</html>")
    _fetch(folder, serve(honest))
    assert _is_whole(folder)


def test_a_kept_piece_that_is_too_long_is_thrown_away(serve, folder):
    folder.mkdir()
    (folder / "big.bin.part").write_bytes(bytes(400_001))
    mirror = serve(honest)
    _fetch(folder, mirror)
    assert mirror.asked[0] == ("big.bin", None)
    assert _is_whole(folder)


def test_a_kept_piece_that_is_all_there_needs_no_mirror_any_more(serve, folder):
    folder.mkdir()
    (folder / "big.bin.part").write_bytes(_BIG)
    mirror = serve(honest)
    _fetch(folder, mirror)
    assert [name for name, _ in mirror.asked] == ["small.bin"]
    assert _is_whole(folder)


def _give_up_after(serve, folder, count):
    """Give up while the mirror holds its answer back after `count` bytes."""
    mirror = serve(stalls(count))

    def stop(progress):
        if progress.done >= count - (1 << 15) and progress.done and mirror.held.is_set():
            raise _Stop

    with pytest.raises(_Stop):
        _fetch(folder, mirror, progress=stop, patience=60)
    return mirror


def test_giving_up_in_the_middle_keeps_a_piece_and_no_finished_file(serve, folder):
    _give_up_after(serve, folder, 200_000)
    assert _names(folder) == ["big.bin.part"]
    kept = (folder / "big.bin.part").read_bytes()
    assert kept == _BIG[: len(kept)]
    assert in_part(_entry(), folder) == len(kept) > 100_000
    assert cached(_entry(), folder) is None
    good = serve(honest)
    _fetch(folder, good)
    assert good.asked[0] == ("big.bin", f"bytes={len(kept)}-")
    assert _is_whole(folder)


@pytest.mark.parametrize("manner", [silent, stalls(200_000)], ids=["silent", "stalled"])
def test_giving_up_does_not_wait_for_what_the_mirror_says_next(serve, folder, manner):
    """It says nothing before it is let go at this test's end, and nobody loses patience."""
    mirror = serve(manner)

    def stop(_progress):
        if mirror.held.is_set():
            raise _Stop

    with pytest.raises(_Stop):
        _fetch(folder, mirror, progress=stop, patience=3600)
    assert mirror.held.is_set()


def test_the_thread_that_reads_ends_when_it_is_let_go_of(serve, folder):
    _give_up_after(serve, folder, 200_000)
    for thread in threading.enumerate():
        if thread.name == "download":
            thread.join()


def test_when_all_mirrors_fail_one_sentence_says_what_each_did(serve, folder):
    absent, wrong, broken = serve(answers(404)), serve(wrong_bytes), serve(breaks_off(1_000))
    with pytest.raises(DownloadError) as caught:
        _fetch(folder, absent, wrong, broken, _NOBODY)
    message = caught.value.message
    for mirror, words in (
        (absent, "does not have the file (404)"),
        (wrong, "sent the wrong bytes"),
        (broken, "broke off"),
    ):
        assert f"{mirror.url.split('/')[2]} {words}" in message
    assert "127.0.0.1:9 cannot be reached" in message
    assert str(folder) in caught.value.hint
    assert "\n" not in caught.value.sentence
    assert not (folder / "big.bin").exists()


def test_wrong_bytes_leave_nothing_behind(serve, folder):
    with pytest.raises(DownloadError):
        _fetch(folder, serve(wrong_bytes))
    assert _names(folder) == []


def test_a_mirror_that_never_stops_cannot_fill_the_disk(serve, folder):
    sizes = []

    def look(_progress):
        sizes.append(sum(path.stat().st_size for path in folder.iterdir()))

    with pytest.raises(DownloadError, match="more than the file has"):
        _fetch(folder, serve(endless), progress=look)
    assert max(sizes) <= len(_BIG)
    assert _names(folder) == []


def test_the_progress_counts_all_files_and_never_goes_past_the_end(serve, folder):
    told = []
    _fetch(folder, serve(honest), progress=told.append)
    assert {each.total for each in told} == {len(_BIG) + len(_SMALL)}
    done = [each.done for each in told]
    assert done == sorted(done)
    assert done[0] == 0
    assert told[-1].share == 1.0
    assert all(each.mirror.startswith("127.0.0.1:") for each in told)


def test_the_speed_and_the_time_left_are_told(serve, folder):
    mirror, told = serve(stalls(200_000)), []

    def look(progress):
        told.append(progress)
        if progress.speed:
            mirror.go_on.set()

    _fetch(folder, mirror, progress=look, patience=60)
    timed = next(each for each in told if each.speed)
    assert timed.doing == "downloading"
    assert 0 < timed.speed <= 200_000 / 0.4
    left = (timed.total - timed.done) / timed.speed
    assert timed.seconds_left == pytest.approx(left)
    assert told[0].seconds_left is None


def test_two_downloads_of_the_same_do_not_get_into_each_others_way(serve, folder):
    mirror, results = serve(stalls(100_000)), []
    first = threading.Thread(target=lambda: results.append(_fetch(folder, mirror, patience=60)))
    first.start()
    mirror.held.wait(30)
    begun = threading.Event()

    def look(_progress):
        begun.set()

    second = threading.Thread(
        target=lambda: results.append(_fetch(folder, mirror, progress=look, patience=60))
    )
    second.start()
    assert begun.wait(30)
    mirror.manner = honest
    mirror.go_on.set()
    first.join(30)
    second.join(30)
    assert results == [folder, folder]
    assert [name for name, _ in mirror.asked] == ["big.bin", "small.bin"]


def test_files_put_there_by_hand_are_recognised(folder):
    folder.mkdir()
    for name, content in _FILES.items():
        (folder / name).write_bytes(content)
    assert cached(_entry(), folder) == folder
    assert _fetch(folder, _NOBODY) == folder


@pytest.mark.parametrize("change", ["flipped", "shorter", "gone"])
def test_a_file_that_was_changed_is_fetched_again(serve, folder, change):
    mirror = serve(honest)
    _fetch(folder, mirror)
    path = folder / "small.bin"
    path.unlink()
    if change != "gone":
        path.write_bytes(b"!" + _SMALL[1:] if change == "flipped" else _SMALL[:-1])
    mirror.asked.clear()
    assert cached(_entry(), folder) is None
    _fetch(folder, mirror)
    assert [name for name, _ in mirror.asked] == ["small.bin"]
    assert _is_whole(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"big.bin": 3}', '{"big.bin": [1, 2, 3]}'])
def test_a_damaged_receipt_only_costs_reading_the_files(serve, folder, text):
    _fetch(folder, serve(honest))
    (folder / ".checked.json").write_text(text)
    assert cached(_entry(), folder) == folder


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(serve, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DownloadError, match="could not be kept") as caught:
        _fetch(tmp_path / "file" / "kept", serve(honest))
    assert reason(OSError(errno.ENOTDIR, "")) in caught.value.message


def test_a_disk_without_room_is_told_before_anything_is_asked_for(serve, folder):
    huge = Download("huge", "Huge digits", "", "", (), (RemoteFile("huge", 1 << 60, "0" * 64),), ())
    mirror = serve(honest)
    with pytest.raises(DownloadError, match="MB free"):
        _fetch(folder, mirror, entry=huge)
    assert mirror.asked == []


def test_a_disk_that_fills_up_is_told_in_a_sentence_and_gets_its_room_back(serve, folder):
    pytest.importorskip("resource")
    mirror = serve(honest)
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from core.data.downloads.catalogue import Download, RemoteFile\n"
        "from core.data.downloads import fetch\n"
        "from core.base.errors import DownloadError\n"
        "import pooch, requests\n"
        "url, folder, size, total = sys.argv[1:]\n"
        "file = RemoteFile('big.bin', int(size), total)\n"
        "entry = Download('t', 'Test digits', '', '', (), (file,), (url,))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "try:\n"
        "    fetch(entry, Path(folder))\n"
        "except DownloadError as error:\n"
        "    print(error.sentence)\n"
    )
    total = hashlib.sha256(_BIG).hexdigest()
    done = subprocess.run(
        [sys.executable, "-c", program, mirror.url, str(folder), str(len(_BIG)), total],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "could not be kept" in done.stdout
    assert reason(OSError(errno.EFBIG, "")) in done.stdout
    assert _names(folder) == []


@pytest.mark.slow
def test_the_real_mnist_arrives_byte_for_byte_and_opens_as_mnist(serve, folder, shared_data):
    source, entry = shared_data("mnist"), CATALOGUE["mnist"]
    files = {file.name: (source / file.name).read_bytes() for file in entry.files}
    _fetch(folder, serve(answers(500)), serve(breaks_off(4_000_000), files), entry=entry)
    assert {name: (folder / name).read_bytes() for name in _names(folder)} == files
    dataset = open_dataset(folder)
    assert dataset.name == "MNIST"
    assert dataset.fingerprint() == MNIST_FINGERPRINT


@pytest.mark.slow
def test_the_real_mnist_is_found_in_a_folder_it_was_copied_to(tmp_path, shared_data):
    for path in shared_data("mnist").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert cached(CATALOGUE["mnist"], tmp_path) == tmp_path


# -- archives ----------------------------------------------------------------------------------


def _idx(array):
    shape = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes((0, 0, 8, array.ndim)) + shape + array.tobytes()


_IMAGES = np.random.default_rng(3).integers(0, 256, (7, 28, 28), np.uint8)
_LABELS = np.arange(7, dtype=np.uint8)
_MEMBERS = (
    Member("gzip/a-train-images-idx3-ubyte.gz", "a-train-images-idx3-ubyte", (7, 28, 28)),
    Member("gzip/a-train-labels-idx1-ubyte.gz", "a-train-labels-idx1-ubyte", (7,)),
)


def _archive(path, images=_IMAGES, labels=_LABELS):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("gzip/readme.txt", b"not wanted")
        archive.writestr(_MEMBERS[0].path, gzip.compress(_idx(images)))
        archive.writestr(_MEMBERS[1].path, gzip.compress(_idx(labels)))
    return path.read_bytes()


def test_only_the_digits_are_taken_out_of_an_archive_and_set_upright(serve, folder, tmp_path):
    files = {"all.zip": _archive(tmp_path / "all.zip", _IMAGES.transpose(0, 2, 1))}
    entry, told = _entry(files, _MEMBERS), []
    _fetch(folder, serve(honest, files), entry=entry, progress=told.append)
    assert _names(folder) == sorted(member.name for member in _MEMBERS)
    dataset = open_dataset(folder)
    np.testing.assert_array_equal(dataset.train.images, _IMAGES)
    np.testing.assert_array_equal(dataset.train.labels, _LABELS)
    assert told[-1].doing == "unpacking"
    assert told[-1].share == 1.0
    assert cached(entry, folder) == folder
    assert _fetch(folder, _NOBODY, entry=entry) == folder


def test_what_was_taken_out_is_known_again_when_only_its_time_stamp_changed(
    serve, folder, tmp_path
):
    files = {"all.zip": _archive(tmp_path / "all.zip")}
    entry = _entry(files, _MEMBERS)
    _fetch(folder, serve(honest, files), entry=entry)
    path = folder / _MEMBERS[0].name
    content = path.read_bytes()
    path.write_bytes(content)
    assert cached(entry, folder) == folder
    path.write_bytes(content[:-1] + b"!")
    assert cached(entry, folder) is None


@pytest.mark.parametrize("count", [6, 8])
def test_an_archive_with_more_or_fewer_digits_is_refused(serve, folder, tmp_path, count):
    images = np.zeros((count, 28, 28), np.uint8)
    files = {"all.zip": _archive(tmp_path / "all.zip", images)}
    with pytest.raises(DownloadError, match="does not hold the digits"):
        _fetch(folder, serve(honest, files), entry=_entry(files, _MEMBERS))
    assert _names(folder) == ["all.zip"]


def test_an_archive_with_more_bytes_than_it_declares_is_refused(serve, folder, tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        bomb = _idx(_IMAGES) + bytes(50_000_000)
        archive.writestr(_MEMBERS[0].path, gzip.compress(bomb))
    files = {"all.zip": path.read_bytes()}
    with pytest.raises(DownloadError, match="does not hold the digits"):
        _fetch(folder, serve(honest, files), entry=_entry(files, _MEMBERS))
    assert _names(folder) == ["all.zip"]


def test_giving_up_while_unpacking_leaves_no_half_file_and_needs_no_second_download(
    serve, folder, tmp_path
):
    files = {"all.zip": _archive(tmp_path / "all.zip")}
    entry, mirror = _entry(files, _MEMBERS), serve(honest, files)

    def stop(progress):
        if progress.doing == "unpacking":
            raise _Stop

    with pytest.raises(_Stop):
        _fetch(folder, mirror, entry=entry, progress=stop)
    assert _names(folder) == ["all.zip"]
    _fetch(folder, _NOBODY, entry=entry)
    assert cached(entry, folder) == folder


# -- the catalogue and the command -------------------------------------------------------------


def test_the_catalogue_is_complete():
    assert list(CATALOGUE) == ["mnist", "fashion-mnist", "kmnist", "emnist-digits"]
    for key, entry in CATALOGUE.items():
        assert entry.key == key
        assert entry.name
        assert entry.licence
        assert entry.sentence.endswith(".")
        assert len(entry.class_names) == 10
        assert len(entry.mirrors) >= 2
        assert all(url.startswith("http") and url.endswith("/") for url in entry.mirrors)
        assert all(len(file.sha256) == 64 and file.size > 0 for file in entry.files)


@pytest.mark.slow
def test_the_catalogue_knows_the_real_mnist(shared_data):
    for file in CATALOGUE["mnist"].files:
        content = (shared_data("mnist") / file.name).read_bytes()
        assert _remote(file.name, content) == file


def test_emnist_comes_out_of_its_archive_as_a_training_and_a_test_part():
    assert [member.shape[0] for member in CATALOGUE["emnist-digits"].members] == [
        240_000, 240_000, 40_000, 40_000,
    ]  # fmt: skip
    assert CATALOGUE["emnist-digits"].members[0].size == 16 + 240_000 * 784


@pytest.mark.parametrize(
    ("size", "text"), [(4_542, "0.0 MB"), (11_594_722, "11.6 MB"), (561_753_746, "562 MB")]
)
def test_sizes_are_told_as_browsers_tell_them(size, text):
    assert megabytes(size) == text


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "Inkling" / "downloads"


def test_a_folder_of_the_cache_tells_whose_it_is(tmp_path):
    entry = CATALOGUE["kmnist"]
    assert entry_at(cache_folder(entry)) is entry
    assert entry_at(tmp_path / "kmnist") is None
    assert entry_at(tmp_path) is None


def test_the_command_lists_what_there_is(cache, capsys):
    assert main(["download", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(CATALOGUE)
    assert main(["download", "--list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["name"] for row in rows] == list(CATALOGUE)
    assert {row["folder"] for row in rows} == {None}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="moves the cache by XDG_CACHE_HOME")
def test_the_command_prints_the_folder_of_what_is_here(cache, capsys, shared_data):
    folder = cache / "mnist"
    folder.mkdir(parents=True)
    for path in shared_data("mnist").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    assert main(["download", "mnist"]) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    assert main(["download", "mnist", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"name": "mnist", "folder": str(folder)}


def test_the_command_answers_an_unknown_name_with_a_likely_one(capsys):
    assert main(["download", "mnits"]) == 2
    assert "Did you mean 'mnist'?" in capsys.readouterr().err
