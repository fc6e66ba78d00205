"""A draft of an evidence graph for a sentence: its selector and digest, known things, and typed values.

The graph itself stays empty. A person writes what the sentence states.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.pages.normalised_text import normalise, occurrences, passage_digest, passages
from missiongraph.evidence.pages.read_page import Page
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.evidence.words.denials_hedges_units import LIGHT
from missiongraph.evidence.words.tokens import Token, tokenise
from missiongraph.vocab import MG, OA, PROV, XSD

#: The most words of a phrase: enough to find it again, too few to copy the sentence.
MOST_WORDS = 9
_CONTEXT = 4
_DURATIONS = {
    "year": "Y",
    "years": "Y",
    "month": "M",
    "months": "M",
    "week": "W",
    "weeks": "W",
    "day": "D",
    "days": "D",
}


@dataclass(frozen=True)
class Known:
    """A name in the sentence, and the things of the publication that have it."""

    name: str
    things: tuple[NamedNode, ...]


@dataclass(frozen=True)
class Skeleton:
    """The draft of an evidence graph.

    :ivar slug: the last part of the graph's IRI
    :ivar digest: the digest of the passage
    :ivar values: figures, dates and durations of the sentence, each with its literal in Turtle
    """

    slug: str
    exact: str
    prefix: str
    suffix: str
    digest: str
    known: tuple[Known, ...]
    values: tuple[tuple[str, str], ...]


def skeleton(sentence: str, knowledge: Knowledge, language: str | None, page: Page | None = None) -> Skeleton:
    """Make the draft for *sentence*.

    :param language: language tag of the sentence; ``None``: unknown
    :param page: the page of the sentence. If given, it decides the passage and how much context the words need.
    :raises MissiongraphError: *sentence* has no words, or *page* has no such sentence
    """
    text = normalise(sentence, lists=False).text
    tokens = tokenise(text, language)
    if not tokens:
        raise MissiongraphError(Problem("there are no words to make evidence of", advice="give a sentence of the page"))
    known = tuple(_known(text, tokens, knowledge))
    exact = _phrase(text, tokens, known)
    whole, digest, prefix, suffix = text, passage_digest(text), "", ""
    if page is not None:
        whole, digest = _on_page(text, page)
        prefix, suffix = _context(exact, whole, page)
    return Skeleton(slug_of(exact), exact, prefix, suffix, digest, known, tuple(_values(tokens)))


def as_trig(found: Skeleton, base: str, source: NamedNode) -> str:
    """The draft in TriG, with comments where a person completes it."""
    name = source.value.rstrip("/#").rpartition("/")[2]
    graph = f"id/evidence/{name}/{found.slug}"
    notes = [f"# {k.name}: {' or '.join(f'<{t.value}>' for t in k.things)}" for k in found.known]
    notes += [f"# {text}: {literal}" for text, literal in found.values]
    context = "".join(
        f" ;\n        oa:{side} {RdfLiteral(words)}"
        for side, words in (("prefix", found.prefix), ("suffix", found.suffix))
        if words
    )
    comments = "\n".join(f"    {note}" for note in (*notes, "# Write here what the words say."))
    return f"""@base <{base}> .
@prefix mg: <{MG}> .
@prefix oa: <{OA}> .
@prefix prov: <{PROV}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <{XSD}> .

<{graph}> {{
{comments}
}}

