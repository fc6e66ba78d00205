"""Words of a text in two writings: as they stand, and as what they say.

In the second sequence a figure, an amount or a date is one token whatever its writing ("€32 million", "32 milioni di
euro"), letter case and punctuation do not count, and neither does -ise against -ize. Phrases and pages are compared
token by token, never as substrings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from missiongraph.evidence.words.numbers import MULTIPLIERS, digits, number_words

_RAW = re.compile(
    r"(?P<number>\d{1,3}(?:[ '](?=\d{3}(?!\d))\d{3})+(?!\d)|\d+(?:[.,]\d+)*)|"
    r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)|(?P<sign>\S)"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january gennaio jan gen",
            "february febbraio feb",
            "march marzo mar",
            "april aprile apr",
            "may maggio mag",
            "june giugno jun giu",
            "july luglio jul lug",
            "august agosto aug ago",
            "september settembre sep sept set sett",
            "october ottobre oct ott",
            "november novembre nov",
            "december dicembre dec dic",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = frozenset(
    [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lunedì", "martedì",
        "mercoledì", "giovedì", "venerdì", "sabato", "domenica",
    ]
)  # fmt: skip
_CURRENCIES = {
    **dict.fromkeys(("€", "eur", "euro", "euros", "meur"), "EUR"),
    **dict.fromkeys(("$", "usd", "dollar", "dollars", "dollari", "dollaro"), "USD"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "sterline"), "GBP"),
    **dict.fromkeys(("¥", "jpy", "yen"), "JPY"),
    **dict.fromkeys(("chf", "francs", "franchi"), "CHF"),
}
_SPELLINGS = {"program": "programme", "programs": "programmes", "center": "centre", "centers": "centres"}
_IZE = re.compile(r"(?<=[a-z]{3})is(e|ed|es|er|ers|ing|able|ation|ations)$")
_SIGNED_BEFORE = frozenset("~±<>≤≥≈")
_SIGNED_AFTER = frozenset("+%‰°")
_ATTACHED = re.compile(r"(?:st|nd|rd|th|°|º)$", re.IGNORECASE)
_LEADS = frozenset(("on", "the", "il", "in", "data")) | _WEEKDAYS
#: Words that are seldom meant as numbers.
_NO_NUMBERS = frozenset(("un", "una", "uno"))


@dataclass(frozen=True)
class Token:
    """A token of the second sequence: what it says (*key*), and where its words stand."""

    kind: str
    key: tuple[str, ...]
    start: int
    end: int
    text: str

    @property
    def is_value(self) -> bool:
        """Whether it is a figure, an amount or a date."""
        return self.kind != "word"

    @property
    def is_capital(self) -> bool:
        """Whether it is written as names are."""
        return self.kind == "word" and self.text[:1].isupper()


@dataclass(frozen=True)
class _Raw:
    kind: str
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.casefold()


def fold_word(word: str) -> str:
    """The form in which spellings of one word are equal: case, -ise/-ize, a few British and American pairs.

    >>> fold_word("Decarbonise") == fold_word("decarbonize"), fold_word("promise") == fold_word("promises")
    (True, False)
    """
    low = word.casefold().replace("'", "")
    return _IZE.sub(r"iz\1", _SPELLINGS.get(low, low))


def tokenise(text: str, language: str | None = None) -> tuple[Token, ...]:
    """The second sequence of normalised *text*.

    >>> [token.key for token in tokenise("On 9 September 2022, €32 million")]
    [('date', '2022', '9', '9'), ('number', '32000000', 'EUR', '')]
    """
    raw = [_Raw(m.lastgroup or "", m[0], m.start(), m.end()) for m in _RAW.finditer(text)]
    tokens: list[Token] = []
    position = 0
    while position < len(raw):
        found = _date(raw, position) or _number(raw, position, language)
        if found is not None:
            key, end = found
            start, stop = raw[position].start, raw[end - 1].end
            tokens.append(Token(key[0], key, start, stop, text[start:stop]))
            position = end
            continue
        word = raw[position]
        if word.text == "&":
            tokens.append(Token("word", ("word", "and"), word.start, word.end, word.text))
        if word.kind == "word":
            tokens.append(Token("word", ("word", fold_word(word.text)), word.start, word.end, word.text))
        position += 1
    return tuple(tokens)


def _date(raw: list[_Raw], position: int) -> tuple[tuple[str, ...], int] | None:
    """A date at *position*, with the words that lead to it ("on", "il", a weekday): its key and where it ends."""
    begin = position
    while (
        begin < len(raw)
        and begin - position < 4
        and (raw[begin].low in _LEADS or (begin > position and raw[begin].text in ",:"))
    ):
        begin += 1
    parts = raw[begin : begin + 6]
    found = _date_in_figures(parts) or _date_in_words(parts)
    if found is None:
        return None
    (year, month, day), taken = found
    if not (1 <= month <= 12 and (day is None or 1 <= day <= 31)):
        return None
    return ("date", str(year or ""), str(month), str(day or "")), begin + taken


def _date_in_figures(parts: list[_Raw]) -> tuple[tuple[int | None, int, int | None], int] | None:
    """``09/02/2024`` (the day first unless that cannot be), ``9.2.2024``, ``2024-02-09``."""
    if not parts or parts[0].kind != "number":
        return None
    dotted = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})", parts[0].text)
    if dotted:
        numbers, taken = [int(n) for n in dotted.groups()], 1
    elif len(parts) >= 5 and parts[1].text == parts[3].text in ("/", "-") and _adjacent(parts[:5]):
        if not all(p.text.isdecimal() for p in parts[0:5:2]) or len(parts[0].text) == 3 or len(parts[4].text) == 3:
            return None
        numbers, taken = [int(p.text) for p in parts[0:5:2]], 5
    else:
        return None
    if numbers[0] > 31:
        return (numbers[0], numbers[1], numbers[2]), taken
    day, month, year = numbers
    if month > 12:
        day, month = month, day
    return (year + 2000 if year < 100 else year, month, day), taken


def _date_in_words(parts: list[_Raw]) -> tuple[tuple[int | None, int, int | None], int] | None:
    """``9 September 2022``, ``9th of September``, ``September 9, 2022``, ``settembre 2022``."""
    words = list(parts)
    low = [p.low for p in words]
    taken = 0
    day = _day(words, 0)
    if day:
        taken = 1 + sum(1 for extra in low[1:3] if _ATTACHED.fullmatch(extra) or extra in ("of", "di"))
    if taken >= len(low) or low[taken] not in _MONTHS:
        return None
    month, taken = _MONTHS[low[taken]], taken + 1
    if taken < len(low) and low[taken] == "." and taken + 1 < len(low) and words[taken + 1].kind == "number":
        taken += 1
    if not day and _day(words, taken) and len(words[taken].text) <= 2:
        day = _day(words, taken)
        taken += 1
        if taken < len(low) and _ATTACHED.fullmatch(low[taken]):
            taken += 1
    year, after = None, taken
    while after < len(low) and low[after] in (",", "of", "del"):
        after += 1
    if after < len(low) and re.fullmatch(r"\d{4}", low[after]):
        year, taken = int(low[after]), after + 1
    return ((year, month, day), taken) if day or year else None


def _day(parts: list[_Raw], position: int) -> int | None:
    if position >= len(parts) or not re.fullmatch(r"\d{1,2}", parts[position].text):
        return None
    return int(parts[position].text)


def _number(raw: list[_Raw], position: int, language: str | None) -> tuple[tuple[str, ...], int] | None:
    """A figure or an amount at *position*: its key (value, currency, sign) and where it ends."""
    begin, currency, sign = position, "", ""
    if _signs(raw, begin):
        sign, begin = raw[begin].text, begin + 1
    if (
        raw[begin].low in _CURRENCIES
        and (raw[begin].kind == "sign" or len(raw[begin].text) == 3)
        and begin + 1 < len(raw)
    ):
        currency, begin = _CURRENCIES[raw[begin].low], begin + 1
    read = _value(raw, begin, language)
    if read is None:
        return None
    number, end = _multiplied(raw, *read, currency)
    while raw[end - 1].low in MULTIPLIERS and end < len(raw) and raw[end].kind == "word":  # five thousand two hundred
        rest = _value(raw, end, language)
        if rest is None:
            break
        added, after = _multiplied(raw, *rest, currency)
        if added >= MULTIPLIERS[raw[end - 1].low]:
            break
        number, end = number + added, after
    if end < len(raw) and raw[end].text in _SIGNED_AFTER and raw[end].start == raw[end - 1].end:
        sign, end = sign + raw[end].text, end + 1
    elif end < len(raw) and raw[end].text == "%":
        sign, end = sign + "%", end + 1
    if not currency:
        after = end + 1 if end < len(raw) and raw[end].low in ("di", "of") else end
        if after < len(raw) and raw[after].low in _CURRENCIES:
            if raw[after].low == "meur":
                number *= 1_000_000
            currency, end = _CURRENCIES[raw[after].low], after + 1
    return ("number", _plain(number), currency, sign), end


def _multiplied(raw: list[_Raw], number: Decimal, end: int, currency: str) -> tuple[Decimal, int]:
    while end < len(raw) and raw[end].low in MULTIPLIERS:
        if len(raw[end].text) == 1 and not _attached_multiplier(raw, end, currency):
            break
        number, end = number * MULTIPLIERS[raw[end].low], end + 1
    return number, end


def _signs(raw: list[_Raw], position: int) -> bool:
    """Whether a sign before a figure makes it another: ``~103``, ``-103`` (but not ``2-year`` or ``a - 3``)."""
    if position + 1 >= len(raw):
        return False
    attached = raw[position].end == raw[position + 1].start
    parted = position == 0 or raw[position - 1].end < raw[position].start
    return raw[position].text in _SIGNED_BEFORE or (raw[position].text == "-" and attached and parted)


def _value(raw: list[_Raw], position: int, language: str | None) -> tuple[Decimal, int] | None:
    here = raw[position]
    if here.kind == "number":
        value = digits(here.text, language)
        return (value, position + 1) if value is not None else None
    words = [r.low if r.kind == "word" else r.text for r in raw[position : position + 10]]
    found = number_words(words, language) if here.kind == "word" else None
    if found is None or words[0] in _NO_NUMBERS:
        return None
    return Decimal(found[0]), position + found[1]


def _attached_multiplier(raw: list[_Raw], position: int, currency: str) -> bool:
    """Whether a single letter multiplies: only that of an amount of money, as in €32m."""
    after = raw[position + 1].low if position + 1 < len(raw) else ""
    return bool(currency or after in _CURRENCIES)


def _adjacent(parts: list[_Raw]) -> bool:
    return all(parts[i].end == parts[i + 1].start for i in range(len(parts) - 1))


def _plain(number: Decimal) -> str:
    """*number* in the one writing that equal numbers share."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
