"""Figures and amounts of money as people write them: value, currency, multiplier ("million") and sign ("+", "%")."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from missiongraph.evidence.words.numbers import MULTIPLIERS, digits, number_words
from missiongraph.evidence.words.raw_tokens import RawToken

_CURRENCIES = {
    **dict.fromkeys(("€", "eur", "euro", "euros", "meur"), "EUR"),
    **dict.fromkeys(("$", "usd", "dollar", "dollars", "dollari", "dollaro"), "USD"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "sterline"), "GBP"),
    **dict.fromkeys(("¥", "jpy", "yen"), "JPY"),
    **dict.fromkeys(("chf", "francs", "franchi"), "CHF"),
}
_SIGNED_BEFORE = frozenset("~±<>≤≥≈")
_SIGNED_AFTER = frozenset("+%‰°")
#: Number words that are articles as a rule.
_NO_NUMBERS = frozenset(("un", "una", "uno"))


def read_amount(raw: Sequence[RawToken], position: int, language: str | None) -> tuple[tuple[str, ...], int] | None:
    """Read the figure or amount of money that begins at *position*.

    >>> from missiongraph.evidence.words.raw_tokens import raw_tokens
    >>> read_amount(raw_tokens("€32 million"), 0, "en"), read_amount(raw_tokens("32 milioni di euro"), 0, "it")
    ((('number', '32000000', 'EUR', ''), 3), (('number', '32000000', 'EUR', ''), 4))
    >>> read_amount(raw_tokens("100+ cities"), 0, "en")
    (('number', '100', '', '+'), 2)

    :param language: decides whether "1.250" is 1,250 (it) or 1.25 (en), and which number words are known
    :returns: the token key (``number``, value, ISO 4217 code of the currency or empty, sign or empty) and the position
        after the amount
    """
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


def _multiplied(raw: Sequence[RawToken], number: Decimal, end: int, currency: str) -> tuple[Decimal, int]:
    while end < len(raw) and raw[end].low in MULTIPLIERS:
        if len(raw[end].text) == 1 and not _attached_multiplier(raw, end, currency):
            break
        number, end = number * MULTIPLIERS[raw[end].low], end + 1
    return number, end


def _signs(raw: Sequence[RawToken], position: int) -> bool:
    """Whether the sign at *position* changes the figure behind it: ``~103``, ``-103``; not ``2-year``, ``a - 3``."""
    if position + 1 >= len(raw):
        return False
    attached = raw[position].end == raw[position + 1].start
    parted = position == 0 or raw[position - 1].end < raw[position].start
    return raw[position].text in _SIGNED_BEFORE or (raw[position].text == "-" and attached and parted)


def _value(raw: Sequence[RawToken], position: int, language: str | None) -> tuple[Decimal, int] | None:
    here = raw[position]
    if here.kind == "number":
        value = digits(here.text, language)
        return (value, position + 1) if value is not None else None
    words = [r.low if r.kind == "word" else r.text for r in raw[position : position + 10]]
    found = number_words(words, language) if here.kind == "word" else None
    if found is None or words[0] in _NO_NUMBERS:
        return None
    return Decimal(found[0]), position + found[1]


def _attached_multiplier(raw: Sequence[RawToken], position: int, currency: str) -> bool:
    """Whether a single letter multiplies. It does only in an amount of money: €32m."""
    after = raw[position + 1].low if position + 1 < len(raw) else ""
    return bool(currency or after in _CURRENCIES)


def _plain(number: Decimal) -> str:
    """*number* in the one form that equal numbers share: "32.50" as "32.5"."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
