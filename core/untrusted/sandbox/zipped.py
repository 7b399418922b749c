"""DataSplit of a zip, read within what its packed bytes can honestly hold."""

import zipfile

from core.untrusted.parsing.safe_read import most_unpacked
from core.untrusted.sandbox.sending import ChildRefusal

_MOST_MEMBERS = 5000
_MOST_BYTES = 320 << 20  # of one part
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1  # bit of a member's flags
_BOMB = "{name} claims to hold more than this program reads."


def members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by name. Raises ChildRefusal if there are very many."""
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise ChildRefusal("{name} is damaged: it has too many parts.", "")
    return {info.filename: info for info in infos}


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return a part's bytes.

    Raises:
        ChildRefusal: it is packed otherwise, or a bomb.
    """
    if info.compress_type not in _PACKINGS or info.flag_bits & _ENCRYPTED:
        raise ChildRefusal("{name} is packed in a way that is not read.", "")
    if info.file_size > most_unpacked(info.compress_size, _MOST_BYTES):
        raise ChildRefusal(_BOMB, "Most likely the file is damaged.")
    with archive.open(info) as stream:
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise ChildRefusal("{name} is damaged: it was cut off or changed.", "")
    return content
