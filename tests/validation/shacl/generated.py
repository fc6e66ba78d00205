"""Shapes and data for hypothesis: all core components, kinds of targets, severities, deactivated and nested shapes."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

HEAD = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
IRIS = ("ex:a", "ex:b", "ex:c")
PROPERTIES = ("ex:p", "ex:q")
CLASSES = ("ex:C", "ex:D")
LITERALS = (
    '"x"', '"xyz"', '""', '"x"@en', '"y"@en', '"z"@it', '"w"@en-GB', "1", "2", "3.5", "true", "false",
    '"2020-01-01"^^xsd:date', '"2021-06-30"^^xsd:date', '"2020-01-01T00:00:00Z"^^xsd:dateTime',
)  # fmt: skip

iris, properties, classes = st.sampled_from(IRIS), st.sampled_from(PROPERTIES), st.sampled_from(CLASSES)
literals = st.sampled_from(LITERALS)
small = st.integers(0, 3)
truth = st.sampled_from(["true", "false"])
paths = st.one_of(
    properties,
    st.builds("[ sh:inversePath {} ]".format, properties),
    st.builds("( {} {} )".format, properties, properties),
    st.builds("[ sh:alternativePath ( {} {} ) ]".format, properties, properties),
    st.builds("[ sh:{} {} ]".format, st.sampled_from(["zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"]), properties),
    st.builds("( [ sh:inversePath {} ] [ sh:zeroOrMorePath {} ] )".format, properties, properties),
)


def data(*, blank: bool = True) -> st.SearchStrategy[str]:
    """Statements in Turtle."""
    subjects = st.sampled_from((*IRIS, "_:n")) if blank else iris
    statement = st.one_of(
        st.builds("{} {} {} .".format, subjects, properties, st.one_of(subjects, literals)),
        st.builds("{} a {} .".format, subjects, classes),
        st.just("ex:D rdfs:subClassOf ex:C ."),
    )
    return st.lists(statement, max_size=14).map(lambda lines: HEAD + "\n".join(lines))


def _values(values: st.SearchStrategy[str], count: int = 3) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=count, unique=True).map(lambda found: f"( {' '.join(found)} )")


def of_values(*, closed: bool = True) -> st.SearchStrategy[str]:
    """Constraints of node and property shapes that refer to no other shape."""
    kinds = st.sampled_from(["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"])
    types = st.sampled_from(["string", "integer", "decimal", "boolean", "date", "dateTime"])
    bounds = st.sampled_from(["1", "2.0", '"2020-06-01"^^xsd:date', '"2020-01-01T00:00:00Z"^^xsd:dateTime'])
    tags = st.sampled_from(['"en"', '"it"', '"en-GB"'])
    sides = st.sampled_from(["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"])
    always = (
        st.builds("sh:class {}".format, classes),
        st.builds("sh:datatype xsd:{}".format, types),
        st.builds("sh:nodeKind sh:{}".format, kinds),
        st.builds("sh:{} {}".format, sides, bounds),
        st.builds("sh:minLength {}".format, small),
        st.builds("sh:maxLength {}".format, small),
        st.builds('sh:pattern "{}"'.format, st.sampled_from(["x", "^x", "z$", "[0-9]", "^.$"])),
        st.builds('sh:pattern "X" ; sh:flags "{}"'.format, st.sampled_from(["", "i"])),
        st.builds("sh:languageIn {}".format, _values(tags)),
        st.builds("sh:equals {}".format, properties),
        st.builds("sh:disjoint {}".format, properties),
        st.builds("sh:hasValue {}".format, st.one_of(iris, literals)),
        st.builds("sh:in {}".format, _values(st.one_of(iris, literals))),
    )
    shut = st.one_of(
        st.just("sh:closed true"),
        st.builds("sh:closed true ; sh:ignoredProperties {}".format, _values(properties)),
        st.just("sh:closed false"),
    )
    return st.one_of(*always, *((shut,) if closed else ()))


of_properties = st.one_of(
    st.builds("sh:minCount {}".format, small),
    st.builds("sh:maxCount {}".format, small),
    st.builds("sh:uniqueLang {}".format, truth),
)
in_order = st.builds("sh:{} {}".format, st.sampled_from(["lessThan", "lessThanOrEquals"]), properties)
targets = st.one_of(
    st.builds("sh:targetNode {}".format, st.one_of(iris, literals)),
    st.builds("sh:targetClass {}".format, classes),
    st.builds("sh:targetSubjectsOf {}".format, properties),
    st.builds("sh:targetObjectsOf {}".format, properties),
)


@st.composite
def shapes(draw: st.DrawFn, *, count: int = 4, ordered: bool = True) -> str:
    """A shapes graph whose shapes have IRIs, and refer only to those that come later.

    :param ordered: whether some compare values with those of another property
    """
    of_path = st.one_of(of_properties, in_order) if ordered else of_properties
    of_property = [draw(st.booleans()) for _ in range(count)]
    # an implicit class target: the shape is the class (SHACL, section 2.1.3.3)
    names = ["ex:C" if not of_property[0] and draw(st.booleans()) else "ex:S0"]
    names += [f"ex:S{number}" for number in range(1, count)]
    return HEAD + "\n".join(_shape(draw, names, of_property, number, of_path) for number in range(count))


def _shape(
    draw: st.DrawFn, names: list[str], of_property: list[bool], number: int, of_path: st.SearchStrategy[str]
) -> str:
    path = of_property[number]
    parts = ["a sh:PropertyShape" if path else "a sh:NodeShape" + (", rdfs:Class" if names[number] == "ex:C" else "")]
    if path:
        parts.append(f"sh:path {draw(paths)}")
    parts += draw(st.lists(targets, max_size=2, unique=True))
    parts += draw(st.lists(st.builds("sh:severity sh:{}".format, st.sampled_from(["Warning", "Info"])), max_size=1))
    parts += draw(st.lists(st.just("sh:deactivated true"), max_size=1)) if draw(small) == 0 else []
    chosen = draw(st.lists(of_values(closed=not path), max_size=2))
    if path:
        chosen += draw(st.lists(of_path, max_size=2))
    later = list(zip(names[number + 1 :], of_property[number + 1 :], strict=True))
    chosen += _references(draw, later, path=path)
    seen: set[str] = set()
    for one in chosen:  # a parameter that has one value is stated once
        stated = {part.split()[0] for part in one.split(" ; ")}
        if not stated & seen:
            parts.append(one)
        seen |= stated - {"sh:property", "sh:node", "sh:not"}
    return f"{names[number]} {' ; '.join(parts)} ."


def _references(draw: st.DrawFn, later: list[tuple[str, bool]], *, path: bool) -> list[str]:
    if not later:
        return []
    any_shape = st.sampled_from([name for name, _ in later])
    lists = st.builds("sh:{} {}".format, st.sampled_from(["and", "or", "xone"]), _values(any_shape))
    ways: list[st.SearchStrategy[str]] = [st.builds("sh:not {}".format, any_shape), lists]
    if nodes := [name for name, of_property in later if not of_property]:
        ways.append(st.builds("sh:node {}".format, st.sampled_from(nodes)))
    if properties_ := [name for name, of_property in later if of_property]:
        ways += [st.builds("sh:property {}".format, st.sampled_from(properties_))] * 3
    if path:
        count = st.builds("sh:qualified{}Count {}".format, st.sampled_from(["Min", "Max"]), small)
        disjoint: Callable[..., str] = "sh:qualifiedValueShape {} ; {} ; sh:qualifiedValueShapesDisjoint {}".format
        ways.append(st.builds(disjoint, any_shape, count, truth))
    return draw(st.lists(st.one_of(ways), max_size=2, unique=True))
