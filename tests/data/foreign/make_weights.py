"""Train the small network whose weights all the other files hold; see README.md."""

from pathlib import Path

import numpy as np

from core.data.readers import open_dataset
from core.exchange.portable import accuracy, portable_of
from core.exchange.sample_images import made_up_images
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import train

recipe = Recipe(hidden=(HiddenLayer(units=12),), training=TrainingConfig(duration=20), seed=1)
dataset = open_dataset("builtin")
parts = split_data(recipe, dataset)
run = new_run(recipe, dataset, parts)
for _ in train(run, parts):
    pass
portable = portable_of(run)
images, labels = made_up_images((28, 28), 10)
first, second = portable.dense
np.savez_compressed(
    Path(__file__).parent / "weights.npz",
    W1=first.arrays["weights"],
    b1=first.arrays["biases"],
    W2=second.arrays["weights"],
    b2=second.arrays["biases"],
)
np.savez_compressed(Path(__file__).parent / "images.npz", images=images[:30], labels=labels[:30])
print(accuracy(portable, images, labels))
