"""Handwriting files: what was written is read again, and nothing else is taken for one."""

import tracemalloc
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.base.errors import DatasetError, SaveError
from core.base.fields import limits_of
from core.imaging.synthesis import Hand
from core.imaging.synthesis.own import DEFAULT_STYLE, OwnTemplate, Style
from core.imaging.synthesis.style_file import (
    FIRST_LINE,
    default_path,
    is_style_file,
    read_style,
    style_text,
    write_style,
)
from tests.support.examples import examples

STYLE = Style(
    Hand(slant=0.4),
    (OwnTemplate(7, (((0.25, -1.5), (9.0, 0.0), (4.0, 9.0)), ((2.0, 4.5), (7.0, 4.5)))),),
    "own",
    5000,
    9,
)
_value = st.integers(-300, 1200).map(lambda number: number / 100)
_fine = st.floats(-3, 12)
_point = st.tuples(_value, _value) | st.tuples(_fine, _fine)


@st.composite
def _templates(draw):
    """Templates of 1 to 6 strokes with 2 to 16 points in all: as many as the program makes."""
    left, strokes = 16, []
    for _ in range(draw(st.integers(1, 6))):
        if left < 2:
            break
        line = draw(st.lists(_point, min_size=2, max_size=left))
        line[-1] = (line[0][0] + (3 if line[0][0] < 5 else -3), line[-1][1])
        strokes.append(tuple(line))
        left -= len(line)
    return OwnTemplate(draw(st.integers(0, 9)), tuple(strokes))


@st.composite
def styles(draw):
    habits = {}
    for item in fields(Hand):
        limits = limits_of(Hand, item.name)
        habits[item.name] = draw(st.floats(limits.low, limits.high))
    return Style(
        Hand(**habits),
        tuple(draw(st.lists(_templates(), max_size=4))),
        draw(st.sampled_from(["both", "own", "builtin"])),
        draw(st.integers(1000, 1_000_000)),
        draw(st.integers(0, 2**31 - 1)),
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "handwriting.toml"


@examples(0.5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(style=styles())
def test_what_was_written_is_read_again(path, style):
    write_style(path, style)
    assert read_style(path) == style


def test_the_file_is_readable_by_people(path):
    write_style(path, STYLE)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(FIRST_LINE)
    assert '"0.25 -1.5, 9 0, 4 9"' in text
    assert "slant = 0.4" in text


def test_what_a_file_leaves_out_takes_its_default(path):
    path.write_text("handwriting = 1\n[hand]\nslant = 0.5\n", encoding="utf-8")
    assert read_style(path) == Style(Hand(slant=0.5))


def test_windows_line_ends_and_a_byte_order_mark_make_no_difference(path):
    path.write_bytes(b"\xef\xbb\xbf" + style_text(STYLE).replace("\n", "\r\n").encode())
    assert is_style_file(path)
    assert read_style(path) == STYLE


@examples(0.6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_a_truncated_file_gives_an_error_or_what_is_left_of_it(path, share):
    whole = style_text(STYLE).encode()
    path.write_bytes(whole[: int(share * len(whole))])
    try:
        style = read_style(path)
    except DatasetError:
        return
    assert len(style.templates) <= len(STYLE.templates)


@examples(1.5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_changed_byte_gives_an_error_or_a_valid_style(path, place, byte):
    content = bytearray(style_text(STYLE).encode())
    content[place % len(content)] = byte
    path.write_bytes(content)
    try:
        style = read_style(path)
    except DatasetError:
        return
    assert isinstance(style, Style)


@examples(0.6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_junk_is_no_handwriting(path, content):
    path.write_bytes(content)
    is_style_file(path)
    with pytest.raises(DatasetError):
        read_style(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no version"),
        ("handwriting = 2", "version is 2"),
        ("handwriting = true", "version is True"),
        ("handwriting = 1\nslope = 3", "no setting 'slope'"),
        ("handwriting = 1\n[hand]\nslant = 9", "outside"),
        ("handwriting = 1\n[hand]\nslant = nan", "outside"),
        ("handwriting = 1\n[hand]\nslant = 'x'", "not a number"),
        ("handwriting = 1\nhand = 3", "table"),
        ("handwriting = 1\ncount = 5", "outside"),
        ("handwriting = 1\ncount = 1" + "0" * 5000, "damaged"),
        ("handwriting = 1\ntemplates = 3", "list"),
        ("handwriting = 1\n[[templates]]\ndigit = 3", "digit and strokes"),
        ("handwriting = 1\n[[templates]]\ndigit = 12\nstrokes = ['0 0, 9 9']", "no digit"),
        ("handwriting = 1\n[[templates]]\ndigit = true\nstrokes = ['0 0, 9 9']", "no digit"),
        ("handwriting = 1\n[[templates]]\ndigit = 1\nstrokes = ['0 0, 9']", "row of points"),
        ("handwriting = 1\n[[templates]]\ndigit = 1\nstrokes = [3]", "row of points"),
        ("handwriting = 1\n[[templates]]\ndigit = 1\nstrokes = ['0 0, 99 9']", "between"),
        ("handwriting = 1\nx = " + "[" * 50_000, "damaged"),
        ("handwriting = 1\n" + "a." * 60_000 + "b = 1", "too many parts"),
        ("handwriting = 1\nx = { " + "a." * 60_000 + "b = 1 }", "too many parts"),
        ("[" + "a." * 60_000 + "b]", "too many parts"),
    ],
)
def test_what_no_handwriting_can_be_is_refused_in_words(path, text, words):
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=words) as refused:
        read_style(path)
    assert len(refused.value.message) < 400


def test_a_huge_file_is_refused_before_it_is_read(path):
    with path.open("wb") as stream:
        stream.write(FIRST_LINE.encode())
        stream.truncate(1 << 30)
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match="larger than"):
            read_style(path)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_missing_file_is_named(path):
    with pytest.raises(DatasetError, match="does not exist"):
        read_style(path)


def test_only_handwriting_is_recognised(path, tmp_path):
    assert not is_style_file(path)
    assert not is_style_file(tmp_path)
    for text, known in (
        (f"{FIRST_LINE}\nbroken [", True),
        ("handwriting = 1\n", True),
        ("# mine\nhandwriting = 1\n", True),
        ("label = 'My recipe'\n", False),
        ("5,0,0,0\n", False),
        ("\0handwriting = 1\n", False),
    ):
        path.write_text(text, encoding="utf-8")
        assert is_style_file(path) == known, text


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    with pytest.raises(SaveError):
        write_style(tmp_path / "absent" / "handwriting.toml", DEFAULT_STYLE)


def test_the_users_own_file_lies_in_the_users_data_folder(tmp_path):
    assert default_path(tmp_path) == tmp_path / "handwriting.toml"
    assert default_path().parent.name == "Inkling"
