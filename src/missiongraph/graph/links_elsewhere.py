"""Links between our things and identifiers of others (coreference), looked up from either side.

Each link has a relation: the same thing, a close match, an entry about something else of the same name, or what the
thing lies in. Nothing is inferred: a link of a link is no link.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Engine, rows
from missiongraph.graph.statements_and_labels import statements_about
from missiongraph.publication.settings import CODE, Register, Settings, pick
from missiongraph.vocab import CODE_PROPERTIES, LINK_PROPERTIES, MG, RDF, RDFS, SKOS, WITHIN_PROPERTIES

#: The relation of a link if the settings state none, in the order of LINK_PROPERTIES and WITHIN_PROPERTIES.
_WORDS = (
    *("same", "exact match", "same", "same", "close match", "narrower", "broader", "related", "see also"),
    *("lies in", "lies in", "part of", "lies in"),
)

_BASIC = dict(zip((*LINK_PROPERTIES, *WITHIN_PROPERTIES), _WORDS, strict=True))

#: The most things of ours for one identifier of others.
_MOST = 100

#: The most characters of a code.
CODE_LENGTH = 200

#: Programs compare relations, so they are in one language.
_LANGUAGE = ("en",)


@dataclass(frozen=True)
class Link:
    """A link from *thing* to *iri*, which is an identifier of others.

    :ivar relation: the relation in words, such as ``same`` or ``close match``
    :ivar source: the graph that states the link
    :ivar strength: the position of the property in the order of closeness; 0 is the closest
    """

    thing: NamedNode
    property: NamedNode
    iri: NamedNode
    relation: str
    source: NamedNode
    strength: int


class Coreference:
    """The links of one publication, and its registers."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._base = settings.base
        self._registers: Mapping[str, Register] = settings.registers

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys for codes: names of registers, and ``skos:notation`` of properties whose values are codes."""
        return tuple(sorted({*self._registers, *self._code_properties}))

    def meaning_of(self, key: str) -> str:
        """What a code under *key* is, in words for the API description."""
        if key in self._registers:
            return f"The code of {self._registers[key].iri}"
        return f"A value of {self._code_properties[key].value}"

    @cached_property
    def _code_properties(self) -> dict[str, NamedNode]:
        """The properties whose values are codes, by their ``skos:notation``."""
        kinds = " ".join(map(str, CODE_PROPERTIES))
        text = (
            f"SELECT DISTINCT ?p ?key WHERE {{ VALUES ?kind {{ {kinds} }} ?p {RDFS.subPropertyOf}+ ?kind ; "
            f"{SKOS.notation} ?key FILTER(isIRI(?p)) }} ORDER BY DESC(?p)"
        )
        properties = {}
        for row in rows(self._engine, text):
            if isinstance(row["p"], NamedNode) and isinstance(row["key"], Literal):
                properties[row["key"].value] = row["p"]
        return properties

    @cached_property
    def _inferred(self) -> frozenset[object]:
        """The graphs of what rules infer."""
        return frozenset(row["g"] for row in rows(self._engine, f"SELECT ?g WHERE {{ ?g a {MG.InferredGraph} }}"))

    @cached_property
    def _properties(self) -> dict[NamedNode, NamedNode]:
        """Every property of links, with the well-known property that it is or is a subproperty of."""
        text = " UNION ".join(f"{{ ?p {RDFS.subPropertyOf}+ {one} BIND({one} AS ?known) }}" for one in _BASIC)
        refined = {
            row["p"]: row["known"]
            for row in rows(self._engine, f"SELECT ?p ?known WHERE {{ {text} }} ORDER BY ?p ?known")
            if isinstance(row["p"], NamedNode) and isinstance(row["known"], NamedNode)
        }
        return refined | {one: one for one in _BASIC}

    @cached_property
    def linking(self) -> tuple[NamedNode, ...]:
        """The properties of links to the same or a like thing, those that refine one behind it."""
        refined = sorted((p for p in self._properties if p not in _BASIC), key=str)
        return tuple(
            one for known in LINK_PROPERTIES for one in (known, *(p for p in refined if self._properties[p] == known))
        )

    def name_of(self, iri: str) -> str | None:
        """The register of *iri* and the code in it, such as ``Wikidata Q490``; ``None`` if it is of no register."""
        for key, register in self._registers.items():
            before, _, after = register.iri.partition(CODE)
            code = iri.removeprefix(before).removesuffix(after)
            if code and f"{before}{code}{after}" == iri:
                return f"{register.name or key} {code}"
        return None

    def by_code(self, key: str, code: str) -> list[NamedNode]:
        """Our things with the *code* of the register or property *key*; only those with the closest relation."""
        if key in self._registers:
            return self.by_iri(self._registers[key].iri.replace(CODE, quote(code, safe="-._~")))
        text = (
            f"SELECT DISTINCT ?s WHERE {{ ?s {self._code_properties[key]} {Literal(code)} FILTER(isIRI(?s)) }} "
            f"ORDER BY ?s LIMIT {_MOST}"
        )
        return [row["s"] for row in rows(self._engine, text) if isinstance(row["s"], NamedNode)]

    def by_iri(self, iri: str) -> list[NamedNode]:
        """Our things that *iri* identifies or that link to it; only those with the closest relation.

        It ignores the difference between ``http`` and ``https``, and a slash at the end.

        :raises ValueError: *iri* is no absolute IRI
        """
        NamedNode(iri)
        spellings = [NamedNode(spelling) for spelling in _spellings(iri)]
        own = [one for one in spellings if one.value.startswith(self._base) and self._is_thing(one)]
        if own:
            return own[:1]
        wanted = " ".join(map(str, spellings))
        stated = f"GRAPH ?g {{ ?s ?p ?o }} FILTER NOT EXISTS {{ ?g a {MG.InferredGraph} }}"
        pattern = f"VALUES ?o {{ {wanted} }} ?s ?p ?o FILTER(isIRI(?s)) FILTER EXISTS {{ {stated} }}"
        text = f"SELECT DISTINCT ?s ?p WHERE {{ {pattern} }} ORDER BY ?s"
        strengths: dict[NamedNode, int] = {}
        for row in rows(self._engine, text):
            thing, predicate = row["s"], row["p"]
            if isinstance(thing, NamedNode) and isinstance(predicate, NamedNode) and predicate in self._properties:
                strengths[thing] = min(self._strength(predicate), strengths.get(thing, len(_BASIC)))
        closest = min(strengths.values(), default=0)
        return [thing for thing, strength in strengths.items() if strength == closest][:_MOST]

    def links_of(self, thing: NamedNode) -> list[Link]:
        """The accepted links of *thing* to identifiers of others, the closest first."""
        statements = [s for s in statements_about(self._engine, thing) if s.accepted]
        types = {s.object for s in statements if s.predicate == RDF.type}
        links = []
        for statement in statements:
            target, predicate = statement.object, statement.predicate
            if predicate not in self._properties or not isinstance(target, NamedNode):
                continue
            if self._inferred.issuperset(statement.graphs):
                continue
            if not target.value.startswith(self._base):
                relation = self._relation(predicate, target.value, types)
                strength = self._strength(predicate)
                links.append(Link(thing, predicate, target, relation, statement.graphs[0], strength))
        return sorted(links, key=lambda link: (link.strength, link.iri.value))

    def codes_of(self, thing: NamedNode) -> dict[str, str]:
        """The codes of *thing*, by key."""
        keys = {predicate: key for key, predicate in self._code_properties.items()}
        return {
            keys[s.predicate]: s.object.value
            for s in statements_about(self._engine, thing)
            if s.accepted and s.predicate in keys and isinstance(s.object, Literal)
        }

    def _relation(self, predicate: NamedNode, target: str, types: Collection[object]) -> str:
        stated = self.relation_by_register(target, types, predicate)
        return pick(stated, _LANGUAGE) if stated else self._words[predicate]

    @cached_property
    def _words(self) -> dict[NamedNode, str]:
        """The relation of each property of links; a subproperty with an English label has that."""
        words = {predicate: _BASIC[known] for predicate, known in self._properties.items()}
        wanted = " ".join(str(one) for one in self._properties if one not in _BASIC)
        text = (
            f'SELECT ?p ?label WHERE {{ VALUES ?p {{ {wanted} }} ?p {RDFS.label} ?label FILTER(LANG(?label) = "en") }}'
        )
        for row in rows(self._engine, f"{text} ORDER BY ?p DESC(?label)"):
            if isinstance(row["p"], NamedNode) and isinstance(row["label"], Literal):
                words[row["p"]] = row["label"].value
        return words

    def relation_by_register(self, target: str, types: Collection[object], predicate: NamedNode) -> dict[str, str]:
        """The relation, by language, that the settings of a register state for a link to its IRI *target*.

        Empty if they state none; then the property decides.

        :param types: the classes of the thing that has the link
        :param predicate: the property of the link
        """
        for register in self._registers.values():
            before, _, after = register.iri.partition(CODE)
            of_it = target.startswith(before) and target.endswith(after)
            about_it = register.about is None or NamedNode(register.about) in types
            if of_it and about_it and register.property in (None, predicate.value) and register.relation:
                return register.relation
        return {}

    def _strength(self, predicate: NamedNode) -> int:
        return list(_BASIC).index(self._properties[predicate])

    def _is_thing(self, iri: NamedNode) -> bool:
        return any(True for _ in rows(self._engine, f"SELECT ?p WHERE {{ {iri} ?p ?o }} LIMIT 1"))


def _spellings(iri: str) -> tuple[str, ...]:
    """*iri*, then its variants with http or https, with and without a slash at the end."""
    scheme, colon, rest = iri.partition(":")
    schemes = ("http", "https") if scheme in ("http", "https") else (scheme,)
    ends = (rest, rest.rstrip("/") if rest.endswith("/") else f"{rest}/")
    return tuple(dict.fromkeys((iri, *(f"{one}{colon}{end}" for one in schemes for end in ends))))
