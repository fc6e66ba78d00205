"""The check of the claims of a source against a saved copy of its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pyoxigraph import NamedNode

from missiongraph.engine.embedded import EmbeddedEngine
from missiongraph.errors import MissiongraphError, Problem
from missiongraph.evidence.claim_graphs import Graph, Selector, read_graphs
from missiongraph.evidence.matching.anchor import Anchors, Place
from missiongraph.evidence.matching.closest_place import Aligner, Difference, only_written_otherwise
from missiongraph.evidence.matching.denials_and_hedges import Surroundings
from missiongraph.evidence.matching.page_text import PageText
from missiongraph.evidence.pages.normalised_text import normalise
from missiongraph.evidence.pages.read_page import Page
from missiongraph.evidence.verdicts.values_of_claims import Knowledge, Stated
from missiongraph.evidence.verdicts.verdict import ACCUSING, VERDICTS, Verdict
from missiongraph.evidence.words.denials_hedges_units import LIGHT, dictionary
from missiongraph.evidence.words.run_together import mend
from missiongraph.evidence.words.tokens import Token, fold_word, tokenise
from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import MG

#: The least share of a source's words (or of the rows of a table) that must be found on what is its page.
LEAST_ANCHORS = 0.2

#: A name with fewer letters proves nothing, since any page may have it.
_SHORTEST_NAME = 4


@dataclass(frozen=True)
class Finding:
    """What a check found of the words of one selector.

    :ivar found: what the page has at the place; empty if nothing was found
    :ivar start: first character of the place in the normalised page
    :ivar end: the character after the last; 0 if nothing was found
    :ivar digest: digest of the passage that holds the words; only where they stand exactly and within one passage
    """

    selector: Selector
    verdict: Verdict
    found: str = ""
    start: int = 0
    end: int = 0
    differences: tuple[Difference, ...] = ()
    digest: str | None = None

    @property
    def contradictions(self) -> tuple[Difference, ...]:
        """The differences that speak against the claim: all but typing errors and other words."""
        return tuple(d for d in self.differences if d.kind not in ("typing", "words"))


@dataclass(frozen=True)
class ClaimCheck:
    """What a check found of one claim.

    :ivar verdict: the gravest of its findings, or ``contradicted`` where words around it or its own values say so
    :ivar reasons: the differences that decided the verdict
    """

    graph: Graph
    verdict: Verdict
    findings: tuple[Finding, ...]
    reasons: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Check:
    """What a check found of all claims of a source.

    :ivar left_out: how many claims were not judged because only the beginning of the page was read; ``None`` if all of
        it was read
    """

    source: NamedNode
    page: Page
    claims: tuple[ClaimCheck, ...]
    left_out: int | None = None

    @property
    def passes(self) -> bool:
        """Whether no claim is contradicted or gone."""
        return not any(claim.verdict in ACCUSING for claim in self.claims)

    def count(self, verdict: Verdict) -> int:
        """How many claims have *verdict*."""
        return sum(claim.verdict == verdict for claim in self.claims)

    def of_a_beginning(self) -> Check:
        """The verdicts that hold if only the beginning of the page was read: words that are gone may stand further on.

        The last passage gets no digest if it does not end as a sentence does, because it may have been cut.
        """
        last = self.page.passages[-1] if self.page.passages else None
        cut = last.digest if last and not last.text.endswith((".", "!", "?")) else None
        claims = tuple(
            replace(c, findings=tuple(replace(f, digest=None if f.digest == cut else f.digest) for f in c.findings))
            for c in self.claims
            if c.verdict != "gone"
        )
        return replace(self, claims=claims, left_out=len(self.claims) - len(claims))


class NotTheSource(MissiongraphError):
    """The page has too few of the words of the source, so it is probably another page."""


@dataclass(frozen=True)
class SourceClaims:
    """The claims of one source, and what the publication knows of names and values.

    :ivar language: language tag of the source; ``None``: unknown
    """

    source: NamedNode
    language: str | None
    graphs: tuple[Graph, ...]
    knowledge: Knowledge

    @cached_property
    def selectors(self) -> dict[Graph, tuple[Selector, ...]]:
        """For each claim, its selectors with words of this source."""
        return {g: tuple(p for p in g.selectors if p.source == self.source and p.exact) for g in self.graphs}


def claims_of(dataset: Dataset, source: NamedNode) -> SourceClaims:
    """The claims of *dataset* that rest on words of *source*, without retired ones.

    :raises MissiongraphError: there are none
    """
    engine = EmbeddedEngine.of(dataset.default_graph, dataset.quads)
    read = read_graphs(engine, dataset.graphs_of_class(MG.EvidenceGraph)).values()
    graphs = [g for g in read if g.rank != MG.retired and any(p.source == source and p.exact for p in g.selectors)]
    if not graphs:
        raise MissiongraphError(
            Problem(f"no claim rests on words of <{source.value}>", advice="name another source with --source")
        )
    sources = {s.iri: s for graph in graphs for s in graph.sources}
    language = sources[source].language if source in sources else None
    return SourceClaims(source, language, tuple(sorted(graphs, key=lambda g: g.iri.value)), Knowledge(dataset))


def check(claims: SourceClaims, page: Page) -> Check:
    """Check *claims* against *page*.

    :raises NotTheSource: fewer than a fifth of the selectors were found, and nothing else shows that it is the page
    """
    return _Checker(claims, page).check()


class _Checker:
    def __init__(self, claims: SourceClaims, page: Page) -> None:
        self._claims, self._page = claims, page
        every = dict.fromkeys(s for selectors in claims.selectors.values() for s in selectors)
        #: selectors with equal words and context are looked for once
        self._same = {(s.exact, s.prefix, s.suffix, s.digest): s for s in reversed(every)}
        self._mended = mend(page.text, self._same.values(), self._is_word)
        self._text = PageText(self._mended.text, claims.language)
        self._anchors = Anchors.of(self._text, self._same.values())
        self._aligner = Aligner(self._anchors, self._is_word, self._is_name)
        self._findings = {s: self._finding(s) for s in self._same.values()}

    def check(self) -> Check:
        found = sum(1 for s, f in self._findings.items() if f.verdict != "gone")
        if found < LEAST_ANCHORS * len(self._findings) and not self._is_known_otherwise():
            share = round(100 * found / len(self._findings))
            raise NotTheSource(
                Problem(
                    f"this does not look like the source <{self._claims.source.value}>: "
                    f"{share} % of anchors found ({found} of {len(self._findings)})",
                    advice="give a saved copy of its page with --page",
                )
            )
        surroundings = Surroundings(self._anchors, tuple(self._spans()), self._known)
        checked = (self._claim(g, s, surroundings) for g, s in self._claims.selectors.items())
        return Check(self._claims.source, self._page, tuple(checked))

    def _is_known_otherwise(self) -> bool:
        """Whether the page is the source although the few words of its claims are gone.

        If a source has fewer than five selectors, a fifth of them is less than one, and finding none proves nothing.
        The page is then taken for the source if it has the name of a thing of the claims, the context of a selector, or
        half of the words somewhere.
        """
        if len(self._findings) * LEAST_ANCHORS > 1:
            return False
        text = self._page.text
        knowledge = self._claims.knowledge
        things = {self._claims.source, *(t for g in self._claims.graphs for t in knowledge.things(g.iri))}
        names = {name for thing in things for name in knowledge.labels.get(thing, ()) if len(name) >= _SHORTEST_NAME}
        around = {words for s in self._findings for words in (s.prefix, s.suffix) if len(words.split()) > 1}
        if any(_holds(text, words) for words in (*names, *around)):
            return True
        here = {token.key for token in self._tokens(text)}
        said = {token.key for s in self._findings for token in self._tokens(f"{s.prefix} {s.exact} {s.suffix}")}
        heavy = {key for key in said if key[1] not in LIGHT}
        return bool(heavy) and len(heavy & here) * 2 >= len(heavy)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(s.digest for s in self._same.values() if s.digest)

    def _spans(self) -> Iterable[tuple[int, int]]:
        for finding in self._findings.values():
            if finding.end:
                yield finding.start, finding.end

    def _is_word(self, word: str) -> bool:
        return dictionary(self._claims.language or "en")(word)

    def _is_name(self, token: Token) -> bool:
        """Whether *token* begins with a capital, and stands in a name of the publication or in no dictionary."""
        return token.is_capital and (
            token.key[1] in self._claims.knowledge.name_words or not self._is_word(token.key[1])
        )

    def _finding(self, selector: Selector) -> Finding:
        place = self._anchors.places.get(selector)
        if place is not None:
            return self._placed(selector, place)
        closest = self._aligner.closest(self._anchors.phrases[selector])
        if closest is None:
            return Finding(selector, "gone")
        if not closest.differences:  # the words are there, but not their context
            return Finding(selector, "gone")
        words = self._text.text[closest.start : closest.end]
        found = Finding(selector, "gone", words, closest.start, closest.end, closest.differences)
        if only_written_otherwise(closest):
            carried = self._anchors.carried(closest.start, closest.end, self._anchors.phrases[selector])
            return Finding(selector, "gone") if carried else replace(found, verdict="changed")
        return replace(found, verdict="contradicted") if found.contradictions else found

    def _placed(self, selector: Selector, place: Place) -> Finding:
        verdict: Verdict = "supported"
        if place.way == "elsewhere":
            verdict = "moved"
        elif place.way == "writing" or self._mended.touches(selector.exact):
            verdict = "changed"
        words = self._text.text[place.start : place.end]
        return Finding(selector, verdict, words, place.start, place.end, digest=self._digest(place, verdict))

    def _digest(self, place: Place, verdict: Verdict) -> str | None:
        """The digest of the passage that holds the words, if they stand there exactly and in one passage."""
        number = self._text.passage_at(place.start)
        if verdict != "supported" or number != self._text.passage_at(place.end - 1):
            return None
        digest = self._text.passages[number].digest
        return digest if digest in self._page.digests else None

    def _claim(self, graph: Graph, selectors: Sequence[Selector], surroundings: Surroundings) -> ClaimCheck:
        stated = self._claims.knowledge.stated(graph.iri)
        shared = [self._findings[self._same[(s.exact, s.prefix, s.suffix, s.digest)]] for s in selectors]
        findings = tuple(
            self._judged(replace(found, selector=own), stated) for own, found in zip(selectors, shared, strict=True)
        )
        verdict = max((f.verdict for f in findings), key=VERDICTS.index)
        reasons = [d for f in findings if f.verdict == "contradicted" for d in f.contradictions]
        if verdict not in ACCUSING:
            reasons = [
                *self._against_the_graph(findings, stated),
                *(d for f in findings for d in surroundings.qualify(f.selector, f.start, f.end, planned=graph.planned)),
            ]
            verdict = "contradicted" if reasons else verdict
        return ClaimCheck(graph, verdict, findings, tuple(dict.fromkeys(reasons)))

    def _judged(self, finding: Finding, stated: Stated) -> Finding:
        """*finding*, in which a figure or name that the claim does not state counts as other words."""
        lost = [n for n in stated.names if _holds(finding.selector.exact, n) and not _holds(finding.found, n)]
        if finding.verdict == "changed" and lost:
            return replace(finding, verdict="contradicted", differences=(Difference("name", lost[0], finding.found),))
        if finding.verdict != "contradicted":
            return finding
        weighed = replace(finding, differences=tuple(self._weighed(d, stated) for d in finding.differences))
        return weighed if weighed.contradictions else replace(weighed, verdict="gone")

    def _weighed(self, difference: Difference, stated: Stated) -> Difference:
        tokens = self._tokens(difference.stated)
        if difference.kind in ("figure", "date"):
            claimed = any(stated.figure(t) for t in tokens) or (stated.figures and not any(t.is_value for t in tokens))
        elif difference.kind == "name":
            claimed = any(t.key[1] in stated.words for t in tokens)
        else:
            claimed = True
        return difference if claimed else Difference("words", difference.stated, difference.found)

    def _against_the_graph(self, findings: Sequence[Finding], stated: Stated) -> list[Difference]:
        """Figures and dates of the graph that its words do not have, where the words have other ones."""
        tokens = [t for f in findings for t in self._tokens(f.found)]
        names = self._claims.knowledge.name_words - LIGHT  # “From” of a name says nothing of “from 13”
        values = [
            token
            for i, token in enumerate(tokens)
            if token.is_value and token.key[1] not in "01" and not (i and tokens[i - 1].key[1] in names)
        ]
        missing: list[Difference] = []
        for kind, wanted in (("date", stated.dates), ("number", stated.figures)):
            here = [t for t in values if t.kind == kind]
            said = {stated.figure(t) for t in here} - {None}
            if wanted and here and not said:
                text = ", ".join(sorted("-".join(w) if isinstance(w, tuple) else w for w in wanted))
                missing.append(Difference("date" if kind == "date" else "figure", text, here[0].text))
        return missing

    def _tokens(self, text: str) -> tuple[Token, ...]:
        return tokenise(normalise(text, lists=False).text, self._claims.language)


def _holds(text: str, name: str) -> bool:
    """Whether *text* has the words of *name* in a row, in any letter case and with any punctuation between them.

    >>> _holds("in NET-ZERO Cities, 2030", "Net Zero cities"), _holds("Bolognas", "Bologna")
    (True, False)
    """
    words, wanted = (
        [fold_word(word) for word in re.findall(r"[\w']+", normalise(part, lists=False).text)] for part in (text, name)
    )
    return f" {' '.join(wanted)} " in f" {' '.join(words)} "
