"""Search engines read schema.org in pages: datasets as they want them, places with their points."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from missiongraph.build import Build, build_publication
from missiongraph.publication.dataset import Dataset, read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.vocab import MG, RDF
from missiongraph.web.serving.application import create_app
from tests.web.answers import SHIPPED

NEEDED = {"name", "description", "creator", "license", "keywords", "identifier", "isAccessibleForFree"}
NEEDED |= {"spatialCoverage", "temporalCoverage", "version", "url", "distribution"}


def markup(client: httpx.Client, address: str) -> dict[str, Any]:
    """The one JSON-LD object in a page."""
    text = client.get(address, headers={"Accept": "text/html"}).text
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return dict(json.loads(found))


@pytest.mark.parametrize("address", ["/", "/catalog", "/dumps/", "/doc/dataset/missiongraph"])
def test_a_dataset_says_what_search_engines_for_datasets_want(
    site: httpx.Client, shipped_build: Build, address: str
) -> None:
    found = markup(site, address)
    assert found["@type"] == "Dataset" and found["@context"] == "https://schema.org"
    assert set(found) >= NEEDED
    assert found["identifier"] == f"{SHIPPED}id/dataset/missiongraph"
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["isAccessibleForFree"] is True
    assert found["temporalCoverage"] == "2021-10-01/2030-12-31"
    assert 50 <= len(found["description"]) <= 5000
    wholes = [dump for dump in shipped_build.dumps if dump.part_of is None]
    assert len(found["distribution"]) == len(wholes)
    for one in found["distribution"]:
        assert one["contentUrl"].startswith(f"{SHIPPED}dumps/") and one["encodingFormat"]


def test_a_dataset_speaks_the_language_of_its_page(site: httpx.Client) -> None:
    italian, english = (markup(site, f"/doc/dataset/reference?lang={tag}") for tag in ("it", "en"))
    assert (english["name"], italian["name"]) == ("Reference data", "Dati di riferimento")
    assert not set(italian["keywords"]) & set(english["keywords"])
    assert italian["isPartOf"]["@id"] == f"{SHIPPED}id/dataset/missiongraph"


def test_a_city_has_its_point_and_its_other_names(site: httpx.Client) -> None:
    found = markup(site, "/doc/city/florence")
    assert found["@type"] == "City"
    point = found["geo"]
    assert (point["@type"], point["latitude"], point["longitude"]) == ("GeoCoordinates", 43.77925, 11.24626)
    assert "http://www.wikidata.org/entity/Q2044" in found["sameAs"]


def test_a_publication_that_says_little_has_what_it_says(beer: httpx.Client) -> None:
    found = markup(beer, "/catalog?lang=en")
    assert found["name"] == "Beers of the world"
    assert not {"license", "creator", "keywords", "spatialCoverage"} & set(found)


@pytest.mark.parametrize(
    ("thing", "kind"),
    [
        ("project/lets-gov", "ResearchProject"),
        ("municipality/bologna", "GovernmentOrganization"),
        ("organisation/politecnico-di-torino", "Organization"),
        ("programme/pilot-cities", "FundingScheme"),
        ("document/memorandum-2022-09-09", "DigitalDocument"),
        ("concept/municipality", "DefinedTerm"),
        ("region/lazio", "AdministrativeArea"),
        ("source/italian-network", "WebPage"),
        ("network/italian-network", "Thing"),
    ],
)
def test_a_thing_is_of_the_class_of_schema_org_that_the_ontology_brings_it_nearest_to(
    site: httpx.Client, thing: str, kind: str
) -> None:
    assert markup(site, f"/doc/{thing}")["@type"] == kind


def test_selections_and_calls_are_events_and_sums_are_grants(site: httpx.Client, shipped_dataset: Dataset) -> None:
    kinds = {MG.Selection: "Event", MG.Call: "Event", MG.Budget: "MonetaryGrant", MG.GrantTotal: "MonetaryGrant"}
    for mine, theirs in kinds.items():
        things = [t.subject for t in shipped_dataset.default_graph if t.predicate == RDF.type and t.object == mine]
        first = min(str(thing).strip("<>") for thing in things)
        found = markup(site, "/doc/" + first.removeprefix(f"{SHIPPED}id/"))
        assert found["@type"] == theirs


def test_a_grant_says_its_amount_and_who_gives_it(site: httpx.Client) -> None:
    amount = markup(site, "/doc/grant/pilot-cities")["amount"]
    assert (amount["@type"], amount["currency"], amount["value"]) == ("MonetaryAmount", "EUR", 32000000)


def test_a_class_of_others_is_found_by_its_mappings(tmp_path: Path) -> None:
    """By super-classes, equal classes and SKOS mappings, several steps away; the nearest counts."""
    (tmp_path / "data").mkdir()
    (tmp_path / "missiongraph.toml").write_text('title = "x"\nbase = "https://e.example/"\nlanguages = ["en"]\n')
    (tmp_path / "data" / "x.ttl").write_text(
        """@prefix e: <https://e.example/ns#> . @prefix s: <http://schema.org/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        <https://e.example/id/a> a e:Pub ; rdfs:label "a"@en ; s:servesCuisine "stew" ; s:geo <https://e.example/id/b> .
        <https://e.example/id/b> a e:Point ; s:latitude 1.5 .
        <https://e.example/id/c> a e:Ring ; rdfs:label "c"@en .
        <https://e.example/id/d> a skos:Concept ; rdfs:label "d"@en .
        <https://e.example/id/f> a <https://schema.org/Person> ; rdfs:label "f"@en .
        e:Pub rdfs:subClassOf e:Inn . e:Inn owl:equivalentClass e:Tavern . e:Tavern skos:closeMatch s:BarOrPub .
        e:Pub skos:relatedMatch s:Brewery . e:Point skos:exactMatch s:GeoCoordinates .
        e:Ring rdfs:subClassOf e:Ring ."""
    )
    build = build_publication(read_dataset(Publication.open(tmp_path)), tmp_path / "out")
    client = create_app(build).test_client()

    def told(name: str) -> dict[str, Any]:
        text = client.get(f"/doc/{name}.html").text
        return dict(json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0]))

    assert told("a")["@type"] == "BarOrPub" and told("a")["servesCuisine"] == "stew"
    assert told("a")["geo"] == {"@type": "GeoCoordinates", "@id": "https://e.example/id/b", "latitude": 1.5}
    assert [told(name)["@type"] for name in "cdf"] == ["Thing", "DefinedTerm", "Person"]
