"""Well-known sets of digits, fetched from the internet when the user asks for them."""

from core.data.downloads.catalogue import CATALOGUE, Download
from core.data.downloads.fetching import cache_folder, cached, entry_at, fetch, in_part
from core.data.downloads.progress import DownloadProgress, megabytes

__all__ = [
    "CATALOGUE",
    "Download",
    "DownloadProgress",
    "cache_folder",
    "cached",
    "entry_at",
    "fetch",
    "in_part",
    "megabytes",
]
