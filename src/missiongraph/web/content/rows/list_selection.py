"""The things of a list, filtered by values, sorted by a column, and counted for facets, from the index of lists."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.build.list_index import ListIndex
from missiongraph.engine.protocol import Term
from missiongraph.names.collation import Key, collation_key
from missiongraph.vocab import DESCRIPTION_PROPERTIES, LABEL_PROPERTIES, LINK_PROPERTIES, RDF
from missiongraph.web.content.rows.answer_rows import number_of

#: Longest list that can be filtered, or sorted by anything but names.
MOST_THINGS = 100_000

#: Most columns beside the name; most facets; most values of a facet.
MOST_COLUMNS, MOST_FACETS, MOST_CHOICES = 4, 5, 30

#: Things that are sampled to choose columns; least share that has the property; most values of it, on average.
_SAMPLE, _LEAST, _MOST_VALUES = 500, 0.2, 3

#: Longest text of a column, in characters, on average.
_LONGEST = 60

_NEVER = frozenset((*LABEL_PROPERTIES, *DESCRIPTION_PROPERTIES, *LINK_PROPERTIES))
_LITERAL = re.compile(r'"([^"\\]*)"(?:@[A-Za-z0-9-]+|\^\^<([^>]*)>)?')

Filters = tuple[tuple[NamedNode, str], ...]


@dataclass(frozen=True)
class Wanted:
    """A request for a list: all things with *value* as *predicate*.

    :ivar filters: pairs of a property and a value; values of one property are alternatives
    :ivar sort: the property to sort by; ``None`` sorts by name
    """

    predicate: NamedNode
    value: Term
    filters: Filters = ()
    sort: NamedNode | None = None
    descending: bool = False


@dataclass(frozen=True)
class Selection:
    """The things of a list in order, as numbers of the index of lists.

    :ivar letters: the place of the first thing under each initial, if the list is sorted by name
    :ivar columns: the properties beside the name
    :ivar facets: properties to filter by; for each value, the number of things that have it
    """

    things: Sequence[int]
    letters: Mapping[str, int]
    columns: tuple[int, ...]
    facets: Mapping[int, Mapping[int, int]]


def text_of(term: Term) -> str:
    """*term* as the value of a query parameter."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)


def select(index: ListIndex, wanted: Wanted, language: str, order: Mapping[NamedNode, int]) -> Selection | None:
    """The things that *wanted* asks for; ``None`` if there is no such list, or nothing passes its filters and order.

    :param order: the place of each property in the application profile
    """
    everything = index.things(wanted.predicate, wanted.value)
    if not everything or (len(everything) > MOST_THINGS and (wanted.filters or wanted.sort)):
        return None
    columns = _column_properties(index, everything, wanted.predicate, order) if len(everything) <= MOST_THINGS else []
    kept = _narrowed(index, everything, wanted.filters)
    things = [thing for thing in everything if all(thing in one for one in kept.values())] if kept else everything
    if not things:
        return None
    names = {thing: (place, letter) for thing, place, letter, _ in index.names(things, language)}
    things = sorted(things, key=lambda thing: names[thing], reverse=wanted.descending and wanted.sort is None)
    letters: dict[str, int] = {}
    if wanted.sort is None:
        for place, thing in enumerate(things):
            letters.setdefault(names[thing][1], place)
    elif (by := index.number(wanted.sort)) is None or not (keys := _keys(index, things, by, language, wanted)):
        return None
    else:
        having = sorted((t for t in things if t in keys), key=lambda t: keys[t], reverse=wanted.descending)
        things = [*having, *(thing for thing in things if thing not in keys)]
    facets = _facets(index, everything, kept, [one for one, is_facet in columns if is_facet])
    return Selection(array("q", things), letters, tuple(one for one, _ in columns)[:MOST_COLUMNS], facets)


def _narrowed(index: ListIndex, things: Collection[int], filters: Filters) -> dict[int, set[int]]:
    """For each property of *filters*, the things that have one of its values."""
    found: dict[int, set[int]] = {}
    among = set(things)
    for predicate in dict.fromkeys(predicate for predicate, _ in filters):
        number = index.number(predicate)
        texts = {text for other, text in filters if other == predicate}
        if number is None:
            return {-1: set()}
        pairs = _pairs(index, among, number)
        values = index.terms({value for value, _ in pairs})
        chosen = {value for value, term in values.items() if text_of(term) in texts}
        found[number] = {thing for value, thing in pairs if value in chosen}
    return found