<id/graph/provenance/{name}> {{
    <{graph}> a mg:EvidenceGraph, prov:Entity ;
        # rdfs:label "…"@en ;
        mg:rank mg:accepted ;
        mg:basis mg:stated ;
        prov:wasDerivedFrom <{graph}#passage> .

    <{graph}#passage> a oa:SpecificResource, prov:Entity ;
        oa:hasSource <{source.value}> ;
        oa:hasSelector <{graph}#quote> ;
        mg:passageDigest "{found.digest}" ;
        prov:wasQuotedFrom <{source.value}> .

    <{graph}#quote> a oa:TextQuoteSelector ;
        oa:exact {RdfLiteral(found.exact)}{context} .
}}
"""


def _known(text: str, tokens: Sequence[Token], knowledge: Knowledge) -> Iterator[Known]:
    """The names of things of the publication in the sentence; of overlapping ones the longest."""
    by_keys: dict[tuple[tuple[str, ...], ...], list[NamedNode]] = {}
    for thing, names in knowledge.labels.items():
        for name in names:
            keys = tuple(token.key for token in tokenise(name))
            if keys and thing not in by_keys.setdefault(keys, []):
                by_keys[keys].append(thing)
    longest = max(map(len, by_keys), default=0)
    position = 0
    while position < len(tokens):
        for length in range(min(longest, len(tokens) - position), 0, -1):
            part = tokens[position : position + length]
            things = by_keys.get(tuple(token.key for token in part))
            if things:
                yield Known(text[part[0].start : part[-1].end], tuple(sorted(things, key=str)))
                position += length - 1
                break
        position += 1


def _phrase(text: str, tokens: Sequence[Token], known: Sequence[Known]) -> str:
    """At most nine words around the first figure, date or known name, and never the whole sentence."""
    most = min(MOST_WORDS, max(1, len(tokens) - 1)) if len(tokens) > 3 else len(tokens)
    spans = [text.find(k.name) for k in known]
    first = next((i for i, t in enumerate(tokens) if t.is_value), None)
    if first is None:
        first = next((i for i, t in enumerate(tokens) if t.start in spans), 0)
    start = max(0, min(first - most // 2, len(tokens) - most))
    end = start + most
    while end < len(tokens) and _goes_on(text, tokens, end, known):  # keep a figure with its unit, and a name whole
        end += 1
    while start < first and len(text[tokens[start].start : tokens[end - 1].end].split()) > MOST_WORDS:
        start += 1
    while end - 1 > first and len(text[tokens[start].start : tokens[end - 1].end].split()) > MOST_WORDS:
        end -= 1
    # rather leave a figure or name out than cut it
    while first < end - 1 and end < len(tokens) and _goes_on(text, tokens, end, known):
        end -= 1
    if start == 0 and end == len(tokens) > 3:
        start = 1
    while end - start > 4 and tokens[end - 1].key[1] in LIGHT:
        end -= 1
    return text[tokens[start].start : tokens[end - 1].end]


def _goes_on(text: str, tokens: Sequence[Token], end: int, known: Sequence[Known]) -> bool:
    """Whether a phrase that ends before the token *end* would cut a figure from its unit, or a name."""
    last, after = tokens[end - 1], tokens[end]
    if last.is_value and not set(text[last.end : after.start]) & set(".,;:!?()"):
        return True
    spans = [(at, at + len(k.name)) for k in known if (at := text.find(k.name)) >= 0]
    return any(begin < after.start < stop and begin < last.end < stop for begin, stop in spans)


def _on_page(text: str, page: Page) -> tuple[str, str]:
    found = next((p for p in passages(page.text) if text.rstrip(" .") in p.text), None)
    if found is None:
        raise MissiongraphError(
            Problem("the page has no such sentence", advice="paste it as it stands there, or leave --page out")
        )
    return found.text, found.digest


def _context(exact: str, whole: str, page: Page) -> tuple[str, str]:
    """The words before and after *exact*; empty if *exact* stands only once on the page."""
    if len(list(occurrences(normalise(page.text), exact))) == 1:
        return "", ""
    before, _, after = whole.partition(exact)
    return " ".join(before.split()[-_CONTEXT:]), " ".join(after.split()[:_CONTEXT])


def _values(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Figures, amounts, dates and durations, each with its literal in Turtle."""
    for position, token in enumerate(tokens):
        if token.kind == "date":
            year, month, day = (part.zfill(2) for part in token.key[1:])
            if year != "00" and day != "00":
                yield token.text, f'"{year}-{month}-{day}"^^xsd:date'
        elif token.kind == "number":
            number, currency = token.key[1], token.key[2]
            unit = tokens[position + 1].key[1] if position + 1 < len(tokens) else ""
            if unit in _DURATIONS and number.isdecimal():
                yield f"{token.text} {unit}", f'"P{number}{_DURATIONS[unit]}"^^xsd:duration'
            elif currency:
                yield token.text, f'"{number}"^^xsd:decimal with the currency "{currency}"'
            elif re.fullmatch(r"(19|20)\d\d", number) and number == token.text:
                yield token.text, f'"{number}"^^xsd:gYear, or the number {number}'
            else:
                yield token.text, number


def slug_of(text: str) -> str:
    """The first words of *text* as the last part of an IRI."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)[:6]) or "claim"
