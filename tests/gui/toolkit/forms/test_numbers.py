import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.fields import Limits
from gui.toolkit.forms.numbers import is_unfinished, number_text, range_text, read_number, stepped

UNITS = Limits("Units", 1, 4096)
RATE = Limits("Learning rate", 1e-6, 100, log=True)
SHARE = Limits("Dropout", 0.0, 0.9, step=0.05)
IMAGES = Limits("Batch size", 1, 10_000, " images")


@pytest.mark.parametrize(
    ("text", "value"), [("128", 128), ("1,024", 1024), (" 12 ", 12), ("1e3", 1000), ("+7", 7)]
)
def test_whole_numbers_are_read_as_people_type_them(text, value):
    number = read_number(text, UNITS, whole=True)
    assert number == value
    assert type(number) is int


@pytest.mark.parametrize(
    ("text", "value"), [("0.001", 0.001), ("1e-3", 0.001), (".5", 0.5), ("0,5", 0.5), ("3", 3.0)]
)
def test_real_numbers_are_read_as_people_type_them(text, value):
    number = read_number(text, RATE, whole=False)
    assert number == value
    assert type(number) is float


def test_the_unit_may_stay_behind_the_number():
    assert read_number("64 images", IMAGES, whole=True) == 64


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("5000", "5000 is too large: use 1 to 4,096."),
        ("0", "0 is too small: use 1 to 4,096."),
        ("2.5", "“2.5” is not a whole number: use 1 to 4,096."),
        ("many", "“many” is not a whole number: use 1 to 4,096."),
        ("", "A whole number is missing: use 1 to 4,096."),
        ("9" * 5000, "9" * 23 + "… is too large: use 1 to 4,096."),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_is_allowed(text, sentence):
    with pytest.raises(ValueError, match="use 1 to 4,096") as caught:
        read_number(text, UNITS, whole=True)
    assert str(caught.value) == sentence


@given(text=st.text(max_size=12))
def test_any_text_is_a_number_within_limits_or_refused(text):
    for limits, whole in ((UNITS, True), (RATE, False)):
        try:
            value = read_number(text, limits, whole=whole)
        except ValueError:
            continue
        assert limits.low <= value <= limits.high


@pytest.mark.parametrize("text", ["", "-", "0", "0.", "0.0", "1e", "1e-"])
def test_text_that_may_still_become_a_number_is_unfinished(text):
    assert is_unfinished(text, RATE, whole=False)


@pytest.mark.parametrize("text", ["x", "1000", "1e5", "--1"])
def test_text_that_more_typing_cannot_mend_is_not_unfinished(text):
    assert not is_unfinished(text, RATE, whole=False)


@pytest.mark.parametrize(
    ("value", "text"), [(0.001, "0.001"), (1e-05, "1e-05"), (128, "128"), (0.0, "0"), (3.0, "3")]
)
def test_numbers_are_written_briefly(value, text):
    assert number_text(value) == text


def test_a_range_has_thousands_commas_and_the_unit():
    assert range_text(IMAGES) == "1 to 10,000 images"
    assert range_text(RATE) == "1e-06 to 100"


def test_a_log_field_climbs_by_1_2_5():
    climb = [stepped(0.001, steps, RATE, whole=False) for steps in range(1, 6)]
    assert climb == [0.002, 0.005, 0.01, 0.02, 0.05]
    assert stepped(0.001, -1, RATE, whole=False) == 0.0005
    assert stepped(0.003, 1, RATE, whole=False) == 0.005
    assert stepped(0.003, -1, RATE, whole=False) == 0.002


def test_a_step_leads_to_the_next_multiple_without_rounding_errors():
    assert stepped(0.1, 4, SHARE, whole=False) == 0.3
    assert stepped(0.12, 1, SHARE, whole=False) == 0.15
    assert stepped(0.12, -1, SHARE, whole=False) == 0.1


def test_a_field_without_a_step_moves_its_second_digit():
    free = Limits("Free", 0.0, 1000.0)
    assert stepped(250.0, 1, free, whole=False) == 260.0


@given(value=st.floats(1e-6, 100), steps=st.integers(-30, 30).filter(bool), log=st.booleans())
def test_steps_move_the_right_way_and_stay_within_limits(value, steps, log):
    limits = Limits("x", 1e-6, 100.0, log=log, step=0.0 if log else 0.05)
    moved = stepped(value, steps, limits, whole=False)
    assert limits.low <= moved <= limits.high
    assert moved >= value if steps > 0 else moved <= value
    assert moved != value or value in (limits.low, limits.high)
