"""The classes that this program is about."""

DIGITS = tuple("0123456789")  # the names of the ten classes, where none other are known
