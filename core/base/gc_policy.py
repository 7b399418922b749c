"""Python's cyclic garbage collector, run where and when we say."""

import gc


def collect_due() -> None:
    """Do what automatic collection would do by now, in the thread that calls.

    For programs that have switched it off because it may run in any thread: it deletes
    what it finds there and then, and window-system objects must die in their own thread.
    """
    thresholds = gc.get_threshold()
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > thresholds[generation] > 0:
            gc.collect(generation)
            return
