"""Weights in NumPy's archives."""

from pathlib import Path

from core.untrusted.parsing.npyfile import read_members, read_whole
from core.untrusted.sandbox.parcel import Parcel


def read_npz(path: Path) -> Parcel:
    """Return the arrays of numbers by name, and single texts as texts."""
    parcel = Parcel()
    for name, member in read_members(path).items():
        if member.dtype.kind in "biuf":
            parcel.require(name, member.shape)
            parcel.add(name, read_whole(member))
        elif member.dtype.kind == "U" and not member.shape:
            parcel.say(name, str(read_whole(member)))
    return parcel
