"""Coverage of a page by evidence, and the claims that a new capture of the page affects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from missiongraph.evidence.claim_graphs import Selector
from missiongraph.evidence.matching.anchor import Anchors
from missiongraph.evidence.matching.page_text import PageText
from missiongraph.evidence.pages.normalised_text import Passage, passages
from missiongraph.evidence.pages.read_page import Page
from missiongraph.evidence.verdicts.check import Check, ClaimCheck, SourceClaims
from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import MG, OA, PROV, RDF


@dataclass(frozen=True)
class Coverage:
    """The passages of a page.

    :ivar evidenced: passages that claims quote
    :ivar declared: passages that the publication declares to state no fact (``mg:NoFactPassage``)
    :ivar silent: all other passages
    """

    evidenced: tuple[Passage, ...]
    declared: tuple[Passage, ...]
    silent: tuple[Passage, ...]

    @property
    def total(self) -> int:
        """How many passages the page has."""
        return len(self.evidenced) + len(self.declared) + len(self.silent)

    @property
    def share(self) -> float:
        """The percentage of passages that are evidenced or declared; 0 for a page without passages."""
        return 100 * (1 - len(self.silent) / self.total) if self.total else 0.0


def coverage(dataset: Dataset, claims: SourceClaims, page: Page) -> Coverage:
    """Which passages of *page* the claims of its source quote, and which the publication declares to state no fact."""
    text = PageText(page.text, claims.language)
    spoken = {selector for selectors in claims.selectors.values() for selector in selectors}
    empty = set(passages_without_facts(dataset, claims.source))
    anchors = Anchors.of(text, (*spoken, *empty))
    evidenced, declared = set[int](), set[int]()
    for selector, place in anchors.places.items():
        (evidenced if selector in spoken else declared).add(text.passage_at(place.start))
    numbered = list(enumerate(text.passages))
    return Coverage(
        evidenced=tuple(p for n, p in numbered if n in evidenced),
        declared=tuple(p for n, p in numbered if n in declared - evidenced),
        silent=tuple(p for n, p in numbered if n not in evidenced | declared),
    )


def passages_without_facts(dataset: Dataset, source: NamedNode) -> list[Selector]:
    """The passages of *source* that the publication declares to state no fact (``mg:NoFactPassage``)."""
    described: dict[NamedNode, dict[NamedNode, list[object]]] = {}
    for quad in dataset.quads:
        if isinstance(quad.subject, NamedNode):
            described.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    selectors: list[Selector] = []
    for iri, properties in described.items():
        if MG.NoFactPassage not in properties.get(RDF.type, []) or source not in properties.get(PROV.wasQuotedFrom, []):
            continue
        for quote in properties.get(OA.hasSelector, []):
            quoted = described.get(quote, {}) if isinstance(quote, NamedNode) else {}
            exact, prefix, suffix = (_text(quoted.get(p, [])) for p in (OA.exact, OA.prefix, OA.suffix))
            selectors.append(
                Selector(iri, source, exact, prefix, suffix, _text(properties.get(MG.passageDigest, [])) or None)
            )
    return selectors


def _text(terms: Sequence[object]) -> str:
    return next((term.value for term in terms if isinstance(term, Literal)), "")


@dataclass(frozen=True)
class Touched:
    """A claim for which the checks against the old and the new page differ."""

    old: ClaimCheck
    new: ClaimCheck


@dataclass(frozen=True)
class PageChange:
    """What differs between two captures of a page."""

    touched: tuple[Touched, ...]
    removed: tuple[Passage, ...]
    added: tuple[Passage, ...]


def compare(old: Check, new: Check) -> PageChange:
    """Compare two checks of one source: the claims that they differ on, and the passages that only one page has."""
    before, after = passages(old.page.text), passages(new.page.text)
    old_digests, new_digests = {p.digest for p in before}, {p.digest for p in after}
    was = {claim.graph.iri: claim for claim in old.claims}
    touched = (Touched(was[c.graph.iri], c) for c in new.claims if _said(was[c.graph.iri]) != _said(c))
    return PageChange(
        touched=tuple(touched),
        removed=tuple(p for p in before if p.digest not in new_digests),
        added=tuple(p for p in after if p.digest not in old_digests),
    )


def _said(claim: ClaimCheck) -> object:
    return claim.verdict, [(f.verdict, f.found) for f in claim.findings], claim.reasons
