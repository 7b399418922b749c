"""Strangers' words made visible: what would act on a screen or hide in it is spelt out.

Class names, descriptions and file names come from files of others. A terminal obeys
escape sequences, an override of the writing direction lets a name read as another one,
and a lone surrogate (a byte of a file name that is no UTF-8) cannot be printed at all.
All of these are written as Python writes them: ESC as `\\x1b`, U+202E as `\\u202e`.
Letters of all scripts, emoji and their joined sequences stay as they are.
"""

import re

# Lines and paragraphs end in more ways than one.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_SURROGATES = "\ud800-\udfff"
# Direction marks, embeddings, overrides and isolates; signs that have no width and no ink.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff"
)
_HIDDEN = f"[{_CONTROLS}{_SURROGATES}{_UNSEEN}]"
# Joiners that shape what is seen: ZWJ between two pictures; ZWJ and ZWNJ among the letters of
# scripts from Arabic to Sinhala (Unicode, annex 31, section 2.3). Tags make the flags of regions.
_PICTURE = "\u2190-\u2bff\U0001f000-\U0001faff"
_CURSIVE = "\u0620-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17dd\u1820-\u18af\ua840-\ua87f"
_SHAPING = (
    f"(?<=[{_PICTURE}\ufe0f])\u200d(?=[{_PICTURE}])"
    f"|(?<=[{_CURSIVE}])[\u200c\u200d](?=[{_CURSIVE}])"
    "|(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
)
_FOUND = re.compile(f"({_SHAPING})|{_HIDDEN}")
_HALVES = re.compile(f"()[{_SURROGATES}]")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BYTES = range(0xDC80, 0xDD00)  # how Python keeps bytes of file names that are no UTF-8


def printable(text: str) -> str:
    """Return `text` on one line, with all that cannot be seen spelt out.

    A byte of a file name that is no text reads as `\\xff`.
    """
    if text.isascii() and text.isprintable():
        return text
    return _FOUND.sub(_spelt, text)


def storable(text: str) -> str:
    """Return `text` with bytes and halves of signs that are no text spelt out, all else as it is.

    Names of folders become names of classes, which are written into files as UTF-8.
    """
    return text if text.isascii() else _HALVES.sub(_spelt, text)


def printable_lines(text: str) -> str:
    """Return `text` as `printable` does, but leave its line breaks."""
    return "\n".join(printable(line) for line in text.split("\n"))


def _spelt(found: re.Match[str]) -> str:
    if found[1]:
        return found[1]
    sign = found[0]
    code = ord(sign)
    if code in _BYTES:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return _NAMED.get(sign, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
