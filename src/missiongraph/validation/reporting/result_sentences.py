"""A sentence for each result of a SHACL constraint component, with the values that decided (SHACL, section 4).

The ``sh:message`` of a shape takes precedence over these sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from difflib import get_close_matches

from pyoxigraph import BlankNode, Literal, NamedNode

from missiongraph.translation import message
from missiongraph.validation.report import Result, Term
from missiongraph.validation.shapes_in_words import NODE_KINDS, members, text_of, what_datatype
from missiongraph.validation.term_names import TermNames
from missiongraph.vocab import RDF, SH, local_name

#: How many things a sentence lists.
_MOST = 10

SentenceOf = Callable[[TermNames, Result], str]


def sentence(names: TermNames, result: Result) -> str:
    """The sentence for *result* in the language of *names*, without regard to the shape's own message."""
    if result.component is None:
        return ""
    clause = _BY_COMPONENT.get(result.component, _of_component)(names, result)
    if result.focus is None:
        return clause
    focus = names.name_of(result.focus)
    if result.component in _OF_FOCUS or (result.path is None and result.value in (None, result.focus)):
        return f"{focus} {clause}"
    path = f", {names.path(result)}" if result.path else ""
    value = f" {names.name_of(result.value)}" if result.value is not None else ""
    return f"{focus}{path}:{value} {clause}"


def own_or_sentence(names: TermNames, result: Result) -> str:
    """The message of the shape or rule in the language of *names*; if it has none, the sentence."""
    return result.message((names.language,)) if result.messages else sentence(names, result)


def _values(result: Result, parameter: NamedNode) -> list[Term]:
    return [value for iri, value in result.parameters if iri == parameter.value]


def _number(result: Result, parameter: NamedNode) -> int:
    stated = next((text_of(value) for value in _values(result, parameter)), "0")
    return int(stated) if stated.strip().lstrip("+-").isdigit() else 0


def _list(names: TermNames, terms: Sequence[Term]) -> str:
    listed = ", ".join(names.name_of(term) for term in terms[:_MOST])
    more = len(terms) - _MOST
    return listed if more <= 0 else names.say("%(names)s and %(number)s more", names=listed, number=more)


def _members(names: TermNames, result: Result, parameter: NamedNode) -> list[Term]:
    """The members of a parameter that takes a list: as stated one by one, or by the head of the list."""
    found: list[Term] = []
    for value in _values(result, parameter):
        found += (
            list(members(value, names.shapes))
            if isinstance(value, BlankNode) and (RDF.first in names.shapes.get(value, {}))
            else []
            if value == RDF.nil
            else [value]
        )
    return found


def _has(names: TermNames, result: Result, number: int) -> str:
    path = names.path(result)
    if number == 0:
        return names.say("has no value of %(path)s", path=path)
    return names.count("has %(num)s value of %(path)s", "has %(num)s values of %(path)s", number, path=path)


def _least(names: TermNames, number: int) -> str:
    return names.count("at least %(num)s is needed", "at least %(num)s are needed", number)


def _most(names: TermNames, number: int) -> str:
    return names.count("at most %(num)s is allowed", "at most %(num)s are allowed", number)


def _min_count(names: TermNames, result: Result) -> str:
    least = _number(result, SH.minCount)
    return f"{_has(names, result, len(names.found(result)))}, {_least(names, least)}"


def _max_count(names: TermNames, result: Result) -> str:
    return f"{_has(names, result, len(names.found(result)))}, {_most(names, _number(result, SH.maxCount))}"


def _class(names: TermNames, result: Result) -> str:
    wanted = _list(names, _values(result, SH["class"]))
    if isinstance(result.value, Literal):
        return names.say("is a literal, not a thing of the class %(kind)s", kind=wanted)
    classes = names.values.classes(result.value) if result.value is not None else []
    if not classes:
        return names.say("is not of the class %(kind)s (no class is stated of it)", kind=wanted)
    return names.say("is not of the class %(kind)s, but of %(stated)s", kind=wanted, stated=_list(names, classes))


def _datatype(names: TermNames, result: Result) -> str:
    datatype = next((term for term in _values(result, SH.datatype) if isinstance(term, NamedNode)), None)
    name = names.name_of(datatype) if datatype else "?"
    what = what_datatype(names, datatype) if datatype else "?"
    wanted = name if datatype and what == local_name(datatype) else f"{what} ({name})"
    value = result.value
    if not isinstance(value, Literal):
        return names.say("is a thing, not a literal: asked for is %(what)s", what=wanted)
    if value.datatype == datatype:
        return names.say("is not written as its datatype asks: %(what)s", what=wanted)
    if value.language:
        return names.say("is a text in a language, asked for is %(what)s", what=wanted)
    return names.say(
        "is of the datatype %(stated)s, asked for is %(what)s", stated=names.name_of(value.datatype), what=wanted
    )


