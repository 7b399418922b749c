"""Well-known sets of digits, fetched from the internet when the user asks for them."""

from core.downloads.catalogue import CATALOGUE, Download
from core.downloads.fetching import cache_folder, cached, entry_at, fetch, in_part
from core.downloads.progress import Progress, megabytes

__all__ = [
    "CATALOGUE",
    "Download",
    "Progress",
    "cache_folder",
    "cached",
    "entry_at",
    "fetch",
    "in_part",
    "megabytes",
]
