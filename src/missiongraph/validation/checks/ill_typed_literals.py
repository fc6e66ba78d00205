"""Ill-typed literals: texts outside the lexical space of their datatype (RDF 1.1 Concepts, section 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, Quad

from missiongraph.publication.dataset import Dataset
from missiongraph.rdf.datatypes import example_of, is_lexical
from missiongraph.validation.report import Result
from missiongraph.vocab import XSD

#: What a result of this check names as its source.
SOURCE = "ill-typed-literal"


def check_literals(dataset: Dataset) -> Iterator[Result]:
    """A warning for each statement whose literal is ill-typed; RDF allows it, and gives it no value."""
    seen: set[object] = set()
    for file in dataset.files:
        for quad in file.quads:
            literal = quad.object
            if type(literal) is not Literal or is_lexical(literal.value, literal.datatype.value) is not False:
                continue
            if quad.triple not in seen:
                seen.add(quad.triple)
                yield _result(dataset, quad, literal)


def _result(dataset: Dataset, quad: Quad, literal: Literal) -> Result:
    datatype = literal.datatype.value
    name = f"xsd:{datatype.removeprefix(XSD)}" if datatype.startswith(XSD) else f"<{datatype}>"
    example = example_of(datatype)
    such = (f" (as in “{example}”)", f" (come in «{example}»)") if example is not None else ("", "")
    return Result(
        severity="warning",
        messages=(
            ("en", f"“{literal.value}” is no {name}{such[0]}: the literal has no value"),
            ("it", f"«{literal.value}» non è un {name}{such[1]}: il letterale non ha valore"),
        ),
        source=SOURCE,
        focus=quad.subject,
        path=str(quad.predicate),
        value=literal,
        place=dataset.place_about(quad.subject, quad.predicate, literal),
    )
