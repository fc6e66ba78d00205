"""A page of another domain, written for these tests, with claims that rest on it: the libraries of a harbour town."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode

from missiongraph.evidence.pages.normalised_text import normalise, occurrences, passages
from missiongraph.evidence.pages.read_page import page_of
from missiongraph.evidence.verdicts.check import Check, SourceClaims, check, claims_of
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication

BASE = "https://library.example/"
SOURCE = NamedNode(f"{BASE}id/source/page")

PAGE = """Harbour Library

Last updated: 12/03/2025

The harbour library opened on 3 May 2019 and holds 48,500 books in twelve languages. It is run by the Foundation for Open Reading, and the “Friends of the Quay” help on Sundays.

Its branches are the following.

  1. Quayside
  2. Lighthouse
  3. Old Mill
  4. Station

Together with Quayside, Lighthouse and Old Mill, the main branch Station lends 7,200 books a month. The reading rooms were restored with €2.4 million in grants from the Coastal Fund, which runs the Museum of Tides. A three-year programme organised by the town, Reading Tides, precedes the current Open Shelves programme.

Reading Tides was chosen from 85 proposals submitted by 64 libraries in 17 countries. The catalogue (12.75 MB) is made for reserch and teaching.

By 2028 the library will digitize all of its maps.

