"""The application is complete under any WSGI server: Flask's own client gets what the production server gives."""

from __future__ import annotations

import httpx
import pytest
from flask.testing import FlaskClient

from missiongraph.build import Build
from missiongraph.web.serving.application import create_app


@pytest.fixture(scope="module")
def flask(shipped_build: Build) -> FlaskClient:
    """Flask's test client."""
    return create_app(shipped_build).test_client()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?lang=it",
        "/id/city/bologna",
        "/doc/city/bologna",
        "/doc/city/bologna.trig",
        "/doc/city/bologna.xyz",
        "/ontology.ttl",
        "/catalog",
        "/dumps/",
        "/dumps/missiongraph.nt",
        "/dumps/missiongraph.ttl.gz",
        "/list?class=http://schema.org/City",
        "/sparql?query=SELECT%20*%20%7B%20?s%20a%20schema:City%20%7D",
        "/sparql?query=nonsense",
        "/sparql",
        "/openapi.json",
        "/sitemap.xml",
        "/healthz",
        "/nothing/here",
        "/caf%C3%A9%20%2541",
    ],
)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle, */*;q=0.1", "image/png"])
def test_both_give_the_same(site: httpx.Client, flask: FlaskClient, address: str, accept: str) -> None:
    plain = {"Accept": accept, "Host": "same.example", "Accept-Encoding": "identity"}
    served = site.get(address, headers=plain)
    direct = flask.get(address, headers={"Accept": accept, "Host": "same.example"})
    assert direct.status_code == served.status_code
    assert direct.data == served.content
    names = ("Content-Type", "ETag", "Vary", "Cache-Control", "Link", "Location", "Content-Language", "Content-Length")
    for name in names:
        stated = served.headers.get(name, "").removesuffix("Accept-Encoding").removesuffix(", ")  # the front's own
        alone = ", ".join(direct.headers.getlist(name)).removesuffix("Accept-Encoding").removesuffix(", ")  # of files
        assert alone == stated, name
    direct.close()


def test_a_build_is_found_by_its_folder(shipped_build: Build) -> None:
    client = create_app(shipped_build.folder).test_client()
    assert client.get("/healthz").status_code == 200
    assert client.post("/sparql", data={"query": "ASK { }"}).status_code == 200
