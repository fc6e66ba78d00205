"""The claims of the page rest on words that stand in it, and no passage of it was passed over."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from missiongraph.evidence.pages.normalised_text import NormalisedText, Passage, normalise, occurrences, passages

PUBLICATION = Path(__file__).parents[2]
QUOTES = """
    PREFIX mg: <https://w3id.org/missiongraph/ontology#>
    PREFIX oa: <http://www.w3.org/ns/oa#>
    PREFIX prov: <http://www.w3.org/ns/prov#>
    SELECT ?passage ?exact ?prefix ?suffix ?digest ?claim
    WHERE {
        GRAPH ?description {
            ?passage prov:wasQuotedFrom <https://w3id.org/missiongraph/id/source/italian-network> .
            ?passage oa:hasSelector ?quote ; mg:passageDigest ?digest .
            ?quote oa:exact ?exact .
            OPTIONAL { ?quote oa:prefix ?prefix }
            OPTIONAL { ?quote oa:suffix ?suffix }
            OPTIONAL { ?claim prov:wasDerivedFrom ?passage }
        }
    }"""


@cache
def page_text() -> str:
    folder = os.environ.get("MISSIONGRAPH_PAGES")
    if not folder:
        pytest.skip("MISSIONGRAPH_PAGES is not set: no capture of the page to look the words up in")
    page = Path(folder) / "italian-network.txt"
    if not page.is_file():
        pytest.skip(f"{page} is not there: no capture of the page to look the words up in")
    return page.read_text("utf-8")


@cache
def page() -> tuple[NormalisedText, tuple[Passage, ...]]:
    return normalise(page_text()), passages(page_text())


@cache
def quotes() -> tuple[dict[str, str], ...]:
    store = Store()
    for file in sorted((PUBLICATION / "data").rglob("*.trig")):
        store.load(path=str(file))
    solutions = store.query(QUOTES)
    assert isinstance(solutions, QuerySolutions)
    names = ("passage", "exact", "prefix", "suffix", "digest", "claim")
    return tuple(
        {name: term.value for name in names if isinstance(term := row[name], NamedNode | Literal)} for row in solutions
    )


def _found(quote: dict[str, str]) -> list[tuple[int, int]]:
    text, _ = page()
    return list(occurrences(text, quote["exact"], quote.get("prefix", ""), quote.get("suffix", "")))


def _around(place: tuple[int, int]) -> Iterator[Passage]:
    start, end = place
    return (passage for passage in page()[1] if passage.start <= start and end <= passage.start + len(passage.text))


def test_each_phrase_occurs_exactly_once() -> None:
    assert {quote["passage"]: len(_found(quote)) for quote in quotes() if len(_found(quote)) != 1} == {}
    assert len(quotes()) > 100


def test_each_phrase_stands_in_the_passage_of_its_digest() -> None:
    stray = [
        quote["passage"]
        for quote in quotes()
        for place in _found(quote)
        if [passage.digest for passage in _around(place)] != [quote["digest"]]
    ]
    assert stray == []


def test_a_sentence_is_never_quoted_whole() -> None:
    """Names, dates and headings may be; a sentence has more than three words."""
    whole = {passage.text for passage in page()[1] if len(passage.text.split()) > 3}
    assert [quote["exact"] for quote in quotes() if normalise(quote["exact"]).text in whole] == []


def test_each_passage_has_claims_or_says_that_it_states_no_fact() -> None:
    claims: defaultdict[str, set[str]] = defaultdict(set)
    for quote in quotes():
        for place in _found(quote):
            for passage in _around(place):
                claims[passage.text].add(quote.get("claim", "no fact"))
    assert [passage.text for passage in page()[1] if not claims[passage.text]] == []
    mixed = [text for text, stated in claims.items() if "no fact" in stated and len(stated) > 1]
    assert mixed == []
