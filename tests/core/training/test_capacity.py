"""A training that does not fit the memory is refused in words, before anything is taken."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from core.base.errors import ModelFileError, TooLargeError
from core.base.memory import available_bytes
from core.exchange.portable import portable_of
from core.exchange.run_from_portable import run_from
from core.modelfile import load_model, save_model
from core.recipe.hidden_layer import HiddenLayer
from core.training.capacity import check_trainable, footprint_on, tight_note
from core.training.footprint import Footprint, footprint
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.short_memory import LIMITS_HOLD, only_left
from tests.support.small_data import small_dataset, small_recipe

_HUGE = small_recipe(hidden=(HiddenLayer(4096),) * 16)
_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from core.cli.console import main
sys.exit(main(sys.argv[1:]))
"""


def test_what_fits_is_not_refused():
    recipe = small_recipe()
    parts = split_data(recipe, small_dataset())
    check_trainable(recipe, parts)
    assert tight_note(footprint_on(recipe, parts)) == ""


def test_images_to_measure_on_count_where_there_are_any():
    recipe = small_recipe()
    parts = split_data(recipe, small_dataset())
    for some, count in ((parts, 50), (replace(parts, held_out=None), 0)):
        assert footprint_on(recipe, some) == footprint(recipe, 64, 10, 450, count)


@pytest.mark.skipif(available_bytes() is None, reason="nobody says how much memory there is")
def test_a_note_tells_what_does_not_fit_and_what_is_tight():
    free = available_bytes()
    note = tight_note(Footprint(4 * free, 0, 0, 0, 0, 0))
    assert "needs about" in note
    assert "are free" in note
    assert "smaller" in note
    tight = tight_note(Footprint(free // 2, 0, 0, 0, 0, 2 * free))
    assert "saving" in tight
    assert "more." in tight


@LIMITS_HOLD
@pytest.mark.parametrize(
    "settings",
    [
        [],
        pytest.param(["optimizer=l-bfgs"], marks=pytest.mark.slow),
        pytest.param(["gradient=numerical"], marks=pytest.mark.slow),
    ],
    ids=["batches", "all images at once", "numerical"],
)
def test_the_command_line_refuses_in_one_sentence(tmp_path, settings):
    layers = ",".join(["4096"] * 16)
    words = [f"hidden={layers}", *settings]
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, "train", "--out", str(tmp_path / "x.h5")]
        + [part for word in words for part in ("--set", word)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 2
    assert "This training needs about" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.h5").exists()


@LIMITS_HOLD
def test_a_network_that_is_there_is_not_counted_twice():
    recipe = small_recipe(hidden=(HiddenLayer(2048),) * 3)
    parts = split_data(recipe, small_dataset())
    wanted = footprint_on(recipe, parts)
    with only_left(wanted.needed - wanted.network // 2):
        check_trainable(recipe, parts, has_network=True)
        with pytest.raises(TooLargeError, match="needs about"):
            check_trainable(recipe, parts)


@LIMITS_HOLD
def test_a_model_file_that_does_not_fit_is_refused_before_it_is_read(tmp_path):
    recipe, data = small_recipe(hidden=(HiddenLayer(2048),) * 2), small_dataset()
    path = tmp_path / "large.h5"
    save_model(path, new_run(recipe, data, split_data(recipe, data)))
    with only_left(path.stat().st_size), pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert "Opening “large.h5” needs about" in caught.value.message
    assert "damaged" not in caught.value.message
    assert load_model(path).step == 0


@LIMITS_HOLD
def test_an_imported_network_that_does_not_fit_is_refused():
    recipe, data = small_recipe(hidden=(HiddenLayer(2048),) * 2), small_dataset()
    portable = portable_of(new_run(recipe, data, split_data(recipe, data)))
    with only_left(50_000_000), pytest.raises(TooLargeError, match="needs about"):
        run_from(portable)
    assert run_from(portable).step == 0


@LIMITS_HOLD
def test_running_out_of_memory_amid_a_training_is_said_in_words():
    recipe, data = small_recipe(hidden=(HiddenLayer(2048),) * 3), small_dataset()
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    with only_left(60_000_000), pytest.raises(TooLargeError, match="The memory was used up"):
        list(train(run, parts))


def test_a_recipe_that_fills_a_computer_needs_what_it_says():
    parts = split_data(_HUGE, small_dataset())
    small = replace(_HUGE, hidden=_HUGE.hidden[:8])
    assert footprint_on(_HUGE, parts).needed > 10e9
    assert footprint_on(_HUGE, parts).needed > 1.9 * footprint_on(small, parts).needed
