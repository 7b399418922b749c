"""Files that are meant to harm: damaged, overlong, of no ordinary kind, and badly named."""

import gzip
import os
import random
import re
import socket
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.fuzz.mutations import mutated

_NAMES = (
    "<img src=file:x.png>", "<b>&amp;", "a\nb", "\x1b]0;x\x07", "%s%n{0}", "-x", "--help",
    "\u202egnp.exe", "é" * 60, "x" * 200, "a b'c\"d", "\udcff\udcfe", "~", "$HOME", "COM1", "#?x=1",
)  # fmt: skip
_NUMBERS = (
    "1e300", "-1", "0", "nan", "inf", "-inf", "1e-320", "9" * 400, "9" * 5000, "1_0", "0x7fffffff",
    "99999999999", "true", "''", "[]", "{}", "2147483648", "1e5",
)  # fmt: skip
_LINES = (
    "x = " + "[" * 4000, "a" + ".a" * 4000 + " = 1", "s = '" + "<b>\x7f" * 50_000 + "'",
    "[[templates]]\n" * 3000, "description = \"\\u001b[31m<img src=x>\\u0000\"", "\x00", "\ufeff",
)  # fmt: skip
_TEXT = (".toml", ".csv", ".json", ".ini", ".jsonl")
_GIB = 1 << 30


def hostile(sample: Path, folder: Path, rng: random.Random) -> Path:
    """Make a hostile file of a good one; return it. It lies in `folder`, alone."""
    name = rng.choice(_NAMES) if rng.random() < 0.2 else "file"
    path = folder / f"{name}{''.join(sample.suffixes) or '-' + sample.name}"
    if rng.random() < 0.12:
        rng.choice(_ODD)(path)
        return path
    content = sample.read_bytes()
    kind = rng.random()
    if kind < 0.1:
        content = rng.choice(_SWOLLEN)(content)
    elif sample.suffix in _TEXT and kind < 0.7:
        content = reworded(content, rng)
    elif kind < 0.95:
        content = mutated(content, rng)
    path.write_bytes(content)
    return path


def reworded(content: bytes, rng: random.Random) -> bytes:
    """Change numbers and lines of a text as an ill-meaning writer would."""
    text = content.decode("utf-8", "surrogateescape")
    for _ in range(rng.randint(1, 4)):
        places = list(re.finditer(r"-?\d+(\.\d+)?", text))
        if places and rng.random() < 0.7:
            one = rng.choice(places)
            text = text[: one.start()] + rng.choice(_NUMBERS) + text[one.end() :]
        else:
            lines = text.split("\n")
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(_LINES))
            text = "\n".join(lines)
    return text.encode("utf-8", "surrogateescape")


# Of no ordinary kind ------------------------------------------------------------------------


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _terminal(path: Path) -> None:
    path.symlink_to("/dev/tty")


def _in_itself(path: Path) -> None:
    path.symlink_to(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"\x89HDF\r\n\x1a\n")
        stream.truncate(1 << 40)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.mkdir()


def _deep(path: Path) -> None:
    path.mkdir()
    place = path
    for _ in range(300):  # short names: the whole must stay within the system's limit
        place = place / "d"
        place.mkdir()
    (path / "again").symlink_to(path)


def _folder_of_odd_files(path: Path) -> None:
    path.mkdir()
    for label in "01":
        (path / label).mkdir()
        os.mkfifo(path / label / "pipe.png")
        (path / label / "zero.png").symlink_to("/dev/zero")
        (path / label / "empty.png").write_bytes(b"")


def _plug(path: Path) -> None:
    home = Path.cwd()
    os.chdir(path.parent)  # the whole path may be too long for a socket
    with closing(socket.socket(socket.AF_UNIX)) as made:
        try:
            made.bind(path.name.encode("utf-8", "surrogateescape")[:90])
        finally:
            os.chdir(home)
    if not path.exists():
        path.write_bytes(b"")


def _missing(path: Path) -> None:
    path.with_name("another").write_bytes(b"")


_ODD: tuple[Callable[[Path], None], ...] = (
    _pipe, _pipe, _endless, _terminal, _in_itself, _sparse, _empty, _folder, _deep,
    _folder_of_odd_files, _plug, _missing,
)  # fmt: skip


# Swollen --------------------------------------------------------------------------------------


def _gzip_bomb(_content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 24)) for _ in range(128)) + packer.flush()


def _zip_bomb(_content: bytes) -> bytes:
    from io import BytesIO  # noqa: PLC0415 - here only

    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("images.npy", "w", force_zip64=True) as part:
            part.write(_npy_head(_GIB))
            for _ in range(64):
                part.write(bytes(1 << 24))
        archive.writestr("labels.npy", _npy_head(10) + bytes(10))
    return stream.getvalue()


def _npy_head(count: int) -> bytes:
    words = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({count},), }}".encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(words) + 1) + words + b"\n"


def _picture_bomb(_content: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress(bytes(1 << 26), 9)
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _long_line(_content: bytes) -> bytes:
    return b"1," * 4_000_000 + b"1\n"


def _repeated(content: bytes) -> bytes:
    return content * (1 + (1 << 23) // max(len(content), 1))


def _packed(content: bytes) -> bytes:
    return gzip.compress(content)


_SWOLLEN: tuple[Callable[[bytes], bytes], ...] = (
    _gzip_bomb, _zip_bomb, _picture_bomb, _long_line, _repeated, _packed,
)  # fmt: skip
