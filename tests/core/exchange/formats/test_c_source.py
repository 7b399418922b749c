import ast

import pytest

from core.exchange.formats.c_source import commented, function, identifier, quoted


@pytest.mark.parametrize(
    "text", ["7", 'a"b', "back\\slash", "two\nlines", "字", "??/", "\x01", "é1"]
)
def test_a_literal_gives_back_its_text(text):
    # Python reads these escapes as C does.
    assert ast.literal_eval("b" + quoted(text)).decode("utf-8") == text


def test_a_literal_has_no_trigraph_and_no_lengthened_escape():
    assert quoted("??/é1") == '"\\077\\077/\\303\\2511"'


def test_nothing_in_a_comment_ends_or_continues_it():
    assert commented("a */ b \\\n ??/ //c é 字") == "a b c é 字"


def test_an_unknown_function_is_no_function():
    assert identifier("leaky-relu") == "leaky_relu"
    with pytest.raises(KeyError):
        function("swish")
