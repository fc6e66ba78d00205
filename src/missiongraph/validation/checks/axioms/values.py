"""Value spaces: whether a literal lies in a data range, and whether two literals have one value (OWL 2 RL, table 8).

An answer is ``None`` if this module does not know the datatype. Then the check says nothing.
"""

from __future__ import annotations

import re
from fractions import Fraction

from pyoxigraph import Literal

from missiongraph.rdf.datatypes import DATATYPES, INTEGERS, is_lexical
from missiongraph.validation.checks.axioms.ontology import Ontology
from missiongraph.validation.shacl.graph import Node, is_blank
from missiongraph.validation.shacl.literal_order import comparable, is_less
from missiongraph.vocab import OWL, RDF, RDFS, XSD

_LITERAL, _PLAIN, _STRING, _TAGGED = (
    term.value for term in (RDFS.Literal, RDF.PlainLiteral, XSD.string, RDF.langString)
)
_DECIMAL, _RATIONAL, _REAL = (term.value for term in (XSD.decimal, OWL.rational, OWL.real))
_TEXTS = frozenset(
    f"{XSD}{name}" for name in ("string", "normalizedString", "token", "language", "NMTOKEN", "Name", "NCName")
)
_EXACT = INTEGERS | {_DECIMAL, _RATIONAL, _REAL}
_FLOATING = frozenset((XSD.float.value, XSD.double.value))
#: The datatypes whose values are values of another one.
_FAMILIES = {
    **dict.fromkeys(_TEXTS, _STRING),
    **dict.fromkeys(_EXACT, _REAL),
    **dict.fromkeys((f"{XSD}dateTime", f"{XSD}dateTimeStamp"), f"{XSD}dateTime"),
    **dict.fromkeys(
        (f"{XSD}{name}" for name in ("duration", "yearMonthDuration", "dayTimeDuration")), f"{XSD}duration"
    ),
}
_ZONE = re.compile(r"(?:Z|[+-]\d\d:\d\d)\Z")
_BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")


def is_datatype(node: Node, ontology: Ontology) -> bool:
    """Whether *node* is a datatype or data range, so that its members are literals."""
    known = type(node) is str and (node in DATATYPES or node in (_LITERAL, _PLAIN) or node.startswith(XSD))
    return known or ontology.is_data_range(node)


def is_value_of(literal: Literal, data_range: Node, ontology: Ontology) -> bool | None:
    """Whether the value of *literal* lies in *data_range*; ``None`` if that is not known.

    >>> two = Literal("2.0", datatype=XSD.decimal)
    >>> is_value_of(two, XSD.integer.value, Ontology([])), is_value_of(two, XSD.double.value, Ontology([]))
    (True, False)
    """
    if data_range == _LITERAL:
        return True
    datatype = literal.datatype.value
    if datatype == data_range:
        return None if is_lexical(literal.value, datatype) is False else True
    if is_blank(data_range) or ontology.graph.values(data_range, OWL.equivalentClass.value):
        return _is_value_of_expression(literal, data_range, ontology)
    here, there = _family(datatype), _family(str(data_range))
    if here is None or (there is None and data_range != _PLAIN) or is_lexical(literal.value, datatype) is False:
        return None
    if data_range == _PLAIN:
        return here in (_STRING, _TAGGED)
    if here != there:
        return False
    if here == _REAL:
        return _is_number_of(_exact(literal), str(data_range))
    return True if is_lexical(literal.value, str(data_range)) or here == data_range else _unless_text(here)


def _unless_text(family: str) -> bool | None:
    """The answer if the text is none of the smaller datatype. For durations it is not known: one has several texts."""
    return None if family == f"{XSD}duration" else False


def _is_number_of(number: Fraction | None, datatype: str) -> bool | None:
    if number is None:
        return None
    if datatype in (_RATIONAL, _REAL):
        return True
    if datatype == _DECIMAL:
        rest = number.denominator
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        return rest == 1
    return number.denominator == 1 and bool(is_lexical(str(number.numerator), datatype))


