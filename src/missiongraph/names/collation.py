"""Sorts names in the order of a language, as CLDR defines it: first by letters, then by accents, then by capitals.

A name is turned into its *weights*, one string. In it a letter of the language's order is one character, an accent is a
character greater than all letters, and a capital is marked by a character greater than all accents. So two such strings
compare as the Unicode Collation Algorithm compares the second and third level.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from missiongraph.names.tailorings import ALIKE, DIGITS, MARKS, SCRIPTS, SIGNS, TAILORINGS

#: The first weights of letters, marks, other marks, accents that a language treats apart, and variants (capitals …).
_LETTER, _MARK, _OTHER_MARK, _ACCENT, _WRITING = 0x100, 0xF0000, 0xF0100, 0x10E000, 0x10F000

_BELOW_LETTERS = re.compile(f"[{chr(_MARK)}-\U0010ffff]+")
_BELOW_ACCENTS = re.compile(f"[{chr(_WRITING)}-\U0010ffff]+")

#: Weights of compatibility variants: before capitals (“ĳ”), and after them (“ª”, “ς”).
_COMPATIBLE, _RAISED = chr(_WRITING + 1), chr(_WRITING + 64)

_WRITINGS = "".join(map(chr, range(_WRITING, _WRITING + 65)))

#: Entries of the order for all signs and all letters that it does not list; the character itself follows the weight.
_SIGN, _OTHER = "\0sign", "\0letter"

_RULE = re.compile(r"&(\[before 1\])?([^<&\s]+)([^&\s]+)")
_REORDER = re.compile(r"\[reorder ([^]]+)\]")
_STEP = re.compile(r"(<{1,3}|=)([^<=/]+)(?:/([^<]+))?")

#: Characters from here on stand for letters of several characters (“ch”) while weights are looked up.
_GROUP = 0x100000

Key = tuple[str, str, str]


class _Order(dict[int, str]):
    """The order of one language: weights by character. Most are computed when a character is first met."""

    def __init__(self, rules: str) -> None:
        self._capitals_first = "[caseFirst upper]" in rules
        steps = list(_steps(rules))
        self._letters = _letters(rules, steps)
        self._place = {letter: chr(_LETTER + at) for at, letter in enumerate(self._letters)}
        self._capital: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._group = re.compile("(?!)")
        self._accents = 0
        for letter in self._letters:
            for way in (letter, letter.upper()):
                if len(way) == 1 and way.lower() == letter:
                    self[ord(way)] = self._place[letter] + self._writing(way)
        for step in steps:
            self._tailor(step)

    def weights(self, text: str) -> str:
        """The weights of *text*."""
        if self._groups:
            text = self._group.sub(lambda found: self._groups[found[0]], unicodedata.normalize("NFD", text))
        return unicodedata.normalize("NFC", text).translate(self)

    def initial(self, text: str) -> str:
        """The letter of the order with which *text* begins, as a capital; ``#`` for signs and digits."""
        primary = self._primary(text)
        letter = self._letters[ord(primary[0]) - _LETTER] if primary else ""
        if letter == _OTHER:
            letter = primary[1:2]
        elif not letter.isalpha():
            return "#"
        if letter not in self._capital:
            capital = letter.capitalize()
            is_own = self._primary(capital) == self._primary(letter)  # “I” is not the capital of both “i” and “ı”
            self._capital[letter] = (capital if is_own else letter) or "#"
        return self._capital[letter]

    def _primary(self, text: str) -> str:
        return _BELOW_LETTERS.sub("", self.weights(text))

    def _tailor(self, step: _Step) -> None:
        accent = ""
        if step.differs == "<<":
            accent, self._accents = chr(_ACCENT + self._accents), self._accents + 1
        for way in step.written():
            anchor, expansion = step.anchor, step.expansion
            if way.isupper() and way != step.letter:
                anchor, expansion = anchor.upper(), expansion.upper()
            like = self._place[step.letter] if step.differs == "<" else self.weights(anchor).rstrip(_WRITINGS)
            writing = self._writing(way, other=step.differs == "<<<")
            self._add(way, like + accent + writing + self.weights(expansion))
        if step.letter.isupper():
            self._capital[step.anchor] = step.letter

    def _add(self, written: str, weights: str) -> None:
        if len(written) == 1:
            self[ord(written)] = weights
            return
        stands_for = chr(_GROUP + len(self._groups))
        self._groups[unicodedata.normalize("NFD", written)] = stands_for
        self[ord(stands_for)] = weights
        self._group = re.compile("|".join(sorted(self._groups, key=len, reverse=True)))

    def _writing(self, written: str, *, other: bool = False) -> str:
        """The weight of small letters or capitals; empty for the ones that the language sorts first."""
        capitals = sum(character.isupper() << at for at, character in enumerate(reversed(written)))
        size = 0 if not capitals else 2 if written.isupper() else 1
        if self._capitals_first and written.lower() != written.upper():
            size = 2 - size
        place = size * 16 + capitals * 2 + other if size or other else 0
        return chr(_WRITING + place) if place else ""

    def __missing__(self, number: int) -> str:
        found = self[number] = self._worked_out(chr(number))
        return found

    def _worked_out(self, character: str) -> str:
        small, parts = character.lower(), unicodedata.decomposition(character).split()
        if parts and not parts[0].startswith("<"):
            return "".join(self[int(part, 16)] for part in parts)
        if small != character and len(small) == 1:
            return _BELOW_ACCENTS.sub("", self[ord(small)]) + self._writing(character)
        if character in ALIKE:
            return self.weights(ALIKE[character]) + (_RAISED if len(ALIKE[character]) == 1 else "")
        if parts:
            like = "".join(chr(int(part, 16)) for part in parts[1:])
            return self.weights(like) + (_RAISED if parts[0] in ("<super>", "<sub>") else _COMPATIBLE)
        return self._unlisted(character) + self._writing(character)

    def _unlisted(self, character: str) -> str:
        category = unicodedata.category(character)
        if character in MARKS:
            return chr(_MARK + MARKS.index(character))
        if unicodedata.combining(character) > 9:
            return chr(_OTHER_MARK + (ord(character) & 0xFFFF))
        if category[0] == "C":
            return "" if category in ("Cc", "Cf") else self._place[_OTHER] + character
        if category == "Nd":
            return self[ord(str(unicodedata.decimal(character)))] + _COMPATIBLE
        return self._place[_SIGN if category[0] in "PSZ" else _OTHER] + character


