"""How the C library's allocator keeps what the program gives back.

glibc makes an arena of its own for each new thread that allocates beside others, and never
gives most of it back; and every large array that is freed raises the size from which arrays
are mapped, up to 32 MB, so that all smaller ones stay in the arenas. A window that starts a
thread for each job and each training grows by hundreds of megabytes that nobody uses.
"""

import ctypes
import sys

# From <malloc.h>.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_ARENAS = 2  # one for the window, one for all that works beside it
_MAPPED = 2 << 20  # bytes; larger arrays are mapped, and given back at once
_KEPT = 2 << 20  # bytes that an arena may keep free at its end


def keep_little() -> bool:
    """Make glibc give memory back; call it before the first thread is started.

    Returns:
        True if that is done; False on other systems, which need nothing.
    """
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):  # musl has no such settings
        return False
    settings = (
        (_M_ARENA_MAX, _ARENAS),
        (_M_MMAP_THRESHOLD, _MAPPED),
        (_M_TRIM_THRESHOLD, _KEPT),
    )
    return all([library.mallopt(name, value) for name, value in settings])
