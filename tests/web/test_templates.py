"""The words of the interface: each has its translation, and none is written outside the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from missiongraph import web
from missiongraph.translation import catalogue, interface_languages, translate, translate_count

WEB = Path(web.__file__).parent
TEMPLATES = sorted((WEB / "rendering" / "templates").glob("*.html"))
MODULES = sorted(WEB.parent.rglob("*.py"))
JINJA = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
CALLS: dict[str, tuple[int, ...]] = {"translate": (2,), "translate_count": (2, 3), "say": (1,), "message": (1,)}


def used() -> Iterator[str | tuple[str, ...]]:
    """Every message of templates and modules."""
    for path in TEMPLATES:
        with path.open("rb") as file:
            yield from (message for _, message, *_ in extract("jinja2.ext:babel_extract", file, options=JINJA))
    for path in MODULES:
        with path.open("rb") as file:
            yield from (message for _, message, *_ in extract("python", file, keywords=CALLS))


def translations(language: str) -> Catalog:
    with (WEB.parent / "translations" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


LANGUAGES = [language for language in interface_languages() if language != "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_string_is_translated(language: str) -> None:
    known = translations(language)
    missing = []
    for message in used():
        entry = known.get(message if isinstance(message, str) else message[0])
        texts = () if entry is None else (entry.string,) if isinstance(entry.string, str) else entry.string
        if not texts or not all(texts) or (isinstance(message, str) != isinstance(entry.id if entry else "", str)):
            missing.append(message)
    assert not missing, missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_in_no_other_variables(language: str) -> None:
    def variables(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)s", text))

    for entry in translations(language):
        originals = (entry.id,) if isinstance(entry.id, str) else entry.id
        texts = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        allowed = {name for text in originals for name in variables(text)} | {"name"}
        assert all(variables(text) <= allowed for text in texts if entry.id), entry.id
        assert not entry.fuzzy


def test_templates_hold_no_words_of_their_own() -> None:
    blocks = re.compile(r"{%-? trans\b.*?{% endtrans -?%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
    for path in TEMPLATES:
        text = blocks.sub("", path.read_text(encoding="utf-8"))
        text = re.sub(r"<title>.*?</title>|<code>.*?</code>|\s[\w-]+=\"\"", "", text)
        words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"<[^>]*>", " ", text))) - {"SHA", "PREFIX", "doctype", "html"}
        assert words == set(), path.name


def test_an_unknown_language_reads_english() -> None:
    assert translate("tlh", "Download") == "Download"
    assert catalogue("it-CH").gettext("Download") == "Scarica"


def test_numbers_choose_the_form() -> None:
    assert translate_count("it", "%(num)s row.", "%(num)s rows.", 1) == "1 riga."
    assert translate_count("it", "%(num)s row.", "%(num)s rows.", 0) == "0 righe."
