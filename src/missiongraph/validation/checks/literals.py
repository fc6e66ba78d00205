"""A check of literals: ill-typed ones (RDF 1.1 Concepts, section 3.3), unknown languages (BCP 47, section 2.2.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pyoxigraph import Literal, Quad

from missiongraph.publication.dataset import Dataset
from missiongraph.rdf.datatypes import example_of, is_lexical
from missiongraph.validation.report import Result
from missiongraph.vocab import XSD

#: The source of results of this check.
SOURCE = "ill-typed-literal"
#: The source of results about language tags.
UNKNOWN_LANGUAGE = "unknown-language"


def check_literals(dataset: Dataset) -> Iterator[Result]:
    """A warning for each statement with an ill-typed literal, or with a language that is not registered.

    RDF allows both: an ill-typed literal has no value, and a language tag need only be well-formed.
    """
    seen: set[object] = set()
    for file in dataset.files:
        for quad in file.quads:
            literal = quad.object
            if type(literal) is not Literal:
                continue
            if literal.language is not None:
                result = None if _is_registered(literal.language) else _unknown
            else:
                result = _ill_typed if is_lexical(literal.value, literal.datatype.value) is False else None
            if result is not None and quad.triple not in seen:
                seen.add(quad.triple)
                yield result(dataset, quad, literal)


@cache
def _is_registered(tag: str) -> bool:
    """Whether IANA's registry has the language of *tag*, or leaves it to private use.

    >>> [_is_registered(tag) for tag in ("it", "sr-Latn", "qaa", "x-mine", "i-klingon", "xx", "english")]
    [True, True, True, True, True, False, False]
    """
    from language_tags import tags  # reads the whole registry

    language = tag.lower().split("-")[0]
    private = language == "x" or (len(language) == 3 and "qaa" <= language <= "qtz")
    return private or language == "i" or tags.language(language) is not None


def _unknown(dataset: Dataset, quad: Quad, literal: Literal) -> Result:
    return _warning(
        dataset,
        quad,
        UNKNOWN_LANGUAGE,
        f"“{literal.language}” is no language that IANA’s registry of language subtags knows",
        f"«{literal.language}» non è una lingua nota al registro IANA dei codici di lingua",
    )


def _ill_typed(dataset: Dataset, quad: Quad, literal: Literal) -> Result:
    datatype = literal.datatype.value
    name = f"xsd:{datatype.removeprefix(XSD)}" if datatype.startswith(XSD) else f"<{datatype}>"
    example = example_of(datatype)
    such = (f" (as in “{example}”)", f" (come in «{example}»)") if example is not None else ("", "")
    return _warning(
        dataset,
        quad,
        SOURCE,
        f"“{literal.value}” is no {name}{such[0]}: the literal has no value",
        f"«{literal.value}» non è un {name}{such[1]}: il letterale non ha valore",
    )


def _warning(dataset: Dataset, quad: Quad, source: str, english: str, italian: str) -> Result:
    return Result(
        severity="warning",
        messages=(("en", english), ("it", italian)),
        source=source,
        focus=quad.subject,
        path=str(quad.predicate),
        value=quad.object,
        place=dataset.place_about(quad.subject, quad.predicate, quad.object),
    )
