"""Checks a sentence against a publication: whether facts of the things that it names say the same, and which words.

It compares names, days, numbers and words. It does not parse: it cannot know who does what to whom if the facts do not
tell it. So it says “stated” only if each word that means something is found in one fact or in the words of its source,
and if no other fact fits the sentence better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import NamedNode

from missiongraph.api.facts import Fact, facts_naming, facts_of
from missiongraph.api.graphs import Graph
from missiongraph.api.values import IRI, Text
from missiongraph.errors import OutOfBounds, Problem
from missiongraph.evidence.words.denials_hedges_units import DENIALS, HEDGES, marks
from missiongraph.evidence.words.tokens import Token, fold_word, tokenise
from missiongraph.names.folding import words_of
from missiongraph.vocab import ALTERNATIVE_PROPERTIES, DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, RDF

Verdict = Literal["stated", "disputed", "partly", "differs", "denies", "unknown"]

#: The longest sentence, in characters, and the longest name, in words.
_LONGEST, _WORDS = 500, 6

#: The most things of a sentence whose facts are read, and the most facts of one property.
_MOST_THINGS, _MOST_FACTS = 8, 40

#: The likeness of a name that is taken for the thing, of 100.
_SAME_NAME = 99.5

#: Letters by which forms of one word are known as one: “received” and “receive”.
_STEM = 5

#: Words that say nothing by themselves.
_EMPTY = frozenset(
    word
    for line in (
        "a an the of in on at by for from to with and or as is are was were be been has have had it its this that",
        "which who il lo la i gli le un uno una di del dello della dei degli delle da dal dalla in nel nella a al alla",
        "ai con per e ed o che è sono era erano ha hanno su sul sulla si l d s",
    )
    for word in line.split()
)

_NAMING = frozenset(p.value for p in (*LABEL_PROPERTIES, *ALTERNATIVE_PROPERTIES, *DESCRIPTION_PROPERTIES))


@dataclass(frozen=True)
class CheckedSentence:
    """What a publication says of a sentence.

    :ivar verdict: ``stated``: an accepted fact says it, and each word is found. ``disputed``: only a fact that does not
        count says it. ``partly``: a fact fits, and *left* holds what it does not say. ``differs``: *others* say
        something else. ``denies``: the sentence denies or hedges, so its facts must be read. ``unknown``: no fact fits
    :ivar facts: the facts that fit, the best first, with their evidence. If these were inferred, those follow that have
        words about the same
    :ivar others: facts that say something else of the same
    :ivar things: the IRIs of the things that the sentence names
    :ivar left: the words, days and numbers of the sentence that no fact in *facts* has
    """

    sentence: str
    verdict: Verdict
    facts: tuple[Fact, ...]
    others: tuple[Fact, ...]
    things: tuple[IRI, ...]
    left: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.verdict == "stated"


@dataclass(frozen=True)
class _Sentence:
    """The parts of a sentence: the things it names, its days and numbers, and its other words that mean something."""

    tokens: tuple[Token, ...]
    things: Mapping[str, frozenset[str]]
    names: frozenset[str]

    @property
    def values(self) -> list[Token]:
        return [token for token in self.tokens if token.is_value]

    @property
    def words(self) -> list[Token]:
        """The words that are no part of a name, and not empty."""
        return [
            token
            for token in self.tokens
            if not token.is_value
            and token.text.casefold() not in _EMPTY
            and not set(words_of(token.text)) <= self.names
        ]


@dataclass(frozen=True)
class _Fit:
    """How a fact fits a sentence.

    :ivar anchored: whether its value is in the sentence
    :ivar by_property: how many words of the sentence name its property
    :ivar found: the texts of the sentence that it or its words have
    """

    fact: Fact
    anchored: bool
    by_property: int
    found: frozenset[str]


def check_sentence(graph: Graph, sentence: str, language: str) -> CheckedSentence:
    """See :meth:`missiongraph.Publication.check`.

    :raises OutOfBounds: the sentence is too long
    """
    if len(sentence) > _LONGEST:
        raise OutOfBounds(Problem(f"a sentence has at most {_LONGEST} characters", advice="check one at a time"))
    read = _read(graph, sentence, language)
    fits = [_fit(read, fact) for fact in _facts(graph, read.things, language)]
    best = _best([fit for fit in fits if fit.anchored])
    near = _best([fit for fit in fits if fit.by_property > max((one.by_property for one in best), default=0)])
    others = [fit for fit in near if fit.fact.accepted and _conflicts(read, fit.fact)]
    shown = best or [fit for fit in near if fit not in others]
    wanted = dict.fromkeys(token.text for token in (*read.values, *read.words))
    left = tuple(text for text in wanted if not shown or text not in shown[0].found)
    return CheckedSentence(
        sentence,
        _verdict(read, best, shown, others, left),
        tuple(fit.fact for fit in (*shown, *_behind(fits, shown))),
        tuple(fit.fact for fit in others),
        tuple(IRI(iri) for iri in read.things),
        left,
    )


def _best(fits: Iterable[_Fit]) -> list[_Fit]:
    """Those of *fits* with which most of the sentence is found, the accepted ones first."""
    ordered = sorted(fits, key=lambda fit: (-len(fit.found), -fit.by_property, not fit.fact.accepted))
    return [fit for fit in ordered if len(fit.found) == len(ordered[0].found)]


def _behind(fits: Iterable[_Fit], shown: Sequence[_Fit]) -> list[_Fit]:
    """Facts with words about the same, where those that are *shown* were inferred and have none."""
    if not shown or any(evidence.words for fit in shown for evidence in fit.fact.evidence):
        return []
    with_words = (fit for fit in fits if fit.found and any(evidence.words for evidence in fit.fact.evidence))
    return _best(fit for fit in with_words if fit not in shown)


def _verdict(
    read: _Sentence, best: Sequence[_Fit], shown: Sequence[_Fit], others: Sequence[_Fit], left: Sequence[str]
) -> Verdict:
    words = [token.key[1] for token in read.tokens if not token.is_value]
    if not shown and not others:
        return "unknown"
    if any(marks(words, place, DENIALS | HEDGES) for place in range(len(words))):
        return "denies"
    if others:
        return "differs"
    if left or not best or not all(_covers(best[0].fact, *thing) for thing in read.things.items()):
        return "partly"
    return "stated" if any(fit.fact.accepted for fit in best) else "disputed"


def _covers(fact: Fact, iri: str, name: frozenset[str]) -> bool:
    """Whether *fact* is about the thing *iri* of the sentence, or about one whose name has that *name* in it."""
    return iri in (fact.subject, fact.value) or name <= set(words_of(fact.names[2]))


def _conflicts(read: _Sentence, fact: Fact) -> bool:
    """Whether the sentence says a value of the kind that *fact* has, which is another one then."""
    if isinstance(fact.value, IRI):
        return any(not _covers(fact, *thing) for thing in read.things.items())
    kinds = {token.kind for token in tokenise(fact.names[2])}
    return any(token.kind in kinds or "date" in kinds for token in read.values)


def _read(graph: Graph, sentence: str, language: str) -> _Sentence:
    tokens = tokenise(sentence, language)
    things: dict[str, frozenset[str]] = {}
    taken: set[int] = set()
    spans = [
        (first, last)
        for length in range(_WORDS, 0, -1)
        for first in range(len(tokens) - length + 1)
        for last in (first + length - 1,)
        if tokens[first].is_capital and not tokens[last].is_value
    ]
    texts = [sentence[tokens[first].start : tokens[last].end] for first, last in spans]
    found = graph.candidates(texts, "", 3, language) if texts else []
    names: set[str] = set()
    for (first, last), text, candidates in zip(spans, texts, found, strict=True):
        place = set(range(first, last + 1))
        sure = [one for one in candidates if _same_name(one)]
        if not sure or place & taken or len(things) >= _MOST_THINGS:
            continue
        taken |= place
        words = frozenset(words_of(text))
        names |= words
        for one in sure:
            things[one["id"]] = words
    return _Sentence(tokens, things, frozenset(names))


def _same_name(candidate: Mapping[str, object]) -> bool:
    features = candidate["features"]
    score = next((one["value"] for one in features if one["id"] == "name"), 0)  # type: ignore[attr-defined]  # the features of a candidate
    return bool(candidate["match"]) or float(score) >= _SAME_NAME


def _facts(graph: Graph, things: Iterable[str], language: str) -> list[Fact]:
    found: dict[tuple[str, str, str], Fact] = {}
    for iri in things:
        node = NamedNode(iri)
        for fact in (
            *facts_of(graph, node, language, _MOST_FACTS),
            *facts_naming(graph, node, language, _MOST_FACTS),
        ):
            if fact.property not in _NAMING and not (isinstance(fact.value, Text) and fact.value.language != language):
                found.setdefault((fact.subject, fact.property, repr(fact.value)), fact)
    return list(found.values())


def _fit(read: _Sentence, fact: Fact) -> _Fit:
    value_tokens = tokenise(fact.names[2])
    found = {token.text for token in read.values if any(_same_value(token, other) for other in value_tokens)}
    words = {fold_word(word) for word in words_of(fact.names[2])}
    said = {fold_word(part) for token in read.tokens if not token.is_value for part in words_of(token.text)}
    by_name = bool(words) and words_of(fact.names[0]) != words_of(fact.names[2]) and words <= said
    by_thing = isinstance(fact.value, IRI) and any(
        iri != fact.subject and _covers(fact, iri, name) for iri, name in read.things.items()
    )
    stems = {_stem(word) for word in words_of(fact.names[1])} - {_stem(word) for word in _EMPTY}
    by_property = {token.text for token in read.words if _stem(token.text) in stems}
    if fact.property == RDF.type.value:
        by_property = set()
    quoted = " ".join((*(words for evidence in fact.evidence for words in evidence.words), *fact.names))
    heard = {_stem(word) for word in words_of(quoted[:4000])}
    in_words = {token.text for token in read.words if _stem(token.text) in heard}
    anchored = fact.subject in read.things and (bool(found) or by_name or by_thing)
    return _Fit(fact, anchored, len(by_property), frozenset(found | by_property | in_words))


def _same_value(said: Token, stated: Token) -> bool:
    """Whether a day or number of the sentence is the one of the fact; a month or year is part of a day."""
    if said.kind == "date" and stated.kind == "date":
        given = [part for part in said.key if part]
        return list(stated.key[: len(given)]) == given
    if said.kind == "number" and stated.kind == "date":
        return said.key[1] == stated.key[1] and not any(said.key[2:])
    return said.kind == stated.kind and said.key[1] == stated.key[1]


def _stem(word: str) -> str:
    return fold_word(word)[:_STEM]
