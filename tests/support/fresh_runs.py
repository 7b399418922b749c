"""Runs that have not begun."""

from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe


def fresh_run(seed=0):
    dataset, recipe = small_dataset(60), small_recipe(seed=seed)
    return new_run(recipe, dataset, split_data(recipe, dataset))