def _pairs(index: ListIndex, things: Collection[int], predicate: int) -> list[tuple[int, int]]:
    """Pairs of a value and a thing, of *things* only. All pairs of the property are read if they are not many more."""
    found = index.pairs(predicate, 3 * len(things))
    if found is None:
        return [(value, thing) for thing, _, value in index.statements(things, [predicate])]
    among = things if isinstance(things, set) else set(things)
    return [pair for pair in found if pair[1] in among]


def _column_properties(
    index: ListIndex, things: Sequence[int], listed_by: NamedNode, order: Mapping[NamedNode, int]
) -> list[tuple[int, bool]]:
    """The properties that suit a column, the best first, and whether each suits a facet.

    A sample of the things, evenly spread, decides: most have the property, few times, with short values.
    """
    sample = things[:: -(-len(things) // _SAMPLE)]
    values: dict[int, list[int]] = defaultdict(list)
    having: dict[int, set[int]] = defaultdict(set)
    for thing, predicate, value in index.statements(sample):
        values[predicate].append(value)
        having[predicate].add(thing)
    terms = index.terms(values)
    usual = [
        number
        for number, term in terms.items()
        if isinstance(term, NamedNode)
        and term not in _NEVER
        and term != listed_by
        and len(having[number]) >= _LEAST * len(sample)
        and len(values[number]) <= _MOST_VALUES * len(having[number])
    ]
    texts = index.terms({value for number in usual for value in values[number]})

    def is_short(number: int) -> bool:
        shown = [text_of(texts[v]) for v in values[number] if isinstance(texts[v], Literal)]
        return not any(isinstance(texts[v], BlankNode) for v in values[number]) and (
            sum(map(len, shown)) <= _LONGEST * len(shown)
        )

    def rank(number: int) -> tuple[int, int, str]:
        term = terms[number]
        place = order.get(term, len(order)) if isinstance(term, NamedNode) else 0
        return place, -len(having[number]), str(term)

    kept = sorted(filter(is_short, usual), key=rank)
    return [(n, 2 <= len(set(values[n])) <= len(having[n]) / 2) for n in kept if terms[n] != RDF.type or len(kept) < 9]


def _facets(
    index: ListIndex, things: Sequence[int], kept: Mapping[int, set[int]], wanted: Iterable[int]
) -> dict[int, dict[int, int]]:
    """For each property of *wanted* and of the filters, its most frequent values with the number of things.

    A property's own filter does not narrow its counts.
    """
    found: dict[int, dict[int, int]] = {}
    for predicate in list(dict.fromkeys([*(one for one in kept if one >= 0), *wanted]))[:MOST_FACETS]:
        left = set(things).intersection(*(of for other, of in kept.items() if other != predicate))
        counts = Counter(value for value, _ in _pairs(index, left, predicate))
        best = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_CHOICES]
        found[predicate] = dict(best)
    return found


def _keys(
    index: ListIndex, things: Sequence[int], by: int, language: str, wanted: Wanted
) -> dict[int, tuple[int, float, Key]]:
    """The sort key of each thing that has a value of *by*: its least value, or its greatest in descending order."""
    pairs = _pairs(index, things, by)
    values = list({value for value, _ in pairs})
    named = {number: text for number, _, _, text in index.names(values, language)}
    keys = {
        number: _key(named.get(number, text), language, is_name=number in named)
        for number, text in index.texts(values).items()
    }
    found: dict[int, tuple[int, float, Key]] = {}
    for value, thing in pairs:
        key, known = keys[value], found.get(thing)
        if known is None or (key > known if wanted.descending else key < known):
            found[thing] = key
    return found


def _key(text: str, language: str, *, is_name: bool) -> tuple[int, float, Key]:
    """The sort key of a name, or of a value as in N-Triples: numbers by size come first, then text."""
    plain = None if is_name else _LITERAL.fullmatch(text)
    if plain is not None and plain[2]:
        number = number_of(Literal(plain[1], datatype=NamedNode(plain[2])))
        if number is not None:
            return 0, number, ("", "", "")
        return 1, 0.0, (plain[1], "", "")  # a date is sorted as it is written
    return 1, 0.0, collation_key(plain[1] if plain is not None else text, language)
