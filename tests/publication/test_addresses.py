"""Which IRI is at which address: compared as strings, but for what clients change on the way (RFC 3986, RFC 3987)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missiongraph.build import Build
from missiongraph.publication.addresses import (
    BESIDE,
    DESCRIBED,
    EXTENSIONS,
    NAMED,
    PARAMETERS,
    as_sent,
    is_ours,
    lay_out,
    loosely,
)
from missiongraph.web.context.site import Site
from missiongraph.web.serving.application import FAMILIES, create_app

BASE = "https://data.example.org/"


def obstacles(*paths: str, kind: str = DESCRIBED) -> set[tuple[str, str, str | None]]:
    """What is said of documents below the base: path, why, and the path of the other one."""
    layout = lay_out({p if "://" in p else BASE + p: kind for p in paths}, BASE)
    return {
        (o.document.removeprefix(BASE), o.why, o.other.removeprefix(BASE) if o.other else None)
        for o in layout.obstacles
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("id/x%2Fy", "id/x/y"),  # RFC 3986, 2.2: a reserved character and its encoding
        ("id/x%3Fy", "id/x?y"),
        ("id/x", "id/X"),  # 6.2.2.1: letter case of the path
        ("id/x", "id/x/"),
        ("id/x/y", "id/x//y"),
        ("id/caf%C3%A9", "id/cafe%CC%81"),  # RFC 3987, 5.3.2.2: normal forms are kept apart by clients
        ("id/x+y", "id/x%20y"),
        ("id/x?a=1&b=2", "id/x?b=2&a=1"),
        ("id/x", "id/x?a=1"),
        ("id/%2561", "id/a"),
    ],
)
def test_what_clients_send_in_two_ways_has_two_addresses(one: str, other: str) -> None:
    layout = lay_out({BASE + one: DESCRIBED, BASE + other: DESCRIBED}, BASE)
    assert layout.obstacles == ()
    assert len({address.path for address in layout.addresses.values()}) == 2


@pytest.mark.parametrize(
    ("winner", "loser"),
    [
        ("id/caf%C3%A9", "id/café"),  # RFC 3987, 3.1
        ("id/x%2Fy", "id/x%2fy"),  # RFC 3986, 6.2.2.1
        ("id/x?q=%C3%A9", "id/x?q=é"),
        ("id/x", "doc/x"),  # the document about the one is where the other is
    ],
)
def test_of_two_that_are_sent_alike_one_is_named(winner: str, loser: str) -> None:
    assert obstacles(winner, loser) == {(loser, "meets", winner)}
    assert obstacles(loser) == set()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("id/a/../b", "dots"),
        ("id/./b", "dots"),
        ("id/%2e%2E/b", "dots"),  # browsers take these for dots
        ("id/a/..", "dots"),
        ("id/x?", "query"),
        ("id/x?lang=it", "parameter"),
        ("id/x?a=1&evidence=open", "parameter"),
        ("/x", "slash"),
        ("", "home"),
        ("#thing", "home"),
        ("?page=2", "home"),
        ("sparql", "ours"),
        ("dumps/all.ttl", "ours"),
        ("search?q=x", "ours"),
        ("search.json", "ours"),
        ("ontology.ttl", "ours"),
        ("sitemap-3.xml", "ours"),
        ("s%70arql", "ours"),
        ("HTTPS://data.example.org/id/x", "base"),
        ("https://DATA.example.org:443/id/x", "base"),
        ("id/" + "x" * 9000, "length"),
    ],
)
def test_what_cannot_be_asked_for_is_named(path: str, why: str) -> None:
    iri = path if "://" in path else BASE + path
    layout = lay_out({iri: DESCRIBED}, BASE)
    assert [(o.document, o.why) for o in layout.obstacles] == [(iri.partition("#")[0], why)]
    assert (iri in layout.addresses) == (why == "length")


@pytest.mark.parametrize("path", ["search", "dumps/all.ttl", ""])
def test_an_address_of_ours_that_is_only_mentioned_is_no_document(path: str) -> None:
    layout = lay_out({BASE + path: NAMED}, BASE)
    assert (list(layout.ours), [o.mentioned for o in layout.obstacles]) == ([BASE + path], [True])


@pytest.mark.parametrize("path", ["ontology.owl", "searching", "lists", "dump", "sparqls/x", "id/sparql", "x?langs=1"])
def test_what_only_looks_like_ours_has_its_address(path: str) -> None:
    assert obstacles(path) == set()


def test_what_decoding_clients_take_for_another_is_named() -> None:
    assert obstacles("id/%7Eme", "id/~me") == {("id/%7Eme", "taken", "id/~me")}
    assert obstacles("id/x?it's", "id/x?it%27s") == {("id/x?it's", "taken", "id/x?it%27s")}


def test_a_form_that_is_another_document_is_named() -> None:
    assert obstacles("id/x", "id/x.ttl") == {("id/x", "form", "id/x.ttl")}
    assert obstacles("id/x", "doc/x.rdf") == {("id/x", "form", "doc/x.rdf")}
    assert obstacles("own", "own.html", "own.owl") == {("own", "form", "own.html")}


@given(st.text(min_size=1, max_size=20))
def test_what_is_sent_is_sent_again_as_it_is(text: str) -> None:
    sent = as_sent(text)
    assert as_sent(sent) == sent
    assert sent.isascii()
    assert loosely(loosely(sent)) == loosely(sent)


def test_every_address_of_the_registry_is_known_as_ours(beer_build: Build) -> None:
    app = create_app(beer_build)
    at_hand = {"doc/<path:key>", "id/<path:key>", "<path:key>", ""}
    rules = {rule.rule[1:] for rule in app.url_map.iter_rules()} - at_hand
    for rule in rules:
        for extension in EXTENSIONS if rule.endswith(".<extension>") else ("",):
            path = rule.replace("<extension>", extension).replace("<key>", "1").replace("<version:key>", "1.0.0")
            path = path.replace("<path:key>", "x").replace("<path:name>", "x")
            assert is_ours(path) or path in BESIDE, path


def test_every_extension_and_parameter_of_pages_is_known(beer_build: Build) -> None:
    site = Site(beer_build)
    found = {v.extension for f in FAMILIES for m in f.members(site) for v in f.variants(site, m)} - {""}
    assert found <= EXTENSIONS
    assert PARAMETERS == ("lang", "evidence")
