"""``missiongraph.toml``: what it may say, and what is said of what it may not."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from missiongraph.errors import SettingsError
from missiongraph.publication.settings import Settings, pick, read_settings

REQUIRED = 'title = "T"\nbase = "https://example.org/"\n'

EVERYTHING = """\
base = "https://example.org/things/"
name = "things"
languages = ["en", "it"]
public-url = "http://localhost:8000/"
version = "1.2"
modified = 2026-11-24
licence = "https://example.org/licence"
publisher = "Publishers"
themes = ["https://example.org/theme/a", "https://example.org/theme/b"]
subjects = ["https://example.org/subject/a"]
keywords = { en = ["things", "lists"], it = ["cose"] }
frequency = "https://example.org/frequency/never"
spatial = "https://example.org/country/it"
title = { en = "Things", it = "Cose" }
description = { en = "Some things", it = "Alcune cose" }

[rights-holder]
name = { en = "Holders", it = "Titolari" }
iri = "https://example.org/id/holders"
identifier = "H1"
type = "https://example.org/kind/company"

[contact]
name = "Desk"
homepage = "https://example.org/desk"
email = "desk@example.org"

[temporal]
start = 2022-09-09
end = 2030-12-31

[home]
headline = "Things *here*"
lead = { en = "See them." }
classes = ["https://example.org/Thing"]

[plurals]
"https://example.org/Thing" = { en = "Things" }

[registers.isbn]
iri = "urn:isbn:{code}"
relation = { en = "edition of" }
about = "https://example.org/Thing"

[evidence]
source = "https://example.org/id/source/page"

[limits]
canonicalisation-seconds = 2.5
merge-triples = 1000

[service]
allow = []

[server]
hosts = ["Data.example.org", "[2001:db8::1]"]

[build]
keep = 5

