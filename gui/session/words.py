"""How numbers and class names are spelt wherever the window speaks of them."""

_VOWEL_SOUNDS = frozenset("AEFHILMNORSX")  # letters whose names begin with a vowel sound
_MINUS = "\N{MINUS SIGN}"


def with_article(name: str) -> str:
    """Return a class name with its article: "a 7", "an 8", "an A", "a U"."""
    if name[:1].isdigit():
        vowel = name.startswith("8") or name in ("11", "18")
    elif len(name) == 1:
        vowel = name.upper() in _VOWEL_SOUNDS
    else:
        vowel = name[:1].lower() in "aeiou"
    return f"{'an' if vowel else 'a'} {name}"


def percent(share: float) -> str:
    """Return a share 0..1 in whole per cent; never "0 %" or "100 %" unless it is exact."""
    if 0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def number(value: float, decimals: int = 2) -> str:
    """Return a number with a real minus sign: "\N{MINUS SIGN}0.31"; no minus before zero."""
    text = f"{abs(value):.{decimals}f}"
    negative = value < 0 and float(text) != 0
    return (_MINUS if negative else "") + text
