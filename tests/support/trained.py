"""Small networks that have been trained, for tests of what comes after training."""

from functools import cache

from core.nn.losses.logistic import Logistic
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig
from core.training.run import DataSplit, Run, new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe


def trained(recipe: Recipe, count: int = 1500, side: int = 8) -> tuple[Run, DataSplit]:
    """Train on the small digits, a fifth of them held out."""
    dataset = small_dataset(count, side)
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    for _ in train(run, parts):
        pass
    return run, parts


def longer(**changes) -> Recipe:
    """Return a recipe that learns the small digits and sets a fifth of them aside."""
    training = TrainingConfig(duration=6, batch_size=32, validation_split=0.2)
    return small_recipe(**{"training": training, **changes})


@cache
def usual() -> tuple[Run, DataSplit]:
    """Return a trained network with one hidden layer; do not change it."""
    return trained(longer())


@cache
def sigmoid_outputs() -> tuple[Run, DataSplit]:
    """Return one with independent sigmoid outputs and no hidden layer; do not change it."""
    return trained(longer(loss=Logistic(), hidden=()))


@cache
def small_run() -> Run:
    """Return a network that was trained for a moment; do not change it."""
    return trained(small_recipe(), 120)[0]
