"""Writes JSON-LD that JavaScript developers can use: short names, language maps, no remote context.

The context comes from the publication (``context.jsonld``) or is derived from the statements. Nothing is lost under it:
if the definition of a term does not fit a value, the value is written in full (JSON-LD 1.1, section 9.5) or under the
IRI of its property.

Only integers are written as JSON numbers, since JSON-LD gives them back unchanged. It would give 1.5 back as 1.5E0,
which is not even in the lexical space of a decimal (JSON-LD 1.1 API, section 8.2.2).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from missiongraph.rdf.format_limits import CannotCarry
from missiongraph.rdf.jsonld_context import DELIMITERS, Context, Definition, compact, expand, is_string
from missiongraph.rdf.jsonld_nesting import Frame, Nesting, identifier
from missiongraph.vocab import RDF, XSD

_LARGEST_NUMBER = 2**53  # JavaScript rounds larger integers
# The keywords in definitions of terms that are supported; others would change values.
_HEEDED = {"@id", "@type", "@container", "@protected", "@prefix"}


class Writer:
    """Writes statements under one context."""

    def __init__(self, context: Context, without: Iterable[str] = ()) -> None:
        """:param context: the value of ``@context``: keyword aliases, prefixes and terms

        :param without: names in *context* that the documents set to null
        """
        taken_back: Context = dict.fromkeys(without)
        self.context = [_unprotected(context), taken_back] if taken_back else context
        self._names = {name: value for name, value in context.items() if name not in taken_back}
        spaces = {
            name: value
            for name, value in context.items()
            if isinstance(value, str) and value.endswith(DELIMITERS) and not name.startswith("@")
        }
        self._spaces = {name: expand(space, spaces) for name, space in spaces.items()}
        self._prefixes = {name: space for name, space in self._spaces.items() if name in self._names}
        self._alias = {
            value: name for name, value in self._names.items() if isinstance(value, str) and value.startswith("@")
        }
        self._definitions = {d.iri: d for name, value in self._names.items() if (d := self._read(name, value))}
        self._plain_strings = not {"@language", "@direction"} & context.keys()

    def document(self, triples: Iterable[Triple]) -> dict[str, Any]:
        """The document of *triples*: the context and a graph with one node object for each subject, in order.

        :raises CannotCarry: the context does not allow to write them without loss
        """
        listed = list(triples)
        writer = self._for(listed)
        return {"@context": writer.context, writer.keyword("@graph"): writer.nodes(listed)}

    def dataset(self, quads: Iterable[Quad]) -> dict[str, Any]:
        """The document of *quads*: the context and a graph with one object for each named graph.

        :raises CannotCarry: the context does not allow to write them without loss
        """
        graphs: dict[str, list[Triple]] = defaultdict(list)
        for quad in quads:
            graphs[identifier(quad.graph_name)].append(quad.triple)
        named = [Triple(NamedNode(name), RDF.type, RDF.type) for name in graphs if not name.startswith("_:")]
        writer = self._for([*named, *(triple for content in graphs.values() for triple in content)])
        members = [
            {writer.keyword("@id"): name, writer.keyword("@graph"): writer.nodes(content)}
            for name, content in graphs.items()
        ]
        return {"@context": writer.context, writer.keyword("@graph"): members}

    def _for(self, triples: list[Triple]) -> Writer:
        """The writer that writes *triples* without loss.

        An IRI whose scheme is a name in the context ("mg:x") would be read as a compact IRI, and there is no other way
        to write it. So documents with such an IRI set the name to null.

        :raises CannotCarry: the context has ``@import`` or ``@propagate``
        """
        for keyword in ("@import", "@propagate"):
            if keyword in self._names:
                raise CannotCarry("JSON-LD", f"{keyword} in the context", "it is not heeded here", "take it out")
        terms = (
            term
            for triple in triples
            for term in (triple.subject, triple.predicate, triple.object, getattr(triple.object, "datatype", None))
            if isinstance(term, NamedNode)
        )
        clashing = {scheme for term in terms if (scheme := term.value.partition(":")[0]) in self._names}
        return Writer(self._names, sorted(clashing)) if clashing else self

    def nodes(self, triples: Iterable[Triple]) -> list[dict[str, Any]]:
        """One node object for each subject of *triples*; parts are nested (see ``jsonld_nesting``)."""
        return self._nodes(Nesting(_by_subject(triples)))

    def _nodes(self, nesting: Nesting) -> list[dict[str, Any]]:
        subjects = [subject for subject in nesting.subjects if subject not in nesting.written]
        whole = [self._node(subject, nesting) for subject in subjects if subject not in nesting.parts]
        return [*whole, *(self._node(subject, nesting) for subject in subjects if subject not in nesting.written)]

    def framed(self, triples: Iterable[Triple], about: NamedNode) -> tuple[dict[str, Any], Writer]:
        """The object of the thing *about*, with all nodes to which it leads, and those that link to it, nested in it.

        Nodes that link to it are under ``@reverse``; unconnected ones are under ``@included``, the last member. The
        returned writer is the one for further nodes under ``@included``.

        :raises CannotCarry: the context does not allow to write *triples* without loss
        """
        listed = list(triples)
        writer = self._for([*listed, Triple(about, RDF.type, about)])
        incoming: dict[str, list[Any]] = defaultdict(list)
        for triple in listed:
            if triple.object == about and triple.subject != about:
                incoming[triple.predicate.value].append(triple.subject)
        subjects = _by_subject(t for t in listed if t.object != about or t.subject == about)
        frame = Frame(subjects, about.value, {identifier(one) for by in incoming.values() for one in by})
        document = {"@context": writer.context, **writer._node(about.value, frame)}
        if incoming:
            document[writer.keyword("@reverse")] = {
                writer._reverse_key(predicate): writer._values(naming, None, frame, about.value)
                for predicate, naming in incoming.items()
            }
        if others := writer._nodes(Nesting(subjects, frame.written)):
            document[writer.keyword("@included")] = others
        return document, writer

    def _node(self, subject: str, nesting: Nesting, depth: int = 0) -> dict[str, Any]:
        nesting.written.add(subject)
        properties = nesting.subjects.get(subject, {})
        node: dict[str, Any] = {self.keyword("@id"): subject}
        for predicate, given in properties.items():
            values = given
            if predicate == RDF.type.value and not any(isinstance(value, Literal) for value in values):
                node[self.keyword("@type")] = _one_or_all([self._name_of(identifier(value)) for value in values])
                continue
            definition = self._definitions.get(predicate)
            if definition is not None and "@language" in definition.container:
                tagged = [
                    value for value in values if isinstance(value, Literal) and (value.language or is_string(value))
                ]
                values = [value for value in values if value not in tagged]
                if tagged:
                    node[definition.name] = _language_map(tagged)
                definition = None
            if values and definition is not None:
                written = self._values(values, definition, nesting, subject, depth)
                node[definition.name] = written if "@set" in definition.container else _one_or_all(written)
            elif values:
                node[self._plain_key(predicate)] = _one_or_all(self._values(values, None, nesting, subject, depth))
        return node

    def _values(
        self, values: Sequence[Any], definition: Definition | None, nesting: Nesting, whole: str, depth: int = 0
    ) -> list[Any]:
        """The *values* of one property of *whole* as JSON."""
        written = [self._value(value, definition, nesting, whole, depth) for value in values]
        if nesting.alike and any(isinstance(one, dict) for one in written):
            key = self.keyword("@id")
            return [
                one if isinstance(value, Literal) or isinstance(one, dict) else {key: identifier(value)}
                for value, one in zip(values, written, strict=True)
            ]
        return written

    def _value(self, value: Any, definition: Definition | None, nesting: Nesting, whole: str, depth: int) -> Any:
        coercion = definition.coercion if definition else None
        if not isinstance(value, Literal):
            iri = identifier(value)
            if nesting.within(iri, whole, depth):
                return self._node(iri, nesting, depth + 1)
            if coercion == "@vocab":
                return self._name_of(iri)
            return iri if coercion == "@id" else {self.keyword("@id"): iri}
        if value.language:
            return {"@value": value.value, "@language": value.language}
        datatype = value.datatype.value
        if coercion in (None, datatype) and (native := _native(value.value, datatype, coercion)) is not None:
            return native
        if datatype == coercion:
            return value.value
        if is_string(value):
            return value.value if coercion is None and self._plain_strings else {"@value": value.value}
        return {"@value": value.value, self.keyword("@type"): self._name_of(datatype)}

    def _name_of(self, iri: str) -> str:
        """*iri* as a term or compact IRI, for positions that allow terms (``@type``, ``@vocab``)."""
        definition = self._definitions.get(iri)
        return definition.name if definition else self._plain(iri)

    def _plain(self, iri: str) -> str:
        short = compact(iri, self._prefixes)
        return short if short not in self._names else iri

    def _plain_key(self, predicate: str) -> str:
        """A key for *predicate* to which no definition of the context applies.

        :raises CannotCarry: the context has a definition for the IRI itself
        """
        key = self._plain(predicate)
        if key in self._names:
            why = "the context of this publication defines it in a way that would change values"
            raise CannotCarry("JSON-LD", f"the predicate <{predicate}>", why, "ask for another format")
        return key

    def _reverse_key(self, predicate: str) -> str:
        """A key for *predicate* whose values may be node objects."""
        definition = self._definitions.get(predicate)
        usable = definition is not None and "@language" not in definition.container
        return definition.name if definition is not None and usable else self._plain_key(predicate)

    def keyword(self, keyword: str) -> str:
        """The alias of *keyword* in this context, else *keyword* itself."""
        return self._alias.get(keyword, keyword)

    def _read(self, name: str, value: Any) -> Definition | None:
        """The definition of the term *name*; ``None`` if it has a keyword that is not supported here."""
        if name.startswith("@") or name in self._prefixes or (isinstance(value, str) and value.startswith("@")):
            return None
        if isinstance(value, str):
            return Definition(name, expand(value, self._spaces))
        if not isinstance(value, dict) or not isinstance(value.get("@id"), str) or not value.keys() <= _HEEDED:
            return None
        coercion, container = value.get("@type"), value.get("@container", ())
        containers = frozenset([container] if isinstance(container, str) else container or ())
        if not containers <= {"@set", "@language"} or coercion in ("@json", "@none"):
            return None
        return Definition(
            name,
            expand(value["@id"], self._spaces),
            coercion if coercion is None or coercion.startswith("@") else expand(coercion, self._spaces),
            containers,
        )


def dump(document: dict[str, Any], *, lines: bool = False) -> bytes:
    """*document* in UTF-8; the same document always gives the same bytes.

    :param lines: one line for each member of its arrays, for large documents; otherwise it is indented
    """
    if not lines:
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    members = []
    for key, value in document.items():
        rows = (json.dumps(item, ensure_ascii=False) for item in value) if isinstance(value, list) else None
        text = "[\n" + ",\n".join(rows) + "\n]" if rows is not None else json.dumps(value, ensure_ascii=False, indent=1)
        members.append(f"{json.dumps(key)}: {text}")
    return ("{\n" + ",\n".join(members) + "\n}\n").encode()


def _unprotected(context: Context) -> Context:
    """*context* without ``@protected``, which forbids to set a name to null (JSON-LD 1.1, section 4.1.11)."""
    named = {name: value for name, value in context.items() if name != "@protected"}
    return {
        name: {key: said for key, said in value.items() if key != "@protected"} if isinstance(value, dict) else value
        for name, value in named.items()
    }


def _by_subject(triples: Iterable[Triple]) -> dict[str, dict[str, list[Any]]]:
    subjects: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        subjects[identifier(triple.subject)][triple.predicate.value].append(triple.object)
    return subjects


def _native(lexical: str, datatype: str, coercion: str | None) -> int | bool | None:
    if datatype == XSD.boolean.value and lexical in ("true", "false"):
        return lexical == "true"
    if (
        (datatype == XSD.integer.value or (datatype == XSD.decimal.value and coercion == datatype))
        and re.fullmatch(r"0|-?[1-9][0-9]*", lexical)
        and abs(int(lexical)) < _LARGEST_NUMBER
    ):
        return int(lexical)
    return None


def _language_map(literals: list[Literal]) -> dict[str, Any]:
    texts: dict[str, list[str]] = defaultdict(list)
    for literal in literals:
        texts[literal.language or "@none"].append(literal.value)
    return {language: _one_or_all(values) for language, values in texts.items()}


def _one_or_all(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values
