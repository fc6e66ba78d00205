"""Terms of RDF as values of Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from pyoxigraph import BlankNode as RdfBlankNode
from pyoxigraph import Literal, NamedNode

from missiongraph.engine.protocol import Term
from missiongraph.vocab import XSD


class IRI(str):
    """The IRI of a thing. It is a string that is known to be an IRI."""

    __slots__ = ()


class BlankNode(str):
    """A node without a name. Its label holds only within one answer."""

    __slots__ = ()


class Text(str):
    """A text in a language.

    :ivar language: its language tag, such as ``it``
    """

    language: str

    def __new__(cls, text: str, language: str) -> Text:
        """Makes the text from what it says and its language tag."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # what __new__ takes, for pickle
        return str(self), self.language


Value = IRI | BlankNode | Text | str | bool | int | Decimal | float | date | datetime
"""A value of a fact, or a cell of a table. A literal of any other datatype is its text, as a plain ``str``."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):  # one of a time zone is no day of a calendar alone
        raise ValueError(text)
    return date.fromisoformat(text)


_READERS: dict[str, Callable[[str], Value]] = {
    XSD.boolean.value: _BOOLEANS.__getitem__,
    XSD.decimal.value: Decimal,
    XSD.double.value: float,
    XSD.float.value: float,
    XSD.date.value: _date,
    XSD.dateTime.value: datetime.fromisoformat,
    **{
        f"{XSD}{name}": int
        for name in (
            "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
            "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
        )
    },
}  # fmt: skip


def value_of(term: Term) -> Value:
    """The value of *term*. A literal that is ill-typed, or that Python cannot hold, is its text.

    >>> value_of(Literal("9", datatype=XSD.integer)), value_of(Literal("2024-10-08", datatype=XSD.date))
    (9, datetime.date(2024, 10, 8))
    >>> value_of(Literal("Roma", language="it")).language
    'it'
    """
    if isinstance(term, NamedNode):
        return IRI(term.value)
    if isinstance(term, RdfBlankNode):
        return BlankNode(str(term))
    if not isinstance(term, Literal):
        return str(term)
    if term.language:
        return Text(term.value, term.language)
    reader = _READERS.get(term.datatype.value)
    if reader is None:
        return term.value
    try:
        return reader(term.value)
    except (ValueError, ArithmeticError, KeyError):
        return term.value
