import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.session.words import number, percent, with_article


@given(share=st.floats(0, 1))
def test_a_doubt_is_never_rounded_away(share):
    text = percent(share)
    assert (text == "100 %") == (share == 1)
    assert (text == "0 %") == (share == 0)


@pytest.mark.parametrize(
    ("name", "words"),
    [("7", "a 7"), ("8", "an 8"), ("11", "an 11"), ("18", "an 18"), ("80", "an 80"),
     ("1", "a 1"), ("A", "an A"), ("B", "a B"), ("x", "an x"), ("u", "a u"), ("apple", "an apple"),
     ("shirt", "a shirt")],
)  # fmt: skip
def test_the_article_follows_the_sound(name, words):
    assert with_article(name) == words


@pytest.mark.parametrize(
    ("value", "text"), [(0.31, "0.31"), (-0.31, "−0.31"), (-0.001, "0.00"), (0.0, "0.00")]
)
def test_numbers_have_a_true_minus_and_none_before_zero(value, text):
    assert number(value) == text
