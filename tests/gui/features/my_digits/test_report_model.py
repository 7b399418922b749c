import math

import numpy as np
import pytest

from tests.support.teaching_reports import answers, flips, model


def test_the_sentences_name_all_figures():
    made = model()
    assert made.title == "Now it reads 2 of your 2 drawings right; before, 1"
    assert made.cost_text == "Validation accuracy 97.31 % → 97.28 %"
    assert made.flips_text == "3 digits flipped: 2 got worse, 1 better."
    assert made.own_text == "Your handwriting 84.0 % → 90.0 %"
    assert made.summary.startswith("Now it reads")


def test_one_drawing_is_spoken_of_as_one():
    one = {"labels": np.array([8], np.uint8), "before": answers(1), "after": answers(8)}
    assert model(**one).title == "Now it reads your drawing as an 8"
    one["after"] = answers(1)
    assert model(**one).title == "It still does not read your drawing as an 8"


def test_drawings_show_both_answers():
    made = model()
    assert made.drawing_captions == ["1 → 7", "7 → 7"]
    assert made.drawing_marks == ["right", "right"]
    assert made.answer_text(0) == "Probability of the right answer, 7: 1.0 % → 91.0 %"


def test_flipped_digits_come_with_those_that_got_worse_first():
    made = model()
    assert made.flip_images[:, 0, 0].tolist() == [3, 5, 1]
    assert made.flip_captions == ["4 → 9", "0 → 6", "2 → 3"]
    assert made.flip_marks == ["wrong", "wrong", "right"]
    assert made.flip_words(0) == "A 4: read as 4 before, as 9 now"
    assert made.flip_words(3) == ""


def test_digits_that_were_and_are_wrong_are_counted_apart():
    made = model(worse=flips(), better=flips(), other=flips((2, 1, 5)))
    assert made.flips_text == (
        "1 digit flipped: 0 got worse, 0 better, 1 from one wrong answer to another."
    )


def test_without_images_set_aside_it_says_so():
    made = model(held_out_name="", worse=flips(), better=flips(), own_before=math.nan)
    assert "no images set aside" in made.cost_text
    assert (made.flips_text, made.own_text) == ("", "")


@pytest.mark.parametrize("count", [0, 1000])
def test_few_and_many_flips_are_shown(count):
    rows = [(index % 10, 1, 2) for index in range(count)]
    made = model(worse=flips(*rows), better=flips())
    assert len(made.flip_images) == len(made.flip_captions) == len(made.flip_marks)
    assert len(made.flip_images) == min(count, 400)
