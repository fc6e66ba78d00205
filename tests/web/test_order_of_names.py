"""Wherever a page sorts names, it sorts them as CLDR says in the language of the page, not by code points."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from missiongraph.build import build_publication
from missiongraph.publication.dataset import read_dataset
from missiongraph.publication.source_folder import Publication
from missiongraph.web.serving.application import create_app

#: In the Italian order of CLDR: accents are no letters of their own (tests/names/test_collation.py).
NAMES = ["Como", "Çorlu", "Olbia", "Örebro", "Ostia", "Zürich"]
PREFIXES = """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix mg: <https://w3id.org/missiongraph/ontology#> . @prefix d: <https://example.org/id/> .
@prefix n: <https://example.org/ns#> . @prefix oa: <http://www.w3.org/ns/oa#> . @prefix o: <https://example.org/o#> .
@prefix prov: <http://www.w3.org/ns/prov#> . """
VIEW = """# view: {view}
{more}PREFIX n: <https://example.org/ns#>
SELECT ?thing ?role ?place {{ ?thing n:visits ?place BIND(n:visits AS ?role) }}
"""


def data() -> str:
    """Things with those names in every place where a page may sort names."""
    places = reversed(list(enumerate(NAMES)))
    statements = [
        f'd:p{at} rdfs:label "{name}" . d:all n:near d:p{at} . d:tour n:visits d:p{at} . '
        f'o:T{at} a owl:Class ; rdfs:label "{name}" . '
        f"d:g{at} {{ d:told n:beside d:p{at} }} d:g{at} a mg:EvidenceGraph ; prov:wasDerivedFrom d:w{at} . "
        f'd:w{at} prov:wasQuotedFrom d:source ; oa:hasSelector [ oa:exact "{name}" ] .'
        for at, name in places
    ]
    return PREFIXES + '<https://example.org/o> a owl:Ontology . d:tour rdfs:label "tour" .\n' + "\n".join(statements)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = tmp_path_factory.mktemp("names")
    files = {
        "missiongraph.toml": 'title = "Nomi"\nbase = "https://example.org/"\nlanguages = ["it"]\n',
        "data/a.trig": data(),
        "queries/views/roles.rq": VIEW.format(view="ladder", more=""),
        "queries/views/visits.rq": VIEW.format(view="table", more="# filters: place\n"),
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    build = build_publication(read_dataset(Publication.open(folder)), tmp_path_factory.mktemp("builds"))
    return create_app(build).test_client()


def order(html: str) -> list[str]:
    """The names in the order in which *html* has each of them first."""
    return sorted(NAMES, key=lambda name: html.index(f">{name}<"))


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/doc/all", r"<main.*</main>"),
        ("/doc/told", r"<main.*</main>"),
        ("/o", r"<main.*</main>"),
        ("/views/roles", r'<svg class="wide".*?</svg>'),
        ("/views/roles", r"<table.*?</table>"),
        ("/views/visits", r"<select.*?</select>"),
        (
            "/sparql?query=SELECT+?place+{+?s+%3Chttps://example.org/ns%23visits%3E+?place+}+ORDER+BY+DESC(?place)&sort=place",
            r"<table.*?</table>",
        ),
    ],
)
def test_names_stand_in_the_order_of_the_language(client: FlaskClient, address: str, part: str) -> None:
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    found = re.search(part, answer.get_data(as_text=True), re.DOTALL)
    assert found is not None and '<html lang="it"' in answer.get_data(as_text=True)
    assert order(found[0]) == NAMES