Rate this page
"""  # noqa: E501

#: slug: statements, words, prefix, suffix
CLAIMS = {
    "name": ('ex:library schema:name "Harbour Library"@en', "Harbour Library", "", "Last updated"),
    "updated": ('ex:page schema:dateModified "2025-03-12"^^xsd:date', "Last updated: 12/03/2025", "", ""),
    "opened": ('ex:library ex:opened "2019-05-03"^^xsd:date', "opened on 3 May 2019", "", ""),
    "books": ("ex:library ex:books 48500", "holds 48,500 books", "", ""),
    "languages": ("ex:library ex:languages 12", "in twelve languages", "", ""),
    "run-by": ("ex:library ex:runBy ex:foundation", "is run by the Foundation for Open Reading", "", ""),
    "friends": ('ex:friends schema:name "Friends of the Quay"@en', "the “Friends of the Quay” help", "", ""),
    "quayside": ("ex:library ex:branch ex:quayside", "Quayside", "are the following.", "Lighthouse"),
    "lighthouse": ("ex:library ex:branch ex:lighthouse", "Lighthouse", "Quayside", "Old Mill"),
    "old-mill": ("ex:library ex:branch ex:old-mill", "Old Mill", "Lighthouse", "Station"),
    "station": ("ex:library ex:branch ex:station", "Station", "Old Mill", "Together with Quayside"),
    "with-quayside": ("ex:lending ex:by ex:quayside", "Quayside", "Together with", ", Lighthouse and Old"),
    "with-lighthouse": ("ex:lending ex:by ex:lighthouse", "Lighthouse", "Quayside,", "and Old Mill, the"),
    "with-old-mill": ("ex:lending ex:by ex:old-mill", "Old Mill", "Lighthouse and", ", the main branch"),
    "main-branch": ("ex:lending ex:main ex:station", "the main branch Station lends", "", ""),
    "lent": ("ex:lending ex:monthly 7200", "lends 7,200 books a month", "", ""),
    "grant": ('ex:grant schema:value 2400000.0 ; schema:currency "EUR"', "€2.4 million in grants", "", ""),
    "funder": ("ex:grant ex:funder ex:fund", "grants from the Coastal Fund", "", ""),
    "museum": ("ex:fund ex:runs ex:museum", "which runs the Museum of Tides", "", ""),
    "duration": ('ex:tides schema:duration "P3Y"^^xsd:duration', "A three-year programme organised by", "", ""),
    "precedes": ("ex:tides ex:precedes ex:shelves", "Reading Tides, precedes the current Open Shelves", "", ""),
    "proposals": ("ex:call ex:proposals 85", "was chosen from 85 proposals", "", ""),
    "libraries": ("ex:call ex:libraries 64", "submitted by 64 libraries", "", ""),
    "countries": ("ex:call ex:countries 17", "libraries in 17 countries", "", ""),
    "size": ('ex:catalogue schema:contentSize "12.75 MB"', "12.75 MB", "The catalogue (", ") is made"),
    "for": ("ex:catalogue ex:madeFor ex:research", "is made for reserch and teaching", "", ""),
    "by": ('ex:maps ex:deadline "2028"^^xsd:gYear', "By 2028 the library will", "", ""),
    "maps": ("ex:maps ex:digitised true", "the library will digitize all", "", ""),
}
PLANNED = frozenset(("by", "maps"))
NAMES = {
    "library": "Harbour Library", "foundation": "Foundation for Open Reading", "friends": "Friends of the Quay",
    "quayside": "Quayside", "lighthouse": "Lighthouse", "old-mill": "Old Mill", "station": "Station",
    "fund": "Coastal Fund", "museum": "Museum of Tides", "tides": "Reading Tides", "shelves": "Open Shelves",
}  # fmt: skip


def trig() -> str:
    """The claims with their evidence, as a publication holds them."""
    prefixes = f"""@prefix ex: <{BASE}id/> . @prefix mg: <https://w3id.org/missiongraph/ontology#> .
        @prefix oa: <http://www.w3.org/ns/oa#> . @prefix prov: <http://www.w3.org/ns/prov#> .
        @prefix schema: <http://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix lang: <http://publications.europa.eu/resource/authority/language/> .
        <{SOURCE.value}> dcterms:language lang:ENG ."""
    names = "".join(f'ex:{thing} schema:name "{name}"@en .\n' for thing, name in NAMES.items())
    return "\n".join([prefixes, names, *(_claim(slug, *claim) for slug, claim in CLAIMS.items())])


def _claim(slug: str, said: str, exact: str, prefix: str, suffix: str) -> str:
    graph = f"{BASE}id/evidence/page/{slug}"
    context = "".join(f'; oa:{side} "{words}"' for side, words in (("prefix", prefix), ("suffix", suffix)) if words)
    ((start, _),) = occurrences(normalise(PAGE), exact, prefix, suffix)
    digest = next(p.digest for p in passages(PAGE) if p.start <= start < p.start + len(p.text))
    planned = "; mg:modality mg:planned" if slug in PLANNED else ""
    return f"""<{graph}> {{ {said} }}
        <{graph}> a mg:EvidenceGraph ; prov:wasDerivedFrom <{graph}#passage> {planned} .
        <{graph}#passage> prov:wasQuotedFrom <{SOURCE.value}> ; oa:hasSelector <{graph}#quote> ;
            mg:passageDigest "{digest}" .
        <{graph}#quote> oa:exact "{exact}" {context} ."""


def write_publication(folder: Path) -> Path:
    """The publication of these claims in *folder*."""
    (folder / "data").mkdir(parents=True)
    settings = f'title = "Library"\nbase = "{BASE}"\n[evidence]\nsource = "{SOURCE.value}"\n'
    (folder / "missiongraph.toml").write_text(settings)
    (folder / "data" / "claims.trig").write_text(trig(), "utf-8")
    return folder


@cache
def library_claims() -> SourceClaims:
    with TemporaryDirectory() as folder:
        return claims_of(read_dataset(Publication.open(write_publication(Path(folder) / "library"))), SOURCE)


def verdicts(found: Check) -> dict[str, str]:
    """The verdict of each claim by its slug."""
    return {claim.graph.iri.value.rpartition("/")[2]: claim.verdict for claim in found.claims}


def accused(claims: SourceClaims, page: str | bytes, name: str = "page") -> dict[str, str]:
    """The claims that *page* contradicts or has lost, with their verdicts."""
    data = page.encode() if isinstance(page, str) else page
    found = verdicts(check(claims, page_of(data, name)))
    return {slug: verdict for slug, verdict in found.items() if verdict in ("contradicted", "gone")}