[engine]
kind = "embedded"
"""


def read(folder: Path, text: str | bytes) -> Settings:
    file = folder / "missiongraph.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_settings(file)


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    return [str(problem) for problem in caught.value.problems]


def test_title_and_base_are_enough(tmp_path: Path) -> None:
    settings = read(tmp_path, REQUIRED)
    assert settings.title == {"": "T"}
    assert settings.stem == "t"
    assert settings.limits.canonicalisation_seconds == 60


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    settings = read(tmp_path, EVERYTHING)
    assert settings.base == "https://example.org/things/"
    assert settings.stem == "things"
    assert settings.languages == ("en", "it")
    assert settings.public_url == "http://localhost:8000/"
    assert (settings.version, settings.modified) == ("1.2", datetime.date(2026, 11, 24))
    assert settings.licence == "https://example.org/licence"
    assert settings.themes == ("https://example.org/theme/a", "https://example.org/theme/b")
    assert settings.subjects == ("https://example.org/subject/a",)
    assert settings.keywords == {"en": ("things", "lists"), "it": ("cose",)}
    assert (settings.frequency, settings.spatial) == (
        "https://example.org/frequency/never",
        ("https://example.org/country/it",),
    )
    assert settings.title == {"en": "Things", "it": "Cose"}
    assert settings.description["it"] == "Alcune cose"
    assert settings.publisher is not None and settings.publisher.name == {"": "Publishers"}
    holder, contact = settings.rights_holder, settings.contact
    assert holder is not None and contact is not None
    assert (holder.iri, holder.identifier) == ("https://example.org/id/holders", "H1")
    assert holder.type == "https://example.org/kind/company"
    assert (contact.homepage, contact.email) == ("https://example.org/desk", "desk@example.org")
    assert settings.temporal is not None and settings.temporal.end == datetime.date(2030, 12, 31)
    assert (settings.home.headline, settings.home.lead) == ({"": "Things *here*"}, {"en": "See them."})
    assert settings.home.classes == ("https://example.org/Thing",)
    assert settings.plurals == {"https://example.org/Thing": {"en": "Things"}}
    isbn = settings.registers["isbn"]
    assert (isbn.iri, isbn.relation, isbn.about) == ("urn:isbn:{code}", {"en": "edition of"}, settings.home.classes[0])
    assert settings.evidence.source == "https://example.org/id/source/page"
    assert (settings.limits.canonicalisation_seconds, settings.limits.merge_triples) == (2.5, 1000)
    assert settings.build.keep == 5
    assert settings.server.hosts == ("data.example.org", "[2001:db8::1]")
    assert settings.engine.kind == "embedded"


def test_the_example_above_leaves_no_setting_out(tmp_path: Path) -> None:
    given = read(tmp_path, EVERYTHING)
    assert given.model_fields_set == set(Settings.model_fields)


def test_settings_survive_a_manifest(tmp_path: Path) -> None:
    given = read(tmp_path, EVERYTHING)
    assert Settings.model_validate(given.model_dump(mode="json", by_alias=True, exclude_defaults=True)) == given


@pytest.mark.parametrize(
    ("text", "place", "key", "nearest"),
    [
        ("titel = 1", "3:1", "titel", "title"),
        ("public_url = 1", "3:1", "public_url", "public-url"),
        ("[publisher]\nname = 'x'\nhompage = 1", "5:1", "publisher.hompage", "homepage"),
        ("publisher.name = 'x'\npublisher.emial = 1", "4:11", "publisher.emial", "email"),
        ("contact = { name = 'x', typ = 1 }", "3:25", "contact.typ", "type"),
        ("[rights-holder]\nname = 'x'\nidentifer = 1", "5:1", "rights-holder.identifer", "identifier"),
        ("[temporal]\nstrat = 1", "4:1", "temporal.strat", "start"),
        ("[home]\nheadlin = 1", "4:1", "home.headlin", "headline"),
        ("[evidence]\nsorce = 1", "4:1", "evidence.sorce", "source"),
        ("[registers.isbn]\niri = 'urn:isbn:{code}'\nabot = 1", "5:1", "registers.isbn.abot", "about"),
        ("[limits]\nmerge_triples = 1", "4:1", "limits.merge_triples", "merge-triples"),
        ("[service]\nalow = 1", "4:1", "service.alow", "allow"),
        ("[engine]\nkin = 1", "4:1", "engine.kin", "kind"),
        ("[hom]\nlead = 'x'", "3:2", "hom", "home"),
    ],
)  # fmt: skip
def test_an_unknown_key_names_the_nearest_known_one_and_its_place(
    tmp_path: Path, text: str, place: str, key: str, nearest: str
) -> None:
    expected = f"missiongraph.toml:{place}: unknown key “{key}” (the nearest known one is “{nearest}”)"
    assert problems(tmp_path, REQUIRED + text) == [expected]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("name = 'a b'", 3, "“name”"),
        ("languages = 'en'", 3, "“languages”"),
        ("languages = ['en', 'no tag']", 3, "“no tag” is not a language tag"),
        ("description = { 'no tag' = 'x' }", 3, "“no tag” is not a language tag"),
        ("public-url = 'ftp://example.org/'", 3, "must be an http(s) IRI that ends in a slash"),
        ("public-url = 'https://example.org'", 3, "must be an http(s) IRI that ends in a slash"),
        ("version = 1", 3, "“version”"),
        ("modified = 'yesterday'", 3, "“modified”"),
        ("licence = 'CC BY'", 3, "“CC BY” is not an absolute IRI"),
        ("themes = [\n'https://example.org/',\n'x']", 3, "“x” is not an absolute IRI"),
        ("description = 3", 3, "“description”"),
        ('description = "a\\u0001b"', 3, "it holds U+0001"),
        ('keywords = { en = ["\\uFFFF"] }', 3, "it holds U+FFFF"),
        ("publisher = {}", 3, "“publisher.name” is missing"),
        (
            "[publisher]\nname = 'x'\nhomepage = 'https://x.org/'\n[contact]\nname = 'y'\nhomepage = 'x'",
            8,
            "“x” is not",
        ),
        ("[contact]\nname = 'x'\nemail = 'a b'", 5, "“contact.email”"),
        ("[temporal]\n\nend = 'soon'", 5, "“temporal.end”"),
        ("[home]\nclasses = ['x']", 4, "“x” is not an absolute IRI"),
        ("[limits]\nmerge-triples = 0", 4, "greater than 0"),
        ("[limits]\ncanonicalisation-seconds = -1", 4, "greater than 0"),
        ("[service]\nallow = ['ftp://example.org/sparql']", 4, "not an address of http or https"),
        ("[server]\nhosts = ['https://example.org/']", 4, "is not the name of a host"),
        ("[server]\nhosts = ['example.org:8000']", 4, "without a port"),
        ("[build]\nkeep = -1", 4, "greater than or equal to 0"),
        ("[engine]\nkind = 'remote'", 4, "“engine.kind”"),
    ],
)
def test_a_bad_value_is_named_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    (problem,) = problems(tmp_path, REQUIRED + text)
    assert says in problem
    assert "missing" in says or problem.startswith(f"missiongraph.toml:{line}:")


def test_every_problem_is_listed(tmp_path: Path) -> None:
    found = problems(tmp_path, "titel = 'T'\nbase = 'example.org'\nversion = 1")
    assert len(found) == 4
    assert "missiongraph.toml: the required key “title” is missing" in found


@pytest.mark.parametrize("base", ["example.org/", "https:///", "https://example.org", "urn:x:", "https://a b/"])
def test_a_base_is_an_http_iri_that_ends_in_a_slash(tmp_path: Path, base: str) -> None:
    assert "base" in problems(tmp_path, f'title = "T"\nbase = "{base}"\n')[0]


def test_text_that_is_not_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, REQUIRED + "name = \nversion = ''\n")
    assert problem.startswith("missiongraph.toml:3:8: is not TOML")


def test_bytes_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    assert "is not UTF-8" in problems(tmp_path, 'title = "citt\xe0"'.encode("latin-1"))[0]


def test_a_missing_file_says_what_a_publication_is(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="a publication is a folder with"):
        read_settings(tmp_path / "missiongraph.toml")


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("'Beers & Co., 2nd list'", "beers-co-2nd-list"),
        ("'Пиво'", "dataset"),
        ("{ it = 'Birre', de = 'Biere' }", "birre"),
    ],
)
def test_the_dumps_are_named_after_the_title(tmp_path: Path, title: str, stem: str) -> None:
    assert read(tmp_path, f'base = "https://example.org/"\ntitle = {title}').stem == stem


def test_a_text_is_picked_by_language_then_without_then_in_english() -> None:
    text = {"": "plain", "en": "English", "it": "italiano"}
    assert pick(text, ("it", "en")) == "italiano"
    assert pick(text, ("fr",)) == "plain"
    assert pick({"it": "italiano", "en": "English"}, ("fr",)) == "English"
    assert pick({}, ("fr",)) == ""
