"""Small inputs on which validators differ, and what the specification says of each."""

from __future__ import annotations

from dataclasses import dataclass

from tests.validation.shacl.validators import VALIDATORS, parse

_HEAD = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


@dataclass(frozen=True)
class Case:
    """*shapes* on *data*.

    :ivar expected: the local names of the focus nodes of the results; ``None``: a failure
    :ivar says: what the specification says, and where
    """

    name: str
    shapes: str
    data: str
    expected: tuple[str, ...] | None
    says: str


def _property(constraint: str) -> str:
    return f"ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; {constraint} ] ."


def _query(text: str) -> str:
    return f'ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:select """{text}""" ] .'


CASES = (
    Case(
        "closed shape with a target class",
        """ex:S sh:targetClass ex:C ; sh:closed true ; sh:ignoredProperties ( rdf:type ) ;
            sh:property [ sh:path ex:p ] .""",
        "ex:a a ex:C ; ex:p 1 . ex:b a ex:C ; ex:q 1 .",
        ("b",),
        "declared properties are allowed (SHACL, 4.8.1)",
    ),
    Case(
        "disjoint qualified shapes",
        """ex:S sh:targetClass ex:H ; sh:property
        [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:T ] ; sh:qualifiedValueShapesDisjoint true ;
          sh:qualifiedMinCount 1 ] ,
        [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:F ] ; sh:qualifiedValueShapesDisjoint true ;
          sh:qualifiedMinCount 1 ] .""",
        "ex:a a ex:H ; ex:p ex:tf . ex:tf a ex:T , ex:F .",
        ("a", "a"),
        "a value that conforms to a sibling does not count (SHACL, 4.7.3)",
    ),
    Case(
        "`\\p{L}` in a pattern",
        _property(r'sh:pattern "^\\p{L}+$"'),
        'ex:a ex:p "é" . ex:b ex:p "1" .',
        ("b",),
        "`sh:pattern` is SPARQL's REGEX, that is XPath's (SHACL, 4.4.3)",
    ),
    Case(
        "subtraction in a pattern",
        _property('sh:pattern "^[a-z-[aeiou]]$"'),
        'ex:a ex:p "b" . ex:b ex:p "e" .',
        ("b",),
        "a class may subtract another (XSD 1.1, Part 2, G.4.2)",
    ),
    Case(
        "`\\i\\c*` in a pattern",
        _property(r'sh:pattern "^\\i\\c*$"'),
        'ex:a ex:p "a-1" . ex:b ex:p "1a" .',
        ("b",),
        "escapes for names (XSD 1.1, Part 2, G.4.2.5)",
    ),
    Case(
        "`\\w` and punctuation",
        _property(r'sh:pattern "^\\w$"'),
        'ex:a ex:p "a" . ex:b ex:p "_" .',
        ("b",),
        "all characters but punctuation, separators and others (XSD 1.1, Part 2, G.4.2.5)",
    ),
    Case(
        "`$` before a last line feed",
        _property('sh:pattern "^a$"'),
        'ex:a ex:p "a" . ex:b ex:p "a\\n" .',
        ("b",),
        "without the flag m it is the end of the string (XPath Functions, 5.6.1)",
    ),
    Case(
        "dates before year 1",
        _property("sh:lessThan ex:q"),
        """ex:a ex:p "-0044-03-15"^^xsd:date ; ex:q "-0027-01-16"^^xsd:date .
        ex:b ex:p "-0027-01-16"^^xsd:date ; ex:q "-0044-03-15"^^xsd:date .""",
        ("b",),
        "XSD 1.1 has and orders them (Part 2, 3.3.9)",
    ),
    Case(
        "order of years",
        _property('sh:minInclusive "1900"^^xsd:gYear'),
        'ex:a ex:p "2000"^^xsd:gYear . ex:b ex:p "1800"^^xsd:gYear .',
        ("b",),
        "SPARQL leaves it to extensions (17.3.1); XSD orders them (Part 2, 3.3.11)",
    ),
    Case(
        '`"44"^^xsd:gYear`',
        _property("sh:datatype xsd:gYear"),
        'ex:a ex:p "2000"^^xsd:gYear . ex:b ex:p "44"^^xsd:gYear .',
        ("b",),
        "a year has four digits or more (XSD 1.1, Part 2, 3.3.11)",
    ),
    Case(
        '`"2020-13"^^xsd:gYearMonth`',
        _property("sh:datatype xsd:gYearMonth"),
        'ex:a ex:p "2020-12"^^xsd:gYearMonth . ex:b ex:p "2020-13"^^xsd:gYearMonth .',
        ("b",),
        "there are twelve months (XSD 1.1, Part 2, 3.3.10)",
    ),
    Case(
        '`"2020-02-30"^^xsd:date`',
        _property("sh:datatype xsd:date"),
        'ex:a ex:p "0000-02-29"^^xsd:date . ex:b ex:p "2020-02-30"^^xsd:date .',
        ("b",),
        "year 0 is a leap year, February has no 30th (XSD 1.1, Part 2, 3.3.9)",
    ),
    Case(
        '`" 1"^^xsd:integer`',
        _property("sh:datatype xsd:integer"),
        'ex:a ex:p "+01"^^xsd:integer . ex:b ex:p " 1"^^xsd:integer .',
        ("b",),
        "RDF collapses no white space (RDF 1.1 Concepts, 5.1)",
    ),
    Case(
        '`"1e3"^^xsd:decimal`',
        _property("sh:datatype xsd:decimal"),
        'ex:a ex:p "1000."^^xsd:decimal . ex:b ex:p "1e3"^^xsd:decimal .',
        ("b",),
        "a decimal has no exponent (XSD 1.1, Part 2, 3.3.3)",
    ),
    Case(
        "equal texts in a language",
        _property("sh:lessThanOrEquals ex:q"),
        'ex:a ex:p 1 ; ex:q 1 . ex:b ex:p "a"@en ; ex:q "a"@en .',
        ("b",),
        "`<=` knows no texts with language (SPARQL 1.1, 17.3)",
    ),
    Case(
        "order of IRIs",
        _property("sh:lessThan ex:q"),
        "ex:a ex:p 1 ; ex:q 2 . ex:b ex:p ex:a ; ex:q ex:b .",
        ("b",),
        "`<` knows no IRIs (SPARQL 1.1, 17.3)",
    ),
    Case(
        '`sh:uniqueLang "1"^^xsd:boolean`',
        _property('sh:uniqueLang "1"^^xsd:boolean'),
        'ex:a ex:p "x"@en , "y"@en .',
        (),
        "it counts when it is `true` (SHACL, 4.4.5, and the published suite)",
    ),
    Case(
        "subquery with the variable in a filter only",
        _query("SELECT $this WHERE { { SELECT * WHERE { FILTER($this = <https://example.org/a>) } } }"),
        "ex:a ex:p 1 .",
        None,
        "a subquery returns what is bound beforehand (SHACL, appendix A)",
    ),
    Case(
        "subquery that does not return `$this`",
        _query("SELECT $this WHERE { $this ?p ?o { SELECT ?o WHERE { ?s ?q ?o } } }"),
        "ex:a ex:p 1 .",
        None,
        "the same",
    ),
    Case(
        "VALUES",
        _query("SELECT $this WHERE { VALUES ?x { 1 } }"),
        "ex:a ex:p 1 .",
        None,
        "not beside variables that are bound beforehand (SHACL, appendix A)",
    ),
    Case(
        "property shape without a path",
        "ex:S sh:targetSubjectsOf ex:p ; sh:property ex:P . ex:P sh:minCount 9 .",
        "ex:a ex:p 1 .",
        None,
        "values of `sh:property` are property shapes (SHACL, 4.7.2)",
    ),
    Case(
        "recursion",
        "ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:node ex:S ] , [ sh:path ex:q ; sh:maxCount 0 ] .",
        "ex:a ex:p ex:b . ex:b ex:q 1 .",
        ("a",),
        "left open (SHACL, 3.4.3); `b` is wrong by its own value, so `a` is, too",
    ),
    Case(
        "recursion in a circle",
        "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:node ex:S ] , [ sh:path ex:q ; sh:maxCount 0 ] .",
        "ex:a a ex:C ; ex:p ex:b . ex:b a ex:C ; ex:p ex:a ; ex:q 1 .",
        ("a", "b", "b"),
        "the same",
    ),
)

