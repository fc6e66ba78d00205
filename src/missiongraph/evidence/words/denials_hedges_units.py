"""Lists of words with a role in checks: denials, hedges, approximations, opposites, units, light words.

All lists are in English and Italian, and hold folded words (:func:`~missiongraph.evidence.words.tokens.fold_word`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from rapidfuzz.distance import OSA

from missiongraph.evidence.words.tokens import fold_word


def _phrases(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(
        tuple(fold_word(word) for word in text.replace("_", " ").split()) for text in " ".join(texts).split()
    )


DENIALS = _phrases(
    "not no never neither nor none nobody nothing cannot dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt",
    "wont wouldnt cant couldnt shouldnt without no_longer denied denies deny denying false falsely untrue wrongly",
    "incorrect incorrectly instead_of rather_than cancelled canceled revoked withdrawn withdrew rejected refused",
    "failed fails ceased suspended abandoned excluded excluding contrary annulled hardly barely scarcely",
    "unlikely used_to",
    "far_from formerly erroneously mistakenly refuted disputed retracted unable anything_but",
    "non mai né nessuno nessuna nessun senza falso falsa smentito smentita annullato annullata revocato ritirato",
    "anziché invece_di escluso esclusa respinto respinta",
)
HEDGES = _phrases(
    "may might could would should perhaps maybe possibly probably presumably allegedly reportedly apparently",
    "supposedly likely potentially conceivably seemingly purportedly ostensibly arguably tentatively hopefully",
    "expected rumoured rumored alleged seems seem seemed appears appear appeared believed thought said_to",
    "claimed claims proposed unconfirmed uncertain unclear doubtful doubtfully hypothetically provisionally if unless",
    "whether subject_to in_theory in_principle hopes hoped intends intended considering candidate",
    "conditionally disputedly",
    "forse potrebbe potrebbero dovrebbe dovrebbero sarebbe sarebbero avrebbe avrebbero presumibilmente probabilmente",
    "possibilmente eventualmente pare sembra sembrano presunto presunta ipotizza se qualora",
)
#: Words of the future. They hedge a claim, unless the claim is of a plan.
FUTURE = _phrases(
    "will shall wont going_to to_be due_to about_to planned plans sarà saranno verrà verranno dovrà dovranno"
)
#: Words that make the figure behind them approximate or a bound.
APPROXIMATIONS = _phrases(
    "about approximately approx around circa ca nearly almost roughly some over under above below up_to at_least",
    "at_most more_than less_than fewer_than no_more_than no_less_than no_fewer_than as_many_as as_much_as",
    "close_to just_over part_of part_of_the some_of the_rest_of most_of_the most_of",
    "just_under well_over estimated an_estimated maximum minimum half twice double between towards exceeding beyond",
    "quasi oltre parte_di parte_dei fino_a almeno più_di meno_di intorno_a al_massimo al_minimo approssimativamente",
)
#: Words that do the same to the figure before them.
TRAILING_APPROXIMATIONS = _phrases("or_so or_more or_less at_most at_least or_fewer approximately plus o_più circa")
_NEITHER = frozenset(("not_only", "if_any"))

_OPPOSITES = (
    "precedes follows succeeds", "preceded followed succeeded", "before after", "from to", "by after", "into from",
    "increase decrease", "increases decreases", "more less", "above below", "under above", "start end",
    "includes excludes", "including excluding", "with without", "accepted rejected",
    "selected rejected excluded discarded", "signed rejected", "strengthening weakening",
    "accelerate slow delay decelerate", "funded defunded", "lead junior", "supported opposed",
    "associated unassociated", "crucial irrelevant marginal", "current former previous past", "manages funds",
    "for against", "precede segue", "prima dopo", "con senza",
)  # fmt: skip
_OPPOSITE = {
    (fold_word(a), fold_word(b)) for group in _OPPOSITES for a in group.split() for b in group.split() if a != b
}
UNITS = frozenset(
    [
        "kb", "mb", "gb", "tb", "kib", "mib", "byte", "bytes", "year", "years", "month", "months", "week", "weeks",
        "day", "days", "hour", "hours", "minute", "minutes", "second", "seconds", "km", "m", "cm", "mm", "kg", "g",
        "t", "tonnes", "tons", "percent", "anno", "anni", "mese", "mesi", "settimana", "settimane", "giorno",
        "giorni", "ora", "ore",
    ]
)  # fmt: skip
#: Words that occur everywhere, and so do not help to find the place of a phrase.
LIGHT = frozenset(
    [
        "a", "an", "the", "of", "in", "on", "at", "by", "to", "for", "and", "or", "with", "from", "as", "is", "are",
        "was", "were", "be", "been", "has", "have", "had", "its", "it", "this", "that", "these", "those", "which",
        "who", "il", "lo", "la", "i", "gli", "le", "un", "una", "di", "da", "in", "con", "su", "per", "tra", "fra",
        "e", "o", "che", "è", "sono", "del", "della", "dei", "delle",
    ]
)  # fmt: skip
_PREFIXES = ("de", "re", "un", "in", "im", "dis", "non", "mis", "pre", "sub", "il", "ir", "ab")


def opposite(one: str, other: str) -> bool:
    """Whether two folded words say opposite directions.

    >>> opposite("precedes", "follows"), opposite("precedes", "precedes")
    (True, False)
    """
    return (one, other) in _OPPOSITE


def mistyped(one: str, other: str, is_word: Callable[[str], bool]) -> bool:
    """Whether one of two folded words is a typing error for the other.

    It is, if they are at most two edits apart (one in words of up to four letters), if *is_word* knows only one of them
    or none, and if they do not differ by a prefix alone.

    >>> mistyped("qulity", "quality", {"quality"}.__contains__)
    True
    >>> mistyped("countries", "counties", {"countries", "counties"}.__contains__)
    False
    >>> mistyped("decarbonize", "carbonize", {"carbonize"}.__contains__)  # another word by its prefix
    False
    """
    most = 2 if min(len(one), len(other)) > 4 else 1
    if min(len(one), len(other)) < 2 or OSA.distance(one, other, score_cutoff=most) > most:
        return False
    if any(_prefixed(a, b) for a, b in ((one, other), (other, one))):
        return False
    return not (is_word(one) and is_word(other))


def _prefixed(one: str, other: str) -> bool:
    """Whether the words differ by a prefix alone, which makes another word: "decarbonize", "recarbonize"."""
    stems = {one, *(one[len(p) :] for p in _PREFIXES if one.startswith(p))}
    others = {other, *(other[len(p) :] for p in _PREFIXES if other.startswith(p))}
    return any(len(stem) > 3 for stem in stems & others)


@cache
def dictionary(language: str) -> Callable[[str], bool]:
    """A test for words of *language*. It says yes to every word of a language for which there is no dictionary."""
    from spellchecker import SpellChecker

    if language not in SpellChecker.languages():
        return lambda word: True
    words = SpellChecker(language=language).word_frequency
    return lambda word: word in words or word.replace("iz", "is") in words


def marks(words: Sequence[str], position: int, table: frozenset[tuple[str, ...]]) -> int:
    """How many of *words* at *position* make a phrase of *table*: 0 to 3.

    >>> marks(["no", "longer", "a", "member"], 0, DENIALS), marks(["not", "only", "cities"], 0, DENIALS)
    (2, 0)
    """
    for length in (3, 2, 1):
        if tuple(words[position : position + length]) in table and position + length <= len(words):
            if f"{words[position]}_{words[position + 1] if position + 1 < len(words) else ''}" in _NEITHER:
                return 0
            return length
    return 0
