"""Each page has what readers, search engines and assistive technology look for, and its links lead somewhere."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict

import httpx
import pytest

from missiongraph.drawings.country_outlines import coasts
from tests.web.answers import SHIPPED, Page, page

ENTITIES = [
    "/doc/city/bologna",
    "/doc/municipality/bologna",
    "/doc/network/italian-network",
    "/doc/mission/climate-neutral-smart-cities",
    "/doc/project/lets-gov",
    "/doc/programme/pilot-cities",
    "/doc/organisation/mims",
    "/doc/document/memorandum-2022-09-09",
    "/doc/source/italian-network",
    "/doc/evidence/italian-network/signed-on",
]
OTHERS = ["/", "/ontology", "/shapes", "/catalog", "/.well-known/void", "/dumps/", "/sparql"]
LISTS = ["/list?class=http%3A%2F%2Fschema.org%2FCity"]
LANGUAGES = ("en", "it")


def evidence_page(site: httpx.Client) -> str:
    """Some page about an evidence graph, which the data may rename."""
    listed = page(site, "/list?class=https%3A%2F%2Fw3id.org%2Fmissiongraph%2Fontology%23EvidenceGraph")
    return next(href for href in listed.internal if href.startswith("/doc/evidence/"))


@pytest.fixture(scope="module")
def pages(site: httpx.Client) -> dict[tuple[str, str], Page]:
    """Every kind of page in both languages, by address and language."""
    addresses = [*OTHERS, *LISTS, *ENTITIES[:-1], evidence_page(site)]
    joined = {address: "&" if "?" in address else "?" for address in addresses}
    return {(a, lang): page(site, f"{a}{joined[a]}lang={lang}") for a in addresses for lang in LANGUAGES}


def test_a_page_says_its_language(pages: dict[tuple[str, str], Page]) -> None:
    for (address, language), shown in pages.items():
        assert [html["lang"] for html in shown.all("html")] == [language], address


def test_a_page_has_one_heading_and_distinct_ids(pages: dict[tuple[str, str], Page]) -> None:
    for key, shown in pages.items():
        assert len(shown.all("h1")) == 1, key
        assert [i for i, times in Counter(shown.values("id")).items() if times > 1] == [], key


@pytest.mark.skipif(not coasts().rings, reason="the outlines of countries were not brought here (make brings them)")
def test_a_thing_with_coordinates_is_shown_on_the_map_of_its_country(pages: dict[tuple[str, str], Page]) -> None:
    shown = {address for (address, _), found in pages.items() if "locator" in found.values("class", "aside")}
    assert shown.intersection(ENTITIES) == {"/doc/city/bologna"}


@pytest.mark.skipif(not coasts().rings, reason="the outlines of countries were not brought here (make brings them)")
def test_corners_hold_the_place_that_a_page_is_about_and_no_other(site: httpx.Client) -> None:
    locator = site.get("/doc/city/bologna.html").text.partition('class="locator"')[2].partition("</svg>")[0]
    assert locator.count('class="mk"') == 1
    assert (
        'class="mk"' not in site.get("/views/mission-map.html").text.partition('class="map"')[2].partition("</svg>")[0]
    )


def test_links_within_a_page_find_their_place(pages: dict[tuple[str, str], Page]) -> None:
    for key, shown in pages.items():
        anchors = {href[1:] for href in shown.values("href", "a") if href.startswith("#") and len(href) > 1}
        assert anchors <= set(shown.values("id")), key


def test_titles_differ_within_a_language(pages: dict[tuple[str, str], Page]) -> None:
    titles: dict[str, list[str]] = defaultdict(list)
    for (_, language), shown in pages.items():
        titles[language].append(shown.title)
    for found in titles.values():
        assert [title for title, times in Counter(found).items() if times > 1] == []
        assert all(found)


def test_things_of_the_same_name_have_titles_of_their_own(odd: httpx.Client) -> None:
    assert page(odd, "/doc/thing").title != page(odd, "/doc/name").title


def test_a_page_names_its_translations_and_itself(pages: dict[tuple[str, str], Page]) -> None:
    for (address, _), shown in pages.items():
        joiner = "&" if "?" in address else "?"
        own = SHIPPED + address[1:]
        assert [link["href"] for link in shown.all("link", rel="canonical")] == [own]
        alternates = {
            link["hreflang"]: link["href"] for link in shown.all("link", rel="alternate") if "hreflang" in link
        }
        assert alternates == {"x-default": own, **{code: f"{own}{joiner}lang={code}" for code in LANGUAGES}}


def test_a_page_can_be_shared(pages: dict[tuple[str, str], Page]) -> None:
    for key, shown in pages.items():
        assert len(shown.meta("description")) >= 20, key
        for name in ("og:title", "og:type", "og:url", "og:description"):
            assert shown.meta(name), (key, name)
        assert shown.meta("og:locale")[:2] == key[1]


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages: dict[tuple[str, str], Page]) -> None:
    for key, shown in pages.items():
        assert not shown.all("style"), key
        for tag, attributes in shown.elements:
            assert "style" not in attributes and not [name for name in attributes if name.startswith("on")], key
            if tag in ("script", "img", "iframe", "source", "video"):
                source = attributes.get("src")
                assert source is None or (source.startswith("/") and not source.startswith("//")), key
            if tag == "script" and "src" not in attributes:
                assert attributes.get("type") == "application/ld+json", key
        loaded = ("stylesheet", "icon", "preload")
        sheets = [link["href"] or "" for link in shown.all("link") if link.get("rel") in loaded]
        assert all(sheet.startswith("/static/") for sheet in sheets), key


def test_the_policy_allows_nothing_inline_or_from_elsewhere(site: httpx.Client) -> None:
    for address in ("/", ENTITIES[0], "/sparql", "/nothing/here"):
        response = site.get(address, headers={"Accept": "text/html"})
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_what_a_page_loads_is_there(site: httpx.Client, pages: dict[tuple[str, str], Page]) -> None:
    loaded = {
        href
        for shown in pages.values()
        for href in (*shown.values("src"), *(link["href"] or "" for link in shown.all("link") if "type" not in link))
        if href.startswith("/")
    }
    assert any(href.endswith(".css") for href in loaded)
    for href in loaded:
        assert site.get(href).status_code == 200, href


@pytest.mark.sweep
def test_every_link_within_the_site_leads_to_a_page_or_a_file(
    site: httpx.Client, pages: dict[tuple[str, str], Page]
) -> None:
    links = {link for (_, language), shown in pages.items() if language == "it" for link in shown.internal}
    assert len(links) > 200
    alike: dict[str, list[str]] = defaultdict(list)
    for link in sorted(links):
        alike[re.sub(r"[^/?=&]+(?=\?|$)|=[^&]*", "", link.partition("#")[0])].append(link)
    # Of many that are alike, some: an export has every link of a publication followed.
    for link in (link for found in alike.values() for link in found[:: max(1, len(found) // 20)]):
        response = site.get(link, headers={"Accept": "text/html, */*;q=0.1"})
        if response.is_redirect:
            response = site.get(response.headers["Location"], headers={"Accept": "text/html, */*;q=0.1"})
        assert response.status_code == 200, link


def test_links_keep_a_language_that_was_asked_for(pages: dict[tuple[str, str], Page]) -> None:
    for (address, language), shown in pages.items():
        if language == "it":
            things = [link for link in shown.internal if link.startswith("/doc/") and "." not in link]
            switched = f"{address}?lang=en"
            assert all("lang=it" in link for link in things if link != switched), address


def test_the_words_stand_beside_the_facts(site: httpx.Client) -> None:
    for address in ("/doc/project/lets-gov", "/doc/document/memorandum-2022-09-09"):
        shown = page(site, f"{address}?lang=en")
        facts = [a for _, a in shown.elements if "fact" in (a.get("class") or "").split()]
        notes = [a for tag, a in shown.elements if tag == "details" and "ev" in (a.get("class") or "").split()]
        assert len(facts) > 3, address
        assert len(notes) > 2, address
        assert shown.all("q") or shown.all("blockquote"), address


def test_a_project_tells_its_programme_and_its_money_and_what_no_source_says(site: httpx.Client) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", site.get("/doc/project/lets-gov.html?lang=en").text).split())
    assert re.search(r"Selected for NetZeroCities Pilot Cities PCN [^S]*participate in the NetZeroCities", text)
    grants = "Grants of the first cohort of pilot cities"
    assert re.search(rf"Grants for its programme {grants} €32 million CPO PCN planned PCN activities of", text)
    why = "The grants support the activities of the first cohort of pilot cities together."
    assert f"Its share of them No source says. {why}" in text
    other = " ".join(re.sub(r"<[^>]+>", " ", site.get("/doc/project/netzerocities.html?lang=en").text).split())
    assert "Grants for its programme" not in other and "No source says." not in other, "what nobody expects is left out"


def test_what_is_told_beside_a_name_has_its_own_source_and_corroborates_nothing(site: httpx.Client) -> None:
    text = " ".join(re.sub(r"<[^>]+>", " ", site.get("/doc/project/netzerocities.html?lang=en").text).split())
    assert "Number of countries of these partners 13 EIT Sources disagree" in text
    assert "Number of partners of NetZeroCities 33 EIT INOR" in text
    shown = site.get("/doc/city/bologna.html?lang=en").text
    row = shown.partition("Label, round 3")[2].partition('<div class="fact')[0]
    assert "8 October 2024" in row and 'href="/doc/evidence/label-round-3/' in row
    assert re.findall(r'class="sig">(\w+)<', row) == ["POLIS"], "the date is no word on the selection"
    assert ">NZL3<" in shown.partition('id="page-sources"')[2], "its mark is explained all the same"


def test_a_source_that_says_otherwise_is_no_source_of_what_is_told(site: httpx.Client) -> None:
    told = (
        site.get("/doc/programme/horizon-europe.html?lang=en")
        .text.partition("€22.6 million")[2]
        .partition("</span>")[0]
    )
    assert "NZEC" in told and "CKEC" not in told and "Sources disagree" in told
    budget = site.get("/doc/grant/enabling-city-transformation.html?lang=en").text
    amount = budget.partition("€22.6 million")[2].partition('<div class="fact')[0]
    assert "NZEC" in amount and "CKEC" not in amount


def test_values_that_rest_on_different_words_have_rows_of_their_own(site: httpx.Client) -> None:
    shown = site.get("/doc/city/liberec.html?lang=en").text.partition("Around it")[0]
    rows = [row for row in shown.split('<div class="fact')[1:] if "Selected in" in row]
    assert [re.findall(r'class="sig">(\w+)<', row) for row in rows] == [["NWE"], ["NZC1"], ["NWE"]]
    lets_gov = site.get("/doc/project/lets-gov.html?lang=en").text
    assert lets_gov.count(">Partners<") == 1, "one passage names all of them"


def test_the_navigation_marks_the_section_of_a_thing(site: httpx.Client) -> None:
    for address, section in (
        ("/doc/city/bologna", "Cities"),
        ("/doc/source/italian-network", "Sources"),
        ("/doc/evidence/italian-network/member-bologna", "Sources"),
        ("/dumps/", "Download"),
    ):
        shown = site.get(f"{address}?lang=en", headers={"Accept": "text/html"}, follow_redirects=True).text
        navigation = shown.partition('class="nav"')[2].partition("</ul>")[0]
        kind = "page" if address == "/dumps/" else "true"
        assert re.findall(r'aria-current="(\w+)"><bdi>(\w+)', navigation) == [(kind, section)]


def test_an_evidence_page_stands_below_its_source_and_folds_its_record(site: httpx.Client) -> None:
    address = "/doc/evidence/italian-network/member-bologna"
    shown = site.get(f"{address}.html?lang=en").text
    crumbs = re.sub(r"<[^>]+>", "", shown.partition('class="crumb"')[2].partition(">")[2].partition("</nav>")[0])
    assert crumbs == "Sources / Italian Network, page of Prato Carbon Neutral / Bologna belongs to the Italian Network"
    assert '<h2 lang="en"><bdi>«Bologna»' in site.get(f"{address}.html?lang=it").text, "words keep their language"
    record = shown.partition('<details class="more record"')[2]
    assert record.startswith(">") and 'id="passage"' in record.partition("</details>\n")[0]
    assert '<details class="more record" open>' in site.get(f"{address}.html?lang=en&evidence=open").text
    checks = shown.partition(">Checks</h2>")[2].partition("</table>")[0]
    assert "Words found exactly" in checks, "what a check found is told in words"


def test_a_point_is_told_once_and_links_elsewhere_say_what_they_are(site: httpx.Client) -> None:
    shown = site.get("/doc/city/bologna.html?lang=en").text
    assert shown.count("44.49381") - shown.partition("</head>")[0].count("44.49381") == 1
    assert shown.count('id="point"') == 1, "the part keeps the element that its IRI leads to"
    text = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
    for words in ("Same place Wikidata Q1891", "Settlement of the same name GeoNames 3181928"):
        assert words in text


def test_what_several_properties_lead_to_is_told_in_one_line(site: httpx.Client) -> None:
    text = re.sub(r"<[^>]+>", " ", site.get("/doc/city/barcelona.html?lang=en").text)
    assert text.count("Point of: populated place") == 1


def test_the_page_of_a_disagreement_sets_the_versions_side_by_side(site: httpx.Client) -> None:
    shown = site.get("/doc/disagreement/applicants.html?lang=en").text
    readings = re.search(r'<ol class="readings">.*?</ol>', shown, re.DOTALL)
    assert readings
    versions = readings[0].split("<li>")[1:]
    assert [re.findall(r'class="sig[^"]*">(\w+)<', version) for version in versions] == [["NZ377", "VC377"], ["ERR"]]
    levers = site.get("/doc/disagreement/pilot-levers.html?lang=en").text
    assert levers.count('class="only"') == 4 and "Why?" not in levers


@pytest.mark.parametrize(("language", "head"), [("en", "on “Funded under”"), ("it", "su «Finanziato nell’ambito di»")])
def test_a_disagreement_names_its_property_as_a_name(site: httpx.Client, language: str, head: str) -> None:
    shown = site.get(f"/doc/project/netzerocities.html?lang={language}").text
    assert head in html.unescape(shown)


def test_what_names_a_thing_very_often_is_listed_page_by_page(site: httpx.Client) -> None:
    base = "https://w3id.org/missiongraph/"
    asked = {"property": f"{base}ontology#entryKind", "value": f"{base}id/concept/municipality"}
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s <{asked['property']}> <{asked['value']}> }}"
    count = int(site.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"}).text.split()[1])
    entity = page(site, "/doc/concept/municipality.html?lang=en")
    assert any(href.startswith("/naming?property=") for href in entity.internal)
    found = []
    for number in range(1, -(-count // 50) + 1):
        shown = site.get("/naming", params={**asked, "page": str(number), "lang": "en"})
        assert shown.status_code == 200
        found += re.findall(r'<th scope="row"><a href="([^"]+)"', shown.text)
    assert len(found) == len(set(found)) == count > 50
    assert site.get("/naming", params={**asked, "page": str(-(-count // 50) + 1)}).status_code == 404
    assert site.get("/naming", params={"property": asked["property"]}).status_code == 400


def test_an_evidence_page_shows_the_words_it_rests_on(site: httpx.Client) -> None:
    query = "SELECT ?g ?words { ?g a mg:EvidenceGraph ; prov:wasDerivedFrom/oa:hasSelector/oa:exact ?words }"
    listed = site.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
    assert len(listed) > 50
    for row in listed[::20]:
        shown = page(site, "/" + row["g"]["value"].removeprefix(SHIPPED))
        assert " ".join(row["words"]["value"].split()) in shown.text


@pytest.mark.parametrize("address", ["/", ENTITIES[0], "/dumps/", "/sparql", "/catalog"])
def test_an_italian_page_says_nothing_of_the_frame_in_english(site: httpx.Client, address: str) -> None:
    text = page(site, f"{address}?lang=it").text
    for english in ("This page as", "Everything", "For machines", "This edition", "Skip to", "Named in"):
        assert english not in text
