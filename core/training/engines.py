"""Which engine trains a run, and on how many threads."""

from core.base.blas_threads import threads_for
from core.nn.network import Network
from core.training.engine import Engine
from core.training.full_batch import SLICE, FullBatchEngine
from core.training.minibatch import MiniBatchEngine
from core.training.numerical import NumericalEngine
from core.training.run import DataSplit, Run


def make_engine(run: Run, parts: DataSplit) -> Engine:
    """Return what moves this run forward."""
    if run.recipe.optimizer.full_batch:
        return FullBatchEngine(run, parts)
    if run.recipe.training.gradient == "numerical":
        return NumericalEngine(run, parts)
    return MiniBatchEngine(run, parts)


def thread_count(run: Run, parts: DataSplit) -> int:
    """Return how many threads its matrix products use."""
    full = run.recipe.optimizer.full_batch
    images = min(len(parts.images), SLICE) if full else run.recipe.training.batch_size
    return threads_for(product_operations(run.network, images), run.recipe.training.threads)


def product_operations(network: Network, images: int) -> float:
    """Return the floating-point operations of the matrix products for so many images.

    Two for each weight and image forward, two for the gradient of the weights, two for
    that of the layer's input, which the first layer does not need.
    """
    sizes = [spec.stop - spec.start for spec in network.specs if spec.name == "weights"]
    return images * (6.0 * sum(sizes) - 2.0 * sum(sizes[:1]))
