"""Which digits a network can be trained further on.

A network knows the digits that it learned by their fingerprint. One that came from another
program knows none: it takes those in use if they are of its kind, and they are its own from
then on.
"""

from core.data.dataset import Dataset
from core.training.run import DataSplit, Run, data_identity


def trains_on(run: Run, parts: DataSplit) -> bool:
    """Tell whether training `run` on these digits goes on with what it does.

    They are those it was trained on; or it was trained on none that are known, and they
    have its image shape and its classes, by name.
    """
    if run.image_shape != parts.image_shape or len(run.class_names) != len(parts.class_names):
        return False
    if not knows_its_data(run):
        return run.class_names == parts.class_names
    return bool(run.data["fingerprint"] == parts.fingerprint)


def knows_its_data(run: Run) -> bool:
    """Tell whether it is known which digits the network was trained on."""
    return bool(run.data["fingerprint"])


def give_data(run: Run, dataset: Dataset, *, named: bool = True) -> bool:
    """Make a network that knows no digits one of these, if they are of its kind.

    Args:
        run: it is changed if they are.
        dataset: the digits.
        named: whether its file names its classes; else it takes the names of the digits.

    Returns:
        Whether they are: of the same image shape and classes.
    """
    names = run.class_names if named else dataset.class_names
    if run.image_shape != dataset.image_shape or names != dataset.class_names:
        return False
    if len(names) != len(run.class_names):
        return False
    run.class_names, run.data = names, data_identity(dataset)
    return True