def _node_kind(names: TermNames, result: Result) -> str:
    kinds = [term for term in _values(result, SH.nodeKind) if isinstance(term, NamedNode)]
    wanted = ", ".join(names.say(NODE_KINDS[kind]) if kind in NODE_KINDS else local_name(kind) for kind in kinds)
    value = result.value
    kind = SH.IRI if isinstance(value, NamedNode) else SH.BlankNode if isinstance(value, BlankNode) else SH.Literal
    return names.say("is %(what)s, asked for is %(wanted)s", what=names.say(NODE_KINDS[kind]), wanted=wanted)


def _length(bound: NamedNode, allowed: Callable[[TermNames, int], str]) -> SentenceOf:
    def sentence_of(names: TermNames, result: Result) -> str:
        if isinstance(result.value, BlankNode):
            return names.say("is a node without a name, which has no length")
        long = names.count(
            "is %(num)s character long", "is %(num)s characters long", len(text_of(result.value or Literal("")))
        )
        return f"{long}, {allowed(names, _number(result, bound))}"

    return sentence_of


def _bound(parameter: NamedNode, text: str) -> SentenceOf:
    def sentence_of(names: TermNames, result: Result) -> str:
        bound = next((names.name_of(value) for value in _values(result, parameter)), "?")
        return names.say(text, bound=bound)

    return sentence_of


def _pattern(names: TermNames, result: Result) -> str:
    pattern = next(map(text_of, _values(result, SH.pattern)), "")
    if isinstance(result.value, BlankNode):
        return names.say("is a node without a name, which fits no pattern")
    if flags := next(map(text_of, _values(result, SH.flags)), ""):
        return names.say("does not fit the pattern %(pattern)s (flags %(flags)s)", pattern=pattern, flags=flags)
    return names.say("does not fit the pattern %(pattern)s", pattern=pattern)


def _language_in(names: TermNames, result: Result) -> str:
    allowed = ", ".join(map(text_of, _members(names, result, SH.languageIn)))
    tag = result.value.language if isinstance(result.value, Literal) else None
    if tag:
        return names.say("is in the language %(tag)s, allowed are %(allowed)s", tag=tag, allowed=allowed)
    return names.say("has no language, allowed are %(allowed)s", allowed=allowed)


def _unique_lang(names: TermNames, result: Result) -> str:
    tags = Counter(t.language.lower() for t in names.found(result) if isinstance(t, Literal) and t.language)
    several = [(tag, number) for tag, number in tags.items() if number > 1]
    if not several:
        return names.say("has several values of %(path)s in one language", path=names.path(result))
    counts = ", ".join(f"{number} ({tag})" for tag, number in several)
    return names.say(
        "has several values of %(path)s in one language: %(counts)s; one is allowed in each",
        path=names.path(result),
        counts=counts,
    )


def _equals(names: TermNames, result: Result) -> str:
    other = next(iter(_values(result, SH.equals)), None)
    name = names.name_of(other) if other is not None else "?"
    if other is not None and result.value in names.found_of(result, other):
        return names.say(
            "is a value of %(other)s only: %(path)s and %(other)s must have the same values",
            path=names.path(result),
            other=name,
        )
    return names.say("is not a value of %(other)s too: both must have the same values", other=name)


def _disjoint(names: TermNames, result: Result) -> str:
    return names.say(
        "is a value of %(other)s too: they must have none in common", other=_list(names, _values(result, SH.disjoint))
    )


def _less_than(parameter: NamedNode, text: str) -> SentenceOf:
    def sentence_of(names: TermNames, result: Result) -> str:
        other = next(iter(_values(result, parameter)), None)
        values = names.found_of(result, other) if other is not None else []
        return names.say(text, other=names.name_of(other) if other is not None else "?", values=_list(names, values))

    return sentence_of


def _shape_list(parameter: NamedNode, text: str) -> SentenceOf:
    def sentence_of(names: TermNames, result: Result) -> str:
        shapes = _members(names, result, parameter)
        return names.say(text, shapes=", ".join(f"({names.inner(shape)})" for shape in shapes[:_MOST]) or "…")

    return sentence_of


def _qualified(names: TermNames, result: Result) -> str:
    what = " + ".join(names.inner(shape) for shape in _values(result, SH.qualifiedValueShape)) or "…"
    total = _has(names, result, len(names.found(result)))
    if result.component == SH.QualifiedMinCountConstraintComponent.value:
        bound = _least(names, _number(result, SH.qualifiedMinCount))
        return f"{total}, {names.say('too few of which fit (%(what)s): %(bound)s', what=what, bound=bound)}"
    bound = _most(names, _number(result, SH.qualifiedMaxCount))
    return f"{total}, {names.say('too many of which fit (%(what)s): %(bound)s', what=what, bound=bound)}"


