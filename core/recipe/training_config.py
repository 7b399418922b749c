"""How long, on what and in which way a recipe trains."""

from dataclasses import dataclass

from core.base.fields import check_limits, choice, integer, real


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How long and on what to train."""

    duration: int = integer(
        "Train for",
        default=10,
        low=1,
        high=10_000_000,
        help="How long to train. One epoch shows every training image once.",
    )
    duration_unit: str = choice(
        "Counted in",
        default="epochs",
        choices=(("epochs", "epochs"), ("iterations", "iterations")),
        help="Epochs count passes over all training images, iterations count weight updates.",
    )
    batch_size: int = integer(
        "Batch size",
        default=64,
        low=1,
        high=10_000,
        unit=" images",
        help="How many images are averaged for one weight update.",
    )
    sampling: str = choice(
        "Batches",
        default="shuffled",
        choices=(("shuffled", "shuffled epochs"), ("replacement", "drawn with replacement")),
        help="Shuffled: each image once per epoch. With replacement: every batch is drawn"
        " from all images, as in “deep learning from scratch”.",
    )
    validation_split: float = real(
        "Validation split",
        default=0.1,
        low=0.0,
        high=0.9,
        step=0.05,
        help="The share of the training images that is kept aside to measure how well the"
        " network reads digits it has never seen. Data that brings its own validation"
        " images ignores it.",
    )
    evaluate_every: int = integer(
        "Measure every",
        default=0,
        low=0,
        high=10_000_000,
        unit=" iterations",
        help="How often accuracy is measured on whole sets; 0 means after each epoch.",
    )
    warmup: int = integer(
        "Warm-up",
        default=0,
        low=0,
        high=1_000_000,
        unit=" iterations",
        help="The learning rate rises in a straight line over the first so many iterations.",
    )
    clip_norm: float = real(
        "Clip gradient",
        default=0.0,
        low=0.0,
        high=1e6,
        step=0.5,
        help="A gradient longer than this is shortened to it, so that no single batch can"
        " throw the network off. 0 switches it off.",
    )
    patience: int = integer(
        "Early stopping",
        default=0,
        low=0,
        high=1000,
        unit=" measurements",
        help="Training ends when the loss on validation images has not improved for so many"
        " measurements, and the best weights come back. 0 switches it off.",
    )
    gradient: str = choice(
        "Gradient by",
        default="backpropagation",
        choices=(("backpropagation", "backpropagation"), ("numerical", "numerical differences")),
        help="Numerical differences move each weight a little both ways and look at the loss:"
        " the same gradient, thousands of times slower. Try it to see what backpropagation"
        " is good for.",
    )
    threads: int = integer(
        "Threads",
        default=0,
        low=0,
        high=64,
        help="How many processor threads the matrix products use; 0 chooses: one for small"
        " networks, half the cores for larger ones, all for very large ones. Results may"
        " differ in the last digit.",
    )

    def __post_init__(self) -> None:
        check_limits(self)
