"""TOML: all that a writer writes is read, and nothing that would keep the parser busy."""

import tomllib

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from core.base.toml_file import parse, read_table
from tests.support.any_value import texts

_SCALARS = (
    st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | texts(60)
    | st.datetimes() | st.dates() | st.times()
)  # fmt: skip
_VALUES = st.recursive(
    _SCALARS | st.lists(st.floats(allow_nan=False), max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts(20), inner, max_size=4),
    max_leaves=12,
)


@given(plain=st.dictionaries(texts(20), _VALUES, max_size=5), multiline=st.booleans())
def test_whatever_is_written_is_read(plain, multiline):
    text = tomli_w.dumps(plain, multiline_strings=multiline)
    assert parse(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]",
        "a = [\n  0.1,\n  0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,\n  1.0\n]",
        "a = ['0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9',\n '0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9']",
        "a = '''\n1.2.3.4.5.6.7.8.9.10.11 = [[[\n'''",
        'a = """\n1.2.3.4.5.6.7.8.9.10.11 \\" = [[[\n"""\nb = 1',
        "# 1.2.3.4.5.6.7.8.9.10.11 = '\na = 1",
        '"1.2.3.4.5.6.7.8.9.10.11" = 1',
        "a.b.c.d.e.f.g.h.i = 1",
        "a = { b.c = 1.5, d = 07:32:00.999 }",
    ],
)
def test_dots_count_only_where_they_part_a_name(text):
    assert parse(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a." * 60_000 + "b = 1", "too many parts"),
        ("[" + "a." * 60_000 + "b]", "too many parts"),
        ("x = { " + "a . " * 60_000 + "b = 1 }", "too many parts"),
        ("x = { " + "'a'\t." * 40_000 + "b = 1 }", "too many parts"),
        ('x = """a"""\n' + '"a".' * 60_000 + "b = 1", "too many parts"),
        ("x = " + "[" * 100_000, "too deep"),
        ("x = " + "{a=" * 40_000, "too deep"),
    ],
)
def test_what_would_keep_the_parser_busy_never_reaches_it(text, words):
    with pytest.raises(ValueError, match=words):
        parse(text)


@given(text=st.text(st.sampled_from("\"'\\#.=[]{}a1 \n\t"), max_size=60))
def test_where_the_parser_says_yes_so_does_the_guard(text):
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    if text.count(".") <= 8:
        assert parse(text) == expected


def test_a_file_is_bounded_before_it_is_read(tmp_path):
    path = tmp_path / "huge.toml"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(ValueError, match="larger than 256 KB"):
        read_table(path)
