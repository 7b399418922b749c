"""Strangers' words: nothing acts, nothing hides, and all writing stays as it is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import InklingError
from core.base.printable import printable, printable_lines, storable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("two\nlines\r\tand more", r"two\nlines\r\tand more"),
        ("nul\0", r"nul\x00"),
        ("c1 \x9b31m \x85", r"c1 \u009b31m \u0085"),
        ("gpj.\u202egnp", r"gpj.\u202egnp"),
        ("a\u2066b\u2069 \u200e", r"a\u2066b\u2069 \u200e"),
        ("zero\u200bwidth\ufeff\u00ad", r"zero\u200bwidth\ufeff\u00ad"),
        ("line\u2028paragraph\u2029", r"line\u2028paragraph\u2029"),
        ("caf\udce9.png", r"caf\xe9.png"),
        ("\ud800 alone", r"\ud800 alone"),
        ("a\u200db \u200c", r"a\u200db \u200c"),
        ("tag\U000e0041", r"tag\U000e0041"),
    ],
)
def test_what_acts_or_hides_is_spelt_out(text, shown):
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "plain <b>&amp;</b> %s [*] \\x1b",
        "数字 七",
        "٧ سبعة",
        "שבע",
        "семь",
        "Zoë, naïve",
        "\N{COMBINING ACUTE ACCENT}e\u0301",
        "👩‍👩‍👧‍👦 🏳️‍🌈 👨🏽‍🚀 ❤️‍🔥 7️⃣",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می‌خواهم",  # Persian, with a zero width non-joiner
        "क्‍ष",  # Devanagari, with a zero width joiner
        "10\N{NO-BREAK SPACE}000 a\N{THIN SPACE}b \N{IDEOGRAPHIC SPACE}",
        "",
    ],
)
def test_ordinary_writing_stays_as_it_is(text):
    assert printable(text) == text


def test_line_breaks_may_be_kept():
    assert printable_lines("one\ntwo\x1b") == "one\ntwo\\x1b"


def test_a_name_that_is_no_text_can_be_stored_and_nothing_else_is_changed():
    assert storable("caf\udce9 \ud800 \x1b\u202e 七\n") == "caf\\xe9 \\ud800 \x1b\u202e 七\n"


@given(text=st.text(st.characters(codec=None, categories=None)))
def test_any_text_becomes_one_line_that_can_be_written(text):
    shown = printable(text)
    shown.encode()  # no surrogate is left
    assert len(shown.splitlines()) <= 1
    assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs")]
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b")
    assert printable(shown) == shown


def test_an_error_speaks_in_one_line_whatever_it_is_about():
    error = InklingError("“a\x1b[2Jb\nc” is damaged.", "Take “\u202e”.")
    assert error.sentence == r"“a\x1b[2Jb\nc” is damaged. Take “\u202e”."
    assert str(error) == r"“a\x1b[2Jb\nc” is damaged."
