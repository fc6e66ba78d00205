"""What the home page shows of any publication without settings: classes, some things of each, a disagreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, rows
from missiongraph.vocab import MG, SCAFFOLDING

_MOST_CLASSES = 12
_MOST_MEMBERS = 12

#: Things of a class that a query ranks. Ranking all things of a large class would take too long.
_CHOICE = 1000


class ClassOverview(NamedTuple):
    """A class, the number of its things, and some of them."""

    iri: NamedNode
    total: int
    members: tuple[NamedNode, ...]


class Differing(NamedTuple):
    """A ``mg:Disagreement``, with the subject and the property that it is about."""

    iri: NamedNode
    subject: NamedNode
    predicate: NamedNode


@dataclass(frozen=True)
class Overview:
    """Queries for the home page. Each is asked when its answer is first needed, and the answer is kept.

    :ivar chosen: IRIs of the classes that the settings name; they take the place of the largest classes
    :ivar base: the base IRI; things whose IRIs begin with it are the publication's own
    """

    engine: Engine
    chosen: Sequence[str]
    base: str

    @cached_property
    def classes(self) -> tuple[ClassOverview, ...]:
        """The classes of the settings that are in use; if there are none, the largest classes."""
        text = """SELECT ?class (COUNT(*) AS ?n) WHERE { ?thing a ?class FILTER(isIRI(?thing) && isIRI(?class)) }
            GROUP BY ?class ORDER BY DESC(?n) ?class"""
        found = ((row["class"], row["n"]) for row in rows(self.engine, text))
        counts = {c: int(n.value) for c, n in found if isinstance(c, NamedNode) and isinstance(n, Literal)}
        wanted = [NamedNode(iri) for iri in self.chosen if NamedNode(iri) in counts]
        wanted = wanted or [iri for iri in counts if iri not in SCAFFOLDING][:_MOST_CLASSES]
        return tuple(ClassOverview(iri, counts[iri], self._best_known(iri)) for iri in wanted)

    def _best_known(self, kind: NamedNode) -> tuple[NamedNode, ...]:
        """Things of a class in order of their IRIs: of too many, those that most statements have as object."""
        text = f"""SELECT ?s WHERE {{ {{ SELECT ?s (COUNT(*) AS ?n) WHERE {{
            {{ SELECT ?s WHERE {{ ?s a {kind} FILTER(isIRI(?s)) }} LIMIT {_CHOICE} }} OPTIONAL {{ ?other ?p ?s }} }}
            GROUP BY ?s ORDER BY DESC(?n) ?s LIMIT {_MOST_MEMBERS} }} }} ORDER BY ?s"""
        return tuple(s for row in rows(self.engine, text) if isinstance(s := row["s"], NamedNode))

    @cached_property
    def example(self) -> NamedNode | None:
        """A thing of the publication's own: of the first class in the settings, if there is one."""
        pattern = f"?s a {NamedNode(self.chosen[0])}" if self.chosen else "?s ?p ?o"
        own = f"FILTER(isIRI(?s) && STRSTARTS(STR(?s), {Literal(self.base)}))"
        found = rows(self.engine, f"SELECT ?s WHERE {{ {pattern} {own} }} LIMIT {_CHOICE}")
        subjects = (subject for row in found if isinstance(subject := row["s"], NamedNode))
        return min(subjects, key=lambda subject: subject.value, default=None)

    @cached_property
    def differing(self) -> Differing | None:
        """The disagreement with most claims; ``None`` if there is none."""
        text = f"""SELECT ?d ?s ?p WHERE {{
            ?d a {MG.Disagreement} ; {MG.aboutSubject} ?s ; {MG.aboutProperty} ?p ; {MG.claim} ?claim
            }} GROUP BY ?d ?s ?p ORDER BY DESC(COUNT(?claim)) ?d LIMIT 1"""
        row = next(rows(self.engine, text), None)
        found = (row["d"], row["s"], row["p"]) if row else ()
        iris = [term for term in found if isinstance(term, NamedNode)]
        return Differing(*iris) if len(iris) == len(Differing._fields) else None