def _closed(names: TermNames, result: Result) -> str:
    path = names.path(result)
    shape = names.shape_of(result)
    properties = [term for part in shape.get(SH.property, ()) for term in names.shapes.get(part, {}).get(SH.path, ())]
    allowed = [term for term in properties if isinstance(term, NamedNode)]
    by_name = {names.name_of(term): term for term in allowed}
    value = names.name_of(result.value) if result.value is not None else ""
    near = [name for name in get_close_matches(path, by_name, 2, 0.8) if name != path]
    text = (
        message("has %(path)s %(value)s, which its shape does not know: is %(known)s meant?")
        if near
        else message("has %(path)s %(value)s, which its shape does not know: it knows %(known)s")
    )
    return names.say(text, path=path, value=value, known=near[0] if near else _list(names, allowed) or "–")


def _has_value(names: TermNames, result: Result) -> str:
    wanted = _list(names, _values(result, SH.hasValue))
    if not result.path:
        return names.say("is not %(value)s", value=wanted)
    return names.say("lacks the value %(value)s of %(path)s", value=wanted, path=names.path(result))


def _in(names: TermNames, result: Result) -> str:
    allowed = _members(names, result, SH["in"])
    texts = {text_of(term): term for term in allowed}
    near = get_close_matches(text_of(result.value), texts, 1, 0.8) if result.value is not None else []
    clause = names.say("is none of %(values)s", values=_list(names, allowed))
    if near:
        return f"{clause} ({names.say('is %(near)s meant?', near=names.name_of(texts[near[0]]))})"
    return clause


def _sparql(names: TermNames, result: Result) -> str:
    return names.say("is found by a query of the shape (sh:sparql), which is to find nothing")


def _node(names: TermNames, result: Result) -> str:
    shapes = [*_values(result, SH.node), *_values(result, SH.property)]
    return names.say("does not fit the shape %(shape)s", shape=", ".join(map(names.inner, shapes)) or "…")


def _not(names: TermNames, result: Result) -> str:
    shapes = _values(result, SH["not"])
    return names.say("fits the shape (%(shape)s), and must not", shape=", ".join(map(names.inner, shapes)) or "…")


def _of_component(names: TermNames, result: Result) -> str:
    """The sentence for a component that a shapes graph defines (SHACL, section 6)."""
    stated = ", ".join(f"{local_name(NamedNode(iri))} = {names.name_of(value)}" for iri, value in result.parameters)
    name = names.name_of(NamedNode(result.component or ""))
    if stated:
        return names.say("does not keep to %(component)s (%(parameters)s)", component=name, parameters=stated)
    return names.say("does not keep to %(component)s", component=name)


def _component(name: str) -> str:
    return f"{SH!s}{name}ConstraintComponent"


_BY_COMPONENT: dict[str, SentenceOf] = {
    _component("MinCount"): _min_count,
    _component("MaxCount"): _max_count,
    _component("Class"): _class,
    _component("Datatype"): _datatype,
    _component("NodeKind"): _node_kind,
    _component("MinLength"): _length(SH.minLength, _least),
    _component("MaxLength"): _length(SH.maxLength, _most),
    _component("MinInclusive"): _bound(SH.minInclusive, message("is not %(bound)s or more")),
    _component("MaxInclusive"): _bound(SH.maxInclusive, message("is not %(bound)s or less")),
    _component("MinExclusive"): _bound(SH.minExclusive, message("is not more than %(bound)s")),
    _component("MaxExclusive"): _bound(SH.maxExclusive, message("is not less than %(bound)s")),
    _component("Pattern"): _pattern,
    _component("LanguageIn"): _language_in,
    _component("UniqueLang"): _unique_lang,
    _component("Equals"): _equals,
    _component("Disjoint"): _disjoint,
    _component("LessThan"): _less_than(SH.lessThan, message("is not less than each value of %(other)s: %(values)s")),
    _component("LessThanOrEquals"): _less_than(
        SH.lessThanOrEquals, message("is more than a value of %(other)s: %(values)s")
    ),
    _component("Not"): _not,
    _component("And"): _shape_list(SH["and"], message("does not fit all of %(shapes)s")),
    _component("Or"): _shape_list(SH["or"], message("fits none of %(shapes)s")),
    _component("Xone"): _shape_list(SH.xone, message("does not fit exactly one of %(shapes)s")),
    _component("Node"): _node,
    _component("Property"): _node,
    _component("QualifiedMinCount"): _qualified,
    _component("QualifiedMaxCount"): _qualified,
    _component("Closed"): _closed,
    _component("HasValue"): _has_value,
    _component("In"): _in,
    _component("SPARQL"): _sparql,
}

#: Components whose results are about the focus node, not about one of its values.
_OF_FOCUS = frozenset(
    map(
        _component,
        ("MinCount", "MaxCount", "UniqueLang", "QualifiedMinCount", "QualifiedMaxCount", "Closed", "HasValue"),
    )
)
