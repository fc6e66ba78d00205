"""Numbers as people write them: in digits with any separators, and in words, in English and Italian."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

_ENGLISH_UNITS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ITALIAN_UNITS = [
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici",
    "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
]  # fmt: skip
_ITALIAN_TENS = ["venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta"]

_SMALL = {word: number for number, word in enumerate(_ENGLISH_UNITS)} | {
    word: number * 10 for number, word in enumerate(_ENGLISH_TENS, 2)
}

#: Words and letters that multiply the number before them.
MULTIPLIERS = {
    **dict.fromkeys(("thousand", "mila", "k"), 1_000),
    **dict.fromkeys(("million", "millions", "milione", "milioni", "mln", "mio", "m", "mn"), 1_000_000),
    **dict.fromkeys(("billion", "billions", "miliardo", "miliardi", "mld", "bn"), 1_000_000_000),
}


#: Italian number words that are words of other languages too. They count as numbers only in Italian text.
_OTHER_LANGUAGES = frozenset(("un", "una", "uno", "due", "tre", "sei", "otto", "nove", "mille", "cento"))


@cache
def italian_numbers() -> dict[str, int]:
    """The Italian number words below 1000, each of which is one word, and "mille"."""
    below = dict(enumerate(_ITALIAN_UNITS))
    for ten, word in enumerate(_ITALIAN_TENS, 2):
        below[ten * 10] = word
        for unit in range(1, 10):
            stem = word[:-1] if unit in (1, 8) else word
            below[ten * 10 + unit] = stem + _ITALIAN_UNITS[unit]
    words = {word: number for number, word in below.items()}
    for hundred in range(1, 10):
        stem = ("" if hundred == 1 else _ITALIAN_UNITS[hundred]) + "cento"
        words[stem] = hundred * 100
        words |= {stem + word: hundred * 100 + number for number, word in below.items() if number}
    accented = {word[:-1] + "é": number for word, number in words.items() if word.endswith("tre") and word != "tre"}
    return words | accented | {"un": 1, "una": 1, "mille": 1000}


def digits(text: str, language: str | None) -> Decimal | None:
    """The value of digits with separators; ``None`` if it is no number.

    A single separator before three digits groups thousands if *language* writes it so: "." in Italian, else ",".

    >>> [str(digits(text, "en")) for text in ("1,000", "630.35", "630,35", "1.250.000", "32 000 000")]
    ['1000', '630.35', '630.35', '1250000', '32000000']
    >>> str(digits("1.250", "it")), str(digits("1.250", "en"))
    ('1250', '1.250')
    """
    text = re.sub(r"[ ']", "", text)
    signs = [character for character in text if character in ".,"]
    if len(set(signs)) == 2:
        decimal = signs[-1] if signs.count(signs[-1]) == 1 else ""
    elif len(signs) > 1:
        decimal = ""
    elif signs:
        whole, _, rest = text.partition(signs[0])
        grouping = "." if (language or "").partition("-")[0] == "it" else ","
        decimal = "" if len(rest) == 3 and 1 <= len(whole) <= 3 and signs[0] == grouping and whole != "0" else signs[0]
    else:
        decimal = ""
    plain = "".join("." if c == decimal else c for c in text if c.isdigit() or c == decimal)
    return Decimal(plain) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain) and len(plain) < 40 else None


def number_words(words: list[str], language: str | None) -> tuple[int, int] | None:
    """The number that *words* begin with, and how many of them it takes; ``None`` if they begin with none.

    >>> number_words("one hundred and fifty - nine cities".split(), "en")
    (159, 6)
    >>> number_words(["centocinquantanove", "città"], "it"), number_words(["centoquaranta", "posti"], None)
    ((159, 1), (140, 1))

    :param words: in lower case, with hyphens as words of their own
    """
    main = (language or "").partition("-")[0]
    if main == "it":
        return (italian_numbers()[words[0]], 1) if words and words[0] in italian_numbers() else None
    if not main and words and words[0] in italian_numbers() and words[0] not in _OTHER_LANGUAGES:
        return italian_numbers()[words[0]], 1
    total, taken, position, last = 0, 0, 0, 1000
    while position < len(words):
        word = words[position]
        if word in _SMALL and (_SMALL[word] < last if last < 100 else taken == 0 or last >= 100):
            if last < 100 and not (last >= 20 and 0 < _SMALL[word] < 10):
                break
            total, last = total + _SMALL[word], _SMALL[word] or 1
        elif word == "hundred" and ((taken and 0 < total < 100) or (position == 1 and words[0] == "a")):
            total, last = (total or 1) * 100, 100
        elif (word == "a" and not taken and words[1:2] == ["hundred"]) or (taken and word in ("and", "-")):
            position += 1
            continue
        else:
            break
        position += 1
        taken = position
    return (total, taken) if taken else None
