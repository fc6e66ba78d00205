"""Whatever the data names can be looked up, as a page and as statements that mention it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import httpx
import pytest
from pyoxigraph import BlankNode, NamedNode, Quad, Triple

from missiongraph.build import Build
from missiongraph.vocab import LABEL_PROPERTIES
from tests.web.answers import (
    BEER,
    FORMATS,
    ODD,
    SHIPPED,
    TRIPLES,
    Page,
    document,
    dump,
    iris_under,
    named,
    one_of_each_kind,
    page,
    same,
    statements,
)

DOCUMENT_FORMATS = [*TRIPLES, "application/trig", "application/n-quads"]
CITY = f"{SHIPPED}id/city/bologna"

#: What RDF/XML cannot write.
NO_XML = {f"{ODD}id/control", f"{ODD}id/nowhere-in-xml"}


def check(client: httpx.Client, base: str, iris: Iterable[str]) -> None:
    """Each of *iris* leads to a page and to documents that mention it; formats of one kind hold the same."""
    for iri in iris:
        shown = Page(document(client, iri, "text/html", base).text)
        assert iri in shown.text or iri in shown.values("href"), f"the page does not mention {iri}"
        fragment = iri.partition("#")[2]
        assert not fragment or fragment in shown.values("id"), f"no element with the id of {iri}"
        found = {}
        for media_type in DOCUMENT_FORMATS:
            if media_type == "application/rdf+xml" and iri in NO_XML:
                continue
            quads = statements(document(client, iri, media_type, base))
            assert iri in named(quads), f"{media_type} does not mention {iri}"
            found[media_type] = same(quads)
        assert len({found[media_type] for media_type in TRIPLES if media_type in found}) == 1, iri
        assert found["application/trig"] == found["application/n-quads"], iri


def triples_about(build: Build, iri: str) -> set[Triple]:
    return {q.triple for q in dump(build, "nt") if isinstance(q.subject, NamedNode) and q.subject.value == iri}


def without_blank(found: Iterable[Triple]) -> set[Triple]:
    return {triple for triple in found if not isinstance(triple.object, BlankNode)}


def test_things_of_each_kind_can_be_looked_up(site: httpx.Client, shipped_build: Build) -> None:
    check(site, SHIPPED, one_of_each_kind(iris_under(shipped_build, f"{SHIPPED}id/"), SHIPPED))


def test_every_thing_of_a_small_publication_can_be_looked_up(beer: httpx.Client, beer_build: Build) -> None:
    check(beer, BEER, iris_under(beer_build, BEER))


def test_every_odd_name_can_be_looked_up(odd: httpx.Client, odd_build: Build) -> None:
    iris = iris_under(odd_build, ODD)
    assert len(iris) > 30
    check(odd, ODD, iris)


def test_every_thing_redirects_once_to_its_document(site: httpx.Client, shipped_build: Build) -> None:
    for iri in {iri.partition("#")[0] for iri in iris_under(shipped_build, f"{SHIPPED}id/")}:
        response = site.head(f"/{iri.removeprefix(SHIPPED)}?lang=it")
        expected = f"/doc/{iri.removeprefix(f'{SHIPPED}id/')}?lang=it"
        assert (response.status_code, response.headers.get("Location")) == (303, expected)


def test_a_document_holds_all_that_is_accepted_of_its_thing(site: httpx.Client, shipped_build: Build) -> None:
    own = without_blank(triples_about(shipped_build, CITY))
    assert len(own) > 10
    for media_type in DOCUMENT_FORMATS:
        assert own <= {quad.triple for quad in statements(document(site, CITY, media_type, SHIPPED))}


def test_a_document_says_nothing_that_the_dataset_does_not(site: httpx.Client, shipped_build: Build) -> None:
    said = {quad.triple for quad in dump(shipped_build, "nq")}
    for media_type in DOCUMENT_FORMATS:
        assert {quad.triple for quad in statements(document(site, CITY, media_type, SHIPPED))} <= said


def test_a_document_names_what_it_speaks_of(site: httpx.Client, shipped_build: Build) -> None:
    labels = {q.subject for q in dump(shipped_build, "nt") if q.predicate in LABEL_PROPERTIES}
    found = [quad.triple for quad in statements(document(site, CITY, "text/turtle", SHIPPED))]
    named_there = {t.object for t in found if isinstance(t.object, NamedNode) and t.object in labels}
    assert len(named_there) > 1
    assert named_there <= {t.subject for t in found if t.predicate in LABEL_PROPERTIES}


def test_trig_names_the_graphs_and_the_words_behind_them(site: httpx.Client, shipped_build: Build) -> None:
    quads = statements(document(site, CITY, "application/trig", SHIPPED))
    graphs = {quad.graph_name for quad in quads}
    assert all(isinstance(graph, NamedNode) for graph in graphs)
    expected = {q for q in dump(shipped_build, "nq") if isinstance(q.subject, NamedNode) and q.subject.value == CITY}
    assert {str(quad) for quad in expected} <= {str(quad) for quad in quads}
    exact = NamedNode("http://www.w3.org/ns/oa#exact")
    assert any(quad.predicate == exact for quad in quads)


def test_statements_of_hash_iris_stand_in_their_document(odd: httpx.Client) -> None:
    found = named(statements(document(odd, f"{ODD}id/thing", "text/turtle", ODD)))
    assert {f"{ODD}id/thing#part", f"{ODD}id/thing#un%20deux"} <= found


def test_blank_nodes_and_lists_are_followed_to_their_end(beer: httpx.Client) -> None:
    for media_type in TRIPLES:
        found = {str(quad.object) for quad in statements(document(beer, f"{BEER}vocab/ale", media_type, BEER))}
        assert {'"A blank node"', '"three"'} <= found


def test_links_into_blank_nodes_hold_in_trig(beer: httpx.Client) -> None:
    quads = statements(document(beer, f"{BEER}vocab/ale", "application/trig", BEER))
    subjects = {quad.subject for quad in quads}
    assert {quad.object for quad in quads if isinstance(quad.object, BlankNode)} <= subjects


@pytest.mark.parametrize("path", ["id/only-named", "only-named", "id/property"])
def test_what_is_only_named_shows_who_names_it(odd: httpx.Client, path: str) -> None:
    for media_type in DOCUMENT_FORMATS:
        assert f"{ODD}id/thing" in named(statements(document(odd, f"{ODD}{path}", media_type, ODD)))


def test_an_exact_name_goes_before_an_extension(odd: httpx.Client) -> None:
    for path, label in (("doc/name.ttl", "Exact name that ends"), ("own/name.ttl", "Own path that ends")):
        assert label in page(odd, f"/{path}").text
        turtle = odd.get(f"/{path}.ttl")
        assert turtle.headers["Content-Type"].startswith("text/turtle")
        assert label in turtle.text
    assert "Exact name" in odd.get("/doc/name.nt").text


def test_what_the_data_describes_under_doc_is_served_there(odd: httpx.Client) -> None:
    assert "A document of its own" in odd.get("/doc/described.ttl").text
    assert odd.get("/id/described").status_code == 404


@pytest.mark.parametrize(
    "path", ["own/caf%C3%A9", "own/caf%c3%a9", "own/c%61f%C3%A9", "own/th%C3%A9", "own/per%2541cent", "own/hash%23tag"]
)
def test_spellings_that_differ_in_encoding_only_meet(odd: httpx.Client, path: str) -> None:
    assert odd.get(f"/{path}", headers={"Accept": "text/turtle"}).status_code == 200


def test_no_more_is_decoded_than_was_encoded(odd: httpx.Client) -> None:
    assert odd.get("/own/perAcent").status_code == 404
    assert odd.get("/own/per%41cent").status_code == 404


@pytest.mark.parametrize(
    ("client", "iri"),
    [
        ("beer", "http://other.example/brewer"),
        ("odd", "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66"),
        ("odd", "http://elsewhere.example/list#one"),
        ("odd", "http://elsewhere.example/list#two"),
    ],
)
def test_what_lies_outside_of_the_base_is_served_by_its_iri(
    client: str, iri: str, request: pytest.FixtureRequest
) -> None:
    served: httpx.Client = request.getfixturevalue(client)
    check(served, {"beer": BEER, "odd": ODD}[client], [iri])


def test_what_nobody_describes_is_not_there(odd: httpx.Client, beer: httpx.Client) -> None:
    for path in ("/id/none", "/doc/none", "/none", "/resource?iri=http://none.example/", "/doc/thing.xyz"):
        assert odd.get(path).status_code == 404, path
    assert beer.get("/resource?iri=http://other.example/stout").status_code == 404


def test_a_retired_graph_says_what_replaced_it_and_since_when(odd: httpx.Client) -> None:
    shown = page(odd, "/id/graph/old?lang=en")
    assert re.search(r"Withdrawn since 2 March 2025", shown.text)
    assert "/doc/graph/now?lang=en" in shown.internal
    italian = page(odd, "/id/graph/old?lang=it").text
    assert "2 marzo 2025" in italian
    assert "Withdrawn" not in italian


def test_what_only_a_retired_graph_says_is_not_accepted(odd: httpx.Client, odd_build: Build) -> None:
    accepted = {str(quad.triple) for quad in dump(odd_build, "nt")}
    assert not any("retired-thing" in line for line in accepted)
    quads = statements(document(odd, f"{ODD}id/retired-thing", "application/trig", ODD))
    assert NamedNode(f"{ODD}id/graph/old") in {quad.graph_name for quad in quads}


def test_what_an_alternative_graph_says_is_in_the_document_of_the_graph(odd: httpx.Client) -> None:
    maybe, graph = NamedNode(f"{ODD}maybe"), NamedNode(f"{ODD}id/graph/other")
    for media_type in TRIPLES:
        assert maybe not in {q.predicate for q in statements(document(odd, f"{ODD}id/thing", media_type, ODD))}
    content = statements(document(odd, graph.value, "application/trig", ODD))
    assert {quad.graph_name for quad in content if quad.predicate == maybe} == {graph}


def test_a_graph_that_nothing_describes_shows_its_content(odd: httpx.Client, beer: httpx.Client) -> None:
    for client, iri, said in (
        (odd, f"{ODD}id/graph/undescribed", f"{ODD}id/thing"),
        (beer, f"{BEER}id/graph/file/data/outside.nt", "http://other.example/brewer"),
    ):
        base = ODD if client is odd else BEER
        quads = statements(document(client, iri, "application/trig", base))
        assert said in {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}


def test_values_that_are_none_of_their_type_are_kept_as_they_are(odd: httpx.Client) -> None:
    quads: list[Quad] = statements(document(odd, f"{ODD}id/values", "text/turtle", ODD))
    values = {str(getattr(quad.object, "value", "")) for quad in quads}
    assert {"2024-99-99", "many", "P"} <= values
    assert "2024-99-99" in page(odd, "/id/values").text


@pytest.mark.parametrize("iri", sorted(NO_XML))
def test_rdf_xml_is_refused_where_it_would_be_no_xml(odd: httpx.Client, iri: str) -> None:
    path = iri.removeprefix(f"{ODD}id/")
    assert odd.get(f"/doc/{path}.rdf").status_code == 406
    assert odd.get(f"/doc/{path}.ttl").status_code == 200


def test_labels_with_markup_stay_text(odd: httpx.Client) -> None:
    shown = page(odd, "/id/script")
    assert "<script>alert(1)</script>" not in shown.source
    assert not any(href.startswith("javascript:") for href in shown.values("href"))


def test_each_rdf_answer_is_of_a_known_format(site: httpx.Client) -> None:
    for media_type in DOCUMENT_FORMATS:
        assert media_type in FORMATS
        assert statements(document(site, CITY, media_type, SHIPPED))


#: Documents that stand beside the dataset, and what can be had of each.
BESIDE = ("/catalog", "/catalog?profile=dcat-ap-it", "/.well-known/void", "/ontology", "/shapes", "/quality", "/")


@pytest.mark.parametrize("address", BESIDE)
def test_every_document_comes_in_every_format(site: httpx.Client, address: str) -> None:
    found = {}
    for media_type, form in FORMATS.items():
        response = site.get(address, headers={"Accept": media_type})
        assert (response.status_code, response.headers["Content-Type"].partition(";")[0]) == (200, media_type)
        found[media_type] = same(quad.triple for quad in statements(response))
        path, question, query = address.partition("?")
        if path != "/":
            by_name = site.get(f"{path}.{form.file_extension}{question}{query}")
            assert (by_name.status_code, by_name.content) == (200, response.content)
    assert len({found[media_type] for media_type in TRIPLES}) == 1
    assert found["application/trig"] == found["application/n-quads"] >= found["text/turtle"] != frozenset()


def test_n_quads_of_a_thing_have_its_extension_and_a_link(site: httpx.Client) -> None:
    response = site.get("/doc/city/bologna.nq")
    assert response.headers["Content-Type"] == "application/n-quads"
    assert same(statements(response)) == same(statements(site.get("/doc/city/bologna.trig")))
    fields = site.get("/doc/city/bologna", headers={"Accept": "text/html"}).headers.get_list("Link")
    assert sum("/doc/city/bologna.nq>" in field for field in fields) == 1
