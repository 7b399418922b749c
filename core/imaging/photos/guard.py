"""What is looked at before a picture is decoded: what would take minutes is refused unread.

The pixels that a file declares bound what most formats cost. Not so with these:

    JPEG    each scan of a progressive one goes over all pixels, and there may be thousands
            (photographs have some ten); Pillow reads what comes before them byte by byte
    PNG     Pillow goes over its chunks one by one
    TIFF    and over its strips
    PPM     those written as text are read number by number, their comments in the square of
            their length
    BMP     Pillow unpacks runs one by one
"""

import re
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.base.errors import ImageError

MOST_PIXELS = 64_000_000
MOST_BYTES = 512 << 20  # 64 megapixels of 48 bits, and something over
MOST_SCANS = 100
MOST_SCANNED = 12 * MOST_PIXELS  # pixels, those of all scans together
MOST_PARTS = {"JPEG": 2_000, "PNG": 100_000, "TIFF": 100_000}
MOST_RUN_BYTES = 8 << 20  # of a BMP made of runs
MOST_TEXT = 4 << 20  # bytes of a picture that is written as text
_MOST_COMMENTS = 64
_MOST_EXIF = 16
_MOST_TAGS = 1 << 16
_STRIPS = (273, 279, 324, 325)  # tags: where strips and tiles lie, and their lengths
_MOST_FILL = 1 << 16  # bytes between segments that belong to none
_LONGEST_HEAD = 4096  # bytes
_SMALLER = f"Make the picture smaller; {MOST_PIXELS // 1_000_000} megapixels are read."
_SAVE_ANEW = "Save it anew in an ordinary form, such as PNG."
# Within a scan 0xFF is followed by 0, or by a restart marker; all else begins what comes next.
_NEXT_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN, _TEMPORARY = 0xD8, 0xD9, 0xDA, 0x01
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
# Width, height, and the highest value, which pictures of one bit have not.
_BLANK = rb"(?:\s|#[^\r\n]*[\r\n])"
_PPM_HEAD = re.compile(rb"P(?:[14]%b*\d+%b+\d+\s|[2356]%b*\d+%b+\d+%b+\d+\s)" % ((_BLANK,) * 5))


@dataclass(slots=True)
class JpegParts:
    """What the first picture of a JPEG file is made of.

    Attributes:
        scans: how often it goes over the picture.
        segments, exif, fill: before the first scan: parts, those with Exif data, and bytes
            that belong to none.
    """

    scans: int = 0
    segments: int = 0
    exif: int = 0
    fill: int = 0


def check_size(path: Path, width: int, height: int) -> None:
    """Raise ImageError if a picture has too many pixels."""
    if width * height > MOST_PIXELS:
        raise too_large(path, f": {width:,} × {height:,} pixels")


def too_large(path: Path, size: str = "") -> ImageError:
    """Say that a picture is larger than is read."""
    return ImageError(path, f"“{path.name}” is too large{size}.", _SMALLER)


def check_before_opening(path: Path, content: bytes) -> None:
    """Raise ImageError if Pillow would take minutes to open or to decode a file."""
    for start, find_fault in _FAULTS.items():
        if content.startswith(start) and (fault := find_fault(content)):
            raise _refused(path, fault)


def _jpeg_fault(content: bytes) -> str:
    parts = jpeg_parts(content)
    if parts.segments > MOST_PARTS["JPEG"] or parts.exif > _MOST_EXIF:
        return "is made of too many parts"
    return "has too much between its parts" if parts.fill > _MOST_FILL else ""


def _png_fault(content: bytes) -> str:
    place = len(_PNG)
    for _ in range(MOST_PARTS["PNG"]):  # chunks; see the PNG specification, 5.3
        if place >= len(content):
            return ""
        place += 12 + int.from_bytes(content[place : place + 4], "big")
    return "is made of too many parts"


def _bmp_fault(content: bytes) -> str:
    of_runs = content[30:34] in (b"\1\0\0\0", b"\2\0\0\0")
    return "is made of too many runs" if of_runs and len(content) > MOST_RUN_BYTES else ""


def _ppm_fault(content: bytes) -> str:
    plain = content[1:2] in (b"1", b"2", b"3")
    long = plain and (len(content) > MOST_TEXT or content.count(b"#") > _MOST_COMMENTS)
    if content[1:2].isdigit() and (long or not _PPM_HEAD.match(content[:_LONGEST_HEAD])):
        return "is a picture written as text, and too long for one"
    return ""


def _tiff_fault(content: bytes) -> str:
    """Look at the first directory (TIFF 6.0, section 2; BigTIFF has wider numbers)."""
    order, wide = ("<" if content[:1] == b"I" else ">"), content[2:4] in (b"+\0", b"\0+")
    place, many, entry = (8, "Q", "HHQ8x") if wide else (4, "H", "HHI4x")
    with suppress(struct.error):  # it ends within: Pillow says so
        (place,) = struct.unpack_from(f"{order}{'Q' if wide else 'I'}", content, place)
        (count,) = struct.unpack_from(order + many, content, place)
        place += struct.calcsize(order + many)
        size = struct.calcsize(order + entry)
        for number in range(min(count, _MOST_TAGS)):
            tag, _, length = struct.unpack_from(order + entry, content, place + number * size)
            if tag in _STRIPS and length > MOST_PARTS["TIFF"]:
                return "is made of too many parts"
    return ""


_FAULTS = {
    _JPEG: _jpeg_fault,
    _PNG: _png_fault,
    b"BM": _bmp_fault,
    b"P": _ppm_fault,
    b"II": _tiff_fault,
    b"MM": _tiff_fault,
}


def check_scans(path: Path, content: bytes, pixels: int) -> None:
    """Raise ImageError if a JPEG file of so many pixels has too many scans."""
    scans = jpeg_parts(content).scans
    if scans > MOST_SCANS or scans * pixels > MOST_SCANNED:
        raise _refused(path, f"is built up in {scans:,} scans, which takes too long")


def _refused(path: Path, why: str) -> ImageError:
    return ImageError(path, f"“{path.name}” {why}.", _SAVE_ANEW)


def jpeg_parts(content: bytes) -> JpegParts:
    """Return what a JPEG file is made of; no pixel is decoded.

    Source: ITU-T T.81 (1992), annex B: segments begin with a marker and, all but a few, with
    their length.
    """
    parts, place = JpegParts(), 0
    while (found := _NEXT_MARKER.search(content, place)) is not None:
        marker, start = found[1][0], found.end()
        if marker == _END_OF_IMAGE:
            break
        parts.scans += marker == _START_OF_SCAN
        if not parts.scans:
            parts.segments += 1
            parts.fill += found.start() - place
            parts.exif += content.startswith(b"Exif\0", start + 2)
        place = start
        if marker not in (_START_OF_IMAGE, _TEMPORARY):
            place += max(2, int.from_bytes(content[start : start + 2], "big"))
    return parts
