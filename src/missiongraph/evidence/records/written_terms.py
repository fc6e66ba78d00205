"""Terms as a person writes them: an IRI, a prefixed name, a path under the base, or a name; and values as text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.errors import MissiongraphError, Problem, nearest
from missiongraph.evidence.verdicts.values_of_claims import Knowledge
from missiongraph.publication.dataset import Term
from missiongraph.rdf.datatypes import example_of, is_lexical
from missiongraph.vocab import RDF, SH, XSD

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_OF_THINGS = frozenset((SH["class"], SH.node))

#: What a value is whose property nobody has used before.
_FORMS = (
    (re.compile(r"[+-]?\d+"), XSD.integer),
    (re.compile(r"[+-]?\d*\.\d+"), XSD.decimal),
    (re.compile(r"\d{4}-\d\d-\d\d"), XSD.date),
    (re.compile(r"true|false"), XSD.boolean),
)


class UnknownTerm(MissiongraphError):
    """What a person wrote is no term of the publication, or could be several."""


@dataclass(frozen=True)
class WrittenTerms:
    """Reads what a person writes into terms of the publication of *knowledge*.

    :ivar language: the language of texts that nobody gives one
    """

    knowledge: Knowledge
    language: str

    def thing(self, written: str) -> NamedNode:
        """The thing that *written* means: an IRI, a prefixed name, a path under the base, or its name.

        :raises UnknownTerm: no statement has such a thing, or several things have this name
        """
        found = self._spelled(written, self._mentioned) or self._named(written, self.knowledge.labels)
        if found is None:
            names = {name for own in self.knowledge.labels.values() for name in own}
            advice = nearest(written, names) or "give an IRI, a prefixed name, a path under the base, or a name"
            raise UnknownTerm(Problem(f"the publication has no thing “{written}”", advice=advice))
        return found

    def property(self, written: str) -> NamedNode:
        """The property that *written* means: as :meth:`thing`, or by its name in the shapes.

        :raises UnknownTerm: neither data, ontology nor shapes have such a property
        """
        found = self._spelled(written, self._properties) or self._named(written, self._names_of_properties)
        if found is None:
            names = {name for own in self._names_of_properties.values() for name in own}
            advice = nearest(written, names) or "use one that the data or a shape has, or declare it in ontology/"
            raise UnknownTerm(Problem(f"the publication has no property “{written}”", advice=advice))
        return found

    def value(
        self, written: str, of: NamedNode, datatype: str | None = None, language: str | None = None
    ) -> NamedNode | Literal:
        """The value that *written* means for the property *of*.

        What the shapes say of the property decides, else what the data has for it, else how the value looks.

        :param datatype: an IRI, or a prefixed name such as ``xsd:gYear``
        :raises UnknownTerm: it is no such thing, or not in the lexical space of the datatype
        """
        if language is not None:
            if not _LANGUAGE.fullmatch(language):
                raise UnknownTerm(Problem(f"“{language}” is no language tag", advice="write one such as en or it"))
            return Literal(written, language=language)
        kind = self._iri(datatype) if datatype is not None else self._usual(of)
        if kind == RDF.langString:
            return Literal(written, language=self.language)
        if kind is None:
            form = next((kind for form, kind in _FORMS if form.fullmatch(written)), None)
            return Literal(written, datatype=form) if form is not None else Literal(written, language=self.language)
        if kind == SH.IRI:
            return self.thing(written)
        if is_lexical(written, kind.value) is False:
            advice = f"write it as in {example_of(kind.value)}, or give another --datatype"
            raise UnknownTerm(Problem(f"“{written}” is no <{kind.value}>, as <{of.value}> has", advice=advice))
        return Literal(written, datatype=kind)

    def _usual(self, of: NamedNode) -> NamedNode | None:
        """The datatype of the values of a property, or ``sh:IRI`` for things; ``None`` if nothing says so."""
        stated = {value for key, value in self._shapes.get(of, ()) if key == SH.datatype}
        if any(key in _OF_THINGS or (key, value) == (SH.nodeKind, SH.IRI) for key, value in self._shapes.get(of, ())):
            stated.add(SH.IRI)
        if len(stated) == 1 and isinstance(only := stated.pop(), NamedNode):
            return only
        kinds = Counter(
            quad.object.datatype if isinstance(quad.object, Literal) else SH.IRI
            for quad in self.knowledge.dataset.quads
            if quad.predicate == of and not isinstance(quad.object, BlankNode)
        )
        return max(kinds, key=lambda kind: (kinds[kind], kind.value), default=None)

    def _iri(self, written: str) -> NamedNode:
        found = next(iter(self._candidates(written)), None)
        if found is None:
            raise UnknownTerm(Problem(f"“{written}” is no datatype", advice="write one such as xsd:date"))
        return found

    def _candidates(self, written: str) -> list[NamedNode]:
        """The IRIs that *written* may mean, the likeliest first."""
        spelled = written.strip().removeprefix("<").removesuffix(">")
        prefix, colon, local = spelled.partition(":")
        dataset = self.knowledge.dataset
        texts = [dataset.prefixes[prefix] + local] if colon and prefix in dataset.prefixes else []
        texts += [spelled] if colon else [dataset.publication.settings.base + spelled.lstrip("/")]
        found = []
        for text in texts:
            try:
                found.append(NamedNode(text))
            except ValueError:
                continue
        return found

    def _spelled(self, written: str, known: frozenset[NamedNode]) -> NamedNode | None:
        return next((node for node in self._candidates(written) if node in known), None)

    @staticmethod
    def _named(written: str, names: dict[NamedNode, list[str]]) -> NamedNode | None:
        wanted = " ".join(written.split()).casefold()
        found = sorted(
            {thing.value for thing, own in names.items() if any(" ".join(n.split()).casefold() == wanted for n in own)}
        )
        if len(found) > 1:
            several = ", ".join(f"<{iri}>" for iri in found)
            raise UnknownTerm(Problem(f"several things are called “{written}”: {several}", advice="give one IRI"))
        return NamedNode(found[0]) if found else None

    @cached_property
    def _shapes(self) -> dict[NamedNode, list[tuple[NamedNode, Term]]]:
        """What the property shapes of each property state of it."""
        stated = defaultdict(list)
        for file in self.knowledge.dataset.shapes:
            for quad in file.quads:
                stated[quad.subject].append((quad.predicate, quad.object))
        found: dict[NamedNode, list[tuple[NamedNode, Term]]] = defaultdict(list)
        for said in stated.values():
            for path in (value for key, value in said if key == SH.path):
                if isinstance(path, NamedNode):
                    found[path] += said
        return found

    @cached_property
    def _mentioned(self) -> frozenset[NamedNode]:
        quads = self.knowledge.dataset.quads
        terms = {term for quad in quads for term in (quad.subject, quad.object)}
        return frozenset(term for term in terms if isinstance(term, NamedNode))

    @cached_property
    def _properties(self) -> frozenset[NamedNode]:
        stated = {quad.predicate for quad in self.knowledge.dataset.quads}
        declared = {
            quad.subject
            for quad in self.knowledge.dataset.quads
            if quad.predicate == RDF.type
            and isinstance(quad.object, NamedNode)
            and quad.object.value.endswith("Property")
            and isinstance(quad.subject, NamedNode)
        }
        return frozenset(stated | declared | set(self._shapes))

    @cached_property
    def _names_of_properties(self) -> dict[NamedNode, list[str]]:
        return {
            path: [value.value for key, value in said if key == SH["name"] and isinstance(value, Literal)]
            for path, said in self._shapes.items()
        }