class _Step(NamedTuple):
    """One letter of a tailoring rule (LDML, part 5: collation)."""

    letter: str
    #: The letter after which it is sorted, or from which it differs.
    anchor: str
    #: ``<``: a letter of its own, ``<<``: an accent, ``<<<``: a variant.
    differs: str
    #: The letters that it stands for in addition to the anchor.
    expansion: str
    is_before: bool

    def written(self) -> list[str]:
        """The letter and its capitals; only itself if the rule does not write it small."""
        ways = [self.letter]
        if self.letter == self.letter.lower():
            ways += [self.letter.capitalize(), self.letter.upper()]
        return [way for way in dict.fromkeys(ways) if len(way) == len(self.letter)]


def _steps(rules: str) -> Iterator[_Step]:
    """The steps of *rules*, in their order."""
    for before, reset, chain in _RULE.findall(rules):
        anchor, is_before = reset, bool(before)
        for differs, letter, expansion in _STEP.findall(chain):
            yield _Step(letter, anchor, differs, expansion, is_before)
            if differs == "<":
                anchor, is_before = letter, False


def _letters(rules: str, steps: Iterable[_Step]) -> list[str]:
    """All signs, digits and letters in the order of the language."""
    signs, currencies = SIGNS.split("¤")
    first = _REORDER.findall(rules)
    scripts = dict.fromkeys([*(first[0].split() if first else ()), *SCRIPTS])
    letters = [*signs, _SIGN, "¤", *currencies, *DIGITS, *"".join(SCRIPTS[script] for script in scripts), _OTHER]
    for step in steps:
        if step.differs == "<":
            if step.letter in letters:
                letters.remove(step.letter)
            letters.insert(letters.index(step.anchor) + (not step.is_before), step.letter)
    return letters


@cache
def _order_by(rules: str) -> _Order:
    return _Order(rules)


@lru_cache(maxsize=100)
def _order(language: str) -> _Order:
    tag = language.lower()
    while tag and tag not in TAILORINGS:
        tag = tag.rpartition("-")[0]
    return _order_by(TAILORINGS.get(tag, ""))


def collation_key(text: str, language: str) -> Key:
    """The sort key of *text* in the order of *language*.

    >>> sorted(["Zürich", "Örebro", "Olbia", "Çorlu", "Como"], key=lambda name: collation_key(name, "it"))
    ['Como', 'Çorlu', 'Olbia', 'Örebro', 'Zürich']
    >>> sorted(["Zürich", "Örebro", "Olbia"], key=lambda name: collation_key(name, "sv"))
    ['Olbia', 'Zürich', 'Örebro']
    """
    weights = _order(language).weights(text)
    return _BELOW_LETTERS.sub("", weights), _BELOW_ACCENTS.sub("", weights), weights


def initial(text: str, language: str) -> str:
    """The letter under which an alphabetical list in the order of *language* has *text*; ``#`` for signs and digits.

    >>> initial("Örebro", "it"), initial("Örebro", "sv"), initial("Chomutov", "cs"), initial("7 laghi", "it")
    ('O', 'Ö', 'Ch', '#')
    """
    return _order(language).initial(text)
