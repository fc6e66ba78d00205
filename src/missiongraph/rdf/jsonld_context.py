"""Derives a JSON-LD context from statements, and reads contexts: definitions of terms, compact IRIs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from missiongraph.vocab import RDF, XSD

Context: TypeAlias = dict[str, Any]

_ALIASED = ("id", "type", "graph", "included", "reverse")
_KEYWORDS: Context = {"@version": 1.1, **{name: f"@{name}" for name in _ALIASED}}
_TERM = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
#: The last characters of namespaces with prefixes (JSON-LD 1.1, section 4.1.5), but for "_".
DELIMITERS = ("#", "/", ":")
_NATIVE = {XSD.integer.value, XSD.boolean.value}


@dataclass(frozen=True)
class Definition:
    """The definition of a term in a context (JSON-LD 1.1, section 9.15.1).

    :ivar coercion: ``@type``: a datatype, ``@id`` or ``@vocab``
    :ivar container: the values of ``@container``
    """

    name: str
    iri: str
    coercion: str | None = None
    container: frozenset[str] = frozenset()


def derive_context(triples: Iterable[Triple], prefixes: dict[str, str]) -> Context:
    """Derives a context from *triples*: terms have the local names of properties and classes, and types by usage.

    :param prefixes: those in use become prefixes of the context
    """
    objects: dict[str, list[Any]] = defaultdict(list)
    repeated: set[str] = set()
    seen: set[tuple[object, str]] = set()
    classes: set[str] = set()
    schemes: set[str] = set()
    for triple in triples:
        schemes |= _schemes(triple)
        predicate = triple.predicate.value
        if triple.predicate == RDF.type:
            if isinstance(triple.object, NamedNode):
                classes.add(triple.object.value)
            continue
        objects[predicate].append(triple.object)
        if (triple.subject, predicate) in seen:
            repeated.add(predicate)
        seen.add((triple.subject, predicate))
    used = {
        *objects,
        *classes,
        *(v.datatype.value for values in objects.values() for v in values if isinstance(v, Literal)),
    }
    prefixes = {
        name: space
        for name, space in sorted(prefixes.items())
        if _TERM.fullmatch(name)
        and space.endswith(DELIMITERS)
        and any(iri.startswith(space) for iri in used)
        and name not in schemes  # else "urn:isbn:1" would be read as prefix and rest
    }
    context = {**{name: value for name, value in _KEYWORDS.items() if name not in schemes}, **prefixes}
    for predicate in sorted(objects):
        name = _free_name(predicate, context, prefixes, schemes)
        if name is not None:
            context[name] = _definition(name, predicate, objects[predicate], predicate in repeated, prefixes)
    for iri in sorted(classes):
        name = _free_name(iri, context, prefixes, schemes)
        if name is not None:
            context[name] = _reference(name, iri, prefixes)
    return context


def names_in(context: Context) -> set[str]:
    """The IRIs for which *context* has a name of any kind: terms, prefixes, aliases of keywords."""
    spaces = {name: value for name, value in context.items() if isinstance(value, str)}
    meant = (
        value.get("@id", value.get("@reverse", name)) if isinstance(value, dict) else value
        for name, value in context.items()
    )
    return {expand(one, spaces) for one in meant if isinstance(one, str)}


def _schemes(triple: Triple) -> set[str]:
    """The schemes of IRIs in *triple* that look like compact IRIs, since no ``//`` follows the scheme."""
    terms = (triple.subject, triple.predicate, triple.object, getattr(triple.object, "datatype", None))
    parts = (term.value.partition(":") for term in terms if isinstance(term, NamedNode))
    return {scheme for scheme, _, rest in parts if not rest.startswith("//")}


def _free_name(iri: str, context: Context, prefixes: dict[str, str], schemes: set[str]) -> str | None:
    local = re.split(r"[#/:]", iri)[-1]
    if _TERM.fullmatch(local) and local not in context and local not in schemes:
        return local
    short = compact(iri, prefixes)
    return short if short != iri and short not in context else None


def _definition(name: str, predicate: str, values: list[Any], repeated: bool, prefixes: dict[str, str]) -> Any:
    definition: dict[str, Any] = {"@id": _reference(name, predicate, prefixes)}
    literals = [value for value in values if isinstance(value, Literal)]
    if not literals:
        definition["@type"] = "@id"
    elif len(literals) == len(values):
        if any(value.language for value in literals) and all(value.language or is_string(value) for value in literals):
            return {**definition, "@container": "@language"}
        datatypes = {"" if value.language else value.datatype.value for value in literals}
        if len(datatypes) == 1 and not datatypes & {"", XSD.string.value, *_NATIVE}:
            definition["@type"] = _reference(name, datatypes.pop(), prefixes)
    if repeated:
        definition["@container"] = "@set"
    return definition if len(definition) > 1 else definition["@id"]


def _reference(name: str, iri: str, prefixes: dict[str, str]) -> str:
    """*iri* for the definition of *name*: compact, unless that would be *name* itself."""
    short = compact(iri, prefixes)
    return iri if short == name else short


def compact(iri: str, prefixes: dict[str, str]) -> str:
    """*iri* as a compact IRI, if one of *prefixes* fits; else unchanged.

    >>> compact("http://example.org/a", {"ex": "http://example.org/"})
    'ex:a'
    """
    for name, space in prefixes.items():
        local = iri.removeprefix(space)
        if local != iri and re.fullmatch(r"[A-Za-z0-9_.-]+", local):
            return f"{name}:{local}"
    return iri


def expand(name: str, spaces: dict[str, str]) -> str:
    """The IRI of *name* if it is a compact IRI with one of the prefixes in *spaces*; else unchanged.

    >>> expand("ex:a", {"ex": "http://example.org/"})
    'http://example.org/a'
    """
    prefix, colon, local = name.partition(":")
    space = spaces.get(prefix) if colon and not local.startswith("//") else None
    return f"{space}{local}" if space else name


def is_string(literal: Literal) -> bool:
    """Whether *literal* is a plain string (``xsd:string``), without a language."""
    return not literal.language and literal.datatype == XSD.string
