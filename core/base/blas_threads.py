"""How many threads the matrix products use."""

import os
from contextlib import AbstractContextManager

from threadpoolctl import ThreadpoolController, threadpool_limits

_WORTH_SHARING = 25e6  # operations at a time; below, threads cost more than they bring
_WORTH_ALL = 2e9  # products so long that a thread which loses its core for a moment is no loss


def limited(threads: int) -> AbstractContextManager[object]:
    """Give matrix products so many threads, for the length of a `with` block."""
    limits: AbstractContextManager[object] = threadpool_limits(limits=threads, user_api="blas")
    return limits


def single_threaded() -> AbstractContextManager[object]:
    """Keep matrix products on the calling thread, for the length of a `with` block.

    Small nets gain nothing from more (a batch is done in 0.1 ms); the threads would spin
    for each other, up to a hundred times slower on a busy machine, and the sums would
    depend on their number. The other cores stay with the window.
    """
    return limited(1)


def limit_threads() -> None:
    """Keep matrix products on the calling thread from now on, for the whole program."""
    threadpool_limits(limits=1, user_api="blas")


def limit_scipy() -> None:
    """Keep SciPy's own small products on one thread, once SciPy is imported.

    It brings an OpenBLAS of its own, whose threads get in the way of NumPy's: L-BFGS takes
    fifteen times as long.
    """
    for library in ThreadpoolController().lib_controllers:
        if "scipy" in str(library.filepath):
            library.set_num_threads(1)


def threads_for(operations: float, wanted: int = 0) -> int:
    """Return the number of threads for so many floating-point operations at a time.

    Args:
        operations: of the matrix products of one batch.
        wanted: the user's choice, or 0.
    """
    cores = available_cores()
    if wanted:
        return min(wanted, cores)
    if operations > _WORTH_ALL:
        return cores
    # Threads wait for each other in a loop: if another program takes one of the cores, all
    # wait for that one. Half of the cores are mostly free, and the window needs one, too.
    return max(1, cores // 2) if operations > _WORTH_SHARING else 1


def available_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
