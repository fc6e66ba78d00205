"""The clients that people use get right answers from the endpoint, without a setting of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF
from rdflib.plugins.stores.sparqlstore import SPARQLStore

BASE = "https://w3id.org/missiongraph/"
BOLOGNA = URIRef(f"{BASE}id/city/bologna")
SCHEMA = "http://schema.org/"
CITY = URIRef(f"{SCHEMA}City")
MEMBER = URIRef(f"{BASE}ontology#memberCity")
CITIES = f"SELECT ?city {{ <{BASE}id/network/italian-network> <{MEMBER}> ?city }}"
NAMES = f'SELECT ?name {{ <{BOLOGNA}> <{SCHEMA}name> ?name FILTER(LANG(?name) = "it") }}'


@pytest.fixture(scope="module")
def endpoint(site: httpx.Client) -> str:
    return str(site.base_url.join("/sparql"))


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # which SPARQLWrapper makes of RDF/XML
class TestSparqlWrapper:
    @pytest.fixture
    def wrapper(self, endpoint: str) -> object:
        module = pytest.importorskip("SPARQLWrapper", reason="SPARQLWrapper is not installed")
        return module.SPARQLWrapper(endpoint)

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("direct", [False, True])
    def test_solutions(self, wrapper: object, method: str, direct: bool) -> None:
        wrapper.setMethod(method)  # type: ignore[attr-defined]  # a package without types
        if direct and method == "POST":
            wrapper.setRequestMethod("postdirectly")  # type: ignore[attr-defined]
        wrapper.setQuery(CITIES)  # type: ignore[attr-defined]
        wrapper.setReturnFormat("json")  # type: ignore[attr-defined]
        found = wrapper.queryAndConvert()  # type: ignore[attr-defined]
        assert len(found["results"]["bindings"]) == 9

    @pytest.mark.parametrize("form", ["xml", "csv", "tsv"])
    def test_other_formats(self, wrapper: object, form: str) -> None:
        wrapper.setQuery(NAMES)  # type: ignore[attr-defined]
        wrapper.setReturnFormat(form)  # type: ignore[attr-defined]
        found = wrapper.queryAndConvert()  # type: ignore[attr-defined]
        assert "Bologna" in (found.toxml() if form == "xml" else found.decode())

    @pytest.mark.parametrize("form", ["turtle", "xml", "json-ld"])
    def test_graphs(self, wrapper: object, form: str) -> None:
        wrapper.setQuery(f"CONSTRUCT WHERE {{ <{BOLOGNA}> a ?type }}")  # type: ignore[attr-defined]
        wrapper.setReturnFormat(form)  # type: ignore[attr-defined]
        found = wrapper.queryAndConvert()  # type: ignore[attr-defined]
        graph = found if isinstance(found, Graph) else Graph().parse(data=found, format=form)
        assert (BOLOGNA, RDF.type, CITY) in graph

    def test_a_syntax_error(self, wrapper: object) -> None:
        wrapper.setQuery("SELECT nonsense")  # type: ignore[attr-defined]
        with pytest.raises(Exception, match=r"1:\d+"):
            wrapper.query()  # type: ignore[attr-defined]


class TestRdflib:
    @pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
    def test_queries(self, endpoint: str, method: str) -> None:
        store = SPARQLStore(endpoint, method=method)
        assert len(list(Graph(store).query(CITIES))) == 9
        assert bool(Graph(store).query(f"ASK {{ <{BOLOGNA}> a <{CITY}> }}"))

    @pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
    def test_result_formats(self, endpoint: str, form: str) -> None:
        graph = Graph(SPARQLStore(endpoint, returnFormat=form))
        assert len(list(graph.query(CITIES))) == 9

    def test_it_is_a_graph(self, endpoint: str) -> None:
        graph = Graph(SPARQLStore(endpoint))
        assert (BOLOGNA, RDF.type, CITY) in graph
        assert (BOLOGNA, RDF.type, URIRef(f"{SCHEMA}Nothing")) not in graph
        assert Literal("Bologna", lang="it") in set(graph.objects(BOLOGNA, URIRef(f"{SCHEMA}name")))
        assert len(set(graph.objects(None, MEMBER))) == 9
        assert len(graph) > 1000

    def test_one_of_its_graphs(self, endpoint: str) -> None:
        graph = Graph(SPARQLStore(endpoint), identifier=f"{BASE}id/evidence/italian-network/lead-partner")
        assert len(list(graph)) == 1

    def test_construct(self, endpoint: str) -> None:
        found = Graph(SPARQLStore(endpoint)).query(f"CONSTRUCT WHERE {{ <{BOLOGNA}> a ?type }}")
        assert found.graph is not None
        assert (BOLOGNA, RDF.type, CITY) in found.graph


def run(*command: str, folder: Path | None = None, seconds: float = 120) -> str:
    found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds, cwd=folder)
    assert found.returncode == 0, found.stderr
    return found.stdout


class TestCurl:
    @pytest.fixture(autouse=True)
    def there(self) -> None:
        if shutil.which("curl") is None:
            pytest.skip("curl is not installed")

    def test_get(self, endpoint: str) -> None:
        found = json.loads(run("curl", "-sSf", "-G", endpoint, "--data-urlencode", f"query={CITIES}"))
        assert len(found["results"]["bindings"]) == 9

    def test_post_of_a_form(self, endpoint: str) -> None:
        found = run("curl", "-sSf", endpoint, "-H", "Accept: text/csv", "--data-urlencode", f"query={CITIES}")
        assert len(found.splitlines()) == 10

    def test_post_of_a_file(self, endpoint: str, tmp_path: Path) -> None:
        (tmp_path / "cities.rq").write_text(CITIES, encoding="utf-8")
        kind = "Content-Type: application/sparql-query"
        found = run("curl", "-sSf", f"{endpoint}?format=csv", "-H", kind, "--data-binary", f"@{tmp_path}/cities.rq")
        assert len(found.splitlines()) == 10

    def test_compressed(self, endpoint: str) -> None:
        query = "query=SELECT * { ?s ?p ?o } LIMIT 100"
        command = ("curl", "-sSf", "-G", endpoint, "-H", "Accept: text/csv", "--data-urlencode", query)
        assert run(*command, "--compressed") == run(*command)


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> str:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("comunica")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "@comunica/query-sparql@4"]
    installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if installed.returncode != 0:
        pytest.skip(f"npm cannot install Comunica: {installed.stderr.strip()[:200]}")
    program = str(folder / "node_modules" / ".bin" / "comunica-sparql")
    started = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    if "\nNode.js v" in started.stderr:  # the last line of a program that broke off
        pytest.skip(f"this node cannot run Comunica: {started.stderr.strip()[-200:]}")
    return program


@pytest.mark.conformance  # installing it takes a minute
class TestComunica:
    @pytest.mark.parametrize("prefix", ["sparql@", ""])
    def test_solutions(self, comunica: str, endpoint: str, prefix: str) -> None:
        found = json.loads(run(comunica, f"{prefix}{endpoint}", CITIES, "-t", "application/json"))
        assert len(found) == 9

    def test_a_join_in_the_client(self, comunica: str, endpoint: str) -> None:
        query = f"SELECT ?name {{ ?m <{BASE}ontology#administers> ?city . ?city a <{CITY}> ; <{SCHEMA}name> ?name }}"
        found = json.loads(run(comunica, f"sparql@{endpoint}", query, "-t", "application/json"))
        assert any(row["name"].startswith('"Bologna"') for row in found)

    def test_graphs(self, comunica: str, endpoint: str) -> None:
        query = f"CONSTRUCT WHERE {{ <{BOLOGNA}> a ?type }}"
        found = run(comunica, f"sparql@{endpoint}", query, "-t", "application/n-triples")
        assert (BOLOGNA, RDF.type, CITY) in Graph().parse(data=found, format="nt")