def _is_value_of_expression(literal: Literal, node: Node, ontology: Ontology) -> bool | None:
    """As :func:`is_value_of`, for an enumeration, union, intersection, complement, or a datatype with facets."""
    found: list[bool | None] = []
    for name in ontology.graph.values(node, OWL.equivalentClass.value):
        found.append(_is_value_of_expression(literal, name, ontology) if name != node else None)
    if values := ontology.listed(node, OWL.oneOf.value):
        found.append(_any([same_value(literal, one) for one in values if isinstance(one, Literal)]))
    if ranges := ontology.listed(node, OWL.unionOf.value):
        found.append(_any([is_value_of(literal, one, ontology) for one in ranges]))
    found += [is_value_of(literal, one, ontology) for one in ontology.listed(node, OWL.intersectionOf.value)]
    for one in ontology.graph.values(node, OWL.datatypeComplementOf.value):
        inside = is_value_of(literal, one, ontology)
        found.append(None if inside is None else not inside)
    for one in ontology.graph.values(node, OWL.onDatatype.value):
        found.append(is_value_of(literal, one, ontology))
    for facets in ontology.listed(node, OWL.withRestrictions.value):
        found += [_is_within(literal, name, facets, ontology) for name in _BOUNDS]
    return _all(found) if found else None


def _is_within(literal: Literal, name: str, facets: Node, ontology: Ontology) -> bool | None:
    verdicts: list[bool | None] = []
    for bound in ontology.graph.values(facets, f"{XSD}{name}"):
        if not (comparable(literal) and comparable(bound)):
            verdicts.append(None)
            continue
        one, other = (bound, literal) if name.startswith("min") else (literal, bound)
        verdicts.append(is_less(one, other, or_equal=name.endswith("Inclusive")))
    return _all(verdicts)


def same_value(one: Node, other: Node) -> bool | None:
    """Whether two literals have the same value; ``None`` if that is not known.

    >>> same_value(Literal("1", datatype=XSD.integer), Literal("1.0", datatype=XSD.decimal))
    True
    >>> same_value(Literal("a", language="en"), Literal("a", language="it"))
    False
    """
    if one == other:
        return True
    if not (isinstance(one, Literal) and isinstance(other, Literal)):
        return None
    here, there = (_family(literal.datatype.value) for literal in (one, other))
    if here is None or there is None or not (_is_well_typed(one) and _is_well_typed(other)):
        return None
    if here != there:
        return False
    if here == _TAGGED:
        return (one.value, (one.language or "").lower()) == (other.value, (other.language or "").lower())
    if here in (_STRING, f"{XSD}anyURI"):
        return one.value == other.value
    if here == _REAL:
        first, second = _exact(one), _exact(other)
        return None if first is None or second is None else first == second
    return _same_in_order(one, other)


def _same_in_order(one: Literal, other: Literal) -> bool | None:
    if not (comparable(one) and comparable(other)):
        return None
    if is_less(one, other) or is_less(other, one):
        return False
    alike = is_less(one, other, or_equal=True) and is_less(other, one, or_equal=True)
    zones = [_ZONE.findall(literal.value) for literal in (one, other)]
    # one moment in two zones, and the two zeros of floating numbers, are equal and yet two values (XSD 1.1, 2.2.1)
    return True if alike and zones[0] == zones[1] and one.datatype.value not in _FLOATING else None


def _exact(literal: Literal) -> Fraction | None:
    try:
        return Fraction(literal.value)
    except (ValueError, ZeroDivisionError):  # more digits than Python reads
        return None


def _family(datatype: str) -> str | None:
    return _FAMILIES.get(datatype, datatype if datatype in DATATYPES else None)


def _is_well_typed(literal: Literal) -> bool:
    return is_lexical(literal.value, literal.datatype.value) is not False


def _all(found: list[bool | None]) -> bool | None:
    return False if False in found else None if None in found else True


def _any(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False
