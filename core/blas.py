"""How many threads the matrix products use."""

from contextlib import AbstractContextManager

from threadpoolctl import threadpool_limits


def single_threaded() -> AbstractContextManager[object]:
    """Keep matrix products on the calling thread, for the length of a `with` block.

    Nets of this size gain nothing from more (a batch is done in 0.1 ms); the threads
    would spin for each other, up to a hundred times slower on a busy machine, and the
    sums would depend on their number. The other cores stay with the window.
    """
    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits


def limit_threads() -> None:
    """Keep matrix products on the calling thread from now on, for the whole program."""
    threadpool_limits(limits=1, user_api="blas")
