"""``/reconcile`` as OpenRefine drives it: manifest, guesses, matches, suggestions, previews, more columns."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.answers import Page

ID = "https://w3id.org/missiongraph/id/"
CITY, MUNICIPALITY = "http://schema.org/City", "https://w3id.org/missiongraph/ontology#Municipality"
ISTAT = "https://w3id.org/missiongraph/ontology#istatCode"
CITIES = {
    "bergamo": ("Bergamo", "Bergamo", "016024", "BG"),
    "bologna": ("Bologna", "Bologna", "037006", "BO"),
    "florence": ("Florence", "Firenze", "048017", "FI"),
    "milan": ("Milan", "Milano", "015146", "MI"),
    "padua": ("Padua", "Padova", "028060", "PD"),
    "parma": ("Parma", "Parma", "034027", "PR"),
    "prato": ("Prato", "Prato", "100005", "PO"),
    "rome": ("Rome", "Roma", "058091", "RM"),
    "turin": ("Turin", "Torino", "001272", "TO"),
}

Candidates = list[dict[str, Any]]


def ask(client: httpx.Client, batch: dict[str, Any]) -> dict[str, Candidates]:
    """A batch as OpenRefine sends it."""
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    return {key: one["result"] for key, one in answer.json().items()}


def candidates(client: httpx.Client, text: str, **more: Any) -> Candidates:
    return ask(client, {"q0": {"query": text, **more}})["q0"]


def matched(client: httpx.Client, text: str, **more: Any) -> str | None:
    """What OpenRefine takes without asking: the first candidate, if it is a match."""
    found = candidates(client, text, **more)
    return found[0]["id"].removeprefix(ID) if found and found[0]["match"] else None


@pytest.mark.parametrize("kind", [None, CITY])
@pytest.mark.parametrize("slug", CITIES)
def test_a_city_is_matched_however_records_write_it(site: httpx.Client, slug: str, kind: str | None) -> None:
    english, italian, istat, province = CITIES[slug]
    written = [
        *(english, italian, italian.upper(), f" {italian.lower()} ", istat),
        *(f"Comune di {italian}", f"COMUNE DI {italian.upper()}", f"Municipality of {english}", f"City of {english}"),
        *(f"{italian} ({province})", f"{italian} - {province}", f"Comune di {italian} ({province})"),
        *(f"{english}, Italy", f"{italian}, Italia", f"Italy: {english}", f"{ID}city/{slug}", f"city/{slug}"),
        *(["ROMA CAPITALE", "Roma Capitale (RM)"] if slug == "rome" else []),
    ]
    batch = {str(n): {"query": text, **({"type": kind} if kind else {})} for n, text in enumerate(written)}
    found = ask(site, batch)
    for number, text in enumerate(written):
        first = found[str(number)][0]
        assert first["id"].endswith(f"city/{slug}"), text
        assert first["match"], (text, first["score"])
        assert first["type"][0] == {"id": CITY, "name": "City"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Boulogne",
            "Reggio Emilia",
            "Reggio nell'Emilia",
            "Monza",
            "Comune di Monza",
            "Comune di Reggio Emilia (RE)",
        ),
        *("Bologna (FI)", "Parma, Ohio", "Roma (RN)", "Palma", "Prado", "Torre", "Milano Marittima", "Firenzuola"),
        *("Provincia di Firenze", "Città metropolitana di Milano", "Università di Padova", "San Prato", "Comune di"),
    ],
)
def test_another_place_is_not_matched(site: httpx.Client, text: str) -> None:
    assert matched(site, text) is None
    assert matched(site, text, type=CITY) is None


@pytest.mark.parametrize(
    "text", ["Bolonga", "Bolgna", "Bolognna", "Firenza", "Bergammo", "Florense", "Milanno", "Pdova"]
)
def test_a_typing_error_finds_the_city_first(site: httpx.Client, text: str) -> None:
    first = candidates(site, text)[0]
    assert "/city/" in first["id"]
    assert 70 <= first["score"] < 98


def test_scores_fall_and_mean_the_same_everywhere(site: httpx.Client) -> None:
    for text in ("Bologna", "Boulogne", "Comune di Roma", "cities", "Let's GOv"):
        found = candidates(site, text, limit=20)
        scores = [one["score"] for one in found]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 100 for score in scores)
        assert not any(one["match"] for one in found[1:])
    assert candidates(site, "Bologna")[0]["score"] == 100
    assert candidates(site, "Boulogne")[0]["score"] < 85


def test_what_is_called_after_a_city_is_not_the_city(site: httpx.Client) -> None:
    assert matched(site, "Università di Bologna") == "organisation/university-of-bologna"
    assert matched(site, "Università di Bologna", type=CITY) is None


def test_other_things_than_cities_are_matched_too(site: httpx.Client) -> None:
    assert matched(site, "Let's GOv") == "project/lets-gov"
    assert matched(site, "lets gov") == "project/lets-gov"
    assert matched(site, "Horizon 2020") == "programme/horizon-2020"
    assert matched(site, "MIMS") == "organisation/mims"
    assert matched(site, "Bologna", type=MUNICIPALITY) == "municipality/bologna"
    assert matched(site, "Comune di Bologna", type="Municipality") == "municipality/bologna"


def test_a_guess_of_the_class_names_the_main_one(site: httpx.Client) -> None:
    manifest = site.get("/reconcile").json()
    assert manifest["defaultTypes"] == [{"id": CITY, "name": "City"}]
    sample = {f"q{n}": {"query": names[1], "limit": 3} for n, names in enumerate(CITIES.values())}
    counts: dict[str, list[float]] = defaultdict(list)
    for found in ask(site, sample).values():
        for place, one in enumerate(found):
            for kind in one["type"]:
                counts[kind["id"]].append(1 / (1 + place))
    best = max(counts, key=lambda kind: (len(counts[kind]), sum(counts[kind]) / len(counts[kind])))
    assert best == CITY


def test_properties_confirm_and_refuse(site: httpx.Client) -> None:
    def with_code(text: str, code: object, pid: str = ISTAT) -> str | None:
        return matched(site, text, properties=[{"pid": pid, "v": code}])

    assert with_code("Bologna", "037006") == "city/bologna"
    assert with_code("Bologna", "037006", "ISTAT code") == with_code("Bologna", "037006", "istat") == "city/bologna"
    assert with_code("Palma", "034027") == "city/parma"
    assert with_code("Bologna", "015146") is None
    assert with_code("Florence", {"id": f"{ID}region/toscana"}, "http://schema.org/containedInPlace") == "city/florence"
    assert with_code("Florence", "Tuscany", "region") == "city/florence"
    assert ask(site, {"q": {"properties": [{"pid": ISTAT, "v": "037006"}]}})["q"][0]["id"] == f"{ID}city/bologna"
    tuscan = ask(site, {"q": {"properties": [{"pid": "region", "v": "Toscana"}], "type": CITY}})["q"]
    assert [one["id"].rpartition("/")[2] for one in tuscan] == ["florence", "prato"]
    assert not any(one["match"] for one in tuscan)


def test_types_restrict(site: httpx.Client) -> None:
    assert all(one["type"][0]["id"] == MUNICIPALITY for one in candidates(site, "Bologna", type=[MUNICIPALITY]))
    assert candidates(site, "Bologna", type="http://nowhere.example/Type") == []
    assert candidates(site, "Bologna", type="no type") == []
    should = candidates(site, "Bologna", type=[MUNICIPALITY], type_strict="should")
    assert {one["id"].removeprefix(ID) for one in should[:2]} == {"city/bologna", "municipality/bologna"}
    assert len(candidates(site, "Comune", limit=2)) == 2


def test_each_query_is_answered_as_if_it_were_alone(site: httpx.Client) -> None:
    texts = ["Bologna", "Comune di Bologna", "Bologna", "Roma (RM)"]
    batch: dict[str, Any] = {str(n): {"query": text} for n, text in enumerate(texts)}
    batch["typed"] = {"query": "Bologna", "type": MUNICIPALITY}
    together = ask(site, batch)
    for key, query in batch.items():
        assert together[key] == ask(site, {key: query})[key]


def test_an_empty_query_has_an_empty_result_and_the_others_theirs(site: httpx.Client) -> None:
    found = ask(site, {"a": {"query": ""}, "b": {"query": "Bologna"}, "c": {"query": "  "}})
    assert found["a"] == found["c"] == []
    assert found["b"] == ask(site, {"b": {"query": "Bologna"}})["b"] and found["b"][0]["match"]


def test_get_and_post_and_other_origins_are_equal(site: httpx.Client) -> None:
    batch = json.dumps({"q0": {"query": "Bologna"}})
    posted = site.post("/reconcile", data={"queries": batch}, headers={"Origin": "https://refine.example"})
    got = site.get("/reconcile", params={"queries": batch}, headers={"Origin": "https://refine.example"})
    assert posted.json() == got.json()
    for answer in (posted, got, site.get("/reconcile"), site.options("/reconcile")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_names_are_in_the_reader_s_language(site: httpx.Client) -> None:
    batch = {"queries": json.dumps({"q": {"query": "Florence"}})}
    for language, name in (("en", "Florence"), ("it", "Firenze")):
        answer = site.post("/reconcile", data=batch, headers={"Accept-Language": language})
        assert answer.json()["q"]["result"][0]["name"] == name
        assert site.get(f"/reconcile?lang={language}").json()["lang"] == language


def suggested(site: httpx.Client, kind: str, prefix: str, **more: str) -> Candidates:
    metadata = site.get("/reconcile").json()["suggest"][kind]
    return list(site.get(metadata["service_path"], params={"prefix": prefix, **more}).json()["result"])


def test_suggestions_for_what_is_being_typed(site: httpx.Client) -> None:
    assert suggested(site, "entity", "bolo")[0]["id"] == f"{ID}city/bologna"
    assert suggested(site, "entity", f"{ID}city/bologna")[0]["name"] == "Bologna"
    assert suggested(site, "entity", "Firenza")[0]["id"] == f"{ID}city/florence"
    assert suggested(site, "entity", "") == []
    assert suggested(site, "type", "City")[0]["id"] == CITY
    assert suggested(site, "property", "ISTAT code")[0]["id"] == suggested(site, "property", "istat")[0]["id"] == ISTAT
    assert suggested(site, "property", "codice", lang="it")
    every = suggested(site, "property", "", limit="100")
    assert suggested(site, "property", "", cursor="3", limit="2") == every[3:5]


def test_columns_are_proposed_by_class_and_fetched_by_label_or_identifier(site: httpx.Client) -> None:
    metadata = site.get("/reconcile").json()["extend"]["propose_properties"]
    proposed = site.get(metadata["service_path"], params={"type": CITY}).json()["properties"]
    names = {one["name"]: one["id"] for one in proposed}
    assert names["ISTAT code"] == ISTAT
    columns = [ISTAT, "ISTAT code", "istat", names["region"], names["administered by"], "nothing of that name"]
    asked = {"ids": [f"{ID}city/rome", "id/city/milan", "nobody"], "properties": [{"id": one} for one in columns]}
    answer = site.post("/reconcile", data={"extend": json.dumps(asked)}).json()
    assert [one["id"] for one in answer["meta"]] == columns
    assert answer["meta"][0]["name"] == "ISTAT code"
    rome = answer["rows"][f"{ID}city/rome"]
    assert rome[ISTAT] == rome["ISTAT code"] == rome["istat"] == [{"str": "058091"}]
    assert rome[names["region"]] == [{"id": f"{ID}region/lazio", "name": "Lazio"}]
    assert rome[names["administered by"]][0]["id"] == f"{ID}municipality/rome"
    assert answer["rows"]["id/city/milan"]["istat"] == [{"str": "015146"}]
    assert all(cells == [] for cells in answer["rows"]["nobody"].values())


def test_a_limit_of_values_is_kept(site: httpx.Client) -> None:
    same = {"id": "http://schema.org/sameAs", "settings": {"limit": 1}}
    asked = {"ids": [f"{ID}city/rome"], "properties": [same]}
    row = site.post("/reconcile", data={"extend": json.dumps(asked)}).json()["rows"][f"{ID}city/rome"]
    assert len(row["http://schema.org/sameAs"]) == 1


def test_previews_may_be_framed_by_others_and_nothing_else(site: httpx.Client) -> None:
    manifest = site.get("/reconcile").json()
    address = manifest["preview"]["url"].replace("{{id}}", f"{ID}city/bologna".replace("/", "%2F"))
    preview = site.get(httpx.URL(address).raw_path.decode())
    assert preview.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Bologna" in Page(preview.text).text
    flyout = site.get(manifest["suggest"]["entity"]["flyout_service_path"].replace("${id}", f"{ID}city/bologna"))
    assert set(flyout.json()) == {"id", "html"} and "Bologna" in flyout.json()["html"]
    for framed in (preview, flyout):
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
        assert "X-Frame-Options" not in framed.headers
    for address in ("/", "/search?q=x", "/doc/city/bologna", "/sparql", "/none"):
        answer = site.get(address, headers={"Accept": "text/html"})
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_view_of_an_identifier_is_its_page(site: httpx.Client) -> None:
    address = site.get("/reconcile").json()["view"]["url"].replace("{{id}}", f"{ID}city/bologna".replace("/", "%2F"))
    assert "Bologna" in site.get(httpx.URL(address).raw_path.decode(), headers={"Accept": "text/html"}).text


def test_the_draft_s_routes_answer_the_same(site: httpx.Client) -> None:
    query = {"type": CITY, "limit": 1, "conditions": [{"matchType": "name", "propertyValue": "Comune di Firenze"}]}
    by_id = {"conditions": [{"matchType": "id", "propertyValue": f"{ID}city/milan"}]}
    name = {"matchType": "name", "propertyValue": "Bologna"}
    code = {"matchType": "property", "propertyId": ISTAT, "propertyValue": "015146", "required": True}
    required, none = {"conditions": [name, code]}, {"conditions": [name, {**code, "matchQuantifier": "none"}]}
    answer = site.post("/reconcile/match", json={"queries": [query, by_id, required, none]})
    first, second, third, fourth = (one["candidates"] for one in answer.json()["results"])
    assert [one["id"].removeprefix(ID) for one in (*first, *second)] == ["city/florence", "city/milan"]
    assert third == [] and fourth[0]["id"] == f"{ID}city/bologna"
    table = site.post("/reconcile/extend", json={"ids": [f"{ID}city/rome"], "properties": [{"id": ISTAT}]}).json()
    assert table["rows"] == [
        {"id": f"{ID}city/rome", "properties": [{"id": ISTAT, "values": [{"str": "058091"}]}]},
    ]


def test_a_publication_without_settings_has_a_service(beer: httpx.Client) -> None:
    manifest = beer.get("/reconcile").json()
    assert manifest["defaultTypes"][0]["id"] == "http://www.w3.org/2004/02/skos/core#Concept"
    found = ask(beer, {"q": {"query": "Obergariges"}})["q"]
    assert (found[0]["id"], found[0]["match"]) == ("http://beer.example/vocab/ale", True)


@pytest.mark.parametrize(
    ("method", "address", "sent", "status"),
    [
        ("GET", "/reconcile?queries=", None, 400),
        ("GET", "/reconcile?queries=x", None, 400),
        ("GET", "/reconcile?queries=[]", None, 400),
        ("GET", "/reconcile?queries={}&extend={}", None, 400),
        ("GET", "/reconcile?queries={}&queries={}", None, 400),
        ("GET", "/reconcile?version=0.3", None, 400),
        ("GET", "/reconcile?lang=xx", None, 400),
        ("POST", "/reconcile", {"data": {"other": ""}}, 400),
        ("POST", "/reconcile", {"data": {"queries": '{"q": {"query": "x", "limit": 0}}'}}, 400),
        ("POST", "/reconcile", {"data": {"extend": '{"ids": []}'}}, 400),
        ("POST", "/reconcile", {"json": {}}, 415),
        ("POST", "/reconcile", {"content": b"queries=%ff"}, 415),
        ("POST", "/reconcile", {"data": {"queries": json.dumps({str(n): {"query": "x"} for n in range(1001)})}}, 413),
        ("POST", "/reconcile", {"data": {"queries": "x" * (9 << 20)}}, 413),
        ("POST", "/reconcile/match", {"json": {"q0": {"query": "x"}}}, 400),
        ("POST", "/reconcile/match", {"data": {"queries": "{}"}}, 415),
        ("POST", "/reconcile/extend", {"json": {"ids": ["x"] * 1001, "properties": []}}, 413),
        ("GET", "/reconcile/match", None, 405),
        ("GET", "/reconcile/1.1", None, 404),
        ("GET", "/reconcile/preview", None, 400),
        ("GET", "/reconcile/preview?id=x", None, 404),
        ("GET", "/reconcile/flyout/type?id=x", None, 404),
        ("GET", "/reconcile/suggest/entity?prefix=a&limit=0", None, 400),
        ("GET", "/reconcile/suggest/entity?prefix=a&limit=99999999999", None, 400),
        ("GET", "/reconcile/suggest/entity?prefix=a&cursor=-1", None, 400),
        ("GET", f"/reconcile/suggest/entity?prefix={'a' * 3000}", None, 400),
        ("GET", "/reconcile/extend/propose?type=x&limit=x", None, 400),
    ],
)
def test_what_cannot_be_answered_is_said(
    site: httpx.Client, method: str, address: str, sent: dict[str, Any] | None, status: int
) -> None:
    answer = site.request(method, address, **(sent or {}))
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "name"]), inner, max_size=2),
    max_leaves=4,
)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "query": st.text(max_size=40) | VALUES,
        "type": st.text(max_size=20) | st.lists(st.text(max_size=10), max_size=3) | VALUES,
        "limit": st.integers(-3, 2000) | VALUES,
        "type_strict": st.sampled_from(["any", "all", "should", "x"]),
        "properties": st.lists(
            st.fixed_dictionaries({"pid": st.text(max_size=10) | st.just("istat"), "v": VALUES}), max_size=2
        ),
    },
)


@given(st.dictionaries(st.text(max_size=4), QUERIES, max_size=3))
def test_no_batch_does_harm(site: httpx.Client, batch: dict[str, Any]) -> None:
    answer = site.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json().keys() == batch.keys()


@given(st.lists(st.text(max_size=20), max_size=3), st.lists(st.text(max_size=20), max_size=3))
def test_no_table_does_harm(site: httpx.Client, ids: list[str], properties: list[str]) -> None:
    asked = {"ids": ids, "properties": [{"id": one} for one in properties]}
    assert site.post("/reconcile", data={"extend": json.dumps(asked)}).status_code in (200, 400)
    assert site.post("/reconcile/extend", json=asked).status_code in (200, 400)


@given(st.text(max_size=40), st.sampled_from(["suggest/entity", "suggest/type", "flyout/property", "preview"]))
def test_no_parameter_does_harm(site: httpx.Client, value: str, path: str) -> None:
    text = value.encode("utf-8", "replace").decode()
    for name in ("prefix", "id", "cursor", "limit", "type"):
        assert site.get(f"/reconcile/{path}", params={name: text}).status_code in (200, 400, 404)
