"""Text files: their layout is found out, and a bad line is named by its number."""

import gzip
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import DatasetError
from core.data.reader import READERS
from core.data.readers import open_dataset, read_raw
from tests.support.digit_files import damage, digits, read_or_refuse, refused, same

_IMAGES, _LABELS = digits()
_NAMES = ["label"] + [f"pixel{place}" for place in range(36)]


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("csv") / "digits.csv"


def table(images=_IMAGES, labels=_LABELS, *, last=False, separator=",", header=None, end="\n"):
    """Return a file's text as bytes."""
    rows = [[str(value) for value in image.ravel()] for image in images.tolist() and images]
    words = [str(label) for label in labels.tolist()]
    lines = [[*row, word] if last else [word, *row] for row, word in zip(rows, words, strict=True)]
    if header is not None:
        lines.insert(0, header)
    return (end.join(separator.join(line) for line in lines) + end).encode()


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("separator", [",", ";", "\t", " ", ", "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("header", [False, True])
def test_every_usual_layout_is_found_out(tmp_path, last, separator, end, header):
    names = (_NAMES[1:] + _NAMES[:1] if last else _NAMES) if header else None
    path = tmp_path / "digits.csv"
    path.write_bytes(table(last=last, separator=separator, header=names, end=end))
    same(open_dataset(path).train, _IMAGES, _LABELS)


def test_a_mark_of_utf8_quotes_and_a_missing_last_line_end_do_not_matter(tmp_path):
    quoted = table(header=_NAMES).decode().strip().replace(",", '","').replace("\n", '"\n"')
    path = tmp_path / "digits.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f'"{quoted}"'.encode())
    same(open_dataset(path).train, _IMAGES, _LABELS)


@pytest.mark.parametrize("pack", [gzip.compress, "zip"])
def test_packed_tables_are_unpacked(tmp_path, pack):
    path = tmp_path / "digits.csv.gz"
    if pack == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("train.csv", table())
            archive.writestr("__MACOSX/._train.csv", "notes")
    else:
        path.write_bytes(pack(table()))
    same(open_dataset(path).train, _IMAGES, _LABELS)


@pytest.mark.parametrize(
    ("images", "scale"),
    [(_IMAGES, "255"), (_IMAGES // 16, "16"), (_IMAGES / 255, "1"), (_IMAGES // 128, "1")],
)
def test_the_range_of_values_is_found_out(tmp_path, images, scale):
    path = tmp_path / "digits.csv"
    path.write_bytes(table(images))
    assert open_dataset(path).correction["scale"] == scale


def test_values_from_0_to_1_are_the_same_as_bytes(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_bytes(table(_IMAGES / 255))
    same(open_dataset(path).train, _IMAGES, _LABELS)


def test_a_float_in_the_middle_of_whole_numbers_is_taken(tmp_path):
    path = tmp_path / "digits.csv"
    images = np.zeros((1500, 36, 36))
    images[1499, 5, 5] = 0.5
    path.write_bytes(table(images.astype(object), np.arange(1500) % 10).replace(b"0.0", b"0"))
    part = read_raw(path).train
    assert part.images[1499, 5, 5] == 0.5
    assert part.images.dtype == np.float32
    assert part.labels[:4].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("separator", [",", " "])
def test_labels_may_be_words(tmp_path, last, separator):
    path = tmp_path / "digits.csv"
    words = np.array(["seven", "two", "one"] * 8)
    path.write_bytes(table(labels=words, last=last, separator=separator))
    dataset = open_dataset(path)
    assert dataset.class_names == ("one", "two", "seven")
    assert dataset.train.labels[:3].tolist() == [2, 1, 0]


def test_one_hot_labels_and_a_column_that_counts_the_rows_are_known(tmp_path):
    path = tmp_path / "semeion.data"
    rows = np.column_stack([_IMAGES.reshape(24, 36) // 128, np.eye(10, dtype=int)[_LABELS]])
    np.savetxt(path, rows, "%.4f")
    same(read_raw(path).train, _IMAGES // 128, _LABELS)
    counted = np.column_stack([np.arange(24), _LABELS, _IMAGES.reshape(24, 36)])
    np.savetxt(path, counted, "%d", ",", header="," + ",".join(_NAMES), comments="")
    same(read_raw(path).train, _IMAGES, _LABELS)


def test_a_file_sorted_by_class_with_labels_last_is_understood(tmp_path):
    path = tmp_path / "digits.csv"
    images = np.zeros((2000, 28, 28), int)
    images[:, 5, 5] = np.arange(2000) % 255
    path.write_bytes(table(images, np.arange(2000) // 1000, last=True))
    assert open_dataset(path).counts()[:3].tolist() == [1000, 1000, 0]


def test_train_and_test_beside_each_other_belong_together(tmp_path):
    (tmp_path / "mnist_train.csv").write_bytes(table())
    (tmp_path / "mnist_test.csv").write_bytes(table(_IMAGES[:5], _LABELS[:5]))
    for path in (tmp_path, tmp_path / "mnist_train.csv"):
        dataset = open_dataset(path)
        assert (len(dataset.train), len(dataset.test)) == (24, 5)
    assert open_dataset(tmp_path / "mnist_test.csv").test is None


def test_kaggles_test_file_without_labels_is_passed_over(tmp_path):
    (tmp_path / "train.csv").write_bytes(table(header=_NAMES))
    unlabelled = "\n".join(",".join(map(str, image.ravel())) for image in _IMAGES)
    (tmp_path / "test.csv").write_text(",".join(_NAMES[1:]) + "\n" + unlabelled)
    assert open_dataset(tmp_path).test is None
    assert open_dataset(tmp_path / "train.csv").test is None
    assert "there are no labels" in refused(tmp_path / "test.csv")


def test_files_of_the_form_of_optdigits_are_read_from_their_folder(tmp_path):
    for name, count in (("optdigits.tra", 60), ("optdigits.tes", 30)):
        images, labels = digits(count, 8)
        shades = np.ceil(images.reshape(count, 64) / 16)  # 0 to 16
        np.savetxt(tmp_path / name, np.column_stack([shades, labels]), "%d", ",")
    (tmp_path / "optdigits.names").write_text("1. Title of Database\n\n2. Source\n")
    dataset = open_dataset(tmp_path)
    assert (len(dataset.train), len(dataset.test)) == (60, 30)
    assert dataset.image_shape == (8, 8)
    assert dataset.correction["scale"] == "16"
    assert dataset.counts("test").tolist() == [3] * 10


@pytest.mark.slow
def test_optdigits_are_read_from_their_folder(shared_data):
    dataset = open_dataset(shared_data("optdigits"))
    assert (len(dataset.train), len(dataset.test)) == (3823, 1797)
    assert dataset.image_shape == (8, 8)
    assert dataset.correction["scale"] == "16"
    assert dataset.counts("test").tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


# Refusing -----------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, _NAMES])
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda line: line.rsplit(b",", 2)[0], "Line 13 of digits.csv has 35 values"),
        (lambda line: line + b",0", "Line 13 of digits.csv has 38 values"),
        (lambda line: line.replace(b",", b",x", 1), "has “x0” in column 2"),
        (lambda line: b",".join([*line.split(b",")[:-1], b""]), "has nothing in column 37"),
        (lambda line: b"seven" + line[1:], "Line 13 of digits.csv has “seven” in column 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path, header, change, words):
    lines = table(header=header).split(b"\n")
    lines[12] = change(lines[12])
    (tmp_path / "digits.csv").write_bytes(b"\n".join(lines))
    assert words in refused(tmp_path / "digits.csv")


def test_lines_far_into_a_file_are_counted(tmp_path):
    lines = table(np.zeros((2500, 28, 28), int), np.arange(2500) % 10).split(b"\n")
    lines[2000] += b",1"
    (tmp_path / "digits.csv").write_bytes(b"\n".join(lines))
    assert "Line 2,001 of digits.csv has 786 values" in refused(tmp_path / "digits.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table(_IMAGES[:, :5]), "which make no square image"),
        (b"a,b\n1,2\n", "holds no digits"),
        (b",".join([b"1"] * 3_000_000), "columns"),
        (b"0" * 10_000_000, "holds no digits"),
        (table(labels=np.full(24, 300)), "256 classes are the most"),
        (table(labels=np.full(24, 0.5)), "no whole numbers"),
    ],
)
def test_tables_of_other_things_are_refused(tmp_path, content, words):
    (tmp_path / "digits.csv").write_bytes(content)
    assert words in refused(tmp_path / "digits.csv")


@pytest.mark.parametrize(
    "content", [b"", b"Dear Sir,\n" * 100, bytes(1000), b"\x80\x02]", b"name,label\na.png,1\n"]
)
def test_other_files_are_not_taken_for_tables(file, content):
    file.write_bytes(content)
    assert not READERS["csv"].recognises(file)


@given(content=damage(table(header=_NAMES)), pack=st.sampled_from([bytes, gzip.compress]))
def test_a_damaged_table_is_refused_or_holds_valid_data(file, content, pack):
    file.write_bytes(pack(content))
    read_or_refuse("csv", file)


@given(content=damage(gzip.compress(table())))
def test_a_damaged_packed_table_is_refused_or_the_same(file, content):
    file.write_bytes(content)
    raw = read_or_refuse("csv", file)
    if raw is not None:  # gzip has a check sum
        same(raw.train, _IMAGES, _LABELS)


_CELLS = st.lists(st.sampled_from(["0", "1", "255", "", "x", "nan", "1e400", '"', "-3", "2.5"]))


@given(rows=st.lists(_CELLS), tail=_CELLS)
def test_any_cells_are_refused_or_hold_valid_data(file, rows, tail):
    lines = [",".join(row + ["0"] * (37 - len(row))) for row in [*rows, tail]]
    file.write_text("\n".join(lines))
    read_or_refuse("csv", file)


@pytest.mark.slow
def test_a_packed_bomb_is_refused_in_bounded_memory(tmp_path):
    path = tmp_path / "bomb.csv.gz"
    line = b"1," + b"0," * 783 + b"0\n"
    with gzip.open(path, "wb") as stream:
        for _ in range(40):
            stream.write(line * 4000)  # 250 MB of blank images in 1 MB
    tracemalloc.start()
    with pytest.raises(DatasetError, match="claims to hold more"):
        read_raw(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 400 << 20


def test_progress_rises_to_one_and_may_give_up(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_bytes(table(np.zeros((2500, 28, 28), int), np.arange(2500) % 10))
    shares: list[float] = []
    read_raw(path, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)

    def give_up(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_raw(path, give_up)


@pytest.mark.slow
def test_as_many_rows_as_mnist_has_are_read(tmp_path):
    path = tmp_path / "mnist_train.csv"
    image = digits(100, 28)[0]
    path.write_bytes(table(image, np.arange(100) % 10) * 600)
    part = read_raw(path).train
    assert len(part) == 60_000
    np.testing.assert_array_equal(part.images[-100:], image)
