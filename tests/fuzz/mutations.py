"""Ways in which a file may be damaged, or made to harm."""

import io
import random
import zipfile
from collections.abc import Callable

_SHOCKS = (0, 1, 0x7F, 0x80, 0xFF)
_NUMBERS = (0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 40, (1 << 64) - 1)
_FRONT = 4096  # bytes at the start, where most of the structure is
_MOST_EDITS = 8


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return a file with some damage; of a zip, at times only in one of its parts."""
    if content[:2] == b"PK" and rng.random() < 0.7:
        return _inside(content, rng)
    return _damaged(content, rng)


def _damaged(content: bytes, rng: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(rng.randint(1, _MOST_EDITS)):
        if found:
            rng.choice(_WAYS)(found, rng)
    return bytes(found)


def _place(found: bytearray, rng: random.Random) -> int:
    most = len(found) if rng.random() < 0.5 else min(len(found), _FRONT)
    return rng.randrange(most)


def _flip(found: bytearray, rng: random.Random) -> None:
    found[_place(found, rng)] ^= 1 << rng.randrange(8)


def _shock(found: bytearray, rng: random.Random) -> None:
    found[_place(found, rng)] = rng.choice(_SHOCKS)


def _number(found: bytearray, rng: random.Random) -> None:
    place, width = _place(found, rng), rng.choice((2, 4, 8))
    value = rng.choice(_NUMBERS) & ((1 << 8 * width) - 1)
    found[place : place + width] = value.to_bytes(width, rng.choice(("little", "big")))


def _digits(found: bytearray, rng: random.Random) -> None:
    """Change a number that is written as text."""
    places = [place for place, byte in enumerate(found[: 4 * _FRONT]) if 48 <= byte <= 57]
    if places:
        found[rng.choice(places)] = rng.choice(b'0123456789-.eN[{"')


def _cut(found: bytearray, rng: random.Random) -> None:
    del found[_place(found, rng) :]


def _remove(found: bytearray, rng: random.Random) -> None:
    place = _place(found, rng)
    del found[place : place + rng.randint(1, 64)]


def _repeat(found: bytearray, rng: random.Random) -> None:
    start, place = _place(found, rng), _place(found, rng)
    found[place:place] = found[start : start + rng.randint(1, 256)]


def _copy(found: bytearray, rng: random.Random) -> None:
    start, place, width = _place(found, rng), _place(found, rng), rng.randint(1, 64)
    found[place : place + width] = found[start : start + width]


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    *(_flip, _flip, _flip, _shock, _number, _number, _digits, _digits),
    *(_cut, _remove, _repeat, _copy),
)


def _inside(content: bytes, rng: random.Random) -> bytes:
    """Damage one part of a zip and pack it again, so that its check sums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {info.filename: archive.read(info) for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, KeyError, NotImplementedError):
        return _damaged(content, rng)
    small = [name for name, part in parts.items() if part]
    chosen = rng.choice(small)
    parts[chosen] = _damaged(parts[chosen], rng)
    stream = io.BytesIO()
    packing = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, packing)
    return stream.getvalue()
