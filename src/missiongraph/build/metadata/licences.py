"""Knows licences by their IRIs: in the EU's authority table, of their own pages, in Italy's national vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from missiongraph.vocab import EU_AUTHORITY

_TYPES = "http://purl.org/adms/licencetype/"
_NATIONAL = "https://w3id.org/italia/controlled-vocabulary/licences/"


@dataclass(frozen=True)
class Licence:
    """A licence: its code in the EU's table, its own page, its IRI in Italy's vocabulary, and its ADMS type."""

    code: str
    page: str
    national: str
    type: str
    name: str
    version: str

    @property
    def iri(self) -> str:
        """Its IRI in the EU's authority table."""
        return f"{EU_AUTHORITY}licence/{self.code}"

    @property
    def iris(self) -> tuple[str, ...]:
        """All IRIs by which a publication may name it."""
        return (self.iri, self.page, self.national)


# docs/conformance.md names the tables from which these were taken.
_LICENCES: Final = (
    Licence(
        "CC0",
        "https://creativecommons.org/publicdomain/zero/1.0/",
        f"{_NATIONAL}A11_CCO10",
        f"{_TYPES}PublicDomain",
        "CC0",
        "1.0",
    ),
    Licence(
        "CC_BY_4_0",
        "https://creativecommons.org/licenses/by/4.0/",
        f"{_NATIONAL}A21_CCBY40",
        f"{_TYPES}Attribution",
        "CC BY",
        "4.0",
    ),
    Licence(
        "CC_BYSA_4_0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        f"{_NATIONAL}A31_CCBYSA40",
        f"{_TYPES}ViralEffect-ShareAlike",
        "CC BY-SA",
        "4.0",
    ),
)


def known_licence(iri: str) -> Licence | None:
    """The licence that *iri* names; ``None`` if it is unknown. Scheme, "www." and the end of an address are ignored.

    >>> known_licence("http://creativecommons.org/licenses/by/4.0").code
    'CC_BY_4_0'
    """
    return next((one for one in _LICENCES if _bare(iri) in map(_bare, one.iris)), None)


def _bare(iri: str) -> str:
    return iri.partition("://")[2].removeprefix("www.").removesuffix("deed.it").removesuffix("deed.en").rstrip("/")
