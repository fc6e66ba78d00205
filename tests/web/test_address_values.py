"""Literals of type ``xsd:anyURI`` on pages: addresses of the web and of mail are links, all else is text."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from tests.conftest import PublicationMaker, build_of, serving

_LINKED = ("https://example.com/a?b=1&c=2", "HTTP://example.com/", "mailto:info@example.com")
_TEXT = (
    "javascript:alert(1)",
    "JavaScript:alert(2)",
    "data:text/html,x",
    "file:///etc/passwd",
    "//example.com/no-scheme",
    "relative/path",
    "https:no-host",
)


def test_addresses_are_links_by_three_schemes_only(make_publication: PublicationMaker, tmp_path: Path) -> None:
    values = ", ".join(f'"{value}"^^xsd:anyURI' for value in (*_LINKED, *_TEXT))
    folder = make_publication(
        {
            "missiongraph.toml": 'title = "T"\nbase = "https://data.example.org/"\n',
            "data/a.ttl": "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
            "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
            f'<https://data.example.org/a> rdfs:label "A" ; <https://example.org/site> {values} .\n',
        }
    )
    with serving(build_of(folder, tmp_path / "out")) as client:
        page = client.get("/a", headers={"Accept": "text/html"}, follow_redirects=True).text
    links = set(re.findall(r'href="([^"]*)"', page))
    assert {escape(value) for value in _LINKED} <= links
    assert not {escape(value) for value in _TEXT} & links
    assert all(escape(value) in page for value in _TEXT)
