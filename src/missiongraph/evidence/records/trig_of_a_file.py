"""Writes quads as TriG that can be added to a file, with the prefixes and the base that the file has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from missiongraph.publication.dataset import Dataset
from missiongraph.vocab import RDF, XSD

#: Local names and paths that need no escapes (Turtle 1.1, section 6.5; RFC 3986, section 4.2).
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_BELOW = re.compile(r"\w[\w~-]*(?:\.[\w~-]+)*(?:/\w[\w~-]*(?:\.[\w~-]+)*)*(?:#[\w-]+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_BETWEEN = " ;\n        "


@dataclass
class TrigWriter:
    """Writes quads as TriG, in the words of the file that takes them.

    :ivar declared: the prefixes that the file has
    :ivar base: the base that it has; ``None``: none, so that the block declares that of the publication
    """

    dataset: Dataset
    declared: Mapping[str, str]
    base: str | None
    missing: dict[str, str] = field(default_factory=dict)

    def write(self, quads: tuple[Quad, ...]) -> str:
        """The graphs of *quads* in order, with the prefixes that the file lacks before them."""
        graphs: dict[str, dict[str, dict[str, list[str]]]] = {}
        for quad in quads:
            subjects = graphs.setdefault(self._term(quad.graph_name), {})
            predicate = "a" if quad.predicate == RDF.type else self._term(quad.predicate)
            said = subjects.setdefault(self._term(quad.subject), {})
            said.setdefault(predicate, []).append(self._term(quad.object))
        blocks = []
        for graph, subjects in graphs.items():
            said_of = (
                (subject, _BETWEEN.join(f"{predicate} {', '.join(values)}" for predicate, values in said.items()))
                for subject, said in subjects.items()
            )
            lines = "\n".join(f"    {subject} {said} .\n" for subject, said in said_of)
            blocks.append(f"{graph} {{\n{lines}}}\n")
        text = "\n".join(blocks)
        head = [] if self.base else [f"@base <{self.dataset.publication.settings.base}> ."]
        head += [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in sorted(self.missing.items())]
        return "\n".join(head) + "\n\n" + text if head else text

    def _term(self, term: object) -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal) and term.datatype == XSD.integer and _INTEGER.fullmatch(term.value):
            return term.value
        if isinstance(term, Literal) and term.datatype not in (XSD.string, RDF.langString):
            return f"{Literal(term.value)}^^{self._iri(term.datatype.value)}"
        return str(term)

    def _iri(self, iri: str) -> str:
        base = self.base or self.dataset.publication.settings.base
        if (
            iri.startswith(base)
            and base == self.dataset.publication.settings.base
            and _BELOW.fullmatch(iri[len(base) :])
        ):
            return f"<{iri[len(base) :]}>"
        known = {**self.dataset.prefixes, **self.declared}
        for prefix, namespace in known.items():
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri[len(namespace) :]):
                if self.declared.get(prefix) != namespace:
                    self.missing[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"