#: Where a validator answers otherwise.
WRONG: dict[str, frozenset[str]] = {
    "missiongraph": frozenset(),
    "shacl": frozenset(
        {
            "subtraction in a pattern",
            "`\\i\\c*` in a pattern",
            "`\\w` and punctuation",
            "order of years",
            '`"44"^^xsd:gYear`',
            '`"2020-13"^^xsd:gYearMonth`',
            "equal texts in a language",
            "subquery that does not return `$this`",
            "property shape without a path",
            "recursion in a circle",
        }
    ),
    "pySHACL": frozenset(
        {
            "`\\p{L}` in a pattern",
            "subtraction in a pattern",
            "`\\i\\c*` in a pattern",
            "`\\w` and punctuation",
            "`$` before a last line feed",
            "dates before year 1",
            "order of years",
            '`"44"^^xsd:gYear`',
            '`"2020-13"^^xsd:gYearMonth`',
            '`"2020-02-30"^^xsd:date`',
            '`" 1"^^xsd:integer`',
            '`"1e3"^^xsd:decimal`',
            "equal texts in a language",
            "order of IRIs",
            '`sh:uniqueLang "1"^^xsd:boolean`',
        }
    ),
}


def answer(case: Case, validator: str) -> tuple[str, ...] | str | None:
    """The focus nodes of the results, by their local names; of an unforeseen error its name."""
    try:
        rows = VALIDATORS[validator](parse(_HEAD + case.data), parse(_HEAD + case.shapes))
    except Exception as error:  # of any kind: it is what the validator shows its users
        return type(error).__name__
    if rows is None:
        return None
    return tuple(sorted(row[0].removeprefix("<https://example.org/").removesuffix(">") for row in rows.elements()))
